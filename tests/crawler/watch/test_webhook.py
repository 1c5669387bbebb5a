"""A webhook was told, or it says in time why not."""

import socket
import time
from datetime import timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler

import pytest

from crawler.system.clock import now
from crawler.watch import webhook
from crawler.watch.webhook import NotDelivered, post
from tests.crawler.watch.receivers import Answer, Receiver, answer

HEADERS = {"Content-Type": "application/json", "Idempotency-Key": '"k"'}


def failure(receiver: Receiver, answered: Answer) -> NotDelivered:
    receiver.answer = answered
    with pytest.raises(NotDelivered) as raised:
        post(f"{receiver.address}/hook?a=1", b"{}", HEADERS)
    assert len(receiver.asked) == 1
    return raised.value


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_what_was_taken_is_delivered(receiver: Receiver, status: int) -> None:
    receiver.answer = answer(status)
    post(f"{receiver.address}/hook?a=1", b'{"a": "\xc3\xb6"}', HEADERS)
    ((path, headers, told),) = receiver.asked
    assert (path, told) == ("/hook?a=1", {"a": "ö"})
    assert headers["idempotency-key"] == '"k"'
    assert headers["content-type"] == "application/json"


@pytest.mark.parametrize("status", [400, 404, 410, 500, 503])
def test_any_other_status_is_a_failure(receiver: Receiver, status: int) -> None:
    error = failure(receiver, answer(status))
    assert (str(error), error.wait) == (f"HTTP {status}", 0)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(receiver: Receiver, status: int) -> None:
    error = failure(receiver, answer(status, Location=f"{receiver.address}/other"))
    expected = f"HTTP {status} to {receiver.address}/other; redirects are not followed"
    assert expected in str(error)


@pytest.mark.parametrize(
    ("asked", "wait"),
    [
        ("120", 120),
        ("999999999", webhook.LONGEST_WAIT),
        ("soon", 0),
        ("-5", 0),
        ("Tue, 01 Jan 1991 00:00:00 GMT", 0),
        ("Tue, 01 Jan 2999 00:00:00 GMT", webhook.LONGEST_WAIT),
        ("Tue, 99 Jan 2999 00:00:00 GMT", 0),
    ],
)
def test_a_receiver_may_ask_us_to_wait(receiver: Receiver, asked: str, wait: float) -> None:
    assert failure(receiver, answer(429, Retry_After=asked)).wait == wait


def test_a_receiver_may_say_until_when_to_wait(receiver: Receiver) -> None:
    later = format_datetime(now() + timedelta(seconds=90))
    assert 80 < failure(receiver, answer(503, Retry_After=later)).wait <= 90


def silent(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(1.5)


def dripping(handler: BaseHTTPRequestHandler) -> None:
    """Send a byte now and then, each in time."""
    try:
        for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 30:
            handler.wfile.write(bytes([byte]))
            time.sleep(0.05)
    except OSError:  # as it should be
        pass


@pytest.mark.parametrize("answered", [silent, dripping])
def test_a_slow_receiver_is_cut_off(
    receiver: Receiver, answered: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "SECONDS", 0.4)
    began = time.monotonic()
    assert "no response within" in str(failure(receiver, answered))
    assert time.monotonic() - began < 1.2


def test_an_answer_without_end_is_no_matter(receiver: Receiver) -> None:
    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000000000")
        handler.end_headers()

    receiver.answer = endless
    post(receiver.address, b"{}", HEADERS)


def nonsense(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"220 mail server\r\n\r\n")


def closing(handler: BaseHTTPRequestHandler) -> None:
    handler.close_connection = True


def test_what_speaks_no_http_is_named(receiver: Receiver) -> None:
    assert "invalid HTTP: 220 mail server" in str(failure(receiver, nonsense))
    receiver.asked.clear()
    assert "closed connection without response" in str(failure(receiver, closing))


def test_nobody_there_is_a_failure() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
        with pytest.raises(NotDelivered, match="Connection refused"):
            post(f"http://127.0.0.1:{port}/", b"{}", HEADERS)
