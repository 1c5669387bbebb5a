"""Articles that a user names, by id or by address."""

import re
import sys
from collections.abc import Iterable
from pathlib import Path

from crawler.errors import UsageError
from crawler.extract.agencies import find_agency, is_agency
from crawler.model.identity import NotAnArticle, identify

STANDARD_INPUT = "@-"
_ID = re.compile(r"[a-z][a-z0-9]*:(?!//)\S+")
_OWN_ID = re.compile(r"[^\s/:?#]+")  # of the site, such as a number
_COMMA = re.compile(r",\s*(?=[a-z]\w*:|\d+(?:,|\Z))")  # a slug may have one, too


def read_names(value: str) -> list[str]:
    """Return the ids and addresses in an option: the values, or ``@FILE`` with one a line.

    Empty lines and lines that begin with ``#`` are left out. Raises ``UsageError`` if there is
    none, or if the file cannot be read.
    """
    lines = _lines(value) if value.startswith("@") else _COMMA.split(value)
    names = [line.strip() for line in lines]
    found = [name for name in names if name and not name.startswith("#")]
    if not found:
        raise UsageError(f"--ids {value}: expected ids such as 594021, addresses, or @FILE")
    return found


def _lines(value: str) -> Iterable[str]:
    try:
        if value == STANDARD_INPUT:
            return sys.stdin.buffer.read().decode("utf-8-sig").splitlines()
        return Path(value[1:]).read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeError) as error:
        raise UsageError(f"--ids {value}: cannot be read ({error})") from error


def ids_of(names: Iterable[str], agency: str) -> tuple[str, ...]:
    """Return the ids of an agency's articles. Raises ``UsageError`` that lists all wrong names."""
    found: dict[str, None] = {}
    wrong = []
    for name in names:
        try:
            found[_id_of(name, agency)] = None
        except NotAnArticle as error:
            wrong.append(f"{name} ({error.reason})")
    if wrong:
        raise UsageError(
            f"--ids: neither an id such as {agency}:594021 nor an address of an article of "
            f"{agency}: {', '.join(wrong)}"
        )
    return tuple(found)


def _id_of(name: str, agency: str) -> str:
    if _ID.fullmatch(name):
        return name
    if _OWN_ID.fullmatch(name):
        return f"{agency}:{name}"
    if not is_agency(agency):
        raise NotAnArticle("unknown agency")
    return identify(name, find_agency(agency).rules.address, agency).id
