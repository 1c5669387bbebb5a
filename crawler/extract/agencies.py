"""Agencies by name, and any page of theirs read without a run, without settings, without Scrapy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from urllib.parse import urlsplit

from crawler.errors import UsageError
from crawler.extract.article import Normalise, read_article
from crawler.extract.page import ArticlePage, Document
from crawler.model.article import Article
from crawler.model.rules import AgencyRules


@dataclass(frozen=True, slots=True)
class Agency:
    """How an agency's pages are read."""

    rules: AgencyRules
    layouts: Sequence[type[ArticlePage]]


def agency_names() -> list[str]:
    """Return the agencies whose pages can be read: one module of ``pages`` each.

    A name with an underscore is a part of another module.
    """
    modules = iter_modules(import_module("pages").__path__)
    return sorted(module.name for module in modules if "_" not in module.name)


def is_agency(name: str) -> bool:
    """Tell whether an agency's pages can be read, without a look at all of them."""
    return name.isidentifier() and "_" not in name and find_spec(f"pages.{name}") is not None


def find_agency(name: str) -> Agency:
    """Return what is known of an agency; raise ``UsageError`` if its name is unknown."""
    if not is_agency(name):
        raise UsageError(f"no agency {name!r}; there are: {', '.join(agency_names())}")
    module = import_module(f"pages.{name}")
    return Agency(module.RULES, module.LAYOUTS)


def agency_at(url: str) -> Agency | None:
    """Return the agency whose site an address is of; None if we know none."""
    host = urlsplit(url).hostname
    known = map(find_agency, agency_names())
    return next((agency for agency in known if host in agency.rules.address.hosts), None)


def charset_of(agency: str) -> str:
    """Return the last resort of decoding an agency's pages, also of one that is not there."""
    return find_agency(agency).rules.charset if is_agency(agency) else Document.charset


def extract(body: bytes, url: str, agency: str, headers: Mapping[str, str]) -> Article:
    """Read a page; see ``crawler.extract``, which is this function under its public name."""
    if not isinstance(body, bytes):
        raise TypeError(f"body: expected the bytes as received, not {type(body).__name__}")
    known = find_agency(agency)
    names = {name.lower(): value for name, value in headers.items()}
    document = Document(url, 200, names, body)
    return read_article(document, known.layouts, [Normalise(known.rules)], guesses=True)
