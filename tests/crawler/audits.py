"""Ledgers for the tests of an audit."""

from crawler.extract.memento import Memento
from crawler.model.identity import Identity
from crawler.model.link import Link, Source
from crawler.store.archive import Archive
from tests.crawler.archives import store


def show(archive: Archive, key: int | str, *sources: Source, edition: str | None = None) -> str:
    """Let sources show an article that is not fetched; return its id."""
    identity = Identity(f"uza:{key}", f"https://uza.uz/posts/{key}")
    for source in sources:
        archive.ledger.frontier.discover(identity, Link(identity.url, source, edition))
    return identity.id


def keep(archive: Archive, number: int, day: str | None, edition: str = "en") -> None:
    """Store an article that the API list showed, published at noon."""
    published = f"{day}T12:00:00+05:00" if day else None
    store(archive, number, edition=edition, published_at=published)


def absent(archive: Archive, number: int) -> None:
    """Let an id walk find out that there is no such article."""
    archive.ledger.states.settled(show(archive, number, "ids"), "absent", "HTTP 404")


def capture(archive: Archive, number: int, digest: str, root: str = "https://a.example") -> None:
    """Let a web archive's index, or a WARC file, show a capture of an article."""
    url = f"https://uza.uz/posts/{number}"
    memento = Memento(root, "20190301000000", url)
    archive.ledger.archived.note(Identity(f"uza:{number}", url), memento, digest)


def fail(archive: Archive, article_id: str, reason: str) -> None:
    """Give an article up."""
    archive.ledger.states.failed(article_id, reason, wait=600, most=1)
