"""A month's bad days, and what is to be told of them, worked out from these alone."""

from collections.abc import Iterator, Mapping, Sequence

DAYS = 28
FAILS, KILLED, NOT_STARTED, REFUSED = "source fails", "killed", "not started", "refused"
GOOD, GOOD_AFTER_KILL = "good", "good, after a killed one"
WELL = (GOOD, GOOD_AFTER_KILL)
MAIL_REFUSED = 20  # the day on which nobody can be told
LATE = 4  # days without a good run; a check follows the day's runs, and 80 hours are allowed
NAMED = 3  # agencies in a subject

Plan = Mapping[int, str]  # what happens to an agency's run, by day; on other days it is good
Wrong = Sequence[set[str]]  # what is wrong after each day's runs

_UZA = {
    **dict.fromkeys((2, 22), GOOD_AFTER_KILL),
    **dict.fromkeys((5, 6, 24), FAILS),
    **dict.fromkeys((10, 11), KILLED),
    **dict.fromkeys((14, 15, 16, 17), NOT_STARTED),
    20: REFUSED,
}
_EVERY_THIRD = {day: NOT_STARTED for day in range(DAYS) if day % 3 and day != 25} | {24: FAILS}
_FIRST = (_UZA, _EVERY_THIRD)
_WRONG = {
    FAILS: {"exit code 3", "source"},
    KILLED: {"killed"},
    REFUSED: {"exit code 6"},
    GOOD: set[str](),
    GOOD_AFTER_KILL: set[str](),
}


def plans(agencies: Sequence[str]) -> dict[str, Plan]:
    """Return each agency's bad days. Day 0 is good, so that every archive is there."""
    later = map(_in_turn, range(len(agencies)))
    return dict(zip(agencies, [*_FIRST, *later], strict=False))


def _in_turn(number: int) -> Plan:
    """Return all kinds of bad days, each at a time of the agency's own."""
    fails, killed, absent, refused = ((start + 5 * number) % 24 + 1 for start in (0, 6, 12, 18))
    return {
        **dict.fromkeys(range(fails, fails + 2), FAILS),
        **dict.fromkeys(range(killed, killed + 2), KILLED),
        **dict.fromkeys(range(absent, min(absent + LATE, DAYS)), NOT_STARTED),
        refused: REFUSED,
    }


def wrong_days(plan: Plan) -> Wrong:
    """Return what is wrong after each day's runs."""
    return [*_wrong(plan)]


def _wrong(plan: Plan) -> Iterator[set[str]]:
    of_run, good = set[str](), 0
    for day in range(DAYS):
        event = plan.get(day, GOOD)
        of_run = of_run if event == NOT_STARTED else _WRONG[event]
        good = day if event in WELL else good
        yield of_run or ({"late"} if day - good >= LATE else set())


def headlines(wrong: Mapping[str, Wrong], planned: Mapping[str, Plan]) -> list[list[str]]:
    """Return what is to be told of all agencies on each day: each thing once."""
    known: dict[str, set[str]] = {}
    return [[*_headlines(wrong, planned, known, day)] for day in range(DAYS)]


def _headlines(
    wrong: Mapping[str, Wrong], planned: Mapping[str, Plan], known: dict[str, set[str]], day: int
) -> Iterator[str]:
    for agency in sorted(wrong):
        if planned[agency].get(day) == GOOD_AFTER_KILL:
            yield f"{agency}: a run was killed"
        names, told = wrong[agency][day], known.get(agency)
        if names:
            known[agency] = names | (told or set())
            how = "still fails" if told else "fails"
            yield f"{agency} {'has another problem, too' if told and names - told else how}"
        elif told:
            del known[agency]
            yield f"{agency} works again"


def subjects(told: Sequence[Sequence[str]]) -> dict[int, list[str]]:
    """Return the subjects of the mails of each day; what cannot be sent comes a day later."""
    found: dict[int, list[str]] = {}
    for day, lines in enumerate(told):
        if lines:
            more = f" and {len(lines) - NAMED} more" if len(lines) > NAMED else ""
            arrives = day + (day == MAIL_REFUSED)
            found.setdefault(arrives, []).append("; ".join(lines[:NAMED]) + more)
    return found


def codes(wrong: Mapping[str, Wrong], planned: Mapping[str, Plan]) -> list[int]:
    """Return the exit code of each day's check: the gravest."""
    found = [set[str]().union(*(each[day] for each in wrong.values())) for day in range(DAYS)]
    told = [6 if "exit code 6" in names else 3 if names else 0 for names in found]
    if headlines(wrong, planned)[MAIL_REFUSED]:
        told[MAIL_REFUSED] = 2  # nobody could be told
    return told
