"""A release as other programs know data sets: JSON Schema, Frictionless, Croissant, CFF."""

from collections.abc import Iterator
from typing import Any

from crawler.release.documents import Release, digest_of, write_json, write_text
from crawler.release.rows import ReleasedArticle
from crawler.schema import row_schema

JsonObject = dict[str, Any]

RIGHTS = (
    "The texts and pictures belong to their publisher. The archive's own work, which is the "
    "structure, the dates, names and links it read, and this description, is free to use."
)
_FRICTIONLESS = {"string": "string", "integer": "integer", "boolean": "boolean", "array": "array"}
LINK_FIELDS = {
    "kind": ("string", "`translation` or `near_duplicate`"),
    "id": ("string", "id of the article published later"),
    "earlier": ("string", "id of the article published earlier"),
    "evidence": ("array", "of `api`, `text`, `image`, `minute` what there is, the strongest first"),
    "likeness": ("number", "share of the text in common, from 0 to 1; null for a translation"),
}
_CONTEXT: JsonObject = {
    "@language": "en", "@vocab": "https://schema.org/", "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/", "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/", "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    **{
        name: f"cr:{name}"
        for name in (
            "citeAs", "column", "equivalentProperty", "extract", "field", "fileProperty",
            "fileObject", "fileSet", "format", "includes", "isLiveDataset", "jsonPath", "key",
            "md5", "parentField", "path", "recordSet", "references", "regex", "repeated", "replace",
            "samplingRate", "separator", "source", "subField", "transform",
        )
    },
}  # fmt: skip


def write_catalogues(release: Release) -> None:
    """Write all of them; the rows must be there already."""
    write_json(release, "schema.json", row_schema(ReleasedArticle))
    write_text(release, "CITATION.cff", _citation(release))
    write_json(release, "datapackage.json", datapackage(release))
    write_json(release, "croissant.json", croissant(release))


def fields() -> Iterator[tuple[str, str, str]]:
    """Yield name, JSON type and description of each field of a row."""
    properties = row_schema(ReleasedArticle)["$defs"]["ReleasedArticle"]["properties"]
    for name, told in properties.items():
        yield name, _type_of(told), told["description"]


def _type_of(told: JsonObject) -> str:
    match told:
        case {"anyOf": kinds}:
            return next(_type_of(kind) for kind in kinds if kind.get("type") != "null")
        case {"type": kind}:
            return str(kind)
        case {"$ref": _}:
            return "object"
    return "string"  # one of a few words


def _citation(release: Release) -> str:
    return "\n".join(
        [
            "cff-version: 1.2.0",
            'message: "Cite an article by its url and published_at, the data set by this."',
            "type: dataset",
            f'title: "{release.title}"',
            f'abstract: "{release.description}"',
            f'version: "{release.version}"',
            f"date-released: {release.version}",
            "authors:",
            '  - name: "agency-news-archive"',
            "keywords: [news, archive, text corpus]",
            "",
        ]
    )


def datapackage(release: Release) -> JsonObject:
    """Return the Frictionless data package."""
    row = [
        {"name": name, "type": _FRICTIONLESS.get(kind, "object"), "description": description}
        for name, kind, description in fields()
    ]
    link = [
        {"name": name, "type": kind, "description": description}
        for name, (kind, description) in LINK_FIELDS.items()
    ]
    resources = [
        _resource(release, "articles", "newest version of each article", row),
        _resource(release, "versions", "all versions of each article", row),
        _resource(release, "gone", "newest versions of articles that are gone", row, "gone*.gz"),
        _resource(release, "links", "which articles belong together, and why", link),
    ]
    return {
        "profile": "data-package",
        "name": release.name,
        "title": release.title,
        "description": f"{release.description} {RIGHTS}",
        "version": release.version,
        "created": f"{release.version}T00:00:00Z",
        "image_size": release.image_size,
        "sources": [{"title": release.source, "path": release.read_from}],
        "resources": [each for each in resources if each["path"]],
    }


def _resource(
    release: Release, name: str, title: str, fields: list[JsonObject], pattern: str = ""
) -> JsonObject:
    return {
        "name": name,
        "title": title,
        "path": release.paths(pattern or f"{name}/**/*.gz"),
        "format": "jsonl",
        "mediatype": "application/jsonl",
        "compression": "gz",
        "encoding": "utf-8",
        "schema": {"fields": fields, "primaryKey": ["id", "version"] if name != "links" else []},
    }


def croissant(release: Release) -> JsonObject:
    """Return the Croissant description."""
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": release.name,
        "description": release.description,
        "url": release.read_from,
        "license": RIGHTS,
        "version": release.version.replace("-0", ".").replace("-", "."),
        "datePublished": release.version,
        "citeAs": f"agency-news-archive: {release.title}",
        "distribution": [
            *(_file(release, path) for path in release.paths("articles/**/*.gz")),
            *(_file(release, path) for path in release.paths("gone*.gz")),
        ],
        "recordSet": [_records(release, path) for path in release.paths("articles/**/*.gz")],
    }


def _file(release: Release, path: str) -> JsonObject:
    return {
        "@type": "cr:FileObject",
        "@id": path,
        "name": path,
        "contentUrl": path,
        "encodingFormat": ["application/jsonlines", "application/gzip"],
        "sha256": digest_of(release.folder / path),
    }


_CROISSANT = {"integer": "sc:Integer", "boolean": "sc:Boolean"}


def _data_type(field: str, kind: str) -> str:
    return "sc:DateTime" if field.endswith("_at") else _CROISSANT.get(kind, "sc:Text")


def _records(release: Release, path: str) -> JsonObject:
    name = path.removesuffix(".jsonl.gz")
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{name}/{field}",
                "name": f"{name}/{field}",
                "description": description,
                "dataType": _data_type(field, kind),
                "source": {"fileObject": {"@id": path}, "extract": {"column": field}},
            }
            for field, kind, description in fields()
            if kind in ("string", "integer", "boolean")
        ],
    }
