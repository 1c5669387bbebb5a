"""UzA, Uzbekistan's national news agency: its rules, and one class for each layout of its pages."""

import re

from crawler.rules import AddressRules, AgencyRules, BylineRules, TextRules, TimestampRules

# Any prefix serves any post (site sheet, section 2): it is dropped and never believed.
_PREFIX = r"(?i:/(?:[a-z]{2,3}|react)){0,2}"
_FILE = r"\.(?:jpe?g|png|gif|svg|webp|ico|css|js|pdf|mp[34]|xml|txt)"
_SLUG_DATE = r"(?:[0-9]{2}-[0-9]{2}-[0-9]{4}|[0-9]{2}\.[0-9]{2}\.[0-9]{4})(?:-[0-9]+)?"

ADDRESS = AddressRules(
    site="https://uza.uz",
    hosts=frozenset({"uza.uz", "www.uza.uz"}),
    articles=(
        # written on the current site: the number after the last "_", or the bare number
        re.compile(rf"{_PREFIX}/posts/(?:[^/]*_)?(?P<id>[1-9][0-9]{{0,11}})"),
        # imported: the old slug; names of the API's lists, odd numbers and files are none
        re.compile(
            rf"{_PREFIX}/posts/(?!(?:last|video|search|category|(?:[^/]*_)?[0-9]+|.*{_FILE})$)"
            r"(?P<slug>[^/]+)"
        ),
        # legacy: a dated slug below an edition and a section of one or more segments
        re.compile(rf"(?P<path>(?:/[\w.-]+){{0,4}}/(?P<slug>[^/]+-{_SLUG_DATE}))"),
    ),
    canonical="/posts/{}",
    refusals={
        "feed": re.compile(r"(?:/\w+)*/(?:rss|feed|sitemap)(?:[./].*)?"),
        "home page": re.compile(_PREFIX),
        "file": re.compile(rf".*{_FILE}"),
        "listing": re.compile(
            rf"{_PREFIX}/posts(?:/(?:last|video|search|category(?:/.+)?))?"
            r"|(?!.*/posts/)(?:/[\w.-]+){1,4}"
        ),
    },
    code_parameter="ELEMENT_CODE",
)

TIMESTAMP = TimestampRules(zone="Asia/Tashkent", shapes=())

TEXT = TextRules(furniture=())

BYLINE = BylineRules(agency=(), photo=(), translator=(), lead=(), titles=())

RULES = AgencyRules(
    name="uza",
    editions={
        "uz": "uz-Cyrl",
        "oz": "uz-Latn",
        "ru": "ru",
        "en": "en",
        "fr": "fr",
        "de": "de",
        "es": "es",
        "ar": "ar",
        "cn": "zh",
        "tr": "tr",
    },
    address=ADDRESS,
    timestamp=TIMESTAMP,
    text=TEXT,
    byline=BYLINE,
    image_size=re.compile(r"_(?:small|normal|front)(?=\.\w+$)"),
)
