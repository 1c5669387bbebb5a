"""Finds agencies by name, and reads any page of theirs without a run, settings or Scrapy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from urllib.parse import urlsplit

from crawler.errors import UsageError
from crawler.extract.article import Normalise, read_article
from crawler.extract.document import Document
from crawler.extract.page import ArticlePage
from crawler.model.article import Article
from crawler.model.rules import AgencyRules

# The package of the agencies, one module each. They import the engine, which finds them by name.
PAGES = "pages"


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency's rules, and the layouts of its pages."""

    rules: AgencyRules
    layouts: Sequence[type[ArticlePage]]


def agency_names() -> list[str]:
    """Return the names of all agencies whose pages can be read: the modules of ``pages``.

    A module with an underscore in its name is a part of another one.
    """
    modules = iter_modules(import_module(PAGES).__path__)
    return sorted(module.name for module in modules if "_" not in module.name)


def is_agency(name: str) -> bool:
    """Return whether an agency of this name exists, without importing its module."""
    return name.isidentifier() and "_" not in name and find_spec(f"{PAGES}.{name}") is not None


def find_agency(name: str) -> Agency:
    """Return the agency of this name. Raises ``UsageError`` if there is none."""
    if not is_agency(name):
        raise UsageError(f"no agency {name!r}; there are: {', '.join(agency_names())}")
    module = import_module(f"{PAGES}.{name}")
    return Agency(module.RULES, module.LAYOUTS)


def agency_at(url: str) -> Agency | None:
    """Return the agency whose site an address belongs to. None if no agency's."""
    host = urlsplit(url).hostname
    known = map(find_agency, agency_names())
    return next((agency for agency in known if host in agency.rules.address.hosts), None)


def charset_of(agency: str) -> str:
    """Return the fallback encoding of an agency's pages; the general one if it is unknown."""
    return find_agency(agency).rules.charset if is_agency(agency) else Document.charset


def extract(body: bytes, url: str, agency: str, headers: Mapping[str, str]) -> Article:
    """Read a page. This is ``crawler.extract``, which documents it."""
    if not isinstance(body, bytes):
        raise TypeError(f"body: expected the bytes as received, not {type(body).__name__}")
    known = find_agency(agency)
    names = {name.lower(): value for name, value in headers.items()}
    document = Document(url, 200, names, body)
    return read_article(document, known.layouts, [Normalise(known.rules)], guesses=True)
