"""The data card: the ``README.md`` of a release, for readers who do not know this project."""

from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from itertools import islice
from string import Template

from msgspec.structs import astuple

from crawler.model.article import SCHEMA
from crawler.model.schema import explained, hash_explained, row_schema, type_of
from crawler.release import authors, sections, states
from crawler.release.documents.front_matter import front_matter
from crawler.release.documents.manifest import LINK_FIELDS, Release, write_text
from crawler.release.documents.plots import PLOTS
from crawler.release.figures import Counts, Figures, by_key, most
from crawler.release.rights import SiteFile
from crawler.release.rows import UNDATED, ReleasedArticle
from crawler.release.sections import section_key
from crawler.release.similarity.near_duplicates import CERTAIN, FEWEST_WORDS, LETTERS, SIMILAR
from crawler.release.similarity.stories import EVIDENCE
from crawler.release.withdrawn import FILE, read_withdrawn
from crawler.store.states import REVISIT_AGES
from crawler.text.folding import TRANSLITERATED, WRITTEN, fold_name

_MOST_NAMES = 12  # sections.jsonl.gz and authors.jsonl.gz have all
_MOST_GAPS = 12  # per edition; figures.json has all
_MOST_STATEMENTS = 60  # rights.json has all
_MOST_WITHDRAWN = 50  # the file has all
_ANNOUNCED = ("true", "false", "null")
_HOURS = ", ".join(f"{age / 3600:.0f}" for age in REVISIT_AGES)


def write_data_card(release: Release, *, plots: bool) -> None:
    """Write ``README.md``."""
    write_text(release, "README.md", _text("card").substitute(_slots(release, plots)))


def _text(name: str) -> Template:
    return Template(files("crawler.release.documents").joinpath(f"{name}.md").read_text("utf-8"))


def _slots(release: Release, plots: bool) -> dict[str, object]:
    """Return the values for ``card.md``. Those that may be empty end with an empty line."""
    figures = release.figures
    return {
        "front_matter": front_matter(release),
        "title": release.title,
        "description": release.description,
        "notice": f"**{release.stand_in.notice(release.host)}**\n\n" if release.stand_in else "",
        "first_fetch": figures.first_fetch,
        "last_fetch": figures.last_fetch,
        "read_from": release.read_from,
        "zone": release.zone,
        "selection": f"**A selection**, made with: {release.selection}.\n\n"
        if release.chosen
        else "",
        "numbers": "\n".join(_numbers(figures)),
        "pictures": _pictures() if plots else "",
        "loading": _loading(release),
        "fields": "\n".join(_fields(figures)),
        "hash": hash_explained({release.agency: release.image_size}),
        "link_fields": "\n".join(_fields_of(LINK_FIELDS)),
        "state_fields": "\n".join(_fields_of(states.FIELDS)),
        "gone_rules": "\n".join(_gone_rules(release)),
        "section_fields": "\n".join(_fields_of(sections.FIELDS)),
        "author_fields": "\n".join(_fields_of(authors.FIELDS)),
        "written": _steps(WRITTEN),
        "transliterated": _steps(TRANSLITERATED),
        "gaps": "\n".join(_gaps(release)),
        "hours": _HOURS,
        "like": f"{SIMILAR:.0%}",
        "certain": f"{CERTAIN:.0%}",
        "fewest": FEWEST_WORDS,
        "ideographs": 2 * FEWEST_WORDS,
        "letters": f"{LETTERS:,}",
        "accuracy": _text("accuracy").template,
        "near_duplicates": f"{figures.near_duplicates:,}",
        "evidence": "\n".join(_evidence(release)),
        "announced": ", ".join(f"{figures.announced[told]:,} {told}" for told in _ANNOUNCED),
        "withdrawn": "\n".join(_withdrawn(release)),
        "reserved": "\n".join(_reserved(release)),
        "rights": release.maker.rights,
        "maker": release.maker.name,
        "contact": _contact(release.maker.contact),
        "doi": f" https://doi.org/{release.maker.doi}." if release.maker.doi else "",
        "version": release.version,
        "made_by": release.made_by,
        "schema": SCHEMA,
    }


def _loading(release: Release) -> str:
    text = _text("loading_parquet" if release.has_parquet else "loading_lines")
    return text.substitute(path=release.paths("articles/**/*.gz")[-1])


def _contact(address: str) -> str:
    if not address:
        return "Its maker has given no address for questions, requests and evidence."
    return f"Contact: {address}. Ask there for evidence, and to correct or withdraw an article."


def _pictures() -> str:
    shown = "".join(f"![{title}](plots/{name}.png)\n\n" for name, title in PLOTS.items())
    return f"## Pictures\n\n{shown}"


def _numbers(figures: Figures) -> Iterator[str]:
    counts = figures.by_edition_and_year()
    editions = sorted({each.edition for each in counts})  # type: ignore[attr-defined]
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
    yield from _table(["reason of a version", "versions"], most(figures.changes, 10))
    yield from _table(
        ["edition", "language, read from the text", "articles"],
        ([*key.split(" "), figures.languages[key]] for key in sorted(figures.languages)),
    )
    yield from _table(
        ["precision of the time of publication", "articles"], most(figures.precisions, 5)
    )
    yield from _most_frequent("section", by_key(figures.by_section(), section_key))
    yield from _most_frequent("author", by_key(figures.authors, fold_name))


def _most_frequent(kind: str, counts: Counts) -> Iterator[str]:
    """Yield a table of the most frequent names, whose head tells how many there are."""
    shown = most(counts, _MOST_NAMES)
    more = f" ({len(shown)} of {len(counts):,})" if len(counts) > len(shown) else ""
    yield from _table([f"{kind}{more}", "articles"], shown)


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
    return text if "`" in text else text.replace("<", "\\<")  # a name from the site is not HTML


def _fields(figures: Figures) -> Iterator[str]:
    rates = figures.fill_rates()
    definitions = row_schema(ReleasedArticle)["$defs"]
    row = definitions.pop(ReleasedArticle.__name__)["properties"]
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


def _fields_of(told: Mapping[str, tuple[str, str]]) -> Iterator[str]:
    yield from _table(
        ["field", "type", "meaning"],
        ([f"`{name}`", kind, meaning] for name, (kind, meaning) in told.items()),
    )


def _gone_rules(release: Release) -> Iterator[str]:
    yield f"{release.gone_told}\n"
    if release.gone_rules:
        heads = ["responses", "hours", "largest share missing", "runs", "first run", "last run"]
        rows = map(astuple, release.gone_rules)
        yield from _table(
            heads, (["unknown" if each is None else each for each in row] for row in rows)
        )


def _steps(replaced: Iterable[tuple[str, str]]) -> str:
    return ", ".join(f"`{each}` by {f'`{by}`' if by else 'nothing'}" for each, by in replaced)


def _gaps(release: Release) -> Iterator[str]:
    found = release.gaps()
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
        yield f"{more:,} more are in `figures.json`.\n"


def _reserved(release: Release) -> Iterator[str]:
    """Yield the site's signals, with numbers of articles, or a sentence that there are none."""
    figures = release.figures
    if figures.left_out:
        yield f"**{figures.left_out:,} reserved articles were left out.**\n"
    yield from _table(["file", "seen", "response"], map(_seen, release.rights.files))
    said = (
        [
            *(file.url.rpartition("/")[2], each.to, f"`{each.location}`", each.says),
            "yes" if each.reserves else "no",
        ]
        for file, each in release.rights.statements
    )
    if rows := list(islice(said, _MOST_STATEMENTS)):
        yield from _table(["file", "to", "location", "says", "reserves"], rows)
    if figures.rights:
        yield from _table(["a response says", "articles"], most(figures.rights, 20))
    else:
        yield "No response with an article had a signal about its use.\n"


def _seen(file: SiteFile) -> list[object]:
    if file.at is None:
        return [file.url, "never", "unknown"]
    return [file.url, file.at, file.problem or f"HTTP {file.status}"]


def _withdrawn(release: Release) -> Iterator[str]:
    found = list(read_withdrawn(release.folder))
    if not found:
        yield "Nothing was withdrawn.\n"
        return
    rows = ([f"`{each.id}`", each.at, each.reason or ""] for each in found[-_MOST_WITHDRAWN:])
    yield from _table(["id", "withdrawn", "reason"], rows)
    if (more := len(found) - _MOST_WITHDRAWN) > 0:
        yield f"{more:,} earlier ones are in `{FILE}`.\n"


def _evidence(release: Release) -> Iterator[str]:
    if release.stand_in:
        yield "All texts are made up: these marks, links and stories say nothing about real news.\n"
    counts = release.figures.evidence
    yield from _table(
        ["evidence of a translation", "links"],
        ([kind, counts[f"translation {kind}"]] for kind in EVIDENCE),
    )
