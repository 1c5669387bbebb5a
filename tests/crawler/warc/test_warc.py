import gzip
from dataclasses import replace
from io import BytesIO

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.errors import StorageError
from crawler.warc.record import (
    LEAST_BLANK,
    NOT_MODIFIED,
    SAME_PAYLOAD,
    Exchange,
    Original,
    Record,
    digest_of,
    pack,
    read_record,
    write_blank,
    write_exchange,
    write_info,
)

URI = "https://uza.uz/posts/x_1"
PAGE = gzip.compress("<h1>Қиш келди</h1>".encode(), mtime=0)
EXCHANGE = Exchange(
    uri=URI,
    taken_at="2026-11-20T07:00:00Z",
    status=200,
    headers=[
        ("Content-Type", "text/html; charset=utf-8"),
        ("Set-Cookie", "a=1"),
        ("Set-Cookie", "b=2"),
        ("Content-Length", "999"),
        ("Content-Encoding", "gzip"),
    ],
    body=PAGE,
    request=("GET", "/posts/x_1", [("Host", "uza.uz"), ("Accept", "*/*")]),
    ip="127.0.0.1",
    article_id="uza:1",
    found='{"title":"Қиш"}',
)
INFO = "<urn:uuid:0>"


def written(exchange: Exchange, original: Original | None = None) -> tuple[bytes, bytes]:
    return write_exchange(exchange, digest_of(exchange.body), INFO, original)


def records(data: bytes) -> list[tuple[dict[str, str], str, bytes]]:
    """Read records as everybody does, digests checked."""
    found = []
    for record in ArchiveIterator(BytesIO(data), check_digests="raise"):
        http = record.http_headers
        found.append(
            (
                dict(record.rec_headers.headers),
                f"{http.statusline} {http.headers}" if http else "",
                record.raw_stream.read(),
            )
        )
    return found


def test_everybody_can_read_what_is_written() -> None:
    response, request = written(EXCHANGE)
    info = write_info(INFO, EXCHANGE.taken_at, "a.warc.gz", {"software": "ours\n1"})
    (told, _, about), (fields, http, body), (asked, line, _) = records(info + response + request)
    assert told["WARC-Type"] == "warcinfo"
    assert about == b"software: ours 1\r\n"
    assert fields["WARC-Type"] == "response"
    assert fields["WARC-Target-URI"] == asked["WARC-Target-URI"] == URI
    assert fields["WARC-Date"] == EXCHANGE.taken_at
    assert fields["WARC-IP-Address"] == "127.0.0.1"
    assert fields["WARC-Warcinfo-ID"] == told["WARC-Record-ID"] == INFO
    assert asked["WARC-Concurrent-To"] == fields["WARC-Record-ID"]
    assert http.startswith("200 OK")
    assert ("Set-Cookie", "a=1") in eval(http[len("200 OK ") :])
    assert body == PAGE
    assert line.startswith("/posts/x_1 HTTP/1.1")


def test_a_record_is_read_back_as_it_was_exchanged() -> None:
    record = read_record(written(EXCHANGE)[0])
    status, headers, body = record.answer
    assert (record.kind, status, body) == ("response", 200, PAGE)
    assert headers["content-length"] == str(len(PAGE))
    assert headers["set-cookie"] == "a=1, b=2"
    assert record.fields["x-article-id"] == "uza:1"
    assert record.fields["x-found"] == '{"title":"Қиш"}'


def test_a_body_that_came_packed_is_not_packed_again() -> None:
    packed, plain = PAGE * 100, b"<p>words</p>" * 1000
    assert packed in written(replace(EXCHANGE, body=packed))[0]
    assert len(written(replace(EXCHANGE, headers=[], body=plain))[0]) < 1000


def test_a_body_cut_short_is_said_to_be() -> None:
    response, _ = written(replace(EXCHANGE, body=PAGE[:9], truncated="disconnect"))
    ((fields, _, body),) = records(response)
    assert fields["WARC-Truncated"] == "disconnect"
    assert body == PAGE[:9]


@pytest.mark.parametrize(
    ("status", "body", "profile"), [(200, PAGE, SAME_PAYLOAD), (304, b"", NOT_MODIFIED)]
)
def test_a_revisit_refers_to_the_payload_it_does_not_repeat(
    status: int, body: bytes, profile: str
) -> None:
    exchange = replace(EXCHANGE, status=status, body=body)
    response, _ = written(exchange, Original(URI, "2026-11-19T07:00:00Z"))
    ((fields, http, kept),) = records(response)
    assert fields["WARC-Type"] == "revisit"
    assert fields["WARC-Profile"] == profile
    assert fields["WARC-Refers-To-Target-URI"] == URI
    assert fields["WARC-Refers-To-Date"] == "2026-11-19T07:00:00Z"
    assert ("WARC-Payload-Digest" in fields) == bool(body)
    assert http.startswith(str(status))
    assert kept == b""


def test_an_answer_alone_has_no_request() -> None:
    assert written(replace(EXCHANGE, request=None))[1] == b""


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not a complete gzip member"),
        (written(EXCHANGE)[0][:-9], "not a complete gzip member"),
        (pack(b"HTTP/1.1 200 OK\r\n\r\n"), "not a WARC record"),
        (pack(b"WARC/1.1\r\nContent-Length: x\r\n\r\n\r\n\r\n"), "not a WARC record"),
        (pack(b"WARC/1.1\r\nContent-Length: 9\r\n\r\nabc\r\n\r\n"), "does not end after 9 bytes"),
    ],
)
def test_what_is_no_record_is_an_error(data: bytes, message: str) -> None:
    with pytest.raises(StorageError, match=message):
        read_record(data)


@pytest.mark.parametrize("length", [LEAST_BLANK, 999, 1000, 65_561, 200_000])
def test_a_blank_record_is_as_long_as_it_has_to_be_and_says_nothing(length: int) -> None:
    blank = write_blank(length, "2026-11-25T12:00:00Z")
    assert len(blank) == length
    before, after = written(EXCHANGE)
    kinds = [
        (record.rec_type, record.raw_stream.read().strip())
        for record in ArchiveIterator(BytesIO(before + blank + after), check_digests="raise")
    ]
    assert [kind for kind, _ in kinds] == ["response", "metadata", "request"]
    assert kinds[1][1] == b"withdrawn"
    assert read_record(blank).fields["warc-date"] == "2026-11-25T12:00:00Z"


@pytest.mark.parametrize("block", [b"", b"no head", b"HTTP/1.1\r\n\r\n", b"\r\n\r\n<p>", b"A 2x0"])
def test_a_block_without_a_status_has_no_answer(block: bytes) -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        _ = Record({}, block).answer


def test_an_old_server_s_lines_may_end_without_carriage_return() -> None:
    answer = Record({}, b"HTTP/1.0 200 OK\nContent-Type: text/html\n\n<p>a\r\n\r\nb").answer
    assert answer == (200, {"content-type": "text/html"}, b"<p>a\r\n\r\nb")


HTTP_TYPE = "application/http; msgtype=response"


@pytest.mark.parametrize(
    ("fields", "block"),
    [
        ({"content-type": HTTP_TYPE}, b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>"),
        ({}, b"HTTP/1.1  200 OK\r\nContent-Type: text/html\r\n\r\n<p>"),
        ({}, b"HTTP/1.1 200 OK\r\nContent-Type:\r\n\ttext/html\r\n\r\n<p>"),
        ({}, b"HTTP/1.1 200 OK\nContent-Type:\n text/html\n\n<p>"),
        (
            {},
            b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>",
        ),
        (
            {},
            b"HTTP/1.0 200 Connection established\r\n\r\n"
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>",
        ),
        ({"warc-type": "response", "content-type": "text/html"}, b"<p>"),
        ({"warc-type": "Resource", "content-type": "text/html"}, b"<p>"),
        (
            {"warc-type": "resource", "content-type": HTTP_TYPE},
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>",
        ),
    ],
)
def test_an_answer_is_found_in_whatever_form_it_was_written(
    fields: dict[str, str], block: bytes
) -> None:
    assert Record(fields, block).answer == (200, {"content-type": "text/html"}, b"<p>")


def test_a_value_may_continue_on_the_next_line() -> None:
    record = (
        b"WARC/1.0\r\nWARC-Target-URI:\r\n http://uza.uz/1\r\nContent-Length: 1\r\n\r\na\r\n\r\n"
    )
    assert read_record(pack(record)).fields["warc-target-uri"] == "http://uza.uz/1"


def test_a_value_with_lines_in_it_ends_no_head() -> None:
    odd = replace(EXCHANGE, headers=[("X-Odd", "a\n\nb"), ("Content-Encoding", "gzip")])
    ((_, head, body), _) = records(b"".join(written(odd)))
    assert "a  b" in head
    assert body == PAGE
