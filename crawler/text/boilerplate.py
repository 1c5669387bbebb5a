"""Lines of boilerplate that sites all over the web put into their texts."""

import re

_LONGEST = 160  # characters
_NETWORK = r"(?:facebook|twitter|x|instagram|youtube|linkedin|telegram|whatsapp|tiktok|threads)"
_LINES = (
    r"(?:advertis(?:ement|ing)|anzeige|werbung|reklam[ae]?|publicité|publicidade?|pubblicità"
    r"|реклама):?|(?:article|story) continues (?:below|after)\b.*",
    r"广告|廣告|広告|광고",
    r"(?:read|see|lire|lisez|ver|leia|lea|lees|läs|les|leggi|czytaj|читайте)\s.{0,12}"
    r"(?:more|also|aussi|también|também|ook|också|även|også|anche|też|także|также)\b.*",
    r"(?:related|more|mehr zum thema|auch interessant|sur le même sujet|(?:новости )?по теме)"
    r"(?: (?:articles?|stories|news|links?|content|posts?))?:?",
    r"related(?: (?:posts?|articles?|stor(?:y|ies)|news|links?|content))?\s*:\s*.+",
    r"[【\[]?(?:相关(?:新闻|阅读|链接|报道)|関連記事|관련기사)[】\]]?[:：]?",
    r"(?:photo|foto|image|bild|фото|图片?|写真|사진)(?: credits?)?\s*[:：/©].{0,80}",
    r"(?:image|photo|bild|foto) \d+ (?:of|/|von|de|di) \d+",
    r"(?:share|print|e-?mail|tweet|comments?|copy link|teilen|drucken|partager|imprimer"
    r"|compartir|condividi|stampa|поделиться|распечатать|версия для печати|комментарии)"
    r"(?:\s*\(?\d+\)?)?:?",
    r"(?:share|print|rate|e-?mail) (?:this|the) (?:article|story|page|post|news)\b.{0,30}",
    r".{0,12}扫(?:描|一扫)?.{0,10}二维码.{0,20}",
    r"打印|分享到?|收藏|评论|【?字[号號].{0,20}|.{0,20}手机看(?:新闻|报).{0,60}",
    r"[【\[(（]?\s*(?:责任编辑|責任編輯|责编|编辑|編輯)\s*[:：].{0,30}",
    r"(?:watch now|now playing|view (?:all|gallery)|continue reading)(?: \(\d+\))?",
    r"(?:sign up|subscribe|follow us|click here)\b.*",
    rf"follow [^.!?]{{1,60}} on {_NETWORK}(?:(?:,? and |,? or |, ?| ?/ ?| ?& ?){_NETWORK})*[.!]?",
    r"(?=.*\b(?:links?|this (?:page|article|site))\b)"
    r".{0,90}\bmay (?:earn|receive)\b.{0,40}\bcommissions?\b.*",
    r"(?:©|copyright\b).*|all rights reserved\.?",
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


def without_boilerplate(text: str) -> str:
    """Return a paragraph without lines that print, share, advertise, or link elsewhere."""
    if _ESCAPED_CODE.fullmatch(text):
        return ""
    lines = _LINK_NOTE.sub("", text).split("\n")
    return "\n".join(line for line in lines if not _is_boilerplate(line))


def _is_boilerplate(line: str) -> bool:
    if len(line) <= _LONGEST and _LINE.fullmatch(line):
        return True
    if len(line) <= _LONGEST_PROMOTION and (_PROMOTION.search(line) or _CAPTION.fullmatch(line)):
        return True
    return len(line) <= _LONGEST_CONSENT and bool(_CONSENT.match(line))
