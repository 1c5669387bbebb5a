import time

import pytest

from crawler.extract.decode import DEEPEST, MOST_TAGS, check_depth
from crawler.extract.errors import BadBody


@pytest.mark.parametrize(
    "source",
    [
        b"<div>" * 100_000,
        b"<div>" * 100_000 + b"</div>" * 100_000,
        b"<DIV CLASS=x>" * 3_000,
        b"<div/>" * 3_000,
        b"<p><button>" * 3_000,
        b"<ul><li>" * 3_000,
        b"<table><tr><td>" * 3_000,
        b"".join(b"<font color=%d>" % number for number in range(1_500)) + b"<p>x" * 9_000,
    ],
)
def test_deep_page_is_refused_at_once(source: bytes) -> None:
    start = time.process_time()
    with pytest.raises(BadBody) as caught:
        check_depth(source)
    assert caught.value.reason == "too deep"
    assert time.process_time() - start < 1


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"<div>" * (DEEPEST - 1),
        b"<p>One<p>two" * 20_000,
        b"<div><p>One<br>two</p></div>" * 20_000,
        b"<svg>" + b'<path d="M1 1"/>' * 5_000 + b"</svg>",
        b"<ul>" + b"<li>one" * 5_000 + b"</ul>",
        b"1 < 2 " * 10_000,
    ],
)
def test_long_flat_page_is_taken(source: bytes) -> None:
    assert check_depth(source) is source


def test_page_of_too_many_tags_is_refused() -> None:
    with pytest.raises(BadBody) as caught:
        check_depth(b"<p>x" * (MOST_TAGS + 1))
    assert caught.value.reason == "too large"
