"""From the bytes of a response to its text: undoes content codings, decodes characters.

``response.text`` is never used, so a crawl, a test and a reading from an archive get the same text.

The HTML parser's time grows with the square of the nesting, so the nesting is limited. Measured:
10,000 nested ``div`` take lexbor 0.15 s, 100,000 more than 15 s.
"""

import codecs
import re
import sys
import zlib
from collections.abc import Callable, Mapping
from re import Match
from typing import Any, NamedTuple

import brotli  # type: ignore[import-untyped]
from isal import isal_zlib
from w3lib.encoding import (
    html_body_declared_encoding,
    http_content_type_encoding,
    read_bom,
    to_unicode,
)

from crawler.extract.encodings import choose_encoding
from crawler.extract.errors import BadBody

# Encodings that browsers read; others that a page may name (rot13, punycode ...) are not for text.
_KNOWN = frozenset(
    {"utf-8", "utf-16-le", "utf-16-be", "cp866", "koi8-r", "koi8-u", "mac-roman", "mac-cyrillic"}
    | {"gb18030", "big5hkscs", "euc_jp", "iso2022_jp", "cp932", "cp949", "cp874"}
    | {f"cp{number}" for number in range(1250, 1259)}
    | {f"iso8859-{number}" for number in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)}
)
# Names of encodings that sites write and browsers do not know.
_ODD_NAME = re.compile(
    r"(?P<before>\b(?:charset|encoding)\s*=\s*[\"']?\s*)(?:x[-_])?(?:"
    r"(?:(?:windows|win|cp|ansi|ms|microsoft|ibm|dos|oem)[-_ .]*)*(?P<page>\d{3,4})"
    r"|koi[-_ ]?8?[-_ ]?(?P<koi>[ru])?u?|iso[-_ ]?8859[-_ ]?(?P<part>\d\d?)(?:-[ei])?"
    r"|mac[-_ ]?(?P<mac>cyrillic)|x[-_](?P<other>big5|euc-jp|gbk|gb2312))(?![\w-])",
    re.IGNORECASE,
)
_WIDE = {"utf-16": "utf-16-le", "utf-32": "utf-16-le"}
# A page or XML in UTF-16 without a byte order mark. Source: XML 1.0, appendix F.
_WIDE_START = re.compile(rb"(?:\0\s)*\0<\0[!?a-zA-Z]|(?:\s\0)*<\0[!?a-zA-Z]\0")
_DECLARATION = re.compile(
    rb"<!--.*?(?:-->|\Z)|<body\b|(<meta\s[^<>]*charset[^<>]*>|<\?xml\s[^<>]*>)",
    re.IGNORECASE | re.DOTALL,
)

DEEPEST = 2_000  # nested elements; a real page has fewer than 50
MOST_TAGS = 200_000  # a real page has fewer than 5,000
MOST_COPIES = 5_000_000  # open formatting is repeated in every block: depth times tags

# Elements that are empty, or that the next one of their kind closes.
_FLAT = (
    rb"(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr|param"
    rb"|p|li|dt|dd|tr|td|th|thead|tbody|tfoot|option|optgroup|html|head|body)[\s/>]"
    rb"|(?:path|circle|rect|use|line|polyline|polygon|ellipse|stop|image)\b[^<>]*/>"
)
_NESTING = re.compile(rb"<(?:(/)|(?=[a-z]))(?!%s)[a-z]" % _FLAT, re.IGNORECASE)


class Decoded(NamedTuple):
    """Text, its encoding, and the number of bytes or runs of bytes that could not be decoded.

    ``utf8``: the same bytes, if they are the text in plain UTF-8, which a parser can take;
    otherwise None.
    """

    text: str
    encoding: str
    errors: int
    utf8: bytes | None


def decode(body: bytes, headers: Mapping[str, str], fallback: str) -> Decoded:
    """Decode a body whose content coding is undone.

    The encoding is the first found of: byte order mark; UTF-8 if the bytes are valid, whatever is
    declared (text in another encoding is practically never valid UTF-8, and headers may be wrong);
    HTTP charset; ``<meta>`` anywhere in the head; the letters themselves; ``fallback``.
    A declared Latin encoding is ignored if the text has words of other letters.
    """
    bom_encoding, bom = read_bom(body)
    if bom_encoding is not None and bom is not None:
        return _decode_as(body[len(bom) :], bom_encoding)
    if wide := _WIDE_START.match(body):
        return _decode_as(body, "utf-16-be" if wide[0][0] == 0 else "utf-16-le")
    if (b"\0" in body or b"\x1b" in body) and (special := _unlike_ascii(body, headers)):
        return _decode_as(body, special)
    if utf8 := _decode_utf8(body):
        return utf8
    return _decode_as(body, choose_encoding(body, _declarations(body, headers), fallback))


def _declarations(body: bytes, headers: Mapping[str, str]) -> list[str]:
    """Return the encodings that header and head declare, except those unknown to browsers."""
    names = (
        http_content_type_encoding(_respelled(headers.get("content-type", ""))),
        html_body_declared_encoding(_respelled(_declaring_tags(body).decode("latin-1"))),
    )
    resolved = (_WIDE.get(name, name) for name in names if name)
    return [name for name in resolved if name in _KNOWN]


def _respelled(declaration: str) -> str:
    """Replace unusual names of encodings by the standard ones."""
    return _ODD_NAME.sub(_standard_name, declaration)


def _standard_name(name: Match[str]) -> str:
    if name["page"]:
        return f"{name['before']}cp{name['page']}"
    if name["part"]:
        return f"{name['before']}iso-8859-{name['part']}"
    if name["other"]:
        return name["before"] + name["other"]
    return name["before"] + ("mac-cyrillic" if name["mac"] else f"koi8-{name['koi'] or 'r'}")


def _declaring_tags(body: bytes) -> bytes:
    """Return the tags of the head that may declare an encoding, however far down they are."""
    tags = []
    for match in _DECLARATION.finditer(body):
        if match.group(1):
            tags.append(match.group(1))
        elif not match.group().startswith(b"<!--"):
            break
    return b"".join(tags)


def _unlike_ascii(body: bytes, headers: Mapping[str, str]) -> str | None:
    """Return a declared encoding whose bytes look like ASCII but are not, if they do occur."""
    for name in _declarations(body, headers):
        if name.startswith("utf-16") and b"\0" in body:
            return name
        if name == "iso2022_jp" and b"\x1b" in body:
            return name
    return None


def _decode_utf8(body: bytes) -> Decoded | None:
    """Decode UTF-8, even damaged: more non-ASCII characters must be right than wrong.

    A character cut off at the very end is left out, and is not an error. None if it is not UTF-8.
    """
    try:
        return Decoded(body.decode("utf-8"), "utf-8", 0, body)
    except UnicodeDecodeError:
        text = codecs.getincrementaldecoder("utf-8")("replace").decode(body)
    wrong = text.count("\ufffd") - body.count(b"\xef\xbf\xbd")
    right = len(text) - len(text.encode("ascii", "ignore")) - wrong
    return Decoded(text, "utf-8", wrong, None) if right > wrong else None


def _decode_as(body: bytes, encoding: str) -> Decoded:
    """Decode, and count the places that cannot be decoded.

    KOI8-R is read as KOI8-U, which has Ukrainian letters in place of signs that draw boxes.
    """
    text = to_unicode(body, "koi8-u" if encoding == "koi8-r" else encoding)
    return Decoded(text, encoding, text.count("\ufffd"), None)


def check_legible(decoded: Decoded) -> Decoded:
    """Return the text, unless more than one in a hundred characters could not be decoded.

    Raises BadBody: ``garbled``.
    """
    if decoded.errors * 100 > len(decoded.text):
        raise BadBody("garbled", f"{decoded.errors} places cannot be decoded as {decoded.encoding}")
    return decoded


if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LARGEST_BODY = 8 * 1024 * 1024  # bytes; a hundred times a large page

LARGEST_LISTING = 50 * 1024 * 1024  # bytes; the limit of the sitemap protocol

# How compressed data begins, whatever a header says. A frame to be skipped may precede zstd's own.
_STARTS = {
    "gzip": re.compile(rb"\x1f\x8b"),
    "zstd": re.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18"),
}
_LONGEST_TRAILER = 8  # bytes after a stream: its checksum, or a line break
# Codings that exist but are not supported here; any other unknown name is a mistake.
_NOT_UNDONE = frozenset(
    {"compress", "x-compress", "exi", "pack200-gzip", "aes128gcm", "dcb", "dcz", "sdch"}
    | {"bzip2", "x-bzip2", "bzip", "lzma", "xz", "lz4", "snappy"}
)
# Bytes that no text has, except in UTF-16; they are a tenth of compressed data.
_CONTROLS = bytes({*range(0x20)} - set(b"\t\n\x0b\x0c\r\x1a\x1b"))


def undo_coding(body: bytes, coding: str, limit: int = LARGEST_BODY) -> bytes:
    """Undo the codings of a ``Content-Encoding`` header, the last first, and undeclared ones.

    A body that is already text is returned unchanged, whatever the header declares: many archives
    undo the coding but keep the header. A name that is no coding, such as ``utf-8``, is ignored.
    Raises BadBody: ``unknown coding``, ``bad coding``, ``cut short``, ``too large``.
    """
    told = [name.partition(";")[0].strip(" \t\"'").lower() for name in coding.split(",")]
    for name in (*reversed(told), ""):
        seen = next((each for each, start in _STARTS.items() if start.match(body)), name)
        body = _undo(body, seen, limit)
    if len(body) > limit:
        raise BadBody("too large", f"{len(body)} bytes")
    return body


def _undo(body: bytes, name: str, limit: int) -> bytes:
    if name not in _DECODERS:
        if name in _NOT_UNDONE and not _is_text(body):
            raise BadBody("unknown coding", name)
        return body
    try:
        decoded = _unpacked(body, name, limit + 1)
    except BadBody:
        if _is_text(body):
            return body
        raise
    if len(decoded) > limit:
        raise BadBody("too large", f"{name}: {len(body)} bytes unpack to more than {limit}")
    return decoded


def _unpacked(body: bytes, name: str, limit: int) -> bytes:
    try:
        return _DECODERS[name](body, limit)
    # The stub of isal declares the class as an instance.
    except (zlib.error, isal_zlib.error, brotli.error, zstd.ZstdError) as error:  # type: ignore[misc]
        raise BadBody("bad coding", f"{name}: {error}") from error


def _is_text(body: bytes) -> bool:
    """Return whether bytes are text. Compressed data has every byte, also control characters."""
    if any(start.match(body) for start in _STARTS.values()):
        return False
    controls = len(body) - len(body.translate(None, _CONTROLS))
    is_wide = body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or _WIDE_START.match(body)
    return controls * 100 <= len(body) or bool(is_wide)


def _gunzip(body: bytes, limit: int) -> bytes:
    return _join_parts("gzip", body, limit, lambda: isal_zlib.decompressobj(wbits=31))


def _join_parts(name: str, body: bytes, limit: int, begin: Callable[[], Any]) -> bytes:
    """Unpack all members or frames, and leave out what follows the last one."""
    parts: list[bytes] = []
    while _STARTS[name].match(body) and limit > 0:
        stream = begin()
        parts.append(stream.decompress(body, limit))
        limit -= len(parts[-1])
        if not stream.eof and limit > 0:
            raise BadBody("cut short", name)
        body = stream.unused_data
    return b"".join(parts) if parts else body


def _inflate(body: bytes, limit: int) -> bytes:
    # Some servers send the raw stream without its header of two bytes.
    wrapped = body[:1] == b"\x78"
    stream = zlib.decompressobj(wbits=15 if wrapped else -15)
    decoded = stream.decompress(body, limit)
    if not stream.eof and len(decoded) < limit:
        raise BadBody("cut short", "deflate")
    if len(stream.unused_data) > _LONGEST_TRAILER:  # there is no checksum to detect damage
        raise BadBody("bad coding", f"deflate ends {len(stream.unused_data)} bytes early")
    return decoded


def _unbrotli(body: bytes, limit: int) -> bytes:
    stream = brotli.Decompressor()
    decoded: bytes = stream.process(body, output_buffer_limit=limit)
    while len(decoded) < limit and not stream.is_finished():
        more = stream.process(b"", output_buffer_limit=limit - len(decoded))
        if not more:
            raise BadBody("cut short", "br")
        decoded += more
    return decoded


def _unzstd(body: bytes, limit: int) -> bytes:
    return _join_parts("zstd", body, limit, zstd.ZstdDecompressor)


_DECODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _inflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}


def check_depth(source: bytes) -> bytes:
    """Return HTML that is safe to parse.

    Raises BadBody: ``too deep``, or ``too large`` for too many tags.
    """
    tags = source.count(b"<")
    if tags <= DEEPEST:  # nearly always; saves counting the closing tags
        return source
    opened = tags - source.count(b"</")
    if opened > MOST_TAGS:
        raise BadBody("too large", f"{opened} tags")
    if opened > DEEPEST:
        depth = _depth(source)
        if depth > DEEPEST or depth * opened > MOST_COPIES:
            raise BadBody("too deep", f"{depth} nested elements, {opened} tags")
    return source


def _depth(source: bytes) -> int:
    """Return the depth of nesting; tags that are left open may increase it."""
    depth = deepest = 0
    for match in _NESTING.finditer(source):
        depth = max(depth - 1, 0) if match.group(1) else depth + 1
        deepest = max(deepest, depth)
    return deepest
