"""Reuters, for archived pages: its rules, and one class for each layout of its pages."""

import re

from crawler.extract.news_page import NewsPage
from crawler.extract.page import ArticlePage
from crawler.model.rules import AddressRules, AgencyRules, BylineRules, TextRules, TimestampRules

_MONTHS = r"(?P<month>[A-Z][a-z]{2})"

RULES = AgencyRules(
    name="reuters",
    editions={"en": "en"},
    address=AddressRules(
        site="https://www.reuters.com",
        hosts=frozenset(
            {"www.reuters.com", "reuters.com", "uk.reuters.com", "in.reuters.com"}
            | {"mobile.reuters.com", "ca.reuters.com", "af.reuters.com"}
        ),
        articles=(
            re.compile(r"(?P<path>/article(?:/[^/]+)*?/(?:[^/]*-)?id(?P<id>[A-Z]{2}[A-Z0-9]{6,}))"),
            re.compile(r"(?P<path>(?:/[\w-]+)+/(?P<slug>[^/]+-\d{4}-\d\d-\d\d))"),
        ),
        canonical="/{}",
    ),
    # `Fri Aug 03 09:10:32 UTC 2012` is the only date of the oldest pages; every other has a zone.
    timestamp=TimestampRules(
        zone="Europe/London",
        unzoned="UTC",
        shapes=(
            re.compile(
                rf"[A-Z][a-z]{{2}} {_MONTHS} (?P<day>\d\d) "
                r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d) UTC (?P<year>\d{4})"
            ),
        ),
    ),
    byline=BylineRules(agency=("Reuters", "Reuters Editorial", "Reuters Staff", "Thomson Reuters")),
    text=TextRules(
        datelines=(re.compile(r"(?:[A-Z][A-Z/ .,]+(?:, [A-Z][a-z]+ \d+)? )?\(Reuters\) - "),),
        boilerplate=(
            re.compile(r"Advertisement · Scroll to continue|\d+ Min Read|Slideshow \(.*\)"),
            re.compile(r"(?:The Reuters .*newsletter.* )?Sign up here\.?"),
            re.compile(r"Our Standards: ?The Thomson Reuters Trust Principles\.?.*"),
        ),
    ),
)


class ReutersPage(NewsPage):
    """The site since 2021; its class names change with each release, its test names do not."""

    rules = RULES
    layout = "current"

    BODY = '[data-testid^="paragraph-"], [class*="article-body"] > h2[data-testid="Heading"]'
    SKIP = 'span[style*="clip"], [class*="visually-hidden"]'  # `, opens new tab`
    SIGN_OFF = '[class*="sign-off"], [class*="article-body__element"] > span'

    @property
    def byline_raw(self) -> str | None:
        """The sign-off, which has more than the line under the headline."""
        return next(self._texts(self.SIGN_OFF), None)


class ReutersTwoColumnPage(NewsPage):
    """The site from 2018 to 2021; its JSON-LD is often not valid JSON."""

    rules = RULES
    layout = "2018"

    BODY = "div.StandardArticleBody_body"
    SKIP = 'div:not([class^="Attribution"])'  # text is in none, except for the reporters
    AUTHORS = "div.BylineBar_byline > span"


class ReutersTrialPage(NewsPage):
    """The site's first version in React, tested in 2018 and again in 2020."""

    rules = RULES
    layout = "react"

    BODY = "div.ArticleBodyWrapper"
    SKIP = (
        '[class*="RelatedCoverage"], [class*="byline-container"], [class*="ReadTime"], figure,'
        '[class*="TrustBadge"], [class*="trust-badge"], [class*="Slideshow"], [class*="Image-"]'
    )
    AUTHORS = '[class*="Byline-author"]'


class ReutersOldPage(NewsPage):
    """The site until 2017."""

    rules = RULES
    layout = "2012"

    BODY = "span#article-text, span#articleText, div#articleText"
    SKIP = "div#articleInfo, div.related-content, div.module, div.article-prompt"
    TITLE = "h1.article-headline, div.column2 > h1"
    AUTHORS = "div#articleInfo p.byline, p.byline, span.byline, div.article-info span.author"


LAYOUTS: tuple[type[ArticlePage], ...] = (
    ReutersPage,
    ReutersTwoColumnPage,
    ReutersTrialPage,
    ReutersOldPage,
)
