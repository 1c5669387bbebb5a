"""An S3 server, for the tests that want one: a process of its own."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from crawler.system.bucket import bucket_at
from tests.crawler.buckets import S3, s3_server, use


@pytest.fixture(scope="session")
def s3_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with s3_server(tmp_path_factory.mktemp("moto")) as port:
        yield port


@pytest.fixture
def s3(s3_port: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[S3]:
    """Return an empty bucket, which this process and the commands that it starts use."""
    with closing(S3(s3_port)) as proxied:
        proxied.empty()
        use(proxied, monkeypatch)
        yield proxied
    bucket_at.cache_clear()
