"""The hash of a released row is that of its canonical form, as the standard has it (RFC 8785)."""

import hashlib
from typing import Any

import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from crawler.release.rows import row_hash

_NAMES = st.text("abcdefghijklmnopqrstuvwxyz_", min_size=1)
_SINGLE = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text()
# With a hundred leaves, the default, an example takes long to make and shows no more.
_VALUES = st.recursive(
    _SINGLE,
    lambda each: st.lists(each, max_size=3) | st.dictionaries(_NAMES, each, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(_NAMES, _VALUES, max_size=5))
def test_what_stands_in_rows_is_written_as_a_library_for_all_of_json_does(
    row: dict[str, Any],
) -> None:
    row.pop("row_hash", None)
    assert row_hash(row) == hashlib.sha256(rfc8785.dumps(row)).hexdigest()


def test_neither_the_order_of_fields_nor_the_hash_itself_counts() -> None:
    row = {"title": 'Boʻri\u2028\x01"', "id": "uza:1", "tags": [{"slug": None, "name": "a"}]}
    again = {"row_hash": "0", "tags": [{"name": "a", "slug": None}], **row}
    assert row_hash(dict(reversed(again.items()))) == row_hash(row)
