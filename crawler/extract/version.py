"""A digest of the code that reads pages, so that a new reading is not taken for an edit."""

import hashlib
import re
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable

# Where reading begins: from a response to a document, and to a row. The modules they import belong
# to the reading, too.
_ENTRANCES = (
    "crawler.extract.memento",
    "crawler.extract.article",
    "crawler.extract.generic",
)
# Imported by code that reads, but without influence on a row.
_PLUMBING = {
    "crawler.system.clock": "tells and writes moments of the run",
    "crawler.model.link": "carries what a source told",
    "crawler.extract.version": "is this digest",
    "crawler.crawl.spider": "is the run, which a step asks whether there is one",
    "crawler.extract.errors": "names refusals",
}
_IMPORT = re.compile(r"^ *from ((?:crawler|pages|pipelines)(?:\.\w+)+) import", re.MULTILINE)
_IS_STEP = re.compile(r"^class \w+\(ArticlePipeline\)", re.MULTILINE)


def code_files(agency: str) -> list[Traversable]:
    """Return the files that decide how an agency's pages are read, perhaps inside a zip file.

    They are found by their imports, so that none is forgotten.
    """
    todo = [*_ENTRANCES, *_steps(), *_pages_of(agency)]
    found: dict[str, Traversable] = {}
    while todo:
        name = todo.pop()
        if name not in found and name not in _PLUMBING:
            found[name] = file = _file(name)
            todo += _IMPORT.findall(file.read_text("utf-8"))
    return [file for name in sorted(found) for file in (found[name], *_data_of(name))]


def _data_of(name: str) -> list[Traversable]:
    """Return the data file beside a module, with the module's name."""
    package, *folders, module = name.split(".")
    table = files(package).joinpath(*folders, f"{module}.toml")
    return [table] if table.is_file() else []


def _file(name: str) -> Traversable:
    package, *folders, module = name.split(".")
    return files(package).joinpath(*folders, f"{module}.py")


def _modules(package: str) -> list[str]:
    names = (file.name for file in files(package).iterdir())
    return [f"{package}.{name.removesuffix('.py')}" for name in names if name.endswith(".py")]


def _steps() -> list[str]:
    """Return the pipelines that read, not those that compare and store."""
    return [
        name for name in _modules("pipelines") if _IS_STEP.search(_file(name).read_text("utf-8"))
    ]


def _pages_of(agency: str) -> list[str]:
    own = re.compile(rf"pages\.{agency}(?:_\w+)?")
    return [name for name in _modules("pages") if own.fullmatch(name)]


@lru_cache
def reading_code(agency: str) -> str:
    """Return the digest of the code that reads an agency's pages, the same on every machine."""
    digest = hashlib.sha256()
    for file in code_files(agency):
        source = file.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{file.name} {len(source)}\n".encode() + source)
    return digest.hexdigest()[:16]
