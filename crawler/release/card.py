"""The data card: the ``README.md`` of a release, for somebody who has never seen this project."""

from collections.abc import Iterable, Iterator

from crawler.model.article import SCHEMA
from crawler.model.schema import explained, hash_explained, row_schema, type_of
from crawler.release.figures import most
from crawler.release.manifest import LINK_FIELDS, RIGHTS, Release, front_matter, write_text
from crawler.release.near_duplicates import LETTERS, LIKE
from crawler.release.plots import PLOTS
from crawler.release.rows import UNDATED, ReleasedArticle
from crawler.release.stories import EVIDENCE
from crawler.store.states import REVISIT_AGES

_MOST_GAPS = 12  # of an edition; figures.json has them all
_FILES = {
    "articles/EDITION/YEAR.jsonl.gz": "newest version of each article, one a line, by time of "
    "publication; `undated` where no day is known",
    "versions/EDITION/YEAR.jsonl.gz": "the same rows, then every version that they superseded",
    "gone.jsonl.gz": "the rows of `articles/` whose article is gone or was withdrawn",
    "links/YEAR.jsonl.gz": "which two articles belong together, of which kind, by what evidence",
    "parquet/": "with `--parquet`: articles and versions with types, by edition and year",
    "figures.json": "the counts on this page, and all days with hardly any articles; a key of "
    "`filled` has a 1 for each field that is filled and a 0 for each other, in the order below",
    "schema.json": "JSON Schema (2020-12) of a row",
    "datapackage.json, croissant.json, CITATION.cff": "this data set, for other programs",
    "SHA256SUMS": "checksum of every file: `sha256sum -c SHA256SUMS`",
    "CHANGES.md": "with `--previous`: what is different from an earlier release, with the ids",
}
LOADING = {
    "pandas": """\
import pandas

articles = pandas.read_json("{path}", lines=True, dtype=False)
articles["published"] = pandas.to_datetime(articles["published_at"], format="ISO8601", utc=True)
""",
    "DuckDB": """\
import duckdb

duckdb.sql("SELECT edition, count(*) FROM 'articles/*/*.jsonl.gz' GROUP BY edition").show()
""",
    "Polars": """\
import polars

articles = polars.read_ndjson("{path}", infer_schema_length=None)
""",
    "Hugging Face datasets": """\
from pathlib import Path

from datasets import load_dataset

articles = load_dataset(str(Path.cwd()), "articles", split="train")
""",
}
TYPED = """\
import polars

typed = polars.read_parquet("parquet/articles/")
"""

_HOURS = ", ".join(f"{age / 3600:.0f}" for age in REVISIT_AGES)


def write_data_card(release: Release, *, plots: bool) -> None:
    """Write ``README.md``."""
    write_text(release, "README.md", "\n".join(_lines(release, plots)) + "\n")


def _lines(release: Release, plots: bool) -> Iterator[str]:
    yield front_matter()
    yield f"# {release.title}\n\n{release.description}\n"
    if release.stand_in:
        yield f"**{release.stand_in.notice(release.host)}**\n"
    yield from _made(release)
    yield from _numbers(release)
    if plots:
        yield "## Pictures\n"
        yield from (f"![{title}](plots/{name}.png)\n" for name, title in PLOTS.items())
    yield from _files()
    yield from _loading(release)
    yield from _fields(release)
    yield from _gaps(release)
    yield from _method(release)
    yield f"## Rights\n\n{RIGHTS} Robots rules and crawl delays of the site were kept. Whoever"
    yield "publishes from this data decides what the law allows where they are.\n"
    yield "## How to cite\n"
    yield f"> agency-news-archive: *{release.title}*. Release {release.version}, schema {SCHEMA}.\n"
    yield "Cite an article by its `url` and `published_at`. `CITATION.cff` says the same."


def _made(release: Release) -> Iterator[str]:
    figures = release.figures
    yield (
        f"Read between {figures.first_fetch} and {figures.last_fetch} from the pages and the "
        f"interface of {release.read_from}, and kept in an append-only journal. An edit is a new "
        "version beside the old one, a deletion is recorded, nothing is overwritten. The answers "
        "of the site that the rows were read from (`capture`) are kept in the archive, not in "
        "this folder.\n"
    )
    if release.chosen:
        told = ", ".join(f"{name} {value}" for name, value in sorted(release.chosen.items()))
        yield f"**A selection**, made with: {told}.\n"


def _numbers(release: Release) -> Iterator[str]:
    figures = release.figures
    counts = figures.by_edition_and_year()
    editions = sorted({each.edition for each in counts})  # type: ignore[attr-defined]
    yield "## How many\n"
    yield from _table(
        ["year", *editions, "all"],
        (
            [year, *(counts[edition, year] for edition in editions), _of(counts, year)]
            for year in _all_years({each.year for each in counts})  # type: ignore[attr-defined]
        ),
    )
    yield from _table(
        ["versions an article has", "articles"],
        ([number, figures.versions[number]] for number in sorted(figures.versions, key=int)),
    )
    yield from _table(["why a version was recorded", "versions"], most(figures.changes, 10))
    yield from _table(
        ["edition", "language, read from the text", "articles"],
        ([*key.split(" "), figures.languages[key]] for key in sorted(figures.languages)),
    )
    yield from _table(
        ["how exact the time of publication is", "articles"], most(figures.precisions, 5)
    )
    yield from _table(["section", "articles"], most(figures.categories, 12))
    yield from _table(["author", "articles"], most(figures.authors, 12))
    yield "Years, days and hours are the agency's own, as `published_at` has them. Sections and"
    yield "names stand as the site spells them: one person can have several names, in two scripts,"
    yield "with initials or without, and a section one in each language (`category.slug` may join"
    yield "them). Authors are those whose `role` is `author`, not those of photos and videos or"
    yield "translations.\n"


def _all_years(known: set[str]) -> list[str]:
    """Return all years from the first to the last, also those without an article."""
    dated = [int(year) for year in known - {UNDATED}]
    years = [str(year) for year in range(min(dated), max(dated) + 1)] if dated else []
    return years + sorted(known & {UNDATED})


def _of(counts: dict[tuple[str, str], int], year: str) -> int:
    return sum(number for (_, each), number in counts.items() if each == year)


def _table(head: list[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(_cell(each) for each in row)} |"
    yield ""


def _cell(value: object) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    text = str(value).replace("|", "\\|")
    return text if "`" in text else text.replace("<", "\\<")  # a name of the site's is no HTML


def _files() -> Iterator[str]:
    yield "## What is where\n"
    yield from _table(["file", "what it holds"], ([f"`{f}`", _FILES[f]] for f in _FILES))


def _loading(release: Release) -> Iterator[str]:
    path = release.paths("articles/**/*.gz")[-1]
    yield "## How to load it\n\nIn this folder:\n"
    typed = {"Polars, from Parquet": TYPED} if release.paths("parquet/**/*.parquet") else {}
    for name, snippet in (LOADING | typed).items():
        yield f"{name}:\n\n```python\n{snippet.replace('{path}', path)}```\n"
    yield "Of the lines, pandas and Polars read one edition and year here, the others all. In one"
    yield "file a column that is always null has no type; `datasets` and `parquet/` give it one.\n"
    yield "Check it by `sha256sum -c SHA256SUMS`, and its rows by `scrapy verify-release FOLDER`.\n"


def _fields(release: Release) -> Iterator[str]:
    rates = release.figures.fill_rates()
    definitions = row_schema(ReleasedArticle)["$defs"]
    row = definitions.pop(ReleasedArticle.__name__)["properties"]
    yield "## Fields of a row\n\n*filled*: share of articles in which it is neither null nor empty"
    yield "(`announced` and `changed_fields` tell only of versions after the first).\n"
    yield from _table(
        ["field", "type", "filled", "meaning"],
        (
            [f"`{name}`", type_of(told), f"{rates[name]:.1%}", told["description"]]
            for name, told in row.items()
        ),
    )

    for definition in definitions.values():
        yield from explained(definition, "###")
        yield ""
    yield f"{hash_explained({release.agency: release.image_size})}\n"
    yield "## Fields of a link\n"
    yield from _table(
        ["field", "type", "meaning"],
        ([f"`{name}`", kind, meaning] for name, (kind, meaning) in LINK_FIELDS.items()),
    )


def _gaps(release: Release) -> Iterator[str]:
    found = release.gaps()
    yield "## Where something may be missing\n"
    yield "Days with less than a third of what is usual on that weekday, by edition, as"
    yield "`scrapy audit` tells them. The agency may have been silent, or the archive may lack"
    yield "what it published. This says nothing of the time before an edition's first article here"
    yield "and after its last, nor of a silence between weeks with few articles: for these, look at"
    yield "the counts by year.\n"
    if not found:
        yield "None was found.\n"
        return
    rows = (
        [edition, f"{gap.first} to {gap.last}", gap.posts, gap.usual]
        for edition, gaps in found.items()
        for gap in gaps[:_MOST_GAPS]
    )
    yield from _table(["edition", "days", "found", "usual"], rows)
    more = sum(max(len(gaps) - _MOST_GAPS, 0) for gaps in found.values())
    if more:
        yield f"{more:,} more stand in `figures.json`.\n"


def _method(release: Release) -> Iterator[str]:
    figures = release.figures
    yield method(figures.near_duplicates)
    yield from _table(
        ["evidence of a translation", "links"],
        ([kind, figures.evidence[f"translation {kind}"]] for kind in EVIDENCE),
    )


def method(near_duplicates: int) -> str:
    """Return the section, for a release with so many near-duplicates."""
    return f"""\
## Edits, duplicates, translations

- An **edit** is a row in `versions/` with the change `edited`; `reparsed` says that our
  reading got better, not that the site changed; `older` is a state found in a web
  archive. Newest is what was fetched last; a row whose `fetched_at` lies after that of a visit
  recorded later (`version` is the order of recording) was dated by a false clock, and is older.
- **What happened between two visits was not seen.** `fetched_at` of an edit is when it was
  found, not when it was made; two edits between two visits are one, and one before the first
  visit (`first_seen_at`) is none. By default an article is visited again {_HOURS}
  hours after publication, then once a year, or by the next run after that. A visit that found
  nothing new leaves no row. So counts of edits and deletions are lower bounds; compare articles
  that were first seen equally soon after publication.
- **Near-duplicates** are kept and marked. Two texts are alike if at least {LIKE:.0%} of their runs
  of words, those of both taken together, are the same; both scripts of an Uzbek text are read
  as one. A run has two to four words on average, of Arabic one and of Chinese three letters: there
  the mark is a weaker sign. `links/` names the earlier article that is most alike, and how much.
  `near_duplicate_of` follows these links to the first, which may be less alike. Where a text
  was withdrawn, the mark of its copies stays. Marked here: {near_duplicates:,}.
- **Translations** share a `story`. Their evidence stands in `links/`: `api` (the source
  says so), `text` (nearly the same), `image` (the same picture within three days),
  `minute` (the same minute and section; the weakest, leave it out where it matters).
  `image` and `minute` count only where half of the figures and names agree.
- **An article is compared only with those of its own month and of the month before**,
  and by the first {LETTERS:,} letters of its text. A copy or a translation that came
  later is not marked, and is a story of its own here.
"""
