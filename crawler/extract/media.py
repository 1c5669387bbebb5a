"""Pictures and videos of a piece of a page, with their own addresses, and nothing else."""

import re
from collections.abc import Iterable, Iterator
from operator import itemgetter
from re import Pattern
from urllib.parse import urljoin

from selectolax.lexbor import LexborNode

from crawler.extract.html import emoji, is_unseen, parse_fragment
from crawler.model.article import Image, Video

PICTURES = "img, amp-img, amp-anim"
CAPTION = "data-words-beside"  # attribute with the words found beside a picture

_WEB = re.compile(r"https?://[^\s/]", re.IGNORECASE)
# Most addresses: resolving would return them unchanged, but takes twenty times as long.
_RESOLVED = re.compile(r"https?://[a-z0-9.-]+/[\w./-]*", re.ASCII)

# Attributes with the address of a picture that a script loads later.
_LATE = re.compile(r"(?!.*srcset)(?:[a-z]+-)*(?:lazy|src|original|echo|hires)(?:-[a-z]+)*")
_PICTURE_FILE = re.compile(r"[^\s{}<>\"|]+\.(?:jpe?g|png|gif|webp|avif)(?:\?\S*)?", re.IGNORECASE)
_LATE_SET = re.compile(r"(?:[a-z]+-)*srcset")
_ADDRESS = re.compile(r"(?=.*[./])[^{}<>\"|]+", re.DOTALL)  # not a number, a word or JSON
_CANDIDATE = re.compile(r"(\S*[^\s,])(?:\s+(\d+(?:\.\d+)?)[wxh])?\s*(?:,|\Z)")
# File names of placeholders, for pictures that are loaded later, have only these words.
_STAND_IN = frozenset(
    {"blank", "spacer", "placeholder", "transparent", "pixel", "loading", "loader", "lazy", "stub"}
    | {"lazyload", "preload", "preloader", "spinner", "dummy", "clear", "empty", "holder"}
)
_OF_STAND_IN = frozenset(
    {"image", "img", "photo", "pic", "picture", "bg", "no", "default", "white", "gray", "grey"}
    | {"place", "load", "px", "x", "v", ""}
)
_FILE_NAME = re.compile(r"/([\w.@-]+)\.(?:gif|png|svg|jpe?g|webp)(?:\?|\Z)", re.IGNORECASE)
_BLURRED = re.compile(r"[?&](?:w|width|h|height)=\d{1,2}(?:&|\Z)", re.IGNORECASE)
_SIZE = re.compile(r"[?&](?:w|width|h|height|q|quality)=[^&#]*", re.IGNORECASE)
_NAME_SIGNS = re.compile(r"[\d_.@-]+")
_COUNTER = re.compile(
    r"//(?:[\w-]+\.)*(?:pixel|counter|track(?:er|ing)?|beacon|metrics?|analytics)\.[\w.-]+/"
    r"|//mc\.yandex\.|//(?:www\.)?facebook\.com/tr\b|//[\w.]*scorecardresearch\.com/",
    re.IGNORECASE,
)
_LARGEST_PIXEL = 3  # pixels: a counter's width or height
_LARGEST_ICON = 32  # pixels: an icon's width and height
# An element stretched by `min-width` may have width 0.
_STYLED_PIXEL = re.compile(
    r"\A(?!.*min-).*(?<![\w-])(?:width|height)\s*:\s*[0-3](?:px)?\s*(?:;|!|\Z)", re.IGNORECASE
)
_NUMBER = re.compile(r"\s*(\d+)\s*(?:px)?\s*")

_PLAYERS = "iframe, amp-iframe, video, amp-video, video source, amp-video source, oembed"
_BY_NUMBER = "amp-youtube, lite-youtube"
_PLAYER_CODE = "pre code"
_FRAMES = frozenset({"iframe", "amp-iframe", "oembed"})
_PLAYER = re.compile(
    r"//(?:[\w-]+\.)*(?:youtube(?:-nocookie)?\.com/(?:embed|watch|shorts|live|v/)|youtu\.be/"
    r"|vimeo\.com/|dailymotion\.com/|rutube\.ru/|vk(?:video)?\.(?:com|ru)/video|ok\.ru/video"
    r"|facebook\.com/plugins/video|brightcove\.net/|jwplatform\.com/|jwplayer\.com/|twitch\.tv/"
    r"|tiktok\.com/|rumble\.com/|aparat\.com/|mover\.uz/|kaltura\.com/|bilibili\.com/|youku\.com/"
    r"|coub\.com/|streamable\.com/)",
    re.IGNORECASE,
)
_VIDEO = re.compile(
    r"(?<![a-z0-9])(?:videos?|vod|players?|clips?|films?|livestream|watch)(?![a-z0-9])"
    r"|video_|video(?=\d|embed|player)",
    re.IGNORECASE,
)
_NO_VIDEO = re.compile(
    r"(?<![a-z0-9])(?:maps?|forms?|ads?|adv|advert\w*|banners?|comments?|newsletters?|surveys?"
    r"|polls?|widgets?|podcasts?|audios?|radio|soundcloud|spotify|doubleclick|googletagmanager)"
    r"(?![a-z0-9])",
    re.IGNORECASE,
)


def absolute(address: str | None, base: str) -> str | None:
    """Resolve an address of a page. None if it is no address on the web, or the page itself."""
    address = (address or "").strip().replace(" ", "%20")
    if not address or address.lower().startswith("data:"):
        return None
    if address != base and _RESOLVED.fullmatch(address):
        return address
    try:
        resolved = urljoin(base, address)
    except ValueError:  # such as an unclosed bracket in the host
        return None
    is_address = resolved != base and not re.search(r"\s", resolved) and _WEB.match(resolved)
    return resolved if is_address else None


def largest(address: str, size: Pattern[str] | None) -> str:
    """Return the address of a picture in its largest size."""
    return size.sub("", address) if size else address


def without_width(address: str) -> str:
    """Return a picture's address without the requested size, for comparing."""
    return _SIZE.sub("", address)


def pictures(nodes: Iterable[LexborNode], base: str, size: Pattern[str] | None) -> list[Image]:
    """Return the pictures among the nodes, each once, with the captions of their figures."""
    found: dict[str, Image] = {}
    for node in nodes:
        if address := _picture_address(node, base):
            image = Image(largest(address, size), caption=_caption(node))
            known = found.setdefault(image.url, image)
            known.caption = known.caption or image.caption
    return list(found.values())


def _picture_address(node: LexborNode, base: str) -> str | None:
    """Return a picture's address. None if it is not part of the article: an icon or counter."""
    if emoji(node) or _is_pixel(node) or _is_in_unseen(node) or _is_second(node, base):
        return None
    addresses = (absolute(address, base) for address in _addresses(node))
    found = next((one for one in addresses if one and not _is_stand_in(one)), None)
    return None if found is None or _COUNTER.search(found) else found


def _is_stand_in(address: str) -> bool:
    """Return whether an address is of a placeholder for another picture: `blank-1x1.gif`.

    So is a picture of a few pixels, which is shown large and blurred.
    """
    if _BLURRED.search(address):
        return True
    name = _FILE_NAME.search(address)
    words = set(_NAME_SIGNS.split(name[1].lower())) if name else set()
    return not words.isdisjoint(_STAND_IN) and words <= _STAND_IN | _OF_STAND_IN


def _addresses(node: LexborNode) -> Iterator[str | None]:
    """Yield possible addresses of a picture: loaded later, plain, or one of a set."""
    attributes = {name: value for name, value in node.attributes.items() if value}
    late = [name for name in attributes if name != "src" and _LATE.fullmatch(name)]
    for name in sorted(late, key="data-src".__ne__):
        if _ADDRESS.fullmatch(attributes[name]):
            yield attributes[name]
    yield attributes.get("src")
    yield _largest_of_set(node)
    if node.parent is not None and node.parent.tag == "picture":
        yield from map(_largest_of_set, node.parent.css("source"))
    yield from filter(_PICTURE_FILE.fullmatch, attributes.values())


def _largest_of_set(node: LexborNode) -> str | None:
    """Return the largest picture of an element's ``srcset``, or of one that is loaded later."""
    sets = (value for name, value in node.attributes.items() if _LATE_SET.fullmatch(name))
    for candidates in filter(None, sets):
        sized = [(float(one[2] or 1), one[1]) for one in _CANDIDATE.finditer(candidates)]
        if sized:
            return max(sized, key=itemgetter(0))[1]
    return None


def _is_second(node: LexborNode, base: str) -> bool:
    """Return whether a picture is the copy in ``noscript`` of the one before it."""
    if node.parent is None or node.parent.tag != "noscript":
        return False
    before = node.parent.prev
    while before is not None and before.tag == "-text":
        before = before.prev
    shown = before.css(PICTURES) if before is not None else []
    return any(_picture_address(each, base) for each in shown)


def _is_pixel(node: LexborNode) -> bool:
    """Return whether a picture is too small: a counter of visits, or an icon."""
    attributes = node.attributes
    found = (_NUMBER.fullmatch(attributes.get(name) or "") for name in ("width", "height"))
    sizes = [int(size[1]) for size in found if size]
    is_icon = len(sizes) == 2 and max(sizes) <= _LARGEST_ICON
    styled = _STYLED_PIXEL.search(attributes.get("style") or "")
    return bool(styled) or is_icon or any(size <= _LARGEST_PIXEL for size in sizes)


def _is_in_unseen(node: LexborNode) -> bool:
    """Return whether a picture is hidden, or in a hidden box without text."""
    if is_unseen(node):
        return True
    parent = node.parent
    while parent is not None and parent.css_first("p") is None:
        if is_unseen(parent):
            return True
        parent = parent.parent
    return False


def _caption(node: LexborNode) -> str | None:
    """Return the caption of a picture's figure, or the words found beside the picture."""
    parent = node.parent
    while parent is not None and parent.tag in ("a", "picture", "div", "span", "noscript"):
        parent = parent.parent
    if parent is None or parent.tag != "figure":
        return " ".join((node.attributes.get(CAPTION) or "").split()) or None
    caption = parent.css_first("figcaption")
    # Its plain text: the walk over paragraphs would skip a caption.
    return " ".join(caption.text_lexbor().split()) or None if caption else None


def videos(node: LexborNode, base: str) -> list[Video]:
    """Return the videos below a node, each once, also from players in escaped code.

    A frame may show anything: it is a video only if its address is like one.
    """
    return [Video(address) for address in dict.fromkeys(_players(node, base))]


def _players(node: LexborNode, base: str) -> Iterator[str]:
    """Yield the addresses of players, in the order of the page."""
    for player in _player_nodes(node):
        addresses = (absolute(address, base) for address in _player_addresses(player))
        found = next(filter(None, addresses), None)
        if found and (player.tag not in _FRAMES or is_video(found)):
            yield found


def _player_addresses(player: LexborNode) -> Iterator[str | None]:
    attributes = {name: value for name, value in player.attributes.items() if value}
    if number := attributes.get("data-videoid") or attributes.get("videoid"):
        yield f"https://www.youtube.com/embed/{number}"
    yield attributes.get("src")
    yield attributes.get("url")
    late = (name for name in attributes if name != "src" and _LATE.fullmatch(name))
    yield from (attributes[name] for name in late if _ADDRESS.fullmatch(attributes[name]))


def is_video(address: str) -> bool:
    """Return whether a frame's address is that of a video."""
    if _PLAYER.search(address):
        return True
    return bool(_VIDEO.search(address)) and not _NO_VIDEO.search(address)


def _player_nodes(node: LexborNode) -> Iterator[LexborNode]:
    for found in node.css(f"{_PLAYERS}, {_BY_NUMBER}, {_PLAYER_CODE}"):
        is_code = found.tag == "code"
        yield from parse_fragment(found.text_lexbor()).css(_PLAYERS) if is_code else [found]
    text = node.text_lexbor()
    if "<" in text and "<iframe" in text.lower():  # the code may be in a plain paragraph
        yield from parse_fragment(text).css(_PLAYERS)
