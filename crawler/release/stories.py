"""One story in several editions: which articles belong together, and how we know.

Evidence, the strongest first:

    api      one of the two lists the other as its translation
    text     nearly the same text in another edition (Uzbek in both scripts)
    image    the same picture within three days, used once in each edition
    minute   the same minute and category, and nothing else in that edition then
"""

from datetime import date

from msgspec import Struct, field

from crawler.release.recent import Recent
from crawler.release.rows import Told

EVIDENCE = ("api", "text", "image", "minute")
_IMAGE_DAYS = 3


class Seen(Struct, gc=False):
    """An article that was seen, as far as stories go."""

    id: str
    edition: str | None
    story: str
    day: str | None


class Link(Struct, omit_defaults=False):
    """A line of ``links/``: two articles that belong together, with the evidence."""

    kind: str  # translation, near_duplicate
    id: str
    earlier: str  # of the two, the one published first
    evidence: list[str]
    likeness: float | None = None


class Stories(Struct):
    """Gives each article its story, in order of publication."""

    articles: Recent[str, Seen] = field(default_factory=Recent[str, Seen])
    awaited: Recent[str, str] = field(default_factory=Recent[str, str])  # listed: by whom
    pictured: Recent[str, list[Seen]] = field(default_factory=Recent[str, list[Seen]])
    joined: Recent[str, list[str]] = field(default_factory=Recent[str, list[str]])  # editions
    minute: str | None = None
    at_minute: dict[str, list[Seen]] = field(default_factory=dict)  # by category

    def turn(self) -> None:
        """Begin a new month."""
        for each in (self.articles, self.awaited, self.pictured, self.joined):
            each.turn()

    def find(self, row: Told, alike: str | None) -> tuple[str, Link | None]:
        """Return an article's story, and its link to an earlier article of it, if there is one.

        ``alike``: the earlier article with nearly the same text. The strongest evidence decides.
        """
        self._turn_minute(row)
        found = self._found(row, alike)
        if not found:
            self._remember(row, Seen(row.id, row.edition, row.id, _day(row)))
            return row.id, None
        first = next(iter(found.values()))
        self.joined.now[first.story] = [*self._editions(first.story), row.edition or ""]
        self._remember(row, Seen(row.id, row.edition, first.story, _day(row)))
        told = [kind for kind, seen in found.items() if seen.id == first.id]
        return first.story, Link("translation", row.id, first.id, told)

    def _found(self, row: Told, alike: str | None) -> dict[str, Seen]:
        """Return the earlier article that each kind of evidence points to, strongest first."""
        pointed: dict[str, Seen | None] = {"api": self._listed(row)}
        if alike:
            pointed["text"] = self.articles.get(alike)
        if row.images:
            pointed["image"] = self._with_image(row)
        if self.at_minute:
            pointed["minute"] = self._at_minute(row)
        return {kind: seen for kind, seen in pointed.items() if seen and self._joins(row, seen)}

    def _joins(self, row: Told, seen: Seen) -> bool:
        """Tell whether the story has no article yet in the row's edition."""
        first = self.articles.get(seen.story) or seen
        taken = {first.edition or "", seen.edition or "", *self._editions(seen.story)}
        return (row.edition or "") not in taken

    def _editions(self, story: str) -> list[str]:
        return self.joined.get(story) or []

    def _listed(self, row: Told) -> Seen | None:
        found = sorted(each.id for each in row.translations if self.articles.get(each.id))
        lister = found[0] if found else self.awaited.get(row.id)
        return self.articles.get(lister) if lister else None

    def _with_image(self, row: Told) -> Seen | None:
        """Return the only other article with one of the pictures, in another edition."""
        for image in row.images:
            known = self.pictured.get(image.url)
            if not known:
                continue
            editions = [seen.edition for seen in known]
            if len(set(editions)) == len(editions) and row.edition not in editions:
                return known[0] if _days_between(known[0], row) <= _IMAGE_DAYS else None
        return None

    def _at_minute(self, row: Told) -> Seen | None:
        known = self.at_minute.get(_category(row), [])
        editions = [seen.edition for seen in known]
        alone = len(set(editions)) == len(editions) and row.edition not in editions
        return known[0] if known and alone else None

    def _turn_minute(self, row: Told) -> None:
        at = row.published_at if row.published_precision not in (None, "day") else None
        minute = at[:16] if at else None
        if minute is None or minute != self.minute:
            self.minute, self.at_minute = minute, {}

    def _remember(self, row: Told, seen: Seen) -> None:
        self.articles.now[row.id] = seen
        for translation in row.translations:
            self.awaited.now[translation.id] = row.id
        for image in row.images:
            known = self.pictured.get(image.url)
            self.pictured.now[image.url] = [*known, seen] if known else [seen]
        if self.minute and row.category:
            self.at_minute.setdefault(_category(row), []).append(seen)


def _category(row: Told) -> str:
    return (row.category.slug or row.category.name) if row.category else ""


def _day(row: Told) -> str | None:
    return row.published_at[:10] if row.published_at else None


def _days_between(seen: Seen, row: Told) -> int:
    day = _day(row)
    if day is None or seen.day is None:
        return 0
    return (date.fromisoformat(day) - date.fromisoformat(seen.day)).days
