"""Metadata for depositing a release in a repository: DataCite's, and an RO-Crate."""

from collections.abc import Iterator

from crawler.release.documents.maker import TEXTS
from crawler.release.documents.manifest import JsonObject, Release, write_json

_CRATE = "ro-crate-metadata.json"
_FORMATS = {
    ".gz": "application/gzip",
    ".parquet": "application/vnd.apache.parquet",
    ".json": "application/json",
    ".md": "text/markdown",
    ".png": "image/png",
    ".py": "text/x-python",
}


def write_deposit(release: Release) -> None:
    """Write ``datacite.json`` and the crate, which lists all files of the release."""
    write_json(release, "datacite.json", datacite(release))
    write_json(release, _CRATE, ro_crate(release))


def datacite(release: Release) -> JsonObject:
    """Return the metadata in DataCite's schema 4, as DataCite's API and Zenodo accept it."""
    maker, figures = release.maker, release.figures
    languages = ", ".join(release.languages) or "unknown"
    collected = f"{figures.first_fetch}/{figures.last_fetch}"
    return {
        "schemaVersion": "http://datacite.org/schema/kernel-4",
        **({"doi": maker.doi} if maker.doi else {}),
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "News articles"},
        "creators": [{"name": maker.name}],
        "titles": [{"title": release.title}],
        "publisher": {"name": maker.name},
        "publicationYear": release.day[:4],
        "version": release.version,
        **({"language": release.languages[0]} if len(release.languages) == 1 else {}),
        "subjects": [{"subject": subject} for subject in ("news", "archive", "text corpus")],
        "dates": [
            {"date": release.day, "dateType": "Issued"},
            {"date": collected, "dateType": "Collected"},
        ],
        "descriptions": [
            {"description": release.description, "descriptionType": "Abstract"},
            # There can be only one `language`.
            {"description": f"Languages: {languages}", "descriptionType": "Other"},
        ],
        "rightsList": [
            {"rights": TEXTS},
            {
                "rights": "The archive's own work",
                "rightsUri": maker.terms,
                "rightsIdentifier": maker.license,
                "rightsIdentifierScheme": "SPDX",
                "schemeUri": "https://spdx.org/licenses/",
            },
        ],
        "relatedIdentifiers": [
            {
                "relatedIdentifier": release.read_from,
                "relatedIdentifierType": "URL",
                "relationType": "IsDerivedFrom",
            }
        ],
        "sizes": [f"{figures.articles} articles"],
        "formats": list(dict.fromkeys(each["encodingFormat"] for each in _files(release))),
    }


def ro_crate(release: Release) -> JsonObject:
    """Return the RO-Crate 1.1: the data set, its files, its maker, and the code that made it."""
    files = list(_files(release))
    maker = release.maker
    return {
        "@context": "https://w3id.org/ro/crate/1.1/context",
        "@graph": [
            {
                "@id": _CRATE,
                "@type": "CreativeWork",
                "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
                "about": {"@id": "./"},
            },
            _data_set(release, files),
            {"@id": "#maker", "@type": "Organization", "name": maker.name}
            | maker.reached_by("url"),
            *_made(release),
            *files,
        ],
    }


def _data_set(release: Release, files: list[JsonObject]) -> JsonObject:
    doi = release.maker.doi
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": release.title,
        "description": release.description,
        "version": release.version,
        "datePublished": release.day,
        "license": {"@id": "LICENSE"},
        "author": {"@id": "#maker"},
        "publisher": {"@id": "#maker"},
        "isBasedOn": release.read_from,
        "inLanguage": release.languages,
        **({"identifier": f"https://doi.org/{doi}"} if doi else {}),
        "hasPart": [{"@id": each["@id"]} for each in files],
    }


def _made(release: Release) -> Iterator[JsonObject]:
    """Yield the software, and the action by which it made the data set."""
    yield {
        "@id": "#software",
        "@type": "SoftwareApplication",
        "name": release.software["name"],
        "version": f"{release.software['version']}, commit {release.software['commit']}",
    }
    yield {
        "@id": "#made",
        "@type": "CreateAction",
        "name": "scrapy release",
        "instrument": {"@id": "#software"},
        "agent": {"@id": "#maker"},
        "result": {"@id": "./"},
    }


def _files(release: Release) -> Iterator[JsonObject]:
    """Yield the files of the release, except the crate itself."""
    for path in release.paths("**/*"):
        if path == _CRATE or path.startswith("work/"):
            continue
        suffix = f".{path.rpartition('.')[2]}"
        yield {
            "@id": path,
            "@type": "File",
            "name": path,
            "encodingFormat": _FORMATS.get(suffix, "text/plain"),
            "contentSize": str((release.folder / path).stat().st_size),
            **({"description": release.maker.rights} if path == "LICENSE" else {}),
        }
