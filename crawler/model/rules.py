"""What text code must know of an agency: its ``RULES``, written in ``pages/<agency>.py``."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from re import Pattern
from typing import Literal


@dataclass(frozen=True, slots=True)
class AddressRules:
    """How the agency's addresses look; used by ``crawler.model.identity``.

    ``articles`` are matched, in order, against a decoded path without trailing slash. A pattern's
    named groups: ``id`` (native id) or ``slug`` (identity of imported and legacy articles), and
    optionally ``path`` (the canonical path; else ``canonical`` with the last segment, and the
    groups by name). ``refusals`` name, by reason, the paths known to be no article's; ``home page``
    those to which a site sends readers of what it took down. ``code_parameter`` is the
    query parameter that may hold the last segment, ``parameters`` those that tell the article where
    the path alone does not: ``view.php?id=77``. ``hosts`` are names, with ``:port`` if it is
    neither 80 nor 443. ``apart`` are those whose articles stand nowhere else; where they have
    numbers of their own, with the code of their edition, which becomes part of the id.
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


@dataclass(frozen=True, slots=True, eq=False)  # a key: to hash its words would cost a byline each
class BylineRules:
    """Words a byline is made of; used by ``crawler.text.byline``. All are matched caseless.

    ``agency``: the agency's own labels. ``photo``, ``video``, ``translator``: words that give that
    role to the persons after them, or in brackets to those before. ``lead``: words before or after
    the authors that only announce them (``Par``, ``Tayyorladi``). ``titles``: job titles
    (``muxbiri``). ``positions``: the last word of what a guest is (``professor``), who signs with a
    name, a comma and that. ``joiners``: words between two names (``and``). ``particles``: small
    words within a name (``qizi``, ``de``, and ``al-`` in front of one). ``places``: names that are
    no person's, though a byline may have them in a person's place. Any apostrophe is like any
    other, and the dot of an abbreviation may be left out. ``ends_text``: that texts end with the
    byline, which is no part of them then; else only what the page itself sets apart is one.
    ``below``: a line that may stand below it and stays, such as the name of an attached file.
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
    """The agency's zone and date shapes; used by ``crawler.text.dates``.

    ``shapes`` are tried in order on the whole raw string, its spaces made plain and single; named
    groups ``year month day`` and optionally ``hour minute second zone`` (as ISO 8601 writes it);
    a month may be a word.
    ``slug`` finds the date in the path of an address. ``years``: those in which the agency can
    have published. ``unzoned``: the zone of times that name none, if not the agency's own.
    ``offset_is_false``: that whatever zone a time names, it is the agency's. ``calendar``: the one
    of the shapes. ``any_shape``: that dates in the words and shapes of any language are read, too,
    for a site that nobody knows; ``day_first``: how it writes April 5, as `05/04` if that is known.
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
    """What stands around the text and is not text; used by ``crawler.text.plain_text``.

    ``boilerplate``: whole lines to drop, matched with ``fullmatch``. ``shortcodes``: pieces to cut
    out of a line, whatever stands around them. ``menu``: labels of the language menu, as ``fold``
    of ``crawler.text.plain_text`` leaves them; dropped where many stand in a row. ``counter``: the
    view counter, dropped on the last line and the last but one. ``ends``: marks that end the text
    wherever they are found; they and what follows are dropped. ``datelines``: how texts open, and
    ``signatures``, how they end, in a group ``names`` perhaps with the reporters; they stay, for
    they are text.
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
    """Everything an agency is, to code that knows no agency.

    ``editions`` maps each edition code to the BCP 47 tag its texts are expected in;
    of ``unconfirmed_editions`` nobody has seen a list.
    ``image_size`` cuts the size out of a picture's address. ``charset`` is the last resort when
    a page neither declares one nor is UTF-8.
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
