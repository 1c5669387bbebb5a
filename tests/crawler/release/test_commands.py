"""A release made and checked by the commands, and its data card."""

import json
import re
import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.commands import Refused, scrapy
from tests.crawler.release.archives import archive_in, articles_in

pytestmark = pytest.mark.slow


def test_the_command_says_that_a_release_is_whole_or_what_is_wrong_with_it(
    released: Path, tmp_path: Path
) -> None:
    run = scrapy("verify-release", released)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith(f"{released}: whole; ")
    (tmp_path / "SHA256SUMS").write_text(f"{'0' * 64}  articles/en/2024.jsonl.gz\n")
    run = scrapy("verify-release", tmp_path)
    assert run.returncode == 7
    assert run.stdout.startswith("articles/en/2024.jsonl.gz: is missing\n")
    assert run.stderr.count("\n") == 1
    assert "things are wrong; take another copy of it" in run.stderr
    shutil.copytree(released, tmp_path / "copy")
    (tmp_path / "copy/notes.txt").write_text("mine")
    assert ": 1 thing is wrong; take" in scrapy("verify-release", tmp_path / "copy").stderr


def test_the_data_card_shows_pictures_and_counts_that_are_there(released: Path) -> None:
    card = (released / "README.md").read_text("utf-8")
    pictures = re.findall(r"!\[.+?\]\((.+?)\)", card)
    if find_spec("matplotlib"):
        assert len(pictures) == 4
    for picture in pictures:
        assert (released / picture).read_bytes().startswith(b"\x89PNG")
    assert f"{articles_in(released):,} articles that uza.uz published" in card
    assert "compared only with those of its own month and of the month before" in card
    figures = json.loads((released / "figures.json").read_text("utf-8"))
    assert figures["near_duplicates"] == figures["evidence"]["near_duplicate text"] > 0
    assert re.search(r"\| `authors` \| list of \[Person\]\(#person\) \| \d\d\.\d% \|", card)
    assert re.search(r"\| `near_duplicate_of` \| string or null \| \d+\.\d% \|", card)
    explained = set(re.findall(r"^### (\w+)$", card, re.M))
    assert explained == set(re.findall(r"\[(\w+)\]\(#\w+\)", card)) > {"Person", "Image"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("release",), "expected one agency; there are: "),
        (("release", "uza"), "there is no archive; crawl first"),
        (("release", "uza", "--since", "May"), "--since May: expected a day such as 2024-05-31"),
        (("release", "uza", "-s", "RELEASE_LICENSE=no"), "expected one id of https://spdx.org"),
        (("release", "uza", "-s", "CONTACT=you@example.org"), "is an example"),
        (("verify-release",), "expected the folder of a release"),
        (("verify-release", "nowhere"), "nowhere: is no whole release"),
    ],
)
def test_what_cannot_be_released_or_checked_is_one_line(
    tmp_path: Path, refused: Refused, arguments: tuple[str, ...], message: str
) -> None:
    assert message in refused(*arguments, "-s", f"DATA_DIR={tmp_path}")


def test_a_release_that_is_interrupted_says_how_to_go_on(
    tmp_path: Path, refused: Refused, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive_in(tmp_path)

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("crawler.release.build.write_years", interrupt)
    said = refused("release", "uza", "-s", f"DATA_DIR={tmp_path}", exit_code=130)
    assert said == (
        "scrapy release: interrupted by SIGINT; nothing is left of the release; run it again\n"
    )
