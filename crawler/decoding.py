"""From the bytes of an answer to its text: content coding undone, characters decoded.

``response.text`` is never used, so a crawl, a test and a reading from an archive see the same.
"""

import codecs
import re
from collections.abc import Mapping
from typing import NamedTuple

from w3lib.encoding import (
    html_body_declared_encoding,
    http_content_type_encoding,
    read_bom,
    to_unicode,
)

from crawler.unreadable import BadBody

# Encodings browsers read; anything else a page may name (rot13, punycode ...) is no text encoding.
_KNOWN = frozenset(
    {"utf-8", "utf-16-le", "utf-16-be", "cp866", "koi8-r", "koi8-u", "mac-roman", "mac-cyrillic"}
    | {"gb18030", "big5hkscs", "euc_jp", "iso2022_jp", "cp932", "cp949", "cp874"}
    | {f"cp{number}" for number in range(1250, 1259)}
    | {f"iso8859-{number}" for number in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)}
)
_WIDE = {"utf-16": "utf-16-le", "utf-32": "utf-16-le"}
_DECLARATION = re.compile(
    rb"<!--.*?(?:-->|\Z)|<body\b|(<meta\s[^<>]*charset[^<>]*>|<\?xml\s[^<>]*>)",
    re.IGNORECASE | re.DOTALL,
)


class Decoded(NamedTuple):
    """Text, the name of its encoding, and how many bytes or runs of bytes had no meaning in it.

    ``utf8`` holds the bytes again if they are the text in plain UTF-8: a parser may take them.
    """

    text: str
    encoding: str
    errors: int
    utf8: bytes | None


def decode(body: bytes, headers: Mapping[str, str], fallback: str) -> Decoded:
    """Decode a body whose content coding is undone; ``fallback`` is for pages that tell nothing.

    In this order: byte order mark; the bytes themselves, if they are UTF-8, whatever is declared
    (text in another encoding is practically never valid UTF-8, and headers lie); HTTP charset;
    ``<meta>`` anywhere in the head; the fallback.
    """
    bom_encoding, bom = read_bom(body)
    if bom_encoding is not None and bom is not None:
        return _decode_as(body[len(bom) :], bom_encoding)
    if (b"\0" in body or b"\x1b" in body) and (special := _unlike_ascii(body, headers)):
        return _decode_as(body, special)
    if utf8 := _decode_utf8(body):
        return utf8
    declared = _declarations(body, headers)
    others = [encoding for encoding in declared if encoding != "utf-8"]
    return _decode_as(body, (others or declared or [codecs.lookup(fallback).name])[0])


def _declarations(body: bytes, headers: Mapping[str, str]) -> list[str]:
    """Name the encodings that header and head declare, as far as browsers know them."""
    names = (
        http_content_type_encoding(headers.get("content-type")),
        html_body_declared_encoding(_declaring_tags(body)),
    )
    resolved = (_WIDE.get(name, name) for name in names if name)
    return [name for name in resolved if name in _KNOWN]


def _declaring_tags(body: bytes) -> bytes:
    """Gather the tags of the head that may declare an encoding, however far down they stand."""
    tags = []
    for match in _DECLARATION.finditer(body):
        if match.group(1):
            tags.append(match.group(1))
        elif not match.group().startswith(b"<!--"):
            break
    return b"".join(tags)


def _unlike_ascii(body: bytes, headers: Mapping[str, str]) -> str | None:
    """Return a declared encoding whose bytes look like ASCII and are not, if they really occur."""
    for name in _declarations(body, headers):
        if name.startswith("utf-16") and b"\0" in body:
            return name
        if name == "iso2022_jp" and b"\x1b" in body:
            return name
    return None


def _decode_utf8(body: bytes) -> Decoded | None:
    """Decode UTF-8, perhaps damaged: more characters beyond ASCII are right than wrong.

    A character cut off at the very end is left out, and is no error.
    """
    try:
        return Decoded(body.decode("utf-8"), "utf-8", 0, body)
    except UnicodeDecodeError:
        text = codecs.getincrementaldecoder("utf-8")("replace").decode(body)
    wrong = text.count("\ufffd") - body.count(b"\xef\xbf\xbd")
    right = len(text) - len(text.encode("ascii", "ignore")) - wrong
    return Decoded(text, "utf-8", wrong, None) if right > wrong else None


def _decode_as(body: bytes, encoding: str) -> Decoded:
    """Decode, counting what has no meaning."""
    text = to_unicode(body, encoding)
    return Decoded(text, encoding, text.count("\ufffd"), None)


def check_legible(decoded: Decoded) -> Decoded:
    """Return the text unless one in a hundred of its characters could not be decoded.

    Raises BadBody: ``garbled``.
    """
    if decoded.errors * 100 > len(decoded.text):
        raise BadBody("garbled", f"{decoded.errors} undecodable places as {decoded.encoding}")
    return decoded
