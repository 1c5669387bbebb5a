"""UzA, Uzbekistan's national news agency: its rules, and one class for each layout of its pages."""

import re

from crawler.rules import AddressRules, AgencyRules, BylineRules, TextRules, TimestampRules

ADDRESS = AddressRules(
    site="https://uza.uz",
    hosts=frozenset({"uza.uz", "www.uza.uz"}),
    articles=(),
    canonical="/posts/{}",
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
