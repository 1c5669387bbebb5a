"""Pages of UzA's current site, since late 2020. Its class names are probable, not confirmed."""

import re
from collections.abc import Sequence
from functools import cached_property
from itertools import chain, dropwhile, takewhile

from selectolax.lexbor import LexborNode

from crawler.extract.errors import EmptyPage, OtherPage, Shell, UnreadablePage
from crawler.extract.html import one_line, paragraphs, plain_text
from crawler.extract.media import PICTURES, pictures, videos
from crawler.extract.page import ArticlePage
from crawler.model.article import Image, Label, Video
from crawler.text.body import clean_body
from pages.uza_rules import RULES


class UzaPage(ArticlePage):
    """A post written on the current site: the lead is an element of its own, not repeated."""

    rules = RULES
    layout = "current"

    TITLE = "div.news-top-head__title"
    OTHER_TITLE = 'meta[property="og:title"], h1'
    DATE = "div.news-top-head__date"
    STAMP = re.compile(r"(?<!\d)\d{1,2} ?: ?\d\d(?: ?: ?\d\d)? ?/ ?\d{4}-\d\d-\d\d")
    CATEGORY = "div.news-top-head__meta"
    HEAD = "div.news-top-head__content"
    LEAD_IMAGE = "img.news-top-head__img"
    CONTENT = "div.content-block"
    LEAD = "h4"
    UNSEEN = "script, style, noscript"
    TAG = "div.news-tags a.news-tags__item"
    # Not text, if they are within the content.
    BOXES = "div.news-tags, div.news-top-head, div.last-news-list, div.small-news-list"
    BOILERPLATE = "header, footer, nav"
    # Content in these is not the post's, or is read with the element around it.
    APART = "header *, footer *, nav *, aside *, div.last-news-list *, div.small-news-list *"
    OWN_CONTENT = f"{CONTENT}:not({CONTENT} *, {APART})"
    LISTED = "a.small-news__title"
    SENTENCE = 60  # letters; a line with as many is certainly text

    def matches(self) -> bool:
        """Return whether there is a content block with text, pictures or videos."""
        if self.document.is_json:
            return False
        return self._is_of_this_kind() and self._has_content()

    def explain(self) -> UnreadablePage | None:
        """Distinguish a post without text, a list, and a page with only boilerplate."""
        url = self.document.url
        if self.document.is_json:
            return None
        if self.root.css_first(f"{self.TITLE}, {self.CONTENT}"):
            return EmptyPage(f"{url}: the post is there, but not its text")
        if self.root.css_first(self.LISTED):
            return OtherPage(f"{url}: a list of posts")
        boilerplate = {line for node in self.root.css(self.BOILERPLATE) for line in _lines(node)}
        if all(len(line) < self.SENTENCE or line in boilerplate for line in _lines(self.root)):
            return Shell(f"{url}: no sentence on the page")
        return None

    def _has_content(self) -> bool:
        for content in self.contents:
            if content.css_first(self.UNSEEN) is None and content.text_lexbor().strip():
                return True
        return bool(self._paragraphs or self.videos or self._within(PICTURES))

    def _is_of_this_kind(self) -> bool:
        return True

    @cached_property
    def root(self) -> LexborNode:
        """The page's ``body`` element."""
        return self.document.root

    @cached_property
    def contents(self) -> Sequence[LexborNode]:
        """The elements that hold the text: one, or several before the title of another post."""
        contents = self.document.css(self.CONTENT)
        if len(contents) < 2:
            return contents
        titles = {title.mem_id for title in self.root.css(self.TITLE)}
        nodes = self.root.css(f"{self.TITLE}, {self.OWN_CONTENT}")
        below_title = dropwhile(lambda node: node.mem_id in titles, nodes)
        return list(takewhile(lambda node: node.mem_id not in titles, below_title)) or contents[:1]

    def _within(self, selector: str) -> list[LexborNode]:
        return [node for content in self.contents for node in content.css(selector)]

    @cached_property
    def title(self) -> str:
        """The headline. If its element is missing, the title that the page has elsewhere."""
        node = self.root.css_first(self.TITLE)
        if node and (title := one_line(node)):
            return plain_text(title)
        node = self.document.tree.css_first(self.OTHER_TITLE)
        return plain_text(node.attributes.get("content") or one_line(node)) if node else ""

    @cached_property
    def summary(self) -> str | None:
        """The lead: the first heading of the content, if only boilerplate comes before it."""
        lead = next(filter(None, map(one_line, self._within(self.LEAD))), None)
        if lead is None:
            return None
        lines = [" ".join(paragraph.split("\n")) for paragraph in self._paragraphs]
        before = self._paragraphs[: lines.index(lead)] if lead in lines else self._paragraphs
        is_first = not before or not clean_body("\n\n".join(before), RULES, self.title)
        return lead if is_first else None

    @cached_property
    def _paragraphs(self) -> list[str]:
        boxed = {paragraph for box in self._within(self.BOXES) for paragraph in paragraphs(box)}
        texts = chain.from_iterable(map(paragraphs, self.contents))
        return [text for text in texts if text not in boxed]

    @property
    def body(self) -> str:
        """The lead and the text."""
        return "\n\n".join(self._paragraphs)

    @property
    def published_raw(self) -> str | None:
        """The date line under the title, `23:44 / 2024-05-01`, or a part of the section's line."""
        if stamp := self.STAMP.search(self._date_line):
            # The section's name may come before it; nothing after it belongs to the date.
            return self._date_line[: stamp.end()]
        section = self.root.css_first(self.CATEGORY)
        in_section = self.STAMP.search(one_line(section)) if section else None
        return in_section[0] if in_section else self._date_line or None

    @cached_property
    def _date_line(self) -> str:
        node = self.root.css_first(self.DATE)
        return one_line(node) if node else ""

    @property
    def category(self) -> Label | None:
        """The section above the title, or before the date."""
        node = self.root.css_first(self.CATEGORY)
        label = _label(node) if node else None
        name = self.STAMP.sub("", label.name).rstrip("| ") if label else ""
        if label and name:
            return Label(name, label.slug)
        stamp = self.STAMP.search(self._date_line)
        section = self._date_line[: stamp.start()].rstrip("| ") if stamp else ""
        return Label(section) if section else None

    @property
    def tags(self) -> list[Label]:
        """The tags below the text."""
        labels = (_label(node) for node in self.root.css(self.TAG))
        return [label for label in labels if label]

    @cached_property
    def images(self) -> list[Image]:
        """The lead image, then those of the text."""
        nodes = self.root.css(self.LEAD_IMAGE) + self._within(PICTURES)
        return pictures(nodes, self.base, RULES.image_size)

    @cached_property
    def videos(self) -> list[Video]:
        """The players above and in the text."""
        parts = [self.root.css_first(self.HEAD), *self.contents]
        found = [video for part in parts if part for video in videos(part, self.base)]
        return list({video.url: video for video in found}.values())


class UzaImportedPage(UzaPage):
    """A post imported from the legacy site: its text begins by repeating the lead.

    Nothing else on the page marks imported posts, so one without a lead, or without the repetition,
    counts as written on the current site; both are read in the same way.
    """

    layout = "imported"

    WORD = re.compile(r"[\u3040-\u9fff]|\w+")  # Chinese has no spaces between words
    COMMON_WORDS = 0.7  # share of the lead's words in the paragraph after it

    def _is_of_this_kind(self) -> bool:
        heading = next(iter(self._within(self.LEAD)), None)
        after = heading.next if heading else None
        while after and not after.text_lexbor().strip():
            after = after.next
        if not heading or not after:
            return False
        lead, following = heading.text_lexbor().lower(), after.text_lexbor().lower()
        words = set(self.WORD.findall(lead))
        repeated = words & set(self.WORD.findall(following[: 2 * len(lead)]))
        return bool(words) and len(repeated) >= self.COMMON_WORDS * len(words)


def _lines(node: LexborNode) -> list[str]:
    return "\n".join(paragraphs(node)).split("\n")


def _label(node: LexborNode) -> Label | None:
    """Read a section or tag: its name, and the last part of its link as its slug."""
    link = node if node.tag == "a" else node.css_first("a")
    name = one_line(link or node).removeprefix("#").strip()
    path = ((link.attributes.get("href") if link else None) or "").split("?")[0]
    slug = path.rstrip("/").rpartition("/")[2]
    return Label(name, slug or None) if name else None
