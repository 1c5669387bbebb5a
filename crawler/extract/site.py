"""Where an agency's addresses are fetched: at its own site, or at the one that stands in for it."""

from urllib.parse import urlsplit

from scrapy.http import Response

from crawler.extract.page import Document
from crawler.model.rules import AddressRules


class Site:
    """Translates between the agency's own addresses and those of the configured site."""

    def __init__(self, root: str, rules: AddressRules) -> None:
        """``root``: scheme and host (and port) of the configured site."""
        self.root = root
        self.rules = rules

    def local(self, url: str) -> str:
        """Return where an address of the agency is fetched; other addresses stay as they are.

        So do those of hosts with pages of their own, unless another site stands in for all.
        """
        parts, root = urlsplit(url), urlsplit(self.root)
        host = (parts.hostname or "").removesuffix(".")
        is_apart = host in self.rules.apart and self.root == self.rules.site
        if host not in self.rules.hosts or is_apart:
            return url
        return parts._replace(scheme=root.scheme, netloc=root.netloc).geturl()

    def public(self, url: str) -> str:
        """Return the agency's own address for one at the configured site."""
        if url == self.root or url.startswith(f"{self.root}/"):
            return self.rules.site + url[len(self.root) :]
        return url

    def stays(self, target: str, asked: str) -> bool:
        """Tell whether a redirect leads to the host that was asked, or to one of the agency's."""
        return is_same_host(target, asked) or urlsplit(target).netloc in self.rules.apart

    def is_home_page(self, url: str) -> bool:
        """Tell whether an address is of the front page, as readers of a lost page are sent to."""
        front = self.rules.refusals.get("home page")
        path = urlsplit(self.public(url)).path.rstrip("/")
        return front is not None and bool(front.fullmatch(path))

    def document(self, response: Response) -> Document:
        """Return an answer as pages and listings read it, under the agency's own address."""
        url, headers = self.public(response.url), header_fields(response)
        return Document(url, response.status, headers, response.body)


def is_same_host(target: str, asked: str) -> bool:
    """Tell whether two addresses are of the same host and port."""
    return urlsplit(target).netloc == urlsplit(asked).netloc


def header_fields(response: Response) -> dict[str, str]:
    """Return an answer's headers as pages read them: names in lower case, repeated ones joined."""
    return {
        name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
        for name, values in response.headers.items()
    }
