"""Sizes of the benchmarks."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Sizes of all parts.

    ``pages``: of a crawl. ``rounds``: of crawls, and of all alternating measurements. ``growth``:
    numbers of pages after which a long crawl's memory is measured; growth counts from the first.
    ``ledgers``: articles in them. ``decisions``: on known articles, and on new ones. ``reread``:
    pages in the archive that is read again. ``released``: articles of a release. ``sample``: pages
    for measurements without a crawl.
    """

    pages: int
    rounds: int
    growth: tuple[int, ...]
    ledgers: tuple[int, ...]
    decisions: int
    reread: int
    released: int
    sample: int


USUAL = Scale(
    pages=1000,
    rounds=3,
    growth=(5_000, 20_000, 30_000),
    ledgers=(10_000, 100_000, 1_000_000, 3_000_000),
    decisions=1_000,
    reread=10_000,
    released=20_000,
    sample=400,
)
LONG = Scale(
    pages=4000,
    rounds=7,
    growth=(5_000, 20_000, 80_000),
    ledgers=USUAL.ledgers,
    decisions=1_000,
    reread=12_000,
    released=100_000,
    sample=1_000,
)
QUICK = Scale(
    pages=800,
    rounds=2,
    growth=(1_000, 3_000, 6_000),
    ledgers=USUAL.ledgers[:-1],
    decisions=1_000,
    reread=1_000,
    released=2_000,
    sample=300,
)
TINY = Scale(
    pages=4, rounds=1, growth=(2, 4), ledgers=(20, 40), decisions=5, reread=6, released=40, sample=4
)  # to check that everything runs
MILLION = replace(LONG, released=1_000_000)  # 12 GB of disk, and half an hour
SCALES = {"usual": USUAL, "quick": QUICK, "long": LONG, "million": MILLION, "tiny": TINY}
