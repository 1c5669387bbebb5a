import gzip
import json
import shutil
import tracemalloc
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from crawler.errors import UsageError
from crawler.model.article import Image
from crawler.model.fields import MISFIT, content_hash
from crawler.release.documents.manifest import SIGNATURE, SUMS, write_sums
from crawler.release.rows import ROW_MISFIT
from crawler.release.verify import Verifier
from crawler.store.archive import Archive
from crawler.system.signing import sign
from pages.uza import RULES
from tests.crawler.archives import store
from tests.crawler.authority import key_in
from tests.crawler.release.archives import archive_in, release_of

UZ = "articles/uz/2024.jsonl.gz"
EN = "versions/en/2025.jsonl.gz"
SIZE = RULES.image_size


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    release_of(archive_in(folder), folder / "out")
    return folder / "out"


@pytest.fixture
def released(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "out"))


def problems(folder: Path, *, summed: bool = True) -> list[str]:
    if summed:  # whoever changed it made the checksums again
        (folder / SUMS).unlink(missing_ok=True)
        write_sums(folder)
    return list(Verifier(folder).problems())


def change(path: Path, old: str, new: str) -> None:
    text = gzip.decompress(path.read_bytes()).decode()
    assert old in text
    path.write_bytes(gzip.compress(text.replace(old, new).encode()))


def test_a_release_as_it_was_made_is_whole(released: Path) -> None:
    verifier = Verifier(released)
    assert list(verifier.problems()) == []
    assert (verifier.rows, verifier.made_by) == (5 + 2 + 1, "")


def test_files_that_were_changed_lack_or_are_too_many_are_named(released: Path) -> None:
    (released / UZ).unlink()
    (released / "notes.txt").write_text("mine")
    (released / "__pycache__").mkdir()
    (released / "__pycache__/fold.cpython-311.pyc").write_bytes(b"")
    with (released / "README.md").open("a") as file:
        file.write("!")
    found = problems(released, summed=False)
    assert f"{UZ}: is missing" in found
    assert "notes.txt: is not in SHA256SUMS" in found
    python_made = "is not in SHA256SUMS; Python made it: delete it"
    assert f"__pycache__/fold.cpython-311.pyc: {python_made}" in found
    assert "README.md: was changed: its checksum differs" in found


CHANGES: dict[str, tuple[str, str, str, str]] = {
    "a field of another type": (
        UZ, '"version":1', '"version":"1"',
        f"{UZ}: line 1: Expected `int`, got `str` - at `$.version`",
    ),
    "a value against its pattern": (
        UZ, '"agency":"uza"', '"agency":"UZA"',
        f"{UZ}: line 1: Expected `str` matching regex '^[a-z]+$' - at `$.agency`",
    ),
    "a field that lacks": (
        UZ, '"run":"",', "", f"{UZ}: line 1: Object missing required field `run`",
    ),
    "a field that nobody knows": (
        UZ, '"run":"",', '"run":"","rum":"",', f"{UZ}: line 1: Object contains unknown field `rum`",
    ),
    "a time that there is not": (
        UZ, '"fetched_at":"2026-11-23T00:00:00Z"', '"fetched_at":"2026-99-99T99:99:99Z"',
        f"{UZ}: line 1: uza:1 has the time 2026-99-99T99:99:99Z, which does not exist",
    ),
    "a language that is none": (
        UZ, '"language":"uz-Cyrl"', '"language":"klingon"',
        f"{UZ}: line 1: uza:1 has the language 'klingon', which is not a language tag",
    ),
    "an article in the wrong file": (
        UZ, '"edition":"uz"', '"edition":"ru"',
        f"{UZ}: line 1: uza:1 belongs in ru/2024.jsonl.gz",
    ),
    "a superseded version of no article": (
        EN, '"id":"uza:3"', '"id":"uza:9"', f"{EN}: line 1: uza:9 is not in articles/",
    ),
    "a superseded version that is the newest": (
        EN, '"version":1', '"version":2', f"{EN}: line 1: uza:3 version 2 is there twice",
    ),
    "a story that is not there": (
        UZ, '"story":"uza:1"', '"story":"uza:9"',
        "articles/: 1 stories or near-duplicates refer to missing articles",
    ),
    "a link to nowhere": (
        "links/2024.jsonl.gz", '"earlier":"uza:1"', '"earlier":"uza:9"',
        "links/2024.jsonl.gz: line 1: uza:9 is not in articles/",
    ),
    "something else that is gone": (
        "gone.jsonl.gz", '"id":"uza:4"', '"id":"uza:3"',
        "gone.jsonl.gz: line 1: uza:3 is not gone in articles/, or twice",
    ),
    "nothing that is gone": (
        "gone.jsonl.gz", '"id":"uza:4"', '"id":"uza:3"',
        "gone.jsonl.gz: uza:4 is gone in articles/, but not listed",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_what_is_wrong_with_a_row_is_told_with_its_place(released: Path, what: str) -> None:
    path, old, new, message = CHANGES[what]
    change(released / path, old, new)
    assert message in problems(released)


@pytest.mark.parametrize(
    ("paths", "old", "new", "message"),
    [
        ([EN.replace("versions", "articles")], "Body, edited.", "Body, forged.",
         "articles/en/2025.jsonl.gz: line 1: uza:3 version 2"),
        ([EN], '"Body."', '"Bady."', f"{EN}: line 1: uza:3 version 1"),
        (["gone.jsonl.gz"], "Title 4", "Title 5", "gone.jsonl.gz: line 1: uza:4 version 2"),
    ],
    ids=["newest", "superseded", "gone"],
)  # fmt: skip
def test_a_forged_text_is_told_though_the_checksums_are_new(
    released: Path, paths: list[str], old: str, new: str, message: str
) -> None:
    for path in paths:
        change(released / path, old, new)
    assert f"{message}: {MISFIT}" in problems(released)


@pytest.mark.parametrize(
    ("paths", "old", "new", "message"),
    [
        ([EN.replace("versions", "articles")],
         '"changed_fields":["body"]', '"changed_fields":["tags"]',
         "articles/en/2025.jsonl.gz: line 1: uza:3 version 2"),
        ([EN], '"offset":10', '"offset":11', f"{EN}: line 1: uza:3 version 1"),
        ([UZ], '"role":"author"', '"role":"author","of":"x"',
         f"{UZ}: line 1: uza:1 version 1"),
        (["gone.jsonl.gz"], '"status":404', '"status":410',
         "gone.jsonl.gz: line 1: uza:4 version 2"),
    ],
    ids=["newest", "superseded", "a field within a field that nobody knows", "gone"],
)  # fmt: skip
def test_whatever_else_is_forged_in_a_row_is_told(
    released: Path, paths: list[str], old: str, new: str, message: str
) -> None:
    for path in paths:
        change(released / path, old, new)
    assert problems(released) == [f"{message}: {ROW_MISFIT}"]


def test_only_rows_with_pictures_need_the_rules_of_their_agency(tmp_path: Path) -> None:
    image = Image("https://cdn.uza.uz/a_small_small.jpg")
    hashed = content_hash({"title": "Title 1", "body": "Body.", "images": [image]}, SIZE)
    with closing(Archive(tmp_path / "uza")) as archive:
        store(archive, 1, images=[image], content_hash=hashed)
        store(archive, 2, images=[image])
    release_of(tmp_path / "uza", tmp_path / "out", image_size=SIZE)
    stranger, known = Verifier(tmp_path / "out"), Verifier(tmp_path / "out", {"uza": SIZE})
    assert (list(stranger.problems()), stranger.unchecked) == ([], 1)
    assert (list(known.problems()), known.unchecked) == ([], 0)
    other = Verifier(tmp_path / "out", {"uza": None})
    assert [problem for problem in other.problems() if MISFIT in problem]


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-30])


def double(path: Path) -> None:
    path.write_bytes(path.read_bytes() * 2)


@pytest.mark.parametrize(
    ("file", "spoil", "message"),
    [
        (EN, cut, f"{EN}: cannot be read to its end"),
        (UZ, cut, f"{UZ}: cannot be read to its end"),
        (UZ, double, f"{UZ}: line 2: uza:1 is out of order, or twice"),
        (UZ, double, "articles/uz/2024: 2 rows, but 1 in figures.json"),
    ],
)
def test_half_files_and_rows_that_stand_twice_are_told(
    released: Path, file: str, spoil: Callable[[Path], None], message: str
) -> None:
    spoil(released / file)
    assert [problem for problem in problems(released) if problem.startswith(message)]


def test_hundreds_of_problems_in_a_file_are_a_few_lines(released: Path) -> None:
    (released / UZ).write_bytes(gzip.compress(b"{}\n" * 300))
    found = [problem for problem in problems(released) if problem.startswith(UZ)]
    assert len(found) == 21
    assert found[-1] == f"{UZ}: 280 more like these"


def test_superseded_versions_that_lack_are_told_though_the_checksums_are_new(
    released: Path,
) -> None:
    lines = gzip.decompress((released / EN).read_bytes()).splitlines(keepends=True)
    (released / EN).write_bytes(gzip.compress(b"".join(lines[:-1])))
    assert problems(released) == ["versions/: 4 are new, but 5 in figures.json"]
    (released / EN).unlink()
    assert problems(released) == ["versions/: 4 are new, but 5 in figures.json"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"articles": 5', '"articles": 6', "articles/: 5 rows, but 6 in figures.json"),
        ('"edited": 1', '"edited": 7', "versions/: 1 are edited, but 7 in figures.json"),
    ],
)
def test_a_wrong_count_is_told(released: Path, old: str, new: str, message: str) -> None:
    text = (released / "figures.json").read_text("utf-8")
    assert text.count(old) == 1
    (released / "figures.json").write_text(text.replace(old, new), "utf-8")
    assert problems(released) == [message]


@pytest.mark.parametrize(
    ("name", "forged"),
    [
        ("days", {}), ("hours", {"2024-05-01 07": 1}), ("filled", {"1": 5}), ("authors", {"X": 1}),
        ("languages", {"uz uz-Latn": 5}), ("sections", {'["uz","X",null,null]': 1}),
        ("precisions", {"second": 1}), ("announced", {"false": 1}), ("evidence", {"text": 1}),
        ("near_duplicates", 9), ("gone", 0), ("first_fetch", "2000-01-01T00:00:00Z"),
    ],
)  # fmt: skip
def test_a_forged_figure_is_named(released: Path, name: str, forged: object) -> None:
    path = released / "figures.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {name: forged}), "utf-8")
    assert f"figures.json: '{name}' differs from the rows" in problems(released)


def test_a_release_that_another_program_made_names_it(released: Path) -> None:
    path = released / "figures.json"
    made = {"name": "agency-news-archive", "version": "0.0.1", "commit": None}
    told = json.loads(path.read_text("utf-8")) | {"software": made}
    path.write_text(json.dumps(told), "utf-8")
    verifier = Verifier(released)
    list(verifier.problems())
    assert verifier.made_by == "agency-news-archive 0.0.1, commit unknown"


def test_a_release_of_another_schema_says_so(released: Path) -> None:
    (released / "schema.json").write_text("{}")
    (released / "figures.json").write_text("[")
    found = problems(released)
    assert "schema.json: its rules differ from this program" in found[0]
    assert [problem for problem in found if problem.startswith("figures.json: cannot be read")]


def test_a_field_that_was_explained_in_other_words_then_is_no_problem(released: Path) -> None:
    path = released / "schema.json"
    text = path.read_text("utf-8").replace("any edition", "whatever edition")
    path.write_text(text, "utf-8")
    assert "whatever edition" in text
    assert problems(released) == []
    path.write_text(text.replace('"pattern"', '"format"'), "utf-8")
    assert len(problems(released)) == 1


def test_an_article_in_two_files_is_told(released: Path) -> None:
    change(released / "articles/en/2023.jsonl.gz", '"id":"uza:4"', '"id":"uza:3"')
    assert "articles/en/2025.jsonl.gz: line 1: uza:3 is in two files" in problems(released)


def test_memory_does_not_grow_with_the_number_of_articles(tmp_path: Path) -> None:
    peaks = []
    for number in (400, 2_400):
        with closing(Archive(tmp_path / f"{number}" / "uza")) as archive:
            for each in range(number):
                store(archive, each)
        release_of(tmp_path / f"{number}" / "uza", tmp_path / f"{number}-out")
        tracemalloc.start()
        assert list(Verifier(tmp_path / f"{number}-out").problems()) == []
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] - peaks[0] < 40_000  # a hash an article would take 165 bytes each


def test_a_folder_that_is_no_release_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no whole release"):
        problems(tmp_path, summed=False)
    (tmp_path / "SHA256SUMS").write_text("nonsense\n")
    with pytest.raises(UsageError, match="is no whole release"):
        problems(tmp_path, summed=False)


@pytest.fixture
def typed(tmp_path: Path) -> Path:
    pytest.importorskip("pyarrow")
    release_of(archive_in(tmp_path), tmp_path / "out", parquet=True)
    assert problems(tmp_path / "out") == []
    return tmp_path / "out"


def test_parquet_says_what_the_lines_say(typed: Path) -> None:
    uz, en = (
        typed / f"parquet/articles/edition={edition}/0.parquet"
        for edition in ("uz/year=2024", "en/year=2025")
    )
    uz.write_bytes(en.read_bytes())
    told = f"parquet/articles/edition=uz/year=2024/0.parquet: row 1 differs from line 1 of {UZ}"
    assert told in problems(typed)
    uz.write_bytes(b"PAR1 and no more")
    assert any(
        line.startswith(f"{uz.relative_to(typed)}: cannot be read") for line in problems(typed)
    )
    uz.unlink()
    assert f"{UZ}: is missing in Parquet, unlike others" in problems(typed)
    (typed / "parquet/articles/more.parquet").write_bytes(en.read_bytes())
    assert "parquet/articles/more.parquet: has no lines with the same rows" in problems(typed)


def test_parquet_of_thousands_of_rows_is_compared_to_its_end(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    with closing(Archive(tmp_path / "uza")) as archive:
        for each in range(2_100):
            store(archive, each, edition="en", published_at="2024-05-01", title=f"{each:04}")
    release_of(tmp_path / "uza", tmp_path / "out", parquet=True)
    assert problems(tmp_path / "out") == []
    path = tmp_path / "out/parquet/articles/edition=en/year=2024/0.parquet"
    with parquet.ParquetFile(path) as file:
        table = file.read()
        assert file.metadata.num_row_groups == 1
    parquet.write_table(table.take([*range(2_099), 0]), path)
    told = "row 2100 differs from line 2100 of articles/en/2024.jsonl.gz"
    assert problems(tmp_path / "out") == [f"{path.relative_to(tmp_path / 'out')}: {told}"]


def test_parquet_that_cannot_be_read_is_told_as_unread(
    typed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.release.verify.has_arrow", lambda: False)
    verifier = Verifier(typed)
    assert list(verifier.problems()) == []
    assert verifier.skipped_parquet


def test_a_signed_release_names_its_key_and_another_signature_is_told(tmp_path: Path) -> None:
    out = tmp_path / "out"
    release_of(archive_in(tmp_path), out, sign=partial(sign, key=key_in(tmp_path)))
    verifier = Verifier(out)
    assert list(verifier.problems()) == []
    assert verifier.signer.startswith("SHA256:")
    (out / SUMS).write_text((out / SUMS).read_text().replace("a", "b"))
    told = f"{SIGNATURE}: is not a valid signature of {SUMS} (Could not verify signature.)"
    assert told in problems(out, summed=False)


def test_a_key_that_does_not_sign_leaves_no_release(tmp_path: Path) -> None:
    def refuse(_: bytes) -> bytes:
        raise UsageError("does not sign")

    with pytest.raises(UsageError, match="does not sign"):
        release_of(archive_in(tmp_path), tmp_path / "out", sign=refuse)
    assert [path.name for path in tmp_path.iterdir()] == ["uza"]
