from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from crawler.crawl.outcomes import Unchanged
from crawler.model.article import Article, Capture, Extractor, Image
from crawler.model.identity import Identity
from crawler.model.link import Link
from crawler.store.archive import Archive
from pipelines.recording import CompareWithLedger

URL = "https://uza.uz/posts/mill_7"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with closing(Archive(tmp_path)) as archive:
        archive.ledger.frontier.discover(Identity("uza:7", URL), Link(URL, "api"))
        yield archive


def article(
    digest: str, *, title: str = "Mill", source: str = "page", code: str = "c1", day: int = 1
) -> Article:
    return Article(
        id="uza:7",
        agency="uza",
        url=URL,
        title=title,
        body="Body.",
        content_hash=digest * 64,
        first_seen_at=f"2026-11-{day:02}T00:00:00Z",
        fetched_at=f"2026-11-{day:02}T00:00:00Z",
        extractor=Extractor("current", "page" if source == "page" else "api", code),
    )


def take(archive: Archive, row: Article) -> Article:
    """Compare and record, as a run does."""
    compared = CompareWithLedger(archive).process_item(row)
    archive.record(compared)
    return compared


def test_an_article_nobody_has_seen_is_new(archive: Archive) -> None:
    row = take(archive, article("a"))
    assert (row.version, row.change, row.changed_fields) == (1, "new", [])


def test_the_same_content_is_never_written_twice(archive: Archive) -> None:
    take(archive, article("a"))
    with pytest.raises(Unchanged):
        take(archive, article("a", day=2))


def test_an_edit_is_a_version_with_the_fields_that_differ(archive: Archive) -> None:
    take(archive, article("a"))
    edited = article("b", title="Water mill", day=2)
    edited.images = [Image("https://cdn.uza.uz/mill.jpg")]
    edited.url = "https://uza.uz/posts/water-mill_7"
    row = take(archive, edited)
    assert (row.version, row.change) == (2, "edited")
    assert row.changed_fields == ["title", "images"]
    assert (row.url, row.first_seen_at) == (URL, "2026-11-01T00:00:00Z")


def uzbek(digest: str, *, title: str, day: int, script: str = "Latn") -> Article:
    row = article(digest, title=title, day=day)
    row.language, row.script, row.body = f"uz-{script}", script, title
    row.images = [Image("https://cdn.uza.uz/mill.jpg", "Tegirmon")]
    return row


def test_the_same_in_another_alphabet_is_respelled_not_edited(archive: Archive) -> None:
    take(archive, uzbek("a", title="Choʻlda yangi tegirmon", day=1))
    row = take(archive, uzbek("b", title="Çölda yangi tegirmon", day=2))
    assert (row.change, row.changed_fields) == ("respelled", ["title", "body"])
    row = take(archive, uzbek("c", title="Çölda ikki yangi tegirmon", day=3))
    assert row.change == "edited"
    row = take(archive, uzbek("d", title="Чўлда икки янги тегирмон", day=4, script="Cyrl"))
    assert row.change == "respelled"


@pytest.mark.parametrize(
    ("title", "fields"),
    [
        ("Çölda yangi tegirmon bor", {}),
        ("Choʻlda Yangi tegirmon", {}),  # as before, but for a capital
        ("Çölda yangi tegirmon", {"published_at": "2026-11-01"}),
        ("Çölda yangi tegirmon", {"images": []}),
        ("Çölda yangi tegirmon", {"byline_raw": "A. Anorzorov"}),
    ],
)
def test_what_says_more_than_another_alphabet_is_edited(
    archive: Archive, title: str, fields: dict[str, object]
) -> None:
    take(archive, uzbek("a", title="Choʻlda yangi tegirmon", day=1))
    later = uzbek("b", title=title, day=2)
    for name, value in fields.items():
        setattr(later, name, value)
    assert take(archive, later).change == "edited"


def test_seconds_that_only_one_source_tells_are_no_changed_field(archive: Archive) -> None:
    first, second = article("a"), article("b", title="Water mill", day=2)
    first.published_at = "2026-11-01T10:00:00+05:00"
    second.published_at = "2026-11-01T10:00:41+05:00"
    take(archive, first)
    assert take(archive, second).changed_fields == ["title"]


def test_content_that_comes_back_is_a_version_of_its_own(archive: Archive) -> None:
    changes = [take(archive, article(d, day=n)).version for n, d in enumerate("aba", 1)]
    assert changes == [1, 2, 3]


def test_other_reading_code_makes_no_edit(archive: Archive) -> None:
    take(archive, article("a"))
    assert take(archive, article("b", code="c2", day=2)).change == "reparsed"


def test_the_api_is_not_compared_with_the_page(archive: Archive) -> None:
    take(archive, article("a"))
    with pytest.raises(Unchanged):
        take(archive, article("b", source="api", day=2))


def test_a_page_read_at_last_replaces_what_the_api_told(archive: Archive) -> None:
    take(archive, article("a", source="api"))
    assert take(archive, article("b", day=2)).change == "reparsed"


def test_a_page_that_says_what_the_api_told_is_no_version(archive: Archive) -> None:
    take(archive, article("a", source="api"))
    with pytest.raises(Unchanged):
        take(archive, article("a", day=2))


def test_an_edit_on_the_api_is_an_edit(archive: Archive) -> None:
    take(archive, article("a", source="api"))
    assert take(archive, article("b", source="api", day=2)).change == "edited"


def test_a_clock_that_was_set_back_makes_no_version_older_than_the_one_before(
    archive: Archive,
) -> None:
    take(archive, article("a", day=9))
    edited = take(archive, article("b", day=2))
    assert edited.fetched_at == "2026-11-02T00:00:00Z"
    assert archive.ledger.versions("uza:7")[0].number == 2


def test_a_false_time_is_that_of_no_later_version(archive: Archive) -> None:
    captured = article("a")
    captured.fetched_at, captured.archive_url = "9999-12-31T00:00:00Z", "warc:a.warc.gz@0+9"
    take(archive, captured)
    rows = [take(archive, article(digest, day=day)) for day, digest in ((2, "b"), (3, "a"))]
    told = [(row.version, row.change, row.fetched_at[:10]) for row in rows]
    assert told == [(2, "edited", "2026-11-02"), (3, "edited", "2026-11-03")]
    with pytest.raises(Unchanged):
        take(archive, article("a", day=4))
    earlier = article("c", day=1)
    earlier.archive_url = "https://archive.example/20261101000000/x"
    assert take(archive, earlier).change == "older"
    assert [known.number for known in archive.ledger.versions("uza:7")] == [3, 2, 1, 4]


def test_a_page_read_better_after_a_clock_that_ran_ahead_is_the_newest(archive: Archive) -> None:
    ahead = article("a", day=9)
    ahead.run = "20261109T000000Z"
    take(archive, ahead)
    better = article("b", code="c2", day=2)
    better.run = "20261101T235959Z"
    assert take(archive, better).change == "reparsed"
    assert archive.ledger.versions("uza:7")[0].number == 2
    with pytest.raises(Unchanged):
        take(archive, article("b", code="c2", day=3))


@pytest.mark.parametrize(
    ("before", "after", "announced"),
    [
        ("2026-11-01T10:00:00Z", "2026-11-02T10:00:00Z", True),
        ("2026-11-01T10:00:00Z", "2026-11-01T10:00:00Z", False),
        ("2026-11-01T10:00:00Z", "2026-11-01T15:00:00+05:00", False),
        ("2026-11-01T10:00:00Z", "2026-11-01T12:00:00+05:00", None),  # earlier
        (None, "2026-11-01T10:00:00Z", None),
        ("2026-11-01T10:00:00Z", None, None),
    ],
)
def test_an_edit_is_announced_if_the_site_tells_a_later_change(
    archive: Archive, before: str | None, after: str | None, announced: bool | None
) -> None:
    first, second = article("a"), article("b", day=2)
    first.modified_at, second.modified_at = before, after
    take(archive, first)
    assert take(archive, second).announced is announced


def test_an_edit_is_compared_with_the_last_time_of_change_that_is_known(archive: Archive) -> None:
    texts, times = "abc", ("2026-11-01T10:00:00Z", None, "2026-11-03T10:00:00Z")
    for day, (text, at) in enumerate(zip(texts, times, strict=True), 1):
        row = article(text, day=day)
        row.modified_at = at
        take(archive, row)
    assert row.announced is True


def test_what_a_header_tells_of_an_edit_says_nothing_of_a_better_reading(archive: Archive) -> None:
    take(archive, article("a"))
    for day, (text, told) in enumerate(zip("bc", (True, False), strict=True), 2):
        row = article(text, day=day)
        row.announced = told
        assert take(archive, row).announced is told
    better = article("d", code="c2", day=4)
    better.announced = False
    assert take(archive, better).change == "reparsed"
    assert better.announced is None


def test_code_that_reads_a_page_as_before_makes_a_later_difference_an_edit(
    archive: Archive,
) -> None:
    take(archive, article("a", code="c1"))
    with pytest.raises(Unchanged):
        take(archive, article("a", code="c2", day=2))
    assert take(archive, article("b", code="c2", day=3)).change == "edited"


class TestOtherCode:
    """An article whose last version was read by code that is not the present one."""

    CAPTURE = Capture("uza-1.warc.gz", 0, 1, "sha256:A")

    def compared(self, archive: Archive, again: Article | None, digest: str) -> list[Article]:
        """Return what is recorded of a page, where its capture reads ``again`` as given."""
        first = article("a", code="c1")
        first.capture = self.CAPTURE
        take(archive, first)
        fresh = article(digest, title=f"Mill {digest}", code="c2", day=2)
        fresh.run = "now"
        archive.record(CompareWithLedger(archive, lambda _: again).process_item(fresh))
        _, *later = reversed(archive.ledger.versions("uza:7"))
        return [msgspec.convert(archive.read(known), Article) for known in later]

    def test_a_page_that_reads_as_before_was_edited(self, archive: Archive) -> None:
        (row,) = self.compared(archive, article("a", code="c2"), "b")
        assert (row.version, row.change) == (2, "edited")

    def test_a_page_that_always_said_so_was_read_better(self, archive: Archive) -> None:
        (row,) = self.compared(archive, article("b", title="Mill b", code="c2"), "b")
        assert (row.version, row.change, row.changed_fields) == (2, "reparsed", ["title"])

    def test_a_page_may_be_read_better_and_edited(self, archive: Archive) -> None:
        better, edited = self.compared(archive, article("c", title="Mill c", code="c2"), "b")
        assert (better.version, better.change, better.run) == (2, "reparsed", "now")
        assert better.fetched_at == "2026-11-01T00:00:00Z"
        assert (edited.version, edited.change, edited.changed_fields) == (3, "edited", ["title"])
        assert archive.ledger.versions("uza:7")[0].number == 3

    def test_a_page_that_cannot_be_read_again_is_not_called_edited(self, archive: Archive) -> None:
        (row,) = self.compared(archive, None, "b")
        assert (row.version, row.change) == (2, "reparsed")


class TestGuess:
    """An article that no layout described when it was recorded, and that a class reads now."""

    def compared(
        self, archive: Archive, again: Article | None, digest: str, code: str = "c2"
    ) -> list[str]:
        """Return the changes recorded of a page, where the guess's capture reads ``again``."""
        first = guessed("a")
        first.capture = TestOtherCode.CAPTURE
        take(archive, first)
        fresh = article(digest, code=code, day=2)
        archive.record(CompareWithLedger(archive, lambda _: again).process_item(fresh))
        return [known.change for known in reversed(archive.ledger.versions("uza:7")[:-1])]

    def test_the_same_content_is_no_guess_any_more(self, archive: Archive) -> None:
        assert self.compared(archive, article("a", code="c2"), "a") == ["reparsed"]

    def test_what_a_class_reads_otherwise_is_not_edited(self, archive: Archive) -> None:
        assert self.compared(archive, article("b", code="c2"), "b") == ["reparsed"]
        with pytest.raises(Unchanged):
            take(archive, article("b", code="c2", day=3))

    @pytest.mark.parametrize("digest", ["a", "b"])
    def test_what_the_site_changed_since_is_edited(self, archive: Archive, digest: str) -> None:
        again = article(digest, code="c2")
        assert self.compared(archive, again, "c") == ["reparsed", "edited"]

    def test_where_only_the_new_page_is_of_a_class_nothing_is_edited(
        self, archive: Archive
    ) -> None:
        assert self.compared(archive, guessed("a", code="c2"), "b") == ["reparsed"]

    def test_the_same_code_finds_a_class_when_the_old_design_is_back(
        self, archive: Archive
    ) -> None:
        assert self.compared(archive, None, "b", code="c1") == ["reparsed"]

    def test_the_same_guess_is_compared_as_any_reading(self, archive: Archive) -> None:
        take(archive, guessed("a"))
        with pytest.raises(Unchanged):
            take(archive, guessed("a", day=2))
        assert take(archive, guessed("b", day=3)).change == "edited"


def guessed(digest: str, *, code: str = "c1", day: int = 1) -> Article:
    row = article(digest, code=code, day=day)
    row.extractor = Extractor("unknown", "page", code)
    return row


def archived(digest: str, day: int, title: str = "Mill") -> Article:
    row = article(digest, title=title, day=day)
    row.archive_url = f"https://archive.example/web/202611{day:02}000000/{URL}"
    row.first_seen_at = "2026-12-01T00:00:00Z"
    return row


def test_an_archived_page_before_the_newest_is_older_and_does_not_become_the_newest(
    archive: Archive,
) -> None:
    take(archive, article("a", day=9))
    row = take(archive, archived("b", 3, "Wind mill"))
    assert (row.version, row.change, row.fetched_at) == (2, "older", "2026-11-03T00:00:00Z")
    assert (row.first_seen_at, row.changed_fields, row.announced) == (
        "2026-11-09T00:00:00Z",
        ["title"],
        None,
    )
    assert [known.number for known in archive.ledger.versions("uza:7")] == [1, 2]


def test_an_older_page_is_compared_with_the_version_that_came_after_it(archive: Archive) -> None:
    take(archive, article("a", title="Mill", day=5))
    take(archive, article("b", title="Old mill", day=9))
    assert take(archive, archived("c", 7, "Old mill")).changed_fields == []
    assert take(archive, archived("d", 3, "Old mill")).changed_fields == ["title"]


def test_an_older_page_that_any_version_says_is_recorded_no_more(archive: Archive) -> None:
    take(archive, article("a", day=5))
    take(archive, article("b", title="Old mill", day=9))
    for digest in ("a", "b"):
        with pytest.raises(Unchanged):
            take(archive, archived(digest, 3))


def test_an_archived_page_after_the_newest_is_an_edit_as_on_the_live_site(
    archive: Archive,
) -> None:
    take(archive, article("a", day=3))
    row = take(archive, archived("b", 5, "Wind mill"))
    assert (row.change, row.fetched_at) == ("edited", "2026-11-05T00:00:00Z")
    with pytest.raises(Unchanged):
        take(archive, article("b", title="Wind mill", day=9))
