"""Answers to archive: one of our saved pages under any number."""

from crawler.warc.record import Exchange
from tests.commands import ROOT

PAGE = ROOT / "tests/pages/uza/2024-05-01-en-reservoir/page.html"


def exchange(number: int) -> Exchange:
    return Exchange(
        uri=f"https://uza.uz/posts/a-new-reservoir_{number}",
        taken_at="2026-11-20T07:00:00Z",
        status=200,
        headers=[("Content-Type", "text/html")],
        body=PAGE.read_bytes() + b"<!-- %d -->" % number,
        article_id=f"uza:{number}",
    )
