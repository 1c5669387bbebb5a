"""From the bytes of a response to its text: content coding undone, characters decoded.

``response.text`` is never used, so a crawl, a test and a reading from an archive see the same.

The HTML parser's time grows with the square of the nesting, so there is a limit to it.
Measured: 10,000 nested ``div`` take lexbor 0.15 s, 100,000 more than 15 s.
"""

import codecs
import re
import sys
import zlib
from collections.abc import Callable, Mapping, Sequence
from re import Match
from typing import NamedTuple

import brotli  # type: ignore[import-untyped]
from isal import isal_zlib
from w3lib.encoding import (
    html_body_declared_encoding,
    http_content_type_encoding,
    read_bom,
    to_unicode,
)

from crawler.extract.errors import BadBody

# Encodings browsers read; anything else a page may name (rot13, punycode ...) is no text encoding.
_KNOWN = frozenset(
    {"utf-8", "utf-16-le", "utf-16-be", "cp866", "koi8-r", "koi8-u", "mac-roman", "mac-cyrillic"}
    | {"gb18030", "big5hkscs", "euc_jp", "iso2022_jp", "cp932", "cp949", "cp874"}
    | {f"cp{number}" for number in range(1250, 1259)}
    | {f"iso8859-{number}" for number in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)}
)
_LATIN = frozenset(
    {"mac-roman", *(f"cp{number}" for number in (1250, 1252, 1254, 1257, 1258))}
    | {f"iso8859-{number}" for number in (1, 2, 3, 4, 10, 13, 14, 15, 16)}
)
_CYRILLIC = ("cp1251", "koi8-r", "cp866", "iso8859-5")  # no page of a Macintosh is left
# Two thirds of the letters of a text in Russian, half of one in Kazakh; read by another encoding
# it has fewer, and so have Greek and Hebrew that are read as Cyrillic.
_FREQUENT = frozenset("оеаинтсрвл")
_SHARE_OF_FREQUENT = 0.42
# Words all in bytes beyond ASCII, as Latin languages have none.
_FOREIGN_WORD = re.compile(rb"[\x80-\xff]{3,}")
_MUCH_TEXT, _MARGIN = 150, 0.1  # bytes, and share, by which a declared encoding is doubted
_LEAST_LETTERS = 8  # that differ: fewer are a line of signs, as to part columns
# Names of encodings as sites write them and browsers do not know them.
_ODD_NAME = re.compile(
    r"(?P<before>\b(?:charset|encoding)\s*=\s*[\"']?\s*)(?:x[-_])?(?:"
    r"(?:(?:windows|win|cp|ansi|ms|microsoft|ibm|dos|oem)[-_ .]*)*(?P<page>\d{3,4})"
    r"|koi[-_ ]?8?[-_ ]?(?P<koi>[ru])?u?|iso[-_ ]?8859[-_ ]?(?P<part>\d\d?)(?:-[ei])?"
    r"|mac[-_ ]?(?P<mac>cyrillic)|x[-_](?P<other>big5|euc-jp|gbk|gb2312))(?![\w-])",
    re.IGNORECASE,
)
_WIDE = {"utf-16": "utf-16-le", "utf-32": "utf-16-le"}
# A page or XML in UTF-16 without a byte order mark, as XML 1.0 (appendix F) has it found.
_WIDE_START = re.compile(rb"\0<\0[!?a-zA-Z]|<\0[!?a-zA-Z]\0")
_DECLARATION = re.compile(
    rb"<!--.*?(?:-->|\Z)|<body\b|(<meta\s[^<>]*charset[^<>]*>|<\?xml\s[^<>]*>)",
    re.IGNORECASE | re.DOTALL,
)

DEEPEST = 2_000  # elements in each other; a real page has fewer than 50
MOST_TAGS = 200_000  # a real page has fewer than 5,000
MOST_COPIES = 5_000_000  # formatting left open is repeated in every block: depth times tags

# Elements that hold nothing, or that a following one of their kind closes.
_FLAT = (
    rb"(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr|param"
    rb"|p|li|dt|dd|tr|td|th|thead|tbody|tfoot|option|optgroup|html|head|body)[\s/>]"
    rb"|(?:path|circle|rect|use|line|polyline|polygon|ellipse|stop|image)\b[^<>]*/>"
)
_NESTING = re.compile(rb"<(?:(/)|(?=[a-z]))(?!%s)[a-z]" % _FLAT, re.IGNORECASE)


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
    ``<meta>`` anywhere in the head; the letters themselves, if they are Cyrillic; the fallback.
    Whatever is declared to be Latin is not, if it has words of other letters.
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
    return _decode_as(body, _encoding_of(body, _declarations(body, headers), fallback))


def _encoding_of(body: bytes, declared: Sequence[str], fallback: str) -> str:
    """Choose the encoding of bytes that are not UTF-8; ``ascii`` if they can be none that fits."""
    others = [encoding for encoding in declared if encoding != "utf-8"]
    encoding = (others or declared or [codecs.lookup(fallback).name])[0]
    if encoding in _LATIN or encoding == "utf-8":
        if not _has_foreign_words(body):
            return encoding
        fitting = [other for other in others if other not in _LATIN]
        unknown = encoding if encoding == "utf-8" else "ascii"
        return fitting[0] if fitting else _cyrillic_of(body) or unknown
    if encoding in _CYRILLIC and (not declared or _is_misread(body, encoding)):
        return _cyrillic_of(body) or encoding
    return encoding


def _is_misread(body: bytes, encoding: str) -> bool:
    """Tell whether a Cyrillic text reads better by another encoding than by the declared one."""
    words = b"".join(_FOREIGN_WORD.findall(body))
    told = _share_of_frequent(words.decode(encoding, "replace").lower())  # capitals may be all
    best = max(_share_of_frequent(words.decode(name, "replace")) for name in _CYRILLIC)
    return len(words) >= _MUCH_TEXT and best > told + _MARGIN


def _has_foreign_words(body: bytes) -> bool:
    """Tell whether most bytes beyond ASCII make up words of their own."""
    words = b"".join(_FOREIGN_WORD.findall(body))
    beyond = len(body) - len(body.translate(None, bytes(range(0x80, 0x100))))
    return 2 * len(words) > beyond and len(set(words)) >= _LEAST_LETTERS


def _cyrillic_of(body: bytes) -> str | None:
    """Return the encoding by which words read as Cyrillic; None if they do so by none."""
    words = b"".join(_FOREIGN_WORD.findall(body))
    shares = {name: _share_of_frequent(words.decode(name, "replace")) for name in _CYRILLIC}
    best = max(shares, key=shares.__getitem__)
    return best if shares[best] >= _SHARE_OF_FREQUENT else None


def _share_of_frequent(text: str) -> float:
    return sum(letter in _FREQUENT for letter in text) / max(len(text), 1)


def _declarations(body: bytes, headers: Mapping[str, str]) -> list[str]:
    """Name the encodings that header and head declare, as far as browsers know them."""
    names = (
        http_content_type_encoding(_respelled(headers.get("content-type", ""))),
        html_body_declared_encoding(_respelled(_declaring_tags(body).decode("latin-1"))),
    )
    resolved = (_WIDE.get(name, name) for name in names if name)
    return [name for name in resolved if name in _KNOWN]


def _respelled(declaration: str) -> str:
    """Write the names of encodings as the standard does."""
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


if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LARGEST_BODY = 8 * 1024 * 1024  # bytes; a hundred times a large page

LARGEST_LISTING = 50 * 1024 * 1024  # bytes; what the protocol of sitemaps allows

_GZIP_MAGIC = b"\x1f\x8b"
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_LONGEST_TRAILER = 8  # bytes behind a stream: its checksum, or an end of line
# Codings that exist, but that nothing here undoes; any other word for one is a slip.
_NOT_UNDONE = frozenset(
    {"compress", "x-compress", "exi", "pack200-gzip", "aes128gcm", "dcb", "dcz", "sdch"}
    | {"bzip2", "x-bzip2", "bzip", "lzma", "xz", "lz4", "snappy"}
)
# Bytes that text in any encoding but UTF-16 lacks, and a tenth of anything compressed.
_CONTROLS = bytes({*range(0x20)} - set(b"\t\n\x0b\x0c\r\x1a\x1b"))


def undo_coding(body: bytes, coding: str, limit: int = LARGEST_BODY) -> bytes:
    """Undo the codings a ``Content-Encoding`` header names, last one first, and gzip without one.

    A body that is text whatever the header says has had its coding undone on the way, as in
    many archives; a header that names no coding, such as ``utf-8``, says nothing.
    Raises BadBody: ``unknown coding``, ``bad coding``, ``cut short``, ``too large``.
    """
    for name in (*reversed([name.strip().lower() for name in coding.split(",")]), ""):
        body = _undo(body, "gzip" if body.startswith(_GZIP_MAGIC) else name, limit)
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
        raise BadBody("too large", f"{name} of {len(body)} bytes unpacks beyond {limit}")
    return decoded


def _unpacked(body: bytes, name: str, limit: int) -> bytes:
    try:
        return _DECODERS[name](body, limit)
    # The stub of isal takes the class for an instance.
    except (zlib.error, isal_zlib.error, brotli.error, zstd.ZstdError) as error:  # type: ignore[misc]
        raise BadBody("bad coding", f"{name}: {error}") from error


def _is_text(body: bytes) -> bool:
    """Tell whether bytes are text, and so not compressed: compressed ones have any byte."""
    controls = len(body) - len(body.translate(None, _CONTROLS))
    return controls * 100 <= len(body) and not body.startswith((_GZIP_MAGIC, _ZSTD_MAGIC))


def _gunzip(body: bytes, limit: int) -> bytes:
    parts = []
    while body.startswith(_GZIP_MAGIC) and limit > 0:
        member = isal_zlib.decompressobj(wbits=31)
        parts.append(member.decompress(body, limit))
        limit -= len(parts[-1])
        if not member.eof and limit > 0:
            raise BadBody("cut short", "gzip")
        body = member.unused_data
    return b"".join(parts) if parts else body


def _inflate(body: bytes, limit: int) -> bytes:
    # Some servers send the bare stream without its two bytes of header.
    wrapped = body[:1] == b"\x78"
    stream = zlib.decompressobj(wbits=15 if wrapped else -15)
    decoded = stream.decompress(body, limit)
    if not stream.eof and len(decoded) < limit:
        raise BadBody("cut short", "deflate")
    if len(stream.unused_data) > _LONGEST_TRAILER:  # without a checksum, damage shows only so
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
    if not body.startswith(_ZSTD_MAGIC):
        return body
    stream = zstd.ZstdDecompressor()
    decoded = stream.decompress(body, limit)
    if not stream.eof and len(decoded) < limit:
        raise BadBody("cut short", "zstd")
    return decoded


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
    if tags <= DEEPEST:  # nearly always; to count which of them close is another long search
        return source
    opened = tags - source.count(b"</")
    if opened > MOST_TAGS:
        raise BadBody("too large", f"{opened} tags")
    if opened > DEEPEST:
        depth = _depth(source)
        if depth > DEEPEST or depth * opened > MOST_COPIES:
            raise BadBody("too deep", f"{depth} elements in each other, {opened} tags")
    return source


def _depth(source: bytes) -> int:
    """Count how deep elements stand in each other, or more if tags are left open."""
    depth = deepest = 0
    for match in _NESTING.finditer(source):
        depth = max(depth - 1, 0) if match.group(1) else depth + 1
        deepest = max(deepest, depth)
    return deepest
