"""Object storage by itself: conditional writes, and addresses that are none."""

from pathlib import Path

import pytest

from crawler.errors import UsageError
from crawler.system import bucket as buckets
from crawler.system.bucket import bucket_at
from crawler.system.offloaded import Manifest, encode_manifest
from tests.crawler.buckets import S3


@pytest.mark.slow
@pytest.mark.parametrize("where", ["s3", "file"])
def test_a_manifest_is_only_written_over_the_one_that_was_read(
    where: str, s3: S3, tmp_path: Path
) -> None:
    bucket = bucket_at("s3://news/all" if where == "s3" else tmp_path.as_uri())
    empty = encode_manifest(Manifest())
    assert bucket.get("manifest.json") == (b"", None)
    assert bucket.put_if("manifest.json", empty, None)
    assert not bucket.put_if("manifest.json", b"other", None)
    found, state = bucket.get("manifest.json")
    assert (found, bool(state)) == (empty, True)
    assert bucket.put_if("manifest.json", b"first", state)
    if where == "s3":  # a folder has a lock instead
        assert not bucket.put_if("manifest.json", b"second", state)
        assert bucket.get("manifest.json")[0] == b"first"


@pytest.mark.parametrize("where", ["s3", "file"])
def test_a_range_ends_where_its_object_does(where: str, s3: S3, tmp_path: Path) -> None:
    bucket = bucket_at("s3://news/all" if where == "s3" else (tmp_path / "all").as_uri())
    assert bucket.put_if("a", b"abc", None)
    assert [bucket.read("a", start, 5) for start in (1, 3, 9)] == [b"bc", b"", b""]


@pytest.mark.parametrize(
    "address",
    ["news", "s3://", "http://127.0.0.1/x", "s3://key:secret@news/x", "file://x", "s3:///x"],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(UsageError, match="expected an address such as s3://bucket/folder"):
        bucket_at(address)


def test_what_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buckets, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match="obstore is not installed; install it by: make bucket"):
        bucket_at("s3://news/none")
