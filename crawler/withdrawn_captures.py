"""The ledger's captures that are to be taken out of their files, and what is left of that."""

from collections.abc import Collection, Iterable, Iterator
from urllib.parse import quote

import msgspec

from crawler.capture_index import CaptureIndex, Held


class WithdrawnCaptures(CaptureIndex):
    """Finds what tells of an article, marks it, and forgets it once its file is rewritten.

    What is marked is read by nobody any more, and no capture refers to it.
    """

    def own(self, article_id: str, key: str) -> Iterator[Held]:
        """Yield an article's captures, and those of an address that may be one of its own."""
        condition = "article_id = ? OR instr(uri, ?) > 0 OR instr(uri, ?) > 0"
        return self._where(condition, article_id, key, quote(key))

    def listings(self, since: str) -> Iterator[Held]:
        """Yield what was captured of no article since a day (UTC), in order of place."""
        return self._where(
            "article_id IS NULL AND kind IN ('response', 'truncated') AND taken_at >= ? "
            "ORDER BY file, offset",
            since,
        )

    def with_payload(self, digests: Collection[str]) -> Iterator[Held]:
        """Yield every capture whose payload has one of the digests."""
        given = msgspec.json.encode(sorted(digests)).decode()
        return self._where("digest IN (SELECT value FROM json_each(?))", given)

    def mark(self, captures: Iterable[Held]) -> None:
        """Mark captures; the indexes of their files are written anew, without them."""
        places = [(held.file, held.offset) for held in captures]
        self.database.executemany(
            "UPDATE capture SET kind = 'withdrawn' WHERE file = ? AND offset = ?", places
        )
        self.database.executemany(
            "INSERT OR IGNORE INTO grown_file VALUES (?)", {(file,) for file, _ in places}
        )

    def marked(self) -> Iterator[Held]:
        """Yield what is marked, in order of place."""
        return self._where("kind = 'withdrawn' ORDER BY file, offset")

    def forget(self, file: str) -> None:
        """Forget the captures that were taken out of a file."""
        self.database.execute("DELETE FROM capture WHERE kind = 'withdrawn' AND file = ?", (file,))
