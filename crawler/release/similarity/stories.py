"""Finds the articles of one story in several editions, and the evidence for it.

Evidence, the strongest first:

    api      one of the two lists the other as its translation
    text     nearly the same text in another edition (Uzbek in both scripts)
    image    the same picture within three days
    minute   the same minute and category
    content  the same rare figures and names, on the same or the next day; only used without
             other evidence

A picture may illustrate anything, and times may be planned. So articles with the same picture or
minute must also have half of their figures and names in common; and if the picture, which may be a
portrait, is of another day, at least one figure.
"""

from collections.abc import Iterable
from datetime import date

from msgspec import Struct, field

from crawler.release.rows import Told
from crawler.release.similarity.content import agreement, common_figures, mentioned_in
from crawler.release.similarity.mentions import Mentions, Seen, mutual_best
from crawler.release.similarity.near_duplicates import Recent
from crawler.text.folding import fold_spelling

EVIDENCE = ("api", "text", "image", "minute", "content")
_IMAGE_DAYS = 3

AGREE = 0.5  # share of the common figures and names, of the text with fewer


class Link(Struct, omit_defaults=False):
    """A line of ``links/``: two articles that belong together, with the evidence."""

    kind: str  # translation, near_duplicate
    id: str
    earlier: str  # the one published first
    evidence: list[str]
    likeness: float | None = None


class Stories(Struct):
    """Assigns a story to each article, in order of publication."""

    articles: Recent[str, Seen] = field(default_factory=Recent[str, Seen])
    awaited: Recent[str, str] = field(default_factory=Recent[str, str])  # by listed id: its lister
    pictured: Recent[str, list[Seen]] = field(default_factory=Recent[str, list[Seen]])
    joined: Recent[str, list[str]] = field(default_factory=Recent[str, list[str]])  # editions
    mentions: Mentions = field(default_factory=Mentions)
    day: str | None = None
    minute: str | None = None
    at_minute: dict[str, list[Seen]] = field(default_factory=dict)  # by category

    def turn(self) -> None:
        """Begin a new month."""
        for each in (self.articles, self.awaited, self.pictured, self.joined):
            each.turn()

    def find(self, row: Told, near_duplicate: str | None) -> tuple[str, Link | None]:
        """Return an article's story, and its link to an earlier article of it, if there is one.

        ``near_duplicate``: id of the earlier article with nearly the same text. The strongest
        evidence decides.
        """
        seen = _seen(row)
        self._turn_day(seen.day)
        self._turn_minute(row)
        found = self._found(row, seen, near_duplicate)
        if not found:
            self._remember(row, seen)
            return row.id, None
        first = next(iter(found.values()))
        self.joined.now[first.story] = [*self._editions(first.story), row.edition or ""]
        seen.story = first.story
        self._remember(row, seen, twin="text" in found)
        told = [kind for kind, seen in found.items() if seen.id == first.id]
        return first.story, Link("translation", row.id, first.id, told)

    def _found(self, row: Told, new: Seen, near_duplicate: str | None) -> dict[str, Seen]:
        """Return the earlier article for each kind of evidence, the strongest first."""
        pointed = {
            "api": self._listed(row),
            "text": self.articles.get(near_duplicate) if near_duplicate else None,
            "image": _most_similar(new, self._with_image(row, new)),
            "minute": _most_similar(new, self.at_minute.get(_category(row), ())),
        }
        found = {kind: seen for kind, seen in pointed.items() if seen and self._joins(row, seen)}
        if not found:
            seen = mutual_best(new, self.mentions.compare(new))
            return {"content": seen} if seen and self._joins(row, seen) else {}
        return found

    def _joins(self, row: Told, seen: Seen) -> bool:
        """Return whether the story has no article yet in the row's edition."""
        first = self.articles.get(seen.story) or seen
        taken = {first.edition or "", seen.edition or "", *self._editions(seen.story)}
        return (row.edition or "") not in taken

    def _editions(self, story: str) -> list[str]:
        return self.joined.get(story) or []

    def _listed(self, row: Told) -> Seen | None:
        found = [each.id for each in row.translations if self.articles.get(each.id)]
        lister = min(found) if found else self.awaited.get(row.id)
        return self.articles.get(lister) if lister else None

    def _with_image(self, row: Told, new: Seen) -> list[Seen]:
        """Return the articles with the same picture.

        Portraits are used again, so on a later day a figure must be the same, too.
        """
        return [
            seen
            for image in row.images
            for seen in self.pictured.get(image.url) or ()
            if _is_recent(seen, row)
            and (seen.day == new.day or common_figures(seen.tokens, new.tokens))
        ]

    def _turn_day(self, day: str | None) -> None:
        """Begin a new day, and forget everything older than the day before it."""
        if day and day != self.day:
            begin = date.fromisoformat(self.day or day)
            for _ in range(min((date.fromisoformat(day) - begin).days, 2)):
                self.mentions.turn()
            self.day = day

    def _turn_minute(self, row: Told) -> None:
        at = row.published_at if row.published_precision not in (None, "day") else None
        minute = at[:16] if at else None
        if minute is None or minute != self.minute:
            self.minute, self.at_minute = minute, {}

    def _remember(self, row: Told, seen: Seen, *, twin: bool = False) -> None:
        if seen.day and not twin:
            self.mentions.add(seen)
        self.articles.now[row.id] = seen
        for translation in row.translations:
            self.awaited.now[translation.id] = row.id
        for image in row.images:
            known = self.pictured.get(image.url) or ()
            recent = [each for each in known if _is_recent(each, row)]
            self.pictured.now[image.url] = [*recent, seen]
        if self.minute and row.category:
            self.at_minute.setdefault(_category(row), []).append(seen)


def _category(row: Told) -> str:
    return fold_spelling(row.category.slug or row.category.name) if row.category else ""


def _day(row: Told) -> str | None:
    return row.published_at[:10] if row.published_at else None


def _seen(row: Told) -> Seen:
    """Return an article with a story of its own."""
    mentioned = mentioned_in(row.title, row.body)
    language = row.language.partition("-")[0] if row.language else row.edition or ""
    return Seen(row.id, row.edition, language, row.id, _day(row), mentioned)


def _most_similar(new: Seen, known: Iterable[Seen]) -> Seen | None:
    """Return the most similar article of another edition. None if two stories are equally so."""
    tokens, agreed = new.tokens, []
    for seen in known:
        if seen.edition != new.edition and common_figures(tokens, seen.tokens) is not None:
            agreed.append((agreement(tokens, seen.tokens), seen))
    best = max([AGREE, *(each for each, _ in agreed)])
    found = [seen for each, seen in agreed if each == best]
    return found[0] if len({seen.story for seen in found}) == 1 else None


def _is_recent(seen: Seen, row: Told) -> bool:
    day = _day(row)
    if day is None or seen.day is None:
        return True
    return (date.fromisoformat(day) - date.fromisoformat(seen.day)).days <= _IMAGE_DAYS
