"""Time zones by the names in dates."""

import re
from datetime import timedelta, timezone, tzinfo

from dateutil import tz

# Hours east of Greenwich: the letters of RFC 822, and others with only one meaning.
_HOURS = {
    **{0: "GMT UT UTC Z WET", 1: "CET MEZ WEST", 2: "CEST MESZ EET", 3: "EEST MSK TRT", 4: "MSD"},
    **{-8: "PST", -7: "PDT MST", -6: "MDT CST", -5: "CDT EST", -4: "EDT"},
    **{5: "PKT UZT", 7: "WIB", 8: "HKT SGT WITA", 9: "JST KST", 10: "AEST", 11: "AEDT"},
}
LETTER_ZONES = {zone: hours for hours, zones in _HOURS.items() for zone in zones.split()}
# Letters that stand for one of two offsets, depending on season or year.
_PLACES = {
    **{"ET": "America/New_York", "PT": "America/Los_Angeles"},
    **{"МСК": "Europe/Moscow", "MSK": "Europe/Moscow", "SAST": "Africa/Johannesburg"},
}
_OFFSET = re.compile(r"(?:GMT|UTC)?\s?(?P<sign>[+-])(?P<hours>\d\d?)(?::?(?P<minutes>\d\d))?")


def zone_of(name: str) -> tzinfo | None:
    """Return the zone of letters or an offset. None if they have no meaning, or several."""
    name = name.upper()
    if name in _PLACES:
        return tz.gettz(_PLACES[name])
    if name in LETTER_ZONES:
        return timezone(timedelta(hours=LETTER_ZONES[name]))
    offset = _OFFSET.fullmatch(name)
    if offset is None or int(offset["hours"]) > 14:
        return None
    size = timedelta(hours=int(offset["hours"]), minutes=int(offset["minutes"] or 0))
    return timezone(size if offset["sign"] == "+" else -size)
