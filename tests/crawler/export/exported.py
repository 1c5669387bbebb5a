"""Rows for exports, which have something in every field, and their export."""

from typing import Any

import msgspec

from crawler.export.formats import write
from crawler.export.row import Source
from crawler.model.article import (
    Article,
    Capture,
    Image,
    Label,
    Person,
    RightsSignal,
    Sighting,
    Translation,
    Video,
)
from tests.crawler.archives import article

SITE = "https://wire.example"

FULL = article(
    1,
    url="https://wire.example/posts/kўprik_1",
    edition="oz",
    language="uz-Latn",
    script="Latn",
    orthography="1995",
    other_languages=["ru"],
    title='=1+1 “Koʻprik” & <b> "x", _x0041_',
    summary="A lead; of one line",
    body='First, "quoted".\n\nSecond\nwith 𝒜 line.\n\nThird & <last>.',
    published_at="2024-05-01T23:44:00+05:00",
    published_precision="minute",
    published_raw="23:44 / 2024-05-01",
    published_source="page",
    modified_at="2024-05-02T08:00:00+05:00",
    authors=[
        Person("Nodira Tolzorova"),
        Person("S. Olmazorov", "photo"),
        Person("Y. Anorzorov", "translator"),
        Person("B. Gilosov", "video"),
    ],
    byline_raw="Nodira Tolzorova, Wire",
    credit="Wire",
    category=Label("Economy", "economy_4"),
    tags=[Label("water", "water"), Label("Kumushtepa")],
    images=[Image("https://cdn.example/1.jpg", "The dam", "S. Olmazorov")],
    videos=[Video("https://video.example/embed/1")],
    translations=[Translation("uza:2", "ru")],
    rights=[RightsSignal("header", "tdm-reservation", "1")],
    version=2,
    change="edited",
    changed_fields=["title", "body"],
    announced=True,
    capture=Capture("a.warc.gz", 10, 20, "sha256:00"),
    archive_url="https://archive.example/1",
    run="20240501T190958Z",
)
BARE = article(2, published_at="2024-05-01", published_precision="day")
PICTURES = article(3, body="", images=[Image("https://cdn.example/2.jpg"), Image("https://c.uz/3")])
GONE = article(4, change="gone", evidence=[Sighting(404, "2026-11-24T00:00:00Z", "page")])
WITHDRAWN = article(5, title="withdrawn", body="", change="withdrawn", reason="asked to")
ARTICLES = [FULL, BARE, PICTURES, GONE, WITHDRAWN]
ROWS: list[dict[str, Any]] = msgspec.to_builtins(ARTICLES)


def exported(form: str, *articles: Article) -> bytes:
    """Return the file of a format."""
    return b"".join(write(form, msgspec.to_builtins(articles or ARTICLES), Source(SITE)))
