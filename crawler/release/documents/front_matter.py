"""The YAML header of the data card, which Hugging Face shows and ``datasets`` loads."""

from collections.abc import Iterator

import msgspec

from crawler.release.documents.manifest import Release

_SIZES = {1_000: "n<1K", 10_000: "1K<n<10K", 100_000: "10K<n<100K", 1_000_000: "100K<n<1M"}
_TAGS = """\
license: other
license_name: texts-of-their-publisher
license_link: LICENSE
annotations_creators: [machine-generated]
language_creators: [found]
source_datasets: [original]
task_categories: [text-classification, text-generation, summarization, translation]
tags: [news, archive, croissant]"""


def front_matter(release: Release) -> str:
    """Return the header.

    Only Parquet files are named: from lines, ``datasets`` would guess times and change their zone.
    """
    return "\n".join(["---", _TAGS, *_told(release), *_configs(release), "---", ""])


def _told(release: Release) -> Iterator[str]:
    tags = release.languages
    languages = list(dict.fromkeys(tag.partition("-")[0] for tag in tags))
    yield f"pretty_name: {msgspec.json.encode(release.title).decode()}"
    if languages:
        yield f"language: [{', '.join(map(_quoted, languages))}]"
        yield f"language_bcp47: [{', '.join(map(_quoted, tags))}]"
        yield f"multilinguality: [{'multi' if languages[1:] else 'mono'}lingual]"
    sizes = (size for limit, size in _SIZES.items() if release.figures.articles < limit)
    yield f"size_categories: [{next(sizes, '1M<n<10M')}]"


def _quoted(text: str) -> str:
    return f'"{text}"'  # unquoted, no (Norwegian) is a boolean


def _configs(release: Release) -> Iterator[str]:
    found = [
        name for name in ("articles", "versions") if release.paths(f"parquet/{name}/**/*.parquet")
    ]
    if found:
        yield "configs:"
    for name in found:
        yield f"- config_name: {name}\n  data_files: parquet/{name}/**/*.parquet"
