"""An archive of made-up articles of 3 KB each, written without a crawl, for the benchmarks."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import msgspec
from itemadapter import ItemAdapter

from crawler.model.article import Article, Capture, Extractor, Image, Label, Person
from crawler.model.fingerprint import content_hash
from crawler.store.archive import Archive
from crawler.store.states import REVISIT
from replica.texts import VOCABULARIES

LANGUAGES = {"uz": "uz-Cyrl", "oz": "uz-Latn", "ru": "ru", "en": "en"}
_SCRIPTS = {"uz": "Cyrl", "oz": "Latn", "ru": "Cyrl", "en": "Latn"}
_BYTES = 3_000
_DAY = 330  # articles a day, as the agency writes them
_FIRST = datetime(2012, 1, 1, tzinfo=UTC)
_EDITED = 20  # each so many-th article has a second version
_encode = msgspec.json.Encoder().encode


def sentences(random: Random, language: str) -> list[str]:
    """Return sentences with made-up words in them, so that no two articles are alike."""
    words = VOCABULARIES[language]
    letters = "абвгдежзиклмнопрстуф" if language in ("uz-Cyrl", "ru") else "abdefghiklmnoprstuv"
    return [
        random.choice(words.sentences).format(
            place=random.choice(words.places),
            person=random.choice(words.people),
            number=random.randrange(10_000),
        )
        + "".join(f" {''.join(random.choices(letters, k=random.randrange(4, 11)))}" for _ in "abcd")
        + "."
        for _ in range(20_000)
    ]


def rows(number: int, seed: int = 1) -> Iterator[Article]:
    """Yield articles in order of publication."""
    random = Random(seed)
    stock = {edition: sentences(random, LANGUAGES[edition]) for edition in LANGUAGES}
    for each in range(number):
        edition = random.choice(tuple(LANGUAGES))
        yield _row(random, each, edition, stock[edition])


def _row(random: Random, number: int, edition: str, stock: list[str]) -> Article:
    parts = [random.choice(stock) for _ in range(22)]
    row = Article(
        id=f"uza:{number}",
        agency="uza",
        url=f"https://uza.uz/posts/{parts[0][:20].replace(' ', '-')}_{number}",
        edition=edition,
        language=LANGUAGES[edition],
        script=_SCRIPTS[edition],
        title=parts[0],
        summary=parts[1],
        published_at=f"{_FIRST + timedelta(days=number / _DAY):%Y-%m-%dT%H:%M}:00+05:00",
        published_precision="minute",
        published_source="page",
        authors=[Person(random.choice(VOCABULARIES[LANGUAGES[edition]].people))],
        category=Label("Society", f"society_{number % 7}"),
        images=[Image(f"https://cdn.uza.uz/{random.getrandbits(128):032x}.jpg")],
        first_seen_at="2026-11-23T00:00:00Z",
        fetched_at="2026-11-23T00:00:00Z",
        extractor=Extractor("current", "page", "0123456789abcdef"),
        run="20261123T000000Z",
    )
    room = _BYTES - len(_encode(row)) - 64  # of the hash
    row.body = "\n\n".join(parts[1:]).encode()[:room].decode(errors="ignore")
    row.content_hash = content_hash(ItemAdapter(row))
    return row


def fill(
    folder: Path,
    number: int,
    capture: Callable[[Archive, Article], Capture | None] = lambda archive, row: None,
) -> None:
    """Write the journal, and a ledger of it, with some articles edited."""
    archive = Archive(folder)
    for count, row in enumerate(rows(number), 1):
        row.capture = capture(archive, row)
        _store(archive, row)
        if count % _EDITED == 0:
            row.version, row.change, row.body = 2, "edited", f"{row.body} Again."
            row.fetched_at = "2026-11-24T00:00:00Z"
            row.content_hash = content_hash(ItemAdapter(row))
            _store(archive, row)
        if count % 20_000 == 0:
            archive.commit()
    archive.close()


def _store(archive: Archive, row: Article) -> None:
    """Note a version by the fewest statements; triggers and indexes work as ever."""
    place = archive.journal.append(row, datetime(2026, 11, 1 + row.version, tzinfo=UTC))
    database = archive.ledger.database
    database.execute(
        "INSERT INTO article (id, url, address, edition, published_at, year, state, due, priority,"
        " version, title, content_hash, found_at, first_seen_at) VALUES (?1, ?2, ?2, ?3, ?4, "
        "substr(?4, 1, 4), 'stored', 1, ?5, ?6, ?7, ?8, datetime('now'), ?9) "
        "ON CONFLICT DO UPDATE SET version = excluded.version, "
        "content_hash = excluded.content_hash",
        (
            row.id, row.url, row.edition, row.published_at, REVISIT, row.version, row.title,
            row.content_hash, row.first_seen_at,
        ),
    )  # fmt: skip
    database.execute(
        "INSERT INTO version (article_id, number, change, content_hash, fetched_at, source, code, "
        "file, offset, length, edition, layout) VALUES (?, ?, ?, ?, ?, 'page', 'c', ?, ?, ?, ?, "
        "'current')",
        (row.id, row.version, row.change, row.content_hash, row.fetched_at, *place, row.edition),
    )
