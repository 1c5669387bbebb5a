"""Addresses that an operator gives."""

from urllib.parse import urlsplit

from crawler.errors import UsageError


def check_web_address(text: str, name: str) -> None:
    """Raise ``UsageError`` unless a text is an address on the web; ``name`` says what it is for."""
    if not _is_web(text):
        raise UsageError(f"{name} {text}: expected a web address, with http:// or https://")


def _is_web(text: str) -> bool:
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:  # such as an unclosed bracket in the host, or a port that is no number
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)
