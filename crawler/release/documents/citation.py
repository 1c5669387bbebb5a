"""How to cite a release, for programs: ``CITATION.cff``."""

from collections.abc import Iterator

import msgspec

from crawler.release.documents.maker import Maker
from crawler.release.documents.manifest import Release, write_text
from crawler.system.software import NAME


def write_citation(release: Release) -> None:
    """Write ``CITATION.cff``."""
    lines = [
        "cff-version: 1.2.0",
        'message: "Cite an article by its url and published_at, the data set by this file."',
        "type: dataset",
        f'title: "{release.title}"',
        f'abstract: "{release.description} {release.maker.rights}"',
        f'version: "{release.version}"',
        f"date-released: {release.day}",
        *_cited_maker(release.maker),
        "keywords: [news, archive, text corpus]",
        "references:",
        "  - type: software",
        *(f'    {name}: "{told}"' for name, told in _cited_software(release)),
        "    authors:",
        f'      - name: "{NAME}"',
        "",
    ]
    write_text(release, "CITATION.cff", "\n".join(lines))


def _cited_maker(maker: Maker) -> Iterator[str]:
    """Yield the maker's fields. No licence: it would seem to cover the texts, too."""
    told = {"name": maker.name, **maker.reached_by("website")}
    entity = [f"    {name}: {_quoted(value)}" for name, value in told.items()]
    entity[0] = entity[0].replace("    ", "  - ", 1)
    yield from ("authors:", *entity)
    if maker.contact:
        yield from ("contact:", *entity)
    if maker.doi:
        yield f"doi: {_quoted(maker.doi)}"


def _quoted(text: str) -> str:
    return msgspec.json.encode(text).decode()  # JSON is YAML


def _cited_software(release: Release) -> Iterator[tuple[str, str]]:
    for name, told in release.software.items():
        if told:
            yield {"name": "title"}.get(name, name), told
