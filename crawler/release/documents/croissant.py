"""Croissant: a description of a release for programs that load data sets for training.

Each kind of file is one record set, however many files there are. Times in Parquet are the same
texts as in the lines; programs that read lines convert them to moments.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from crawler.model.schema import row_schema
from crawler.release.authors import FIELDS as AUTHOR_FIELDS
from crawler.release.authors import FILE as AUTHORS
from crawler.release.documents.manifest import (
    LINK_FIELDS,
    JsonObject,
    Release,
    has_rows,
    known_kind,
    write_json,
)
from crawler.release.rows import ReleasedArticle
from crawler.release.sections import FIELDS as SECTION_FIELDS
from crawler.release.sections import FILE as SECTIONS
from crawler.release.states import FIELDS as STATE_FIELDS
from crawler.release.states import FILE as STATES
from crawler.release.withdrawn import FIELDS as WITHDRAWN_FIELDS
from crawler.release.withdrawn import FILE as WITHDRAWN

_NAMES = (
    "citeAs", "column", "containedIn", "equivalentProperty", "extract", "field", "fileProperty",
    "fileObject", "fileSet", "format", "includes", "isArray", "arrayShape", "isLiveDataset",
    "jsonPath", "key", "md5", "parentField", "path", "recordSet", "references", "regex", "repeated",
    "replace", "samplingRate", "separator", "source", "subField", "transform",
)  # fmt: skip
_CONTEXT: JsonObject = {
    "@language": "en", "@vocab": "https://schema.org/", "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/", "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/", "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "name": {"@container": "@language"}, "description": {"@container": "@language"},
    **{name: f"cr:{name}" for name in _NAMES},
}  # fmt: skip
_TYPES = {"integer": "sc:Integer", "boolean": "sc:Boolean", "number": "sc:Float"}
_ROWS = {
    "articles": "newest version of each article",
    "versions": "versions that newer ones superseded",
}
_TABLES: dict[str, tuple[str, Mapping[str, tuple[str, str]]]] = {
    "links": ("links/*.jsonl.gz", LINK_FIELDS),
    "withdrawn": (WITHDRAWN, WITHDRAWN_FIELDS),
    "states": (STATES, STATE_FIELDS),
    "authors": (AUTHORS, AUTHOR_FIELDS),
    "sections": (SECTIONS, SECTION_FIELDS),
}
_MISSING = (
    "README.md lists days with fewer articles than usual. Changes between two visits were not "
    "seen. An unknown field is null, never guessed."
)
# https://docs.mlcommons.org/croissant/docs/croissant-rai-spec.html
_RESPONSIBLE: JsonObject = {
    "rai:dataCollection": "A crawler read the agency's public pages and API, at the rate "
    "that the site asks for. It visits articles again after publication, and when a list shows "
    "another title or time of change; states.jsonl.gz has the number of visits. All responses are "
    "kept.",
    "rai:dataCollectionType": ["Web Scraping", "Web API"],
    "rai:dataPreprocessingProtocol": "Fields are taken from HTML and JSON by rules for the site; "
    "boilerplate is left out, and apostrophes of Uzbek are unified in texts. The publisher's "
    "wording is not changed.",
    "rai:dataAnnotationProtocol": "near_duplicate_of, story and language are machine-made; "
    "README.md has the measured precision and recall.",
    "rai:machineAnnotationTools": ["agency-news-archive"],
    "rai:dataUseCases": "Research on news: agendas, edits, deletions, translations, language. Not "
    "fit to judge single persons, nor as a sample of what happened.",
    "rai:dataLimitations": "Counts of edits and deletions are lower bounds. Articles that were "
    "removed before the first visit are absent. Marks reach back to the month before.",
    "rai:dataBiases": "One agency's choice of what is news, in its own words, with more in some "
    "languages than in others.",
    "rai:personalSensitiveInformation": "Names of journalists and of persons in the news, as they "
    "were published. What was withdrawn for a person's privacy is listed in withdrawn.jsonl.gz, to "
    "be deleted from copies.",
    "rai:dataReleaseMaintenancePlan": "A later release has another version and leaves this one as "
    "it is; CHANGES.md lists the differences.",
}


def write_croissant(release: Release) -> None:
    """Write ``croissant.json``, after the rows and Parquet."""
    write_json(release, "croissant.json", croissant(release))


def croissant(release: Release) -> JsonObject:
    """Return the content of ``croissant.json``."""
    maker, sets = release.maker, list(_record_sets(release))
    figures = release.figures
    creator = {"@type": "sc:Organization", "name": maker.name, **maker.reached_by("url")}
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": [
            "http://mlcommons.org/croissant/1.1",
            "http://mlcommons.org/croissant/RAI/1.0",
        ],
        "name": release.name,
        "description": release.description,
        "url": release.read_from,
        "license": {"@type": "sc:CreativeWork", "name": maker.rights, "url": "LICENSE"},
        "creator": creator,
        "publisher": creator,
        **({"sameAs": f"https://doi.org/{maker.doi}"} if maker.doi else {}),
        "version": release.version.replace("-0", ".").replace("-", "."),
        "datePublished": release.day,
        "inLanguage": release.languages,
        "keywords": ["news", "archive", "text corpus"],
        "citeAs": f"{maker.name}: {release.title}",
        "isLiveDataset": False,
        **_RESPONSIBLE,
        "rai:dataCollectionMissingData": f"{_MISSING} {release.gone_told}",
        "rai:dataCollectionTimeFrame": [figures.first_fetch, figures.last_fetch],
        "distribution": [files for files, _ in sets],
        "recordSet": [records for _, records in sets],
    }


def _record_sets(release: Release) -> Iterator[tuple[JsonObject, JsonObject]]:
    """Yield the files and the records of each kind of rows in the release."""
    definitions = row_schema(ReleasedArticle)["$defs"]
    row = definitions[ReleasedArticle.__name__]["properties"]
    for name, description in _ROWS.items():
        of_lines, of_parquet = f"{name}/*/*.jsonl.gz", f"parquet/{name}/*/*/*.parquet"
        includes = of_parquet if release.has_parquet else of_lines
        if release.paths(includes):
            files = _Files(name, includes, definitions)
            yield files.described(), files.records(description, row)
    for name, (includes, fields) in _TABLES.items():
        if any(has_rows(release, path) for path in release.paths(includes)):
            files = _Files(name, includes, {})
            yield (
                files.described(),
                files.records(
                    f"rows of {includes}",
                    {
                        field: {"type": kind, "description": meaning}
                        for field, (kind, meaning) in fields.items()
                    },
                ),
            )


@dataclass(frozen=True, slots=True)
class _Files:
    """Files of one kind. ``definitions``: JSON Schema of the objects in their rows."""

    name: str
    includes: str
    definitions: JsonObject

    @property
    def _is_parquet(self) -> bool:
        return self.includes.endswith(".parquet")

    def described(self) -> JsonObject:
        """Return the file set."""
        lines = ["application/jsonlines", "application/gzip"]
        return {
            "@type": "cr:FileSet",
            "@id": f"{self.name}-files",
            "name": f"{self.name}-files",
            "encodingFormat": "application/x-parquet" if self._is_parquet else lines,
            "includes": self.includes,
        }

    def records(self, description: str, fields: JsonObject) -> JsonObject:
        """Return the record set. ``fields``: in JSON Schema."""
        return {
            "@type": "cr:RecordSet",
            "@id": self.name,
            "name": self.name,
            "description": description,
            "field": [self._field(name, told) for name, told in fields.items()],
        }

    def _field(self, name: str, told: JsonObject) -> JsonObject:
        kind = known_kind(told)
        inner = kind.get("items", kind)
        field: JsonObject = self._named(name, told)
        if kind.get("type") == "array":
            field["repeated"] = True
        if "$ref" not in inner:
            return field | self._read(name, name, inner)
        definition = self.definitions[inner["$ref"].rpartition("/")[2]]
        field["subField"] = [
            self._named(f"{name}/{part}", told_of_it)
            | self._read(name, part, known_kind(told_of_it), {"jsonPath": f"$.{part}"})
            for part, told_of_it in definition["properties"].items()
        ]
        return field

    def _named(self, path: str, told: JsonObject) -> JsonObject:
        identity = f"{self.name}/{path}"
        return {
            "@type": "cr:Field",
            "@id": identity,
            "name": identity,
            "description": told["description"],
        }

    def _read(
        self, column: str, name: str, kind: JsonObject, transform: JsonObject | None = None
    ) -> JsonObject:
        """Return the type of a field, and where to find its value."""
        is_moment = name.endswith("_at") and not self._is_parquet
        source: JsonObject = {
            "fileSet": {"@id": f"{self.name}-files"},
            "extract": {"column": column},
        }
        return {
            "dataType": "sc:DateTime" if is_moment else _TYPES.get(kind.get("type", ""), "sc:Text"),
            "source": source | ({"transform": transform} if transform else {}),
        }
