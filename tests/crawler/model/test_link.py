"""Links as captures have them."""

import msgspec
import pytest

from crawler.model.link import Link, read_link

LINK = Link("https://agency.example/a_1", "api", "en", "A mill")


def test_a_link_is_read_as_it_was_written() -> None:
    assert read_link(msgspec.json.encode(LINK)) == LINK
    assert read_link("null") is None


def test_a_link_of_an_older_capture_calls_its_source_a_road() -> None:
    written = msgspec.json.encode(LINK).replace(b'"source"', b'"road"')
    assert read_link(written) == LINK


@pytest.mark.parametrize("told", ["", "{", "[]", "1", '{"road": "api"}', '{"url": "x"}'])
def test_what_is_no_link_is_refused(told: str) -> None:
    with pytest.raises(msgspec.DecodeError):
        read_link(told)
