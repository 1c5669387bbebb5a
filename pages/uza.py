"""UzA, Uzbekistan's national news agency: its rules, and one class for each layout of its pages."""

from crawler.extract.page import ArticlePage
from pages.uza_api import UzaApiPost
from pages.uza_current import UzaImportedPage, UzaPage
from pages.uza_legacy import UzaLegacyDesktopPage, UzaLegacyMobilePage, UzaLegacyPrintPage
from pages.uza_rules import ADDRESS, BYLINE, LIST_LINKS, RSS_EDITIONS, RULES, TEXT, TIMESTAMP

__all__ = [
    "ADDRESS",
    "BYLINE",
    "LAYOUTS",
    "LIST_LINKS",
    "RSS_EDITIONS",
    "RULES",
    "TEXT",
    "TIMESTAMP",
]

# Tried in this order.
LAYOUTS: tuple[type[ArticlePage], ...] = (
    UzaImportedPage,
    UzaPage,
    UzaApiPost,
    UzaLegacyPrintPage,
    UzaLegacyDesktopPage,
    UzaLegacyMobilePage,
)
