"""Articles that the user asked for by name, and which of them the run could not get."""

from collections import Counter

from crawler.crawl.arguments import REVISITS, RunArguments
from crawler.errors import UsageError
from crawler.model.identity import Identity
from crawler.model.link import Link
from crawler.store.ledger import Ledger


class Asked:
    """Remembers the articles that were asked for one by one: by address, by id, or to visit again.

    A range of ids has gaps by nature. Of a range, only failures count as not fetched.
    """

    def __init__(self, arguments: RunArguments, ledger: Ledger) -> None:
        self._arguments = arguments
        self._ledger = ledger
        self._ids: set[str] = set(arguments.revisited)
        self._strange = 0  # addresses that belong to no article

    def note(self, link: Link, identity: Identity | None) -> None:
        """Record an address or an id that was asked for."""
        is_range = any(len(each) > 1 for each in self._arguments.ids)
        if link.source == "urls" or (link.source == "ids" and not is_range):
            self._strange += identity is None
            self._ids.update([identity.id] if identity else [])

    def again(self, link: Link, identity: Identity) -> bool:
        """Return whether a known article must be fetched again because it was asked for."""
        failed = link.source == "ids" and self._ledger.states.state(identity.id) == "failed"
        return failed or link.source == "urls"

    def in_vain(self) -> dict[str, int]:
        """Count the articles that the run did not get, by their state.

        Articles that a later run will fetch are not counted.
        """
        if not self._arguments.is_by_name:
            return {}
        states = Counter(map(self._ledger.states.state, self._ids))
        counts = {"failed": self._ledger.frontier.failed(self._arguments.backfill or "")}
        counts |= {name: states[name] for name in ("absent", "refused", "withdrawn")}
        counts["not the address of an article"] = self._strange
        return {name: count for name, count in counts.items() if count}


def check_revisited(arguments: RunArguments, ledger: Ledger) -> None:
    """Raise ``UsageError`` if an article to visit again is unknown or withdrawn."""
    for article_id in arguments.revisited:
        state = ledger.states.state(article_id) or "not known"
        if state in ("not known", "withdrawn"):
            raise UsageError(
                f"revisit={arguments.revisit}: {article_id} is {state}; expected "
                f"{', '.join(REVISITS)}, or ids of articles in the archive"
            )
