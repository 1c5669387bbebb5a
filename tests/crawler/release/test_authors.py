"""Authors of a release by key, and the code that makes it."""

import gzip
import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from crawler.model.article import Label, Person
from crawler.release.documents.manifest import write_sums
from crawler.release.verify import Verifier
from crawler.store.archive import Archive
from tests.crawler.archives import store
from tests.crawler.release.archives import release_of, rows

NAMES = [
    *("Ғулом Чолзоров", "Gʻulom Cholzorov", "Gʻulom  Cholzorov", "Ğulom Çolzorov"),
    *("G. Cholzorov", "王木"),
]


SECTIONS = ["Таълим", "Taʼlim", "Ta'lim"]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    with closing(Archive(tmp_path / "uza")) as archive:
        for number, name in enumerate([NAMES[1], *NAMES], 1):
            store(archive, number, authors=[Person(name), Person("S. Olmazorov", "photo")],
                  category=Label(SECTIONS[number % 3]))  # fmt: skip
    release_of(tmp_path / "uza", tmp_path / "out")
    return tmp_path / "out"


def keys(out: Path) -> dict[str, str]:
    return {each["name"]: each["key"] for each in rows(out / "authors.jsonl.gz")}


def test_spellings_of_a_name_have_one_key_and_names_with_initials_another(out: Path) -> None:
    told = keys(out)
    assert sorted(told) == sorted(NAMES)
    assert {told[name] for name in NAMES[:4]} == {"gulom cholzorov"}
    assert (told["G. Cholzorov"], told["王木"]) == ("g. cholzorov", "王 木")
    assert {each["name"]: each["articles"] for each in rows(out / "authors.jsonl.gz")} == {
        **dict.fromkeys(NAMES, 1), NAMES[1]: 2,
    }  # fmt: skip
    assert list(Verifier(out).problems()) == []


def test_the_card_counts_persons_under_their_commonest_spelling(out: Path) -> None:
    card = (out / "README.md").read_text("utf-8")
    assert "| Gʻulom Cholzorov | 5 |" in card
    assert "Ғулом" not in card


def test_the_card_counts_a_section_under_its_commonest_spelling(out: Path) -> None:
    card = (out / "README.md").read_text("utf-8")
    assert "| Taʼlim | 7 |" in card


def test_the_code_beside_the_data_makes_the_same_keys(out: Path) -> None:
    code = "import sys; sys.path.insert(0, sys.argv[1]); import fold; "
    code += "print(*(' '.join(fold.fold_spelling(n).split()) for n in sys.argv[2:]), sep='|')"
    run = [sys.executable, "-I", "-S", "-c", code, str(out), *NAMES]
    told = subprocess.run(run, capture_output=True, encoding="utf-8", check=True, cwd="/").stdout
    assert told.strip().split("|") == [keys(out)[name] for name in NAMES]


def test_the_table_is_described(out: Path) -> None:
    package = json.loads((out / "datapackage.json").read_text("utf-8"))
    (resource,) = [each for each in package["resources"] if each["name"] == "authors"]
    (first, *_) = rows(out / "authors.jsonl.gz")
    assert [each["name"] for each in resource["schema"]["fields"]] == list(first)


@pytest.mark.parametrize(
    "forged", [{}, {"key": "gulom"}, {"articles": 7}, {"name": "Nobody"}, None]
)
def test_a_forged_table_is_named(out: Path, forged: dict[str, Any] | None) -> None:
    path = out / "authors.jsonl.gz"
    lines = rows(path)
    lines[1:2] = [] if forged is None else [lines[1] | forged]
    path.write_bytes(gzip.compress(b"".join(msgspec.json.encode(each) + b"\n" for each in lines)))
    (out / "SHA256SUMS").unlink()
    write_sums(out)
    problem = "authors.jsonl.gz: line 2 differs from figures.json"
    assert list(Verifier(out).problems()) == ([] if forged == {} else [problem])
