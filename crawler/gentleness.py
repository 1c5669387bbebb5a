"""How a crawl asks a web archive, which serves the whole world: one thing at a time, slowly."""

from urllib.parse import urlsplit

from scrapy.settings import BaseSettings

from crawler.memento import SCHEME


def go_slowly(settings: BaseSettings) -> None:
    """Give the hosts of the web archive a delay of their own, and one request at a time.

    What an operator's ``DOWNLOAD_SLOTS`` says of them stays as it is.
    """
    hosts = {urlsplit(settings[name]).hostname for name in ("CDX_URL", "WAYBACK_URL")}
    slot = {"concurrency": 1, "delay": settings.getfloat("WAYBACK_DELAY")}
    slots = {host: slot for host in hosts if host} | settings.getdict("DOWNLOAD_SLOTS")
    slots.setdefault(SCHEME, {"concurrency": 8, "delay": 0})  # files are asked as they can
    settings.set("DOWNLOAD_SLOTS", slots, priority="spider")
