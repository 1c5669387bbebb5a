import gzip
import http.client
import socket
import time
import zlib
from itertools import islice

import pytest

from replica import Replica, World, faults, payloads
from replica.faults import Action, Fault
from tests.replica.client import Reply, fetch, raw


def spoil(replica: Replica, action: Action, pattern: str = "/posts/") -> str:
    """Put a fault on article pages and return the path of one."""
    replica.faults.append(Fault(pattern, action))
    return replica.world.listing("uz", imported=False)[0].path


def spoiled(replica: Replica, action: Action, **headers: str) -> Reply:
    return fetch(replica, spoil(replica, action), **headers)


@pytest.mark.parametrize("code", [403, 404, 410, 429, 500, 502, 503, 599])
def test_a_status_is_answered(replica: Replica, code: int) -> None:
    assert spoiled(replica, faults.status(code)).status == code


def test_a_rule_strikes_only_where_its_pattern_is_found(replica: Replica) -> None:
    path = spoil(replica, faults.status(500), r"/posts\?page=2")
    assert fetch(replica, path).status == 200
    assert fetch(replica, "/api/v1/posts?page=2").status == 500
    assert fetch(replica, "/api/v1/posts?page=1").status == 200


def test_a_rule_strikes_as_often_as_it_says(replica: Replica) -> None:
    replica.faults.append(Fault("/rss", faults.status(503), times=2))
    assert [fetch(replica, "/uz/rss").status for _ in range(4)] == [503, 503, 200, 200]


def test_chances_come_from_the_seed() -> None:
    def statuses(seed: int) -> list[int]:
        rule = Fault("/robots", faults.status(500), probability=0.5)
        with Replica(World(seed, posts=1), faults=[rule]) as replica:
            return [fetch(replica, "/robots.txt").status for _ in range(20)]

    assert set(statuses(5)) == {200, 500}
    assert statuses(5) == statuses(5)
    assert statuses(5) != statuses(6)


def test_rules_are_composed_in_order(replica: Replica) -> None:
    path = spoil(replica, faults.status(503))
    replica.faults.append(Fault("/posts/", faults.delay(0.1)))
    start = time.monotonic()
    assert fetch(replica, path).status == 503
    assert time.monotonic() - start >= 0.1


@pytest.mark.parametrize("patience", [120, "Tue, 24 Nov 2026 00:00:00 GMT"])
def test_a_busy_site_says_how_long(replica: Replica, patience: int | str) -> None:
    reply = spoiled(replica, faults.busy(patience, 503))
    assert (reply.status, reply.headers["retry-after"]) == (503, str(patience))


def test_a_truncated_body_is_shorter_than_promised(replica: Replica) -> None:
    path = spoil(replica, faults.truncated(0.5))
    with pytest.raises(http.client.IncompleteRead) as cut:
        fetch(replica, path)
    assert len(cut.value.partial) > 1_000
    assert cut.value.expected is not None


def test_a_truncated_chunked_body_lacks_its_last_chunk(replica: Replica) -> None:
    path = spoil(replica, faults.truncated_chunked(0.5))
    with pytest.raises(http.client.IncompleteRead):
        fetch(replica, path)
    received = raw(replica, path)
    assert b"Transfer-Encoding: chunked" in received
    assert not received.endswith(b"0\r\n\r\n")


def test_a_chunked_body_is_whole(replica: Replica) -> None:
    path = spoil(replica, faults.chunked())
    reply = fetch(replica, path)
    replica.faults.clear()
    assert "content-length" not in reply.headers
    assert reply.body == fetch(replica, path).body


@pytest.mark.parametrize("part", [0.0, 0.5])
def test_a_connection_is_reset(replica: Replica, part: float) -> None:
    path = spoil(replica, faults.reset(part))
    with pytest.raises((ConnectionResetError, http.client.IncompleteRead)):
        fetch(replica, path)


def test_a_hanging_site_never_answers(replica: Replica) -> None:
    path = spoil(replica, faults.hang())
    with pytest.raises(TimeoutError):
        raw(replica, path, timeout=0.3)


@pytest.mark.parametrize(
    "location",
    ["http://169.254.169.254/", "http://10.0.0.1/x", "https://example.org/", "/en/posts/other_1"],
)
def test_a_redirect_goes_where_it_is_told(replica: Replica, location: str) -> None:
    reply = spoiled(replica, faults.redirect(location, 301))
    assert (reply.status, reply.headers["location"]) == (301, location)


def test_a_redirect_loop_comes_back(replica: Replica) -> None:
    path = spoil(replica, faults.redirect_loop())
    assert fetch(replica, path).headers["location"] == path


@pytest.mark.parametrize(
    ("name", "header"),
    [("windows-1251", "text/html; charset=windows-1251"), (None, "text/html")],
)
def test_a_charset_is_wrong_or_missing(replica: Replica, name: str | None, header: str) -> None:
    reply = spoiled(replica, faults.charset(name))
    assert reply.headers["content-type"] == header
    assert "Ў" in reply.body.decode()


@pytest.mark.parametrize("declared", [True, False])
def test_a_page_comes_in_another_encoding(replica: Replica, declared: bool) -> None:
    post = replica.world.listing("ru", imported=False)[0]
    replica.faults.append(Fault("/posts/", faults.recoded("windows-1251", declared=declared)))
    reply = fetch(replica, post.path)
    assert post.title in reply.body.decode("windows-1251")
    assert ("charset=windows-1251" in reply.headers["content-type"]) is declared
    assert (b'charset="windows-1251"' in reply.body) is declared
    assert b'charset="utf-8"' not in reply.body


def test_a_legacy_page_may_tell_no_encoding(replica: Replica) -> None:
    post = next(post for post in replica.world.posts if post.kind == "legacy")
    replica.faults.append(Fault("/", faults.recoded("utf-16", declared=False)))
    text = fetch(replica, post.path).body.decode("utf-16")
    assert 'content="text/html"' in text
    assert "charset" not in text


@pytest.mark.parametrize("action", [faults.charset(None), faults.recoded("windows-1251")])
def test_an_answer_without_a_page_has_no_charset_to_spoil(replica: Replica, action: Action) -> None:
    path = spoil(replica, faults.redirect("/elsewhere"))
    replica.faults.append(Fault("/posts/", action))
    assert "content-type" not in fetch(replica, path).headers


def test_gzip_can_be_refused(replica: Replica) -> None:
    reply = spoiled(replica, faults.uncompressed(), Accept_Encoding="gzip")
    assert "content-encoding" not in reply.headers


def test_a_shell_page_has_no_article(replica: Replica) -> None:
    reply = spoiled(replica, faults.shell())
    assert reply.status == 200
    assert "content-block" not in reply.text


def test_html_comes_instead_of_json(replica: Replica) -> None:
    spoil(replica, faults.html(), "/api/")
    assert fetch(replica, "/api/v1/posts").text.startswith("<html>")


def test_json_that_is_no_paginator(replica: Replica) -> None:
    spoil(replica, faults.json_text('{"status": "ok"}'), "/api/")
    assert fetch(replica, "/api/v1/posts").json == {"status": "ok"}


def test_an_empty_list(replica: Replica) -> None:
    spoil(replica, faults.empty_list(), "/api/")
    assert fetch(replica, "/api/v1/posts").json["data"] == []


def test_a_garbled_body_differs_and_keeps_its_length(replica: Replica) -> None:
    path = spoil(replica, payloads.garbled())
    garbled = fetch(replica, path).body
    replica.faults.clear()
    whole = fetch(replica, path).body
    assert garbled != whole
    assert len(garbled) == len(whole)


def test_bytes_that_are_no_utf_8(replica: Replica) -> None:
    body = spoiled(replica, payloads.invalid_utf8()).body
    assert b"\x00" in body
    with pytest.raises(UnicodeDecodeError):
        body.decode()


@pytest.mark.parametrize("action", [payloads.broken_gzip(), payloads.false_gzip()])
def test_gzip_that_cannot_be_read(replica: Replica, action: Action) -> None:
    reply = spoiled(replica, action)
    assert reply.headers["content-encoding"] == "gzip"
    with pytest.raises((zlib.error, OSError, EOFError)):
        gzip.decompress(reply.body)


def test_a_gzip_bomb_is_small_and_inflates_to_what_it_says(replica: Replica) -> None:
    reply = spoiled(replica, payloads.gzip_bomb(20 << 20))
    assert reply.headers["content-encoding"] == "gzip"
    assert len(reply.body) < 40_000
    assert len(gzip.decompress(reply.body)) == 20 << 20


def test_a_bomb_is_made_piece_by_piece() -> None:
    assert len(list(islice(payloads.bomb(1 << 50), 3))) == 3


def test_an_endless_body_waits_for_its_reader(replica: Replica) -> None:
    path = spoil(replica, payloads.large(1 << 40))
    port = int(replica.site_url.split(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=10) as reader:
        reader.sendall(f"GET {path} HTTP/1.1\r\n\r\n".encode())
        assert reader.recv(10)
        assert fetch(replica, "/robots.txt").status == 200


@pytest.mark.parametrize("declared", [True, False])
def test_a_large_page_is_drawn_out(replica: Replica, declared: bool) -> None:
    reply = spoiled(replica, payloads.large(5_000_000, declared=declared))
    assert len(reply.body) == 5_000_000
    assert ("content-length" in reply.headers) is declared


def test_elements_are_nested(replica: Replica) -> None:
    assert b"<div>" * 100_000 in spoiled(replica, payloads.nested()).body


@pytest.mark.parametrize(
    ("action", "mark"),
    [(payloads.external_entity(), "file:///etc/passwd"), (payloads.billion_laughs(), "&e9;&e9;")],
)
def test_feeds_with_entities(replica: Replica, action: Action, mark: str) -> None:
    spoil(replica, action, "/rss")
    assert mark in fetch(replica, "/en/rss").text


def test_a_site_goes_on_after_every_fault(replica: Replica) -> None:
    path = spoil(replica, faults.reset())
    with pytest.raises(ConnectionResetError):
        fetch(replica, path)
    replica.faults.clear()
    assert fetch(replica, path).status == 200
