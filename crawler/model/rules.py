"""What code must know about an agency: its ``RULES``, written in ``pages/<agency>.py``."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from re import Pattern
from typing import Literal


@dataclass(frozen=True, slots=True)
class AddressRules:
    """The form of the agency's addresses; used by ``crawler.model.identity``.

    ``articles``: patterns, tried in order on a decoded path without trailing slash. Their named
    groups: ``id`` (native id) or ``slug`` (identity of imported and legacy articles), and
    optionally ``path`` (the canonical path; otherwise ``canonical`` with the last segment, and the
    groups by name). ``refusals``: by reason, patterns of paths that are no article's; ``home
    page``: those to which a site redirects from deleted articles. ``code_parameter``: the query
    parameter that may have the last segment. ``parameters``: those that identify the article if the
    path alone does not, as in ``view.php?id=77``. ``hosts``: names, with ``:port`` if it is neither
    80 nor 443. ``apart``: hosts with articles that no other host has; if they have ids of their
    own, with the code of their edition, which becomes part of the id.
    """

    site: str
    hosts: frozenset[str]
    articles: tuple[Pattern[str], ...]
    canonical: str
    refusals: Mapping[str, Pattern[str]] = field(
        default_factory=lambda: {"home page": re.compile(r"(?:/[a-z]{2,3})?")}
    )
    code_parameter: str | None = None
    parameters: tuple[str, ...] = ()
    apart: Mapping[str, str] = field(default_factory=dict)

    @property
    def host(self) -> str:
        """The site, as a reader names it."""
        return self.site.rpartition("/")[2]


@dataclass(frozen=True, slots=True, eq=False)  # a key: hashing its words would be slow
class BylineRules:
    """The words in bylines; used by ``crawler.text.byline``. Upper and lower case are equal.

    ``agency``: the agency's own labels. ``photo``, ``video``, ``translator``: words that give this
    role to the persons after them, or in brackets to those before. ``lead``: words around the
    authors that only announce them (``Par``, ``Tayyorladi``). ``titles``: job titles (``muxbiri``).
    ``positions``: the last word of a guest author's position (``professor``), which follows a name
    and a comma. ``joiners``: words between two names (``and``). ``particles``: small words within a
    name (``qizi``, ``de``, and ``al-`` before one). ``places``: names of places, in case a byline
    has one instead of a person. All apostrophes are equal, and the dot of an abbreviation is
    optional. ``ends_text``: texts end with the byline, which is then removed from them; otherwise
    only a byline that the page marks as one counts. ``below``: a line that may follow the byline
    and stays, such as the name of an attached file.
    """

    agency: tuple[str, ...]
    photo: tuple[str, ...] = ()
    video: tuple[str, ...] = ()
    translator: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    positions: tuple[str, ...] = ()
    joiners: tuple[str, ...] = ()
    particles: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    ends_text: bool = False
    below: Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class TimestampRules:
    """The agency's zone and date formats; used by ``crawler.text.dates``.

    ``shapes``: patterns, tried in order on the whole raw text with single plain spaces. Named
    groups: ``year month day`` and optionally ``hour minute second zone`` (as in ISO 8601); a month
    may be a word. ``slug``: finds the date in the path of an address. ``years``: those in which the
    agency can have published. ``unzoned``: the zone of times without a zone, if it is not the
    agency's own. ``offset_is_false``: times are in the agency's zone, whatever zone they name.
    ``calendar``: that of ``shapes``. ``any_shape``: also read dates in the words and formats of any
    language, for an unknown site. ``day_first``: whether April 5 is written `05/04`, if that is
    known.
    """

    zone: str
    shapes: tuple[Pattern[str], ...] = ()
    slug: Pattern[str] | None = None
    years: range = range(1990, 2101)
    unzoned: str | None = None
    offset_is_false: bool = False
    calendar: Literal["gregorian", "solar hijri"] = "gregorian"
    any_shape: bool = False
    day_first: bool | None = None


@dataclass(frozen=True, slots=True)
class TextRules:
    """Lines around the text that are not text; used by ``crawler.text.plain_text``.

    ``boilerplate``: whole lines to remove, matched with ``fullmatch``. ``shortcodes``: parts to cut
    out of a line. ``menu``: labels of the language menu, as ``fold`` of ``crawler.text.plain_text``
    returns them; removed if many are in a row. ``counter``: the view counter, removed in the last
    two lines. ``ends``: marks that end the text; they and everything after them are removed.
    ``datelines``: how texts begin, and ``signatures``: how they end, with the reporters in a group
    ``names`` if there are any. Both stay in the text.
    """

    boilerplate: tuple[Pattern[str], ...] = ()
    shortcodes: tuple[Pattern[str], ...] = ()
    menu: frozenset[str] = frozenset()
    counter: Pattern[str] | None = None
    ends: tuple[Pattern[str], ...] = ()
    datelines: tuple[Pattern[str], ...] = ()
    signatures: tuple[Pattern[str], ...] = ()


@dataclass(frozen=True, slots=True)
class AgencyRules:
    """All rules of an agency, for code that knows no agency.

    ``editions``: by edition code, the BCP 47 tag that its texts should have.
    ``unconfirmed_editions``: nobody has seen a list of these. ``image_size``: finds the size in a
    picture's address. ``charset``: used for a page that declares none and is not UTF-8.
    """

    name: str
    editions: Mapping[str, str]
    address: AddressRules
    timestamp: TimestampRules
    byline: BylineRules
    text: TextRules = field(default_factory=TextRules)
    image_size: Pattern[str] | None = None
    charset: str = "windows-1252"
    unconfirmed_editions: frozenset[str] = field(default_factory=frozenset)
