"""HTML as a reader sees it: the paragraphs of a piece of a page.

A walk over the tree writes text and marks into one string, which is then cut at the marks.
"""

import html as entities
import re
from collections.abc import Iterator
from unicodedata import category

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.extract.decode import check_depth
from crawler.text.plain_text import restore_punctuation

_PARAGRAPH, _LINE, _BREAK, _CELL = "\x1c", "\x1d", "\x1e", "\x1f"
_IN_CELL = " "

_HIDDEN = frozenset(
    {"script", "style", "noscript", "iframe", "template", "svg", "math", "object", "embed"}
    | {"video", "audio", "canvas", "select", "textarea", "button", "head", "figcaption"}
    | {"-comment", "-doctype"}
)
_BLOCKS = frozenset(
    {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "hr", "address", "figure"}
    | {"section", "article", "header", "footer", "main", "aside", "nav", "form", "fieldset"}
    | {"center", "details", "summary", "body", "table", "caption", "tbody", "thead", "tfoot"}
    | {"tr", "td", "th"}
)
_PLAIN = frozenset({"p", "div", "span", "a", "h1", "h2", "h3", "h4", "time"})
_LISTS = frozenset({"ul", "ol", "dl", "menu", "dir"})
_ITEMS = frozenset({"li", "dt", "dd"})
BLOCKS = _BLOCKS | _LISTS | _ITEMS | {"pre"}  # elements that begin a new line
# A table with these in its cells is the page's layout; other tables hold data.
_SKELETON = "td table, td p ~ p, td div ~ div, td h1, td h2, td h3, td ul, td br ~ br, td img"

_WHITE = re.compile("[\t-\r\x1c-\x1f]+")
_WHITE_IN_LINE = re.compile("[\t\x0b-\r\x1c-\x1f]+")
_RUN_OF_SPACES = re.compile(" {2,}")
_EMPTY_LINE = re.compile(rf"{_BREAK}\s*{_BREAK}")
_CELL_END = re.compile(rf" *{_CELL} *")

# Styles and classes that hide an element from all readers, or from all without a screen reader.
UNSEEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|clip-path\s*:\s*inset\(\s*(?:50|100)%"
    r"|clip\s*:\s*rect\(\s*[01](?:px)?\b|(?:left|top|text-indent)\s*:\s*-\d{3,}",
    re.IGNORECASE,
)
_UNSEEN_CLASS = re.compile(
    r"(?<!\S)(?:[\w-]*[-_])?(?:visually-?hidden|hidden-?visually|screen-?readers?(?:-?(?:text|only))?"
    r"|sr[-_]only|element-invisible|off-?screen)(?!\S)"
    r"|\A(?!.*(?:\bd-\w+-|:)).*(?<!\S)(?:d-none|(?:is-|u-)?hidden)(?!\S)",  # hidden on every screen
    re.IGNORECASE,
)
_LONGEST_EMOJI = 16  # characters; some emojis are composed of many
_SIGNS = frozenset({"So", "Sk", "Sm", "Mn", "Me", "Cf"})  # an emoji has only these, and digits

_CODE = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)|<!--.*?-->", re.DOTALL | re.IGNORECASE)
_INLINE_TAG = re.compile(
    r"</?(?:a|abbr|b|bdi|bdo|big|cite|code|del|em|font|i|ins|kbd|mark|nobr|q|s|small|span|strike"
    r"|strong|sub|sup|tt|u|wbr)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_BLOCK_TAG = re.compile(
    rf"</?(?:{'|'.join(sorted(_BLOCKS | _LISTS | _ITEMS))}|br|img|time)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#\d+|#[xX][\da-fA-F]+|[A-Za-z]\w*);")

_PLAIN_NAME = re.compile(r"[A-Za-z][\w-]*")  # of a class or an id: needs no escape in a selector


def paragraphs(node: LexborNode) -> list[str]:
    """Return the paragraphs below a node. The lines within one are separated by line breaks.

    A list or a data table is one paragraph, with one line per item or row (cells joined by `` |
    ``). Two line breaks in a row separate paragraphs. Hidden text is left out; apart from that,
    only white space is cleaned.
    """
    if node.tag in _PLAIN and (text := _only_text(node)) is not None:
        return [line] if (line := _row(text)) else []
    hidden = list[LexborNode]()
    seen = _paragraphs(node, hidden)
    if not hidden:
        return seen
    # If most of the text is hidden, the page's scripts show it.
    everything = _paragraphs(node, None)
    return seen if 2 * sum(map(len, seen)) >= sum(map(len, everything)) else everything


def _paragraphs(node: LexborNode, hidden: list[LexborNode] | None) -> list[str]:
    """Return the paragraphs. With a list ``hidden``, hidden elements go there instead."""
    marked = "".join(_pieces(node, hidden))
    if _BREAK in marked:
        marked = _EMPTY_LINE.sub(_PARAGRAPH, marked)
    found = (_lines(piece) for piece in marked.split(_PARAGRAPH))
    return [paragraph for paragraph in found if paragraph]


def is_unseen(node: LexborNode) -> bool:
    """Return whether an element is marked as hidden from readers."""
    attributes = node.attributes
    if not attributes:
        return False
    # React streams content in hidden elements with such ids, until a script shows it.
    is_streamed = (attributes.get("id") or "").startswith("S:")
    if "hidden" in attributes and not is_streamed and attributes["hidden"] != "until-found":
        return True
    named = _UNSEEN_CLASS.search(attributes.get("class") or "")
    return bool(named or UNSEEN_STYLE.search(attributes.get("style") or ""))


def emoji(node: LexborNode) -> str:
    """Return the character that an emoji's picture stands for. Empty for other pictures."""
    attributes = node.attributes
    alt = (attributes.get("alt") or "").strip()
    if not alt or len(alt) > _LONGEST_EMOJI:
        return ""
    named = f"{attributes.get('class') or ''} {attributes.get('src') or ''}".lower()
    is_named = any(word in named for word in ("emoji", "smiley", "smilie", "emoticon"))
    return alt if is_named or _is_emoji(alt) else ""


def _is_emoji(text: str) -> bool:
    kinds = {category(sign) for sign in text if sign not in "0123456789#*"}
    return not kinds.isdisjoint({"So", "Me"}) and kinds <= _SIGNS


def _only_text(node: LexborNode) -> str | None:
    """Return a node's text, if it holds nothing else, as most titles, dates and labels do."""
    child = node.child
    if child is None or child.tag != "-text" or child.next is not None:
        return None
    return _visible(child)


def parse_fragment(html: str) -> LexborNode:
    """Parse a piece of HTML, such as an API sends."""
    body = LexborHTMLParser(check_depth(html.encode("utf-8", "replace"))).body
    assert body is not None, "the parser makes a body for anything"
    return body


def plain_text(text: str) -> str:
    """Return a title or name as one line, without any markup.

    Only certain markup is removed: words in angle brackets stay, and so does a bare ``&``.
    """
    if "&" in text:
        text = _ENTITY.sub(lambda found: entities.unescape(found[0]), text)
    if "<" in text:
        text = _BLOCK_TAG.sub(" ", _INLINE_TAG.sub("", _CODE.sub("", text)))
    return " ".join(text.split())


def one_line(node: LexborNode) -> str:
    """Return the text of a node on one line."""
    return " ".join(" ".join(paragraphs(node)).split("\n"))


def selector(node: LexborNode) -> str:
    """Return a CSS selector for an element: by itemprop, id, class, or its parent's selector."""
    attributes = node.attributes
    if "articleBody" in (attributes.get("itemprop") or ""):
        return '[itemprop~="articleBody"]'
    name = attributes.get("id") or ""
    if _PLAIN_NAME.fullmatch(name) and not any(sign.isdigit() for sign in name):
        return f"{node.tag}#{name}"
    classes = (attributes.get("class") or "").split()
    plain = [one for one in classes if _PLAIN_NAME.fullmatch(one)]
    if plain:
        return f"{node.tag}.{plain[0]}"
    parent = node.parent
    return f"{selector(parent)} > {node.tag}" if parent and parent.tag != "body" else f"{node.tag}"


def _lines(piece: str) -> str:
    """Cut a paragraph at its line marks. White space at the ends of lines is removed."""
    if piece.isspace() or not piece:
        return ""
    lines = map(_row, piece.replace(_BREAK, _LINE).split(_LINE))
    return "\n".join([line for line in lines if line])


def _row(line: str) -> str:
    """Separate the cells of a line, if it has any, and reduce runs of spaces to one."""
    if _CELL in line:
        line = _CELL_END.sub(" | ", line.lstrip(" ").rstrip())
    if "  " in line:
        line = _RUN_OF_SPACES.sub(" ", line)
    return line.strip()


def _pieces(root: LexborNode, hidden: list[LexborNode] | None) -> Iterator[str]:
    """Walk the tree without recursion, because pages may be nested deeper than Python's limit.

    Each node comes with the mark that separates blocks there: a line in a list, a space in a cell.
    Directly below a data table there are only rows and cells.
    """
    todo: list[str | tuple[LexborNode, str]] = [(root, _PARAGRAPH)]
    while todo:
        step = todo.pop()
        if isinstance(step, str):
            yield step
            continue
        node, around = step
        tag = node.tag or "-comment"
        if tag == "-text":
            yield _visible(node)
        elif tag == "br" or (tag == "span" and _is_break(node)):
            yield _BREAK if around == _PARAGRAPH else around
        elif tag == "pre":
            yield _preformatted(node)
        elif tag == "img":
            yield emoji(node)
        elif hidden is not None and node is not root and is_unseen(node):
            hidden.append(node)
        elif not _is_hidden(tag, node):
            before, after, inside = _marks(tag, node, around)
            yield before
            todo.append(after)
            children = [(child, inside) for child in node.iter(include_text=True)]
            todo += reversed(children)


def _is_break(span: LexborNode) -> bool:
    """Return whether an empty element is used as a line break, by its class."""
    return span.child is None and "br" in (span.attributes.get("class") or "").split()


def _visible(node: LexborNode) -> str:
    """Return a text node's characters, with white space as plain spaces."""
    text = node.text_lexbor()
    return text if text.isprintable() else _WHITE.sub(" ", restore_punctuation(text))


def _marks(tag: str, node: LexborNode, around: str) -> tuple[str, str, str]:
    """Return the marks before and after an element, and around the blocks inside it."""
    if around == _CELL:
        return {"tr": (_LINE, "", _CELL), "caption": (_LINE, _LINE, _IN_CELL)}.get(
            tag, ("", _CELL, _IN_CELL) if tag in ("td", "th") else ("", "", _CELL)
        )
    if around == _IN_CELL:
        return ("", "", around) if tag not in _BLOCKS | _LISTS | _ITEMS else (" ", " ", around)
    if tag in _ITEMS:
        return _LINE, _LINE, _LINE
    if tag in _LISTS:
        return around, around, _LINE
    if tag == "table" and node.css_first(_SKELETON) is None:
        return around, around, _CELL
    return (around, around, around) if tag in _BLOCKS else ("", "", around)


def _is_hidden(tag: str, node: LexborNode) -> bool:
    """Return whether an element is no part of the text: scripts, players, captions."""
    if tag == "figure":
        # If its end tag is missing, it contains the text that follows the picture.
        return not any(map(_is_text_of_figure, node.css("table, blockquote, p")))
    return tag in _HIDDEN


def _is_text_of_figure(node: LexborNode) -> bool:
    parent = node.parent
    while parent is not None and parent.tag not in ("figure", "figcaption"):
        parent = parent.parent
    return parent is None or parent.tag == "figure"


def _preformatted(node: LexborNode) -> str:
    """Keep the lines of a ``pre``, unless it holds a player's code."""
    text = node.text_lexbor()
    if "<iframe" in text.lower():
        return _PARAGRAPH
    return _PARAGRAPH + _WHITE_IN_LINE.sub(" ", text).replace("\n", _BREAK) + _PARAGRAPH
