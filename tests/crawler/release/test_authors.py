"""Authors of a release by key, and the code that makes it."""

import gzip
import json
import re
import subprocess
import sys
from collections import Counter
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import Any
from unicodedata import normalize

import msgspec
import pytest

from crawler.model.article import Label, Person
from crawler.release.authors import likely_keys
from crawler.release.documents.manifest import write_sums
from crawler.release.verify import Verifier
from crawler.store.archive import Archive
from crawler.text.folding import LATIN, fold_name
from tests.crawler.archives import store
from tests.crawler.release import persons
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
    assert {told[name] for name in NAMES[:4]} == {"cholzorov gulom"}
    assert (told["G. Cholzorov"], told["王木"]) == ("cholzorov g.", "王 木")
    assert {each["name"]: each["articles"] for each in rows(out / "authors.jsonl.gz")} == {
        **dict.fromkeys(NAMES, 1), NAMES[1]: 2,
    }  # fmt: skip
    assert list(Verifier(out).problems()) == []


def test_initials_have_the_likely_key_of_the_only_full_name_that_fits(out: Path) -> None:
    told = {each["name"]: each for each in rows(out / "authors.jsonl.gz")}
    short = told["G. Cholzorov"]
    assert (short["likely_key"], short["likely_by"]) == ("cholzorov gulom", "initials")
    assert {told[name]["likely_key"] for name in NAMES if name != "G. Cholzorov"} == {None}


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["и. иванов", "Иван Иванов", "Игорь Иванов"], {}),  # two fit
        (["И. Иванов", "Иванов"], {}),  # a surname alone is nobody's full name
        (["С. Каримзода", "Шерзод Каримзода"], {}),  # `Ш.` would be his initial
        (["Sh. Omon", "Шерзод Омон"], {"omon sh.": ("omon sherzod", "initials")}),
        (["И. П. Иванов", "Иван Иванов"], {}),
        (["I. Ivin", "Иван Петрович Ивин"], {"i. ivin": ("ivan ivin petrovich", "initials")}),
        (["Надир Омон", "Nodir Omon", "Нодир Омон"], {"nadir omon": ("nodir omon", "vowels")}),
        (["Надир Каримов", "Nodir Karimov", "Нудир Каримов"], {}),  # which of two?
        (
            ["Н. Каримов", "Надир Каримов", "Nodir Karimov", "Нодир Каримов"],
            {
                "karimov nadir": ("karimov nodir", "vowels"),
                "karimov n.": ("karimov nodir", "initials"),
            },
        ),
        (["Нодир Каримов", "Nodira Karimova"], {}),
    ],
)  # fmt: skip
def test_a_likely_key_is_that_of_one_full_name_or_null(
    names: list[str], expected: dict[str, tuple[str, str]]
) -> None:
    assert likely_keys(Counter(map(fold_name, names))) == expected


def test_keys_of_full_names_join_the_right_spellings() -> None:
    told = persons.measure(likely=False)
    assert min(told.same, told.different) >= 200
    assert told.precision >= 0.99, [pair for pair in told.wrong if not pair.same]
    assert told.recall >= 0.86, [pair for pair in told.wrong if pair.same]


def test_likely_keys_are_nearly_as_right_and_find_initials() -> None:
    told = persons.measure(likely=True)
    assert told.precision >= 0.97, [pair for pair in told.wrong if not pair.same]
    assert told.recall >= 0.87, [pair for pair in told.wrong if pair.same]


def test_keys_are_about_as_right_for_names_that_the_rules_were_not_made_with() -> None:
    told = persons.measure(persons.UNSEEN, likely=False)
    assert told.precision >= 0.96, [pair for pair in told.wrong if not pair.same]
    assert told.recall >= 0.86, [pair for pair in told.wrong if pair.same]


def test_a_key_never_joins_initials_with_a_full_name() -> None:
    for pair in chain.from_iterable(map(persons.pairs, persons.groups())):
        if fold_name(pair.one) == fold_name(pair.other):
            assert persons.has_initial(pair.one) == persons.has_initial(pair.other)


def test_the_recipe_in_the_card_makes_the_keys(out: Path) -> None:
    card = (out / "README.md").read_text("utf-8")
    recipe = card.partition("## How the key of an author is made")[2].partition("\n## ")[0]
    steps = dict(re.findall(r"^(\d)\. (.*?)(?=^\d\. |^$)", recipe, re.DOTALL | re.MULTILINE))
    written, latin = (re.findall(r"`(\S+)` by (?:`(\S+)`|nothing)", steps[n]) for n in "14")
    for name in {name for group in persons.groups() for person in group for name in person}:
        assert name[0] == "王" or by_recipe(name, written, latin) == fold_name(name), name
    example = recipe.partition("For example, ")[2]
    spellings = re.findall("`(S[^`]*|T[^`]*|Ş[^`]*|Ш[^`]*)`", example.partition("A name in")[0])
    assert {fold_name(name) for name in spellings} == {"shahzod tsaplinev", "sh. tsaplinev"}


def by_recipe(
    name: str, written: list[tuple[str, str]], transliterated: list[tuple[str, str]]
) -> str:
    """Make a key by the words of the card, without the code of ``fold_name``."""
    small = normalize("NFC", name.lower())
    for pattern, replacement in written:
        small = re.sub(pattern, replacement, small)
    parts = []
    for word in re.findall(r"[^\s,.]+\.?", small):
        is_initial = word.endswith(".")
        plain = "".join((LATIN | {"ı": "i"}).get(letter, letter) for letter in word)
        plain = "".join(sign for sign in normalize("NFKD", plain) if sign.isascii())
        plain = "".join(filter(str.isalpha, plain)).replace("x", "h")
        for pattern, replacement in transliterated:
            plain = re.sub(pattern, replacement, plain)
        is_initial |= len(plain) == 1 or plain in ("sh", "ch")
        parts.append(plain + "." * is_initial)
    return " ".join(sorted(parts))


def test_the_card_counts_persons_under_their_commonest_spelling(out: Path) -> None:
    card = (out / "README.md").read_text("utf-8")
    assert "| Gʻulom Cholzorov | 5 |" in card
    assert "Ғулом" not in card


def test_the_card_counts_a_section_under_its_commonest_spelling(out: Path) -> None:
    card = (out / "README.md").read_text("utf-8")
    assert "| Taʼlim | 7 |" in card


def test_the_code_beside_the_data_makes_the_same_keys(out: Path) -> None:
    code = "import sys; sys.path.insert(0, sys.argv[1]); import fold; "
    code += "print(*map(fold.fold_name, sys.argv[2:]), sep='|')"
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
