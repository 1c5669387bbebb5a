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

_TIME = r"(?P<hour>\d{1,2}) ?: ?(?P<minute>\d\d)(?: ?: ?(?P<second>\d\d))?"
_YEAR_FIRST = r"(?P<year>\d{4}) ?- ?(?P<month>\d{1,2}) ?- ?(?P<day>\d{1,2})"
_DAY_FIRST = r"(?P<day>\d{1,2}) ?\. ?(?P<month>\d{1,2}) ?\. ?(?P<year>\d{4}|\d\d)"
_LABEL = r"(?=.*[^\W\d_])(?!.*\d ?[.:] ?\d).+"  # words of a campaign, but no second date or time

TIMESTAMP = TimestampRules(
    zone="Asia/Tashkent",
    shapes=(
        re.compile(rf"(?:[^|]*\| ?)?{_TIME} ?/ ?{_YEAR_FIRST}"),
        re.compile(rf"{_DAY_FIRST}(?:,? {_TIME}(?: {_LABEL})?)?"),
    ),
    slug=re.compile(
        r"-(?P<day>\d\d)([-.])(?P<month>\d\d)\2(?P<year>(?:19|20)\d\d)(?:-\d+)?$", re.ASCII
    ),
)

# The site sheet knows the menu's languages but not how it spells them: own names and other usual ones.
_MENU = (
    "中文", "chinese", "türkçe", "turkish", "тоҷикӣ", "точики", "tajik", "кыргызча", "kyrgyz",
    "türkmençe", "türkmen", "туркменча", "turkmen", "日本語", "japanese", "العربية", "عربي", "arabic",
    "english", "français", "french", "español", "spanish", "русский", "russian", "deutsch", "german",
    "ўзбекча", "o'zbekcha", "uzbek", "узбекча", "қазақша", "kazakh", "қарақалпақша", "karakalpak",
)  # fmt: skip
TEXT = TextRules(
    furniture=(
        re.compile(r"Размер шрифта:[ AАaа+-]*"),  # legacy; the letters are Latin or Cyrillic
        re.compile(r"Цвет сайта:[ AАЦaац]*"),  # legacy
        re.compile(rf"UzA (?:{'|'.join(_MENU)})", re.IGNORECASE),  # legacy brand line
    ),
    shortcodes=(re.compile(r"\[gallery-\d+\]", re.IGNORECASE),),
    menu=frozenset(_MENU),
    counter=re.compile(r"\d{1,3}(?: \d{3})+|\d{1,6}"),
)

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
