"""AP, The Associated Press: its rules, and one class for each layout of its pages."""

import re

from crawler.extract.news_page import NewsPage
from crawler.extract.page import ArticlePage
from crawler.model.rules import AddressRules, AgencyRules, BylineRules, TextRules, TimestampRules

_DESKS = ("staff", "business", "technology", "sports", "science", "entertainment", "political")
_ID = r"(?P<id>[0-9a-f]{32})"

RULES = AgencyRules(
    name="apnews",
    editions={"en": "en", "es": "es"},
    address=AddressRules(
        site="https://apnews.com",
        hosts=frozenset({"apnews.com", "www.apnews.com", "hosted.ap.org", "amp.apnews.com"}),
        articles=(
            re.compile(rf"(?P<path>/(?:[a-z]{{2}}/)?article/(?:[^/]*-)?{_ID})"),
            re.compile(rf"/(?:amp/)?{_ID}(?:/[^/]*)?"),
            re.compile(rf"/[^/]+/article/{_ID}(?:/[^/]*)?"),  # a member's pages at hosted.ap.org
        ),
        canonical="/article/{id}",
    ),
    # Times without a zone, as in OpenGraph since 2023, are UTC: JSON-LD has the same with a Z.
    timestamp=TimestampRules(zone="America/New_York", unzoned="UTC"),
    byline=BylineRules(
        agency=("AP", "AP Staff", "Associated Press", "The Associated Press"),
        titles=tuple(f"{desk} writer" for desk in _DESKS),
    ),
    text=TextRules(
        datelines=(re.compile(r"[A-Z][A-Z ,.'-]+(?:, \w+\.?)? \(AP\) (?:—|--|_) "),),
        boilerplate=(re.compile(r"ADVERTISEMENT"), re.compile(r"Updated \[hour\].*")),
    ),
)


class ApPage(NewsPage):
    """The site since mid-2023. Its OpenGraph times have no zone; those of JSON-LD do."""

    rules = RULES
    layout = "current"

    BODY = "div.RichTextStoryBody"
    SKIP = "div, bsp-list-loadmore"  # pictures, lists of other stories, letters, advertisements
    AUTHORS = "div.Page-authors .Link"


class ApWirePage(NewsPage):
    """The site from 2018 to mid-2023."""

    rules = RULES
    layout = "2018"

    BODY = "div.Article"
    SKIP = "div"


class ApReaderPage(NewsPage):
    """The site of 2017."""

    rules = RULES
    layout = "2017"

    MARK = "div.articleView"
    BODY = "article#contentArea, div.articleBody"
    SKIP = "div.mobileTitle, div.mobile, ul, h3, .ad-placeholder"


class ApAmpPage(NewsPage):
    """The site of 2017 for phones."""

    rules = RULES
    layout = "2017-amp"

    BODY = "article > div.articleBody"
    SKIP = ".ad-placeholder"


class ApHostedPage(NewsPage):
    """Pages of one of the agency's members at hosted.ap.org, until 2020."""

    rules = RULES
    layout = "hosted"

    BODY = "div.ap-story block, div.ap-story"
    SKIP = "div, section"
    TITLE = "h2.ap-story-headline"
    AUTHORS = "div.field-name-field-byline-original"


LAYOUTS: tuple[type[ArticlePage], ...] = (
    ApPage,
    ApWirePage,
    ApReaderPage,
    ApAmpPage,
    ApHostedPage,
)
