import subprocess
from pathlib import Path

import pytest

from replica import Replica
from tests.commands import Refused, scrapy
from tests.crawls.harness import Crawl


def diff(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return scrapy("diff", *arguments, DATA_DIR=data)


def test_an_edit_is_shown_word_by_word_with_its_versions(crawl: Crawl, replica: Replica) -> None:
    crawl.begin("-a", "editions=en")
    post = replica.world.listing("en")[0]
    article_id = post.article_id
    single = diff(crawl.data, article_id)
    assert single.returncode == 0
    assert "It has not changed since it was first recorded." in single.stdout
    replica.world.edit(post.id, title=f"{post.title} again")
    crawl("-a", "editions=en")
    replica.world.edit(post.id, title=f"{post.title} and again")
    crawl("-a", "editions=en")
    newest, first = diff(crawl.data, article_id), diff(crawl.data, article_id, "1", "2")
    assert (newest.returncode, first.returncode) == (0, 0)
    assert "title\n" in newest.stdout
    assert newest.stdout.splitlines()[0].startswith(f"{article_id} version 2: edited, fetched 20")
    assert f"{post.title}{{+ and+}} again" in newest.stdout
    assert f"{post.title}{{+ again+}}" in first.stdout
    wrong = diff(crawl.data, article_id, "1", "9")
    assert (wrong.returncode, wrong.stderr.count("\n")) == (2, 1)
    assert "no version '9'; there are: 1, 2, 3" in wrong.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "expected an article"),
        (("594021",), "expected an article"),
        (("uza:1", "2"), "expected an article"),
        (("nobody:1",), "no agency 'nobody'; there are: "),
        (("uza:1",), "there is no archive; crawl first"),
    ],
)
def test_what_cannot_be_compared_is_one_line(
    tmp_path: Path, refused: Refused, arguments: tuple[str, ...], message: str
) -> None:
    assert message in refused("diff", *arguments, "-s", f"DATA_DIR={tmp_path}")
