"""Where an agency's addresses are fetched: at its own site, or at a stand-in for it."""

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
        """Return where an address of the agency is fetched. Other addresses are unchanged.

        So are those of hosts with pages of their own, unless a stand-in replaces all hosts.
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
        """Return whether a redirect stays on its host, or leads to one with pages of its own."""
        return is_same_host(target, asked) or urlsplit(target).netloc in self.rules.apart

    def is_home_page(self, url: str) -> bool:
        """Return whether an address is the home page, where sites redirect from lost pages."""
        front = self.rules.refusals.get("home page")
        path = urlsplit(self.public(url)).path.rstrip("/")
        return front is not None and bool(front.fullmatch(path))

    def document(self, response: Response) -> Document:
        """Return a response for pages and listings, under the agency's own address."""
        url, headers = self.public(response.url), header_fields(response)
        return Document(url, response.status, headers, response.body)


def is_same_host(target: str, asked: str) -> bool:
    """Return whether two addresses have the same host and port."""
    return urlsplit(target).netloc == urlsplit(asked).netloc


def header_fields(response: Response) -> dict[str, str]:
    """Return a response's headers, with names in lower case and repeated ones joined."""
    return {
        name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
        for name, values in response.headers.items()
    }
