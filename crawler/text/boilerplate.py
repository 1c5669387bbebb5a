"""Lines of boilerplate that sites all over the web put into their texts.

``boilerplate.toml`` has their words in many languages. Uzbek is known in its new letters, too.
"""

import re
import tomllib
from collections.abc import Iterable
from importlib.resources import files

from crawler.text.orthography import latin_spellings
from crawler.text.plain_text import fold

_TOLD = tomllib.loads(files("crawler.text").joinpath("boilerplate.toml").read_text("utf-8"))
_WORD = re.compile(r"[^\W\d_]+")


def _folded(lines: Iterable[str]) -> frozenset[str]:
    return frozenset(fold(spelling) for line in lines for spelling in latin_spellings(line))


def _words(kind: str) -> frozenset[str]:
    return frozenset(_WORD.findall(" ".join(_folded([_TOLD[kind]]))))


_DEEDS, _OBJECTS, _NETWORKS = _words("deeds"), _words("objects"), _words("networks")
_LABELS, _NAMED = _folded(_TOLD["labels"]), _folded(_TOLD["named"])
_PHRASES, _CHANNELS = _folded(_TOLD["phrases"]), _folded(_TOLD["channels"])
_NUMBER = re.compile(r"\A[\d.,\s]+|[\d.,\s]+\Z")
_BAR = re.compile(r"\s*[|│•·/]\s*")
_EDGES = " \t|/:：·•*»«>›▶►▼▲[]()【】（）《》…-"
_ENDED = (".", "!", "?", "。", "！", "？", '"')
_MOST_DEEDS = 12  # words

_LONGEST = 160  # characters
_NETWORK = r"(?:facebook|twitter|x|instagram|youtube|linkedin|telegram|whatsapp|tiktok|threads)"
_LINES = (
    r"(?:article|story) continues (?:below|after)\b.*",
    r"(?:read|see|lire|lisez|ver|leia|lea|lees|läs|les|leggi|czytaj|читайте)\s.{0,12}"
    r"(?:more|also|aussi|también|também|ook|också|även|også|anche|too|także|также)\b.*",
    r"related(?: (?:posts?|articles?|stor(?:y|ies)|news|links?|content))?\s*:.*",
    r"[\[(]?(?:photo|foto|image|bild|фото|图片?|写真|사진)(?: credits?)?\s*[:：/©].{0,80}",
    r"(?:image|photo|bild|foto) \d+ (?:of|/|von|de|di) \d+",
    r"(?:page|seite|página|pagina|страница|sayfa) \d+ (?:of|/|von|de|di|sur|из) \d+",
    r"(?:share|print|rate|e-?mail) (?:this|the) (?:article|story|page|post|news)\b.{0,30}",
    r".{0,12}扫(?:描|一扫)?.{0,10}二维码.{0,20}",
    r"【?字[号號].{0,20}|.{0,20}手机看(?:新闻|报).{0,60}",
    r"[【\[(（]?\s*(?:责任编辑|責任編輯|责编|编辑|編輯)\s*[:：].{0,30}",
    r"(?:sign up|subscribe|follow us|click here)\b.*",
    rf"follow [^.!?]{{1,60}} on {_NETWORK}(?:(?:,? and |,? or |, ?| ?/ ?| ?& ?){_NETWORK})*[.!]?",
    r"(?=.*\b(?:links?|this (?:page|article|site))\b)"
    r".{0,90}\bmay (?:earn|receive)\b.{0,40}\bcommissions?\b.*",
    r"(?:©|copyright\b).*|loading(?:\.\.\.|…)",
)
_LINE = re.compile("|".join(f"(?:{line})" for line in _LINES), re.IGNORECASE)
# HTML that was escaped by mistake; a browser would not show it otherwise.
_ESCAPED_CODE = re.compile(
    r"(?:\s*<(?:img|script|noscript|iframe|style|link|meta)\b[^<>]*>)+\s*", re.IGNORECASE
)
# Labels for screen readers, in place of a link's icon.
_LINK_NOTE = re.compile(
    r"\s*\((?:link )?(?:opens in (?:a )?new (?:tab|window)"
    r"|öffnet (?:in einem|im) neuen (?:Tab|Fenster)"
    r"|s[’']ouvre dans (?:une nouvelle fenêtre|un nouvel onglet)|se abre en (?:una )?ventana nueva"
    r"|si apre in (?:una )?nuova finestra|abre em nova janela|откроется в новом окне)\)"
    r"|, ?opens (?:in a )?new tab(?!\w)",
    re.IGNORECASE,
)
# Placeholders for external content, until a reader agrees to load it.
_LONGEST_CONSENT = 400  # characters
_CONSENT = re.compile(
    r"\A(?:empfohlener (?:redaktioneller|externer) inhalt\Z|link zum \S+-inhalt\Z"
    r"|an dieser stelle finde(?:n sie|st du) einen\b.*\bexternen inhalt"
    r"|(?:ich bin|sind sie) damit einverstanden, dass .*\binhalte?\b"
    r"|personenbezogene daten können an drittplattformen"
    r"|(?:du kannst|sie können) .*\bmit einem klick anzeigen"
    r"|to (?:view|see) this (?:content|embed|video|post),? (?:please )?(?:accept|enable|allow)"
    r"|we need your (?:consent|permission) to (?:load|show|display)"
    r"|nous avons besoin de votre (?:accord|consentement)|ce contenu est (?:bloqué|hébergé))",
    re.IGNORECASE,
)
_CAPTION = re.compile(
    r".*\((?:image|photo|picture|pic|foto|bild|imagen|фото)s?(?: credits?)?\s*:[^()]{2,60}\)",
    re.IGNORECASE,
)
_LONGEST_PROMOTION = 250  # characters, also of a caption
_PROMOTION = re.compile(
    r"(?:\A|[.!?:,;]\s*|\b(?:please|and)\s+)(?:sign up|subscribe|register) (?:for|to)"
    r" (?:our|the|\w+[’']s) (?:[\w’' -]{0,40}? )?newsletters?\b"
    r"|\bnewsletter\b.{0,20}\b(?:anmelden|abonnieren)\b"
    r"|\binscrivez-vous à (?:notre|nos|la) newsletters?\b|\biscriviti alla (?:nostra )?newsletter\b"
    r"|\bsuscríb(?:ete|ase) (?:a|en) nuestr[oa]s? \w+"
    r"|\b(?:подписывайтесь|підписуйтесь) на (?:наш|канал)",
    re.IGNORECASE,
)
# Asks readers to follow one of ``_CHANNELS``.
_FOLLOW = re.compile(
    r"\b(?:sign up|subscribe|join|follow|download)\b.{0,30}\b(?:our|us)\b"
    r"|\b(?:melden sie sich|abonnieren sie|folgen sie uns|jetzt abonnieren|folge uns)\b"
    r"|\b(?:abonnez|inscrivez|suivez|rejoignez|retrouvez)-(?:vous|nous)\b"
    r"|\b(?:suscríb(?:ete|ase)|síg[ua]e?nos|síguenos|únete|siga-nos|inscreva-se|assine)\b"
    r"|\b(?:iscriviti|seguici|abbonati)\b"
    r"|\b(?:подписывайтесь|подпишитесь|присоединяйтесь|читайте нас|в наш(?:ем|их)?)\b"
    r"|\b(?:підписуйтесь|підписуйтеся|підпишіться|приєднуйтесь|приєднуйтеся|читайте нас)\b"
    r"|\b(?:(?:obuna|a.zo) b(?:o.|ö)ling|обуна бўлинг|аъзо бўлинг)"
    r"|\b(?:abone ol(?:un)?|takip edin|bizi takip)\b"
    r"|(?:请|欢迎|敬请|扫码)关注|关注我们|구독하|フォローし|友だち追加"
    r"|\b(?:تابعونا|تابعنا|اشتركوا|اشترك|انضموا)\b|دنبال کنید|بپیوندید",
    re.IGNORECASE,
)


def without_boilerplate(text: str) -> str:
    """Return a paragraph without lines that print, share, advertise, or link elsewhere."""
    if _ESCAPED_CODE.fullmatch(text):
        return ""
    lines = _LINK_NOTE.sub("", text).split("\n")
    return "\n".join(line for line in lines if not _is_boilerplate(line))


def _is_boilerplate(line: str) -> bool:
    if len(line) <= _LONGEST and (_LINE.fullmatch(line) or _is_told(fold(line))):
        return True
    if len(line) <= _LONGEST_PROMOTION and (_PROMOTION.search(line) or _CAPTION.fullmatch(line)):
        return True
    return len(line) <= _LONGEST_CONSENT and bool(_CONSENT.match(line))


def _is_told(line: str) -> bool:
    """Return whether a folded line has the words of boilerplate in ``boilerplate.toml``."""
    if any(map(line.__contains__, _PHRASES)) or all(map(_is_label, _BAR.split(line.strip(_EDGES)))):
        return True
    name, colon, _ = line.replace("：", ":").partition(":")
    is_named = colon and name.strip(_EDGES) in _NAMED
    is_channel = any(map(line.__contains__, _CHANNELS))
    return bool(is_named or _is_for_sharing(line) or (is_channel and _FOLLOW.search(line)))


def _is_label(line: str) -> bool:
    return _NUMBER.sub("", line).strip(_EDGES) in _LABELS


def _is_for_sharing(line: str) -> bool:
    """Return whether a folded line has only words of links that share, print or rate."""
    words = _WORD.findall(line)
    if not 0 < len(words) <= _MOST_DEEDS or line.endswith(_ENDED):
        return False
    is_deed = not _DEEDS.isdisjoint(words) and _NETWORKS.union(_DEEDS, _OBJECTS).issuperset(words)
    return is_deed or (len(words) > 1 and _NETWORKS.issuperset(words))
