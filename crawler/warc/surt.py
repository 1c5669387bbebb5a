"""URLs as keys that sort by host (SURT), used by replay tools to look captures up.

The rules are those of the library ``surt`` 0.3.1, which pywb and the Internet Archive's tools use.
It is not used here because it sends DNS queries for hosts written in digits. A test compares the
two.
"""

import re
import socket
from contextlib import suppress
from urllib.parse import quote, unquote_to_bytes

_PARTS = re.compile(
    rb"(?:https?://)*(?P<scheme>https?):/*(?P<authority>[^/?#]+)(?P<path>[^?#]*)"
    rb"(?:\?(?P<query>[^#]*))?",
    re.IGNORECASE | re.DOTALL,
)
_HOST = re.compile(
    rb"(?:.*@)?(?:\[(?P<six>[^\]]*)\]|(?P<name>[^:]*))(?::(?P<port>[^@]*))?", re.DOTALL
)
_USUAL_PORTS = {b"http": b"80", b"https": b"443"}
_WWW = re.compile(rb"www\d*\.")
_NUMERIC_HOST = re.compile(rb"(?:[1-9]\d*(?:\.\d+){0,3}|0[0-7]*(?:\.[0-7]+){0,3})")
_UNESCAPED = "!\"$&'()*+,-./:;<=>?@[\\]^_`{|}~"
# Session ids that servers put into URLs: two forms in paths, five in queries.
_PATH_SESSIONS = (
    re.compile(rb"^(.*/)\((?:[a-z]\([0-9a-z]{24}\))+\)/([^?]+\.aspx.*)$"),
    re.compile(rb"^(.*/)\([0-9a-z]{24}\)/([^?]+\.aspx.*)$"),
)
_QUERY_SESSIONS = tuple(
    re.compile(rb"^(.*)(?:%b)(?:&(.*))?$" % session)
    for session in (
        rb"jsessionid=[0-9a-z]{32}",
        rb"phpsessid=[0-9a-z]{32}",
        rb"sid=[0-9a-z]{32}",
        rb"aspsessionid[a-z]{8}=[a-z]{24}",
        rb"cfid=[^&]+&cftoken=[^&]+",
    )
)


def surt(uri: str) -> str:
    """Return a web URL as a key: ``org,example)/posts/x?a=1``.

    The key does not depend on scheme, ``www``, default ports, session ids, doubled slashes, order
    of parameters or way of escaping. Other texts are returned unchanged.
    """
    address, *_ = uri.encode().strip().translate(None, b"\n\r\t").split(b"#", 1)
    parts = _PARTS.fullmatch(address)
    if parts is None:
        return uri
    query = _query(parts["query"] or b"")
    key = _host(parts["scheme"].lower(), parts["authority"]) + b")" + _path(parts["path"])
    return (key + (b"?" + query if query else b"")).decode()


def _host(scheme: bytes, authority: bytes) -> bytes:
    """Return a host with its labels reversed, and its port if it is not the default."""
    found = _HOST.fullmatch(authority)
    if found is None:
        return authority
    name = _name(found["name"] or found["six"] or b"")
    turned = b",".join(reversed(_WWW.sub(b"", name, count=1).split(b".")))
    port = (found["port"] or b"").lstrip(b"0")
    return turned + (b":" + port if port not in (b"", _USUAL_PORTS[scheme]) else b"")


def _name(raw: bytes) -> bytes:
    """Return a host's name in lower case and ASCII; a number as the IPv4 address it means."""
    name = _unescaped(raw.lower())
    if not name.isascii():
        with suppress(UnicodeError):  # no valid name: it is escaped below
            name = name.decode("utf-8", "ignore").encode("idna")
    name = name.replace(b"..", b".").strip(b".")
    if _NUMERIC_HOST.fullmatch(name):
        return _dotted(name)
    return _escaped(name.lower())


def _dotted(name: bytes) -> bytes:
    if name.isdigit():
        return socket.inet_ntoa((int(name) & 0xFFFFFFFF).to_bytes(4, "big")).encode()
    try:
        return socket.inet_ntoa(socket.inet_aton(name.decode())).encode()
    except OSError:
        return name


def _path(raw: bytes) -> bytes:
    kept: list[bytes] = []
    *folders, last = _unescaped(raw).split(b"/")[1:] or [b""]
    for part in (*folders, last):
        if part == b".." and kept:
            kept.pop()
        elif part != b".":
            kept.append(part)
    *folders, last = kept or [b""]
    path = _escaped(b"/" + b"".join(part + b"/" for part in folders if part) + last).lower()
    for session in _PATH_SESSIONS:
        path = session.sub(rb"\1\2", path)
    return path[:-1] if path.endswith(b"/") and path != b"/" else path


def _query(raw: bytes) -> bytes:
    query = _escaped(_unescaped(raw)).lower()
    for session in _QUERY_SESSIONS:
        query = session.sub(rb"\1\2", query)
    parameters = sorted(query.split(b"&"), key=lambda each: each.split(b"=", 1))
    return b"&".join(parameters)


def _unescaped(text: bytes) -> bytes:
    """Decode percent escapes until there are none left."""
    while (plain := unquote_to_bytes(text)) != text:
        text = plain
    return text


def _escaped(text: bytes) -> bytes:
    return quote(text, safe=_UNESCAPED).encode()
