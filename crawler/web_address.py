"""Addresses that an operator gives."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from crawler.errors import UsageError


def check_web_address(text: str, name: str) -> None:
    """Raise ``UsageError`` unless a text is an address on the web; ``name`` says what it is for."""
    if not _is_web(text):
        raise UsageError(f"{name} {text}: expected a web address, with http:// or https://")


def is_this_machine(host: str) -> bool:
    """Tell whether a host is a loopback address, which nobody else can reach."""
    name = host.strip("[]").lower().removesuffix(".")
    try:
        return name == "localhost" or name.endswith(".localhost") or ip_address(name).is_loopback
    except ValueError:
        return False


def is_of_this_machine(address: str) -> bool:
    """Tell whether an address of the web is answered by this machine."""
    return _is_web(address) and is_this_machine(urlsplit(address).hostname or "")


def _is_web(text: str) -> bool:
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:  # such as an unclosed bracket in the host, or a port that is no number
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)
