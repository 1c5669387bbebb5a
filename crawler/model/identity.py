"""The identity of an article: one id and one canonical URL for all of its addresses."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from re import Match
from unicodedata import category, normalize
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

from crawler.model.rules import AddressRules

_AROUND = " \t\n\r\f\v\u00a0\u2028\u2029\u3000\u200b\ufeff"
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?![0-9])", re.IGNORECASE)  # but "host:443/..." has none
_USUAL_PORTS = frozenset({None, 80, 443})
_GLUED_QUERY = re.compile(r"&(?:amp;)?\w+=")  # ".../slug/&print=Y", a query without its "?"
_SLASHES = re.compile(r"/+")
_DEEPEST_ENCODING = 3
_LONGEST_SLUG = 300
_LONGEST_ID = 240  # bytes; fits in a file name, with room for an ending
_UNSAFE_IN_ID = re.compile(r'^\.|[\s/\\?#:*"<>|%]')
_KEPT_IN_PATH = "/!$'()*+,;=:@"


@dataclass(frozen=True, slots=True)
class Identity:
    """An article's id, equal for all of its addresses, and the URL to cite it by."""

    id: str
    url: str


class NotAnArticle(ValueError):
    """An address that belongs to no article of the agency. ``reason`` is short, to be counted."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def identify(url: str, rules: AddressRules, agency: str) -> Identity:
    """Return the identity of the article at an address in any of its forms.

    The address may lack its scheme or, as links within a page do, its host. Raises
    ``NotAnArticle``, and nothing else, if it belongs to no article.
    """
    address, host = _split(url, rules)
    paths = [_readable(raw) for raw in _raw_paths(address, rules)]
    for path in paths:
        for pattern in rules.articles:
            if match := pattern.fullmatch(path):
                return _identity(match, path, rules, agency, host, _told(address.query, rules))
    raise NotAnArticle(_kind(paths[0], rules))


def _split(url: str, rules: AddressRules) -> tuple[SplitResult, str]:
    """Split an address, and return its host, if that is one of the agency's."""
    text = absolute(url, rules)
    if _has_control_character(text):
        raise NotAnArticle("control character")
    try:
        address = urlsplit(text)
        host = _host(address)
    except ValueError as error:
        raise NotAnArticle("not a web address") from error
    if address.scheme not in {"http", "https"} or not host or address.username is not None:
        raise NotAnArticle("not a web address")
    if host not in rules.hosts:
        raise NotAnArticle("other host")
    return address, host


def _host(address: SplitResult) -> str:
    """Return an address's host, with its port if that is not the default."""
    host, port = (address.hostname or "").removesuffix("."), address.port
    return host if port in _USUAL_PORTS else f"{host}:{port}"


def absolute(url: str, rules: AddressRules) -> str:
    """Complete an address without scheme or host, and strip the characters around it."""
    text = url.strip(_AROUND)
    if text.startswith("//"):
        return f"https:{text}"
    if text.startswith("/"):
        return f"{rules.site}{text}"
    return text if _SCHEME.match(text) else f"https://{text}"


def _raw_paths(address: SplitResult, rules: AddressRules) -> Iterator[str]:
    """Yield the path, then that of the query's article code, both still encoded."""
    glued = _GLUED_QUERY.search(address.path)
    path = address.path[: glued.start()] if glued else address.path
    yield path
    if rules.code_parameter:
        query = address.path[len(path) :] + "&" + address.query
        if code := re.search(rf"[&;?]{rules.code_parameter}=([^&;?/]+)", query):
            yield f"{path}/{code[1]}"


def _readable(raw: str) -> str:
    """Decode a path to the form that the patterns of the rules expect, if that is safe."""
    path = normalize("NFC", _decoded(raw))
    if _has_control_character(path):
        raise NotAnArticle("control character")
    if path.count("/") != raw.count("/") or "\\" in path:
        raise NotAnArticle("path in slug")
    path = _SLASHES.sub("/", path).rstrip("/")
    if "/." in path and not {".", ".."}.isdisjoint(path.split("/")):
        raise NotAnArticle("path in slug")
    return path


def _decoded(raw: str) -> str:
    """Undo percent-encoding, even if applied twice: no slug contains a percent sign itself."""
    if "%" not in raw:
        return raw
    for _ in range(_DEEPEST_ENCODING):
        try:
            decoded = unquote(raw, errors="strict")
        except UnicodeDecodeError as error:
            raise NotAnArticle("broken percent-encoding") from error
        if decoded == raw:
            return decoded
        raw = decoded
    raise NotAnArticle("broken percent-encoding")


def _has_control_character(text: str) -> bool:
    """Return whether a text has control characters or lone surrogates, as no address has."""
    return not text.isprintable() and any(category(sign) in {"Cc", "Cs"} for sign in text)


def _told(query: str, rules: AddressRules) -> dict[str, str]:
    """Return the parameters of a query that identify an article."""
    if not rules.parameters or not query:
        return {}
    pairs = ((name.removeprefix("amp;"), value) for name, value in parse_qsl(query))
    return {name: value for name, value in pairs if name in rules.parameters}


def _identity(
    match: Match[str],
    path: str,
    rules: AddressRules,
    agency: str,
    host: str,
    told: Mapping[str, str],
) -> Identity:
    """Build the identity from the match of an article pattern, and from the query."""
    groups = match.groupdict()
    segment = path.rpartition("/")[2]
    if len(segment) > _LONGEST_SLUG:
        raise NotAnArticle("slug too long")
    key = groups.get("id") or _safe(groups["slug"])
    if told:
        values = (value.replace(":", "-") for value in told.values())  # Joomla's `77:ferry`
        key = _safe("_".join(filter(None, (key, *values))))
    canonical = groups.get("path") or rules.canonical.format(segment, **groups) or "/"
    site = f"https://{host}" if host in rules.apart else rules.site
    edition = f"{rules.apart[host]}-" if rules.apart.get(host) else ""
    url = site + quote(canonical, safe=_KEPT_IN_PATH)
    return Identity(
        f"{agency}:{edition}{key}", f"{url}?{urlencode(told, safe=':')}" if told else url
    )


def _safe(slug: str) -> str:
    """Return a slug that is safe in an id and in a file name."""
    if _UNSAFE_IN_ID.search(slug) or not slug.isprintable():
        raise NotAnArticle("unsafe slug")
    if len(slug.encode()) > _LONGEST_ID:
        raise NotAnArticle("slug too long")
    return slug


def _kind(path: str, rules: AddressRules) -> str:
    """Name the kind of page that is no article, for counting."""
    for kind, pattern in rules.refusals.items():
        if pattern.fullmatch(path):
            return kind
    return "unknown address"
