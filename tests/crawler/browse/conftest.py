"""A server on the archive of the tests, asked without a browser."""

import asyncio
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from crawler.extract.agencies import find_agency
from crawler.store.reader import ArchiveReader

RULES = find_agency("uza").rules
Get = Callable[..., Any]


@pytest.fixture(autouse=True, scope="session")
def compiled_templates() -> None:
    if find_spec("datasette"):
        from datasette.plugins import pm

        from tests.crawler.browse.compiled import CompiledTemplates

        pm.register(CompiledTemplates())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    for package in ("datasette", "tantivy"):
        pytest.importorskip(package, reason=f"{package} is not installed: make data")
    from tests.crawler.browse.archives import archive_in

    return archive_in(tmp_path_factory.mktemp("served"))


@pytest.fixture(scope="module")
def get(folder: Path) -> Get:
    return served_from(folder)


def served_from(folder: Path) -> Get:
    """Index an archive; return a function that asks its server."""
    from crawler.browse.index import bring_up_to_date
    from crawler.browse.pages import Served
    from crawler.browse.server import make_server

    with ArchiveReader(folder) as reader:
        bring_up_to_date([reader], folder)
    server = make_server([Served(folder, RULES)], folder)

    async def ask(address: str, *, follow: bool, **options: Any) -> Any:
        await server.invoke_startup()
        return await server.client.get(address, follow_redirects=follow, **options)

    return lambda address, follow=True, **options: asyncio.run(
        ask(address, follow=follow, **options)
    )


@pytest.fixture
def server(folder: Path, get: Get) -> Iterator[Callable[..., Any]]:
    """Servers as a command line would start them; ask each for an address."""
    from crawler.browse.pages import Served
    from crawler.browse.server import make_server

    def start(**options: Any) -> Callable[..., Any]:
        made = make_server([Served(folder, RULES)], folder, **options)

        async def ask(address: str, method: str, host: str) -> Any:
            await made.invoke_startup()
            return await made.client.request(method, address, headers={"host": host})

        return lambda address, method="GET", host="localhost": asyncio.run(
            ask(address, method, host)
        )

    yield start
    make_server([Served(folder, RULES)], folder)  # the plugin of the other tests
