"""Persons whom a story names as its reporters: beside it, at its start and at its end.

A name counts only where reporters are named: after a word that announces it, after the agency in a
dateline, or as a signature. Every word of it must be one that names are made of.
"""

import re
from collections.abc import Iterator

from crawler.text.byline import MOST_WORDS, spell_name
from crawler.text.job_titles import COMMON, JOBS, NEWSROOMS, NOBODY, PARTICLES, SURNAMES
from crawler.text.persons import without_jobs
from crawler.text.plain_text import fold

_BY = (
    r"(?:by|(?:written|words|text|texts|story|reported|posted|report) by|von|par|por|di|door|av|af"
    r"|ein(?:e)? \w+ von|propos recueillis par|(?:dal nostro )?(?:inviato|corrispondente)|redacción"
    r"|texte?|texto|testo|tekst|autor(?:in|a|es|as)?|auteurs?|autor[ei]|authors?|writer|reporter"
    r"|авторы?|автори|текст|подготовил[аи]?|записал[аи]?|підготува(?:в|ла)|muallif|муаллиф"
    r"|беседовал[аи]?|розмовля(?:в|ла)|корреспондент|кореспондент|muxbir|мухбир|muhabir"
    r"|yazan|haber|hazırlayan|napisał[ay]?|opracował[ay]?|بقلم|كتبت?|إعداد|نویسنده|خبرنگار"
    r"|گزارش(?: از)?)"
)
_ANNOUNCED = re.compile(rf"{_BY}(?:\s*[:：]\s*|\s+)(?P<names>.+)", re.IGNORECASE)
_BEHIND = (
    r"tayyorladi|тайёрлади|reports|berichtet|сообщает|,\s*(?:muxbir|мухбир|корреспондент|кореспондент"
    r"|журналист|muhabir|correspondent|reporter|corresponsal|journaliste?|korrespondent(?:in)?)"
)
_WITH_JOB = re.compile(rf"(?P<names>[^,]{{5,60}}?)\s*\b(?:{_BEHIND})\.?", re.IGNORECASE)
# What is no name in a byline: a bracket, a place, a time, a number of comments.
_NO_NAME = re.compile(
    r"\s*\([^()]*\)|\s+(?:in|from|aus|à|em)\s+[A-ZÀ-Þ][\w.-]*(?:\s[A-ZÀ-Þ][\w.-]*)*"
    r"|\s+(?:at|um|à|às|alle|в)\s\d{1,2}[:.h]\d\d\s*(?:[AaPp]\.?[Mm]\.?)?\Z"
    r"|\s+(?:on|at|am|um|le|à|el|em|às|il|alle)\Z|\s+\d+\s[Cc]omments?\Z"
)
_JOINED = re.compile(r"\s*[,;/&]\s*|\s+(?:and|und|et|y|e|i|и|та|і|ve|va|ва|och|og|en)\s+")
_LABEL = r"[^\W\d_][\w’‘ʻ'-]{1,6}"
_SIGNATURE = re.compile(
    rf"[\s—–-]*(?P<names>.{{4,}}?)(?:\)?,\s*(?P<label>{_LABEL})|/(?P<slashed>{_LABEL})"
    rf"|\s*\((?:\w+ )?(?P<within>{_LABEL})\)|,\s*(?P<quoted>[«“\"][^«»“”\"]+[»”\"]))\.?"
)
_IN_BRACKET = re.compile(r"\([^()]*\)?")
_LONGEST_LINE = 120

_HAN = r"[\u4e00-\u9fff]"
_HAN_NAME = re.compile(rf"{_HAN}{{2,4}}|{_HAN}{{1,8}}·{_HAN}{{1,8}}")
_HAN_JOB = r"(?:记者|記者|评论员|評論員|作者)"
_HAN_OTHERS = re.compile("通讯员|通訊員|摄影|攝影|编辑|編輯|摄|攝")
_IN_BRACKETS = re.compile(
    rf"[（(](?:[^（()）\n]{{0,10}}{_HAN_JOB}[\s:：]*)([^（()）\n]{{2,50}})[)）]"
)
_BARE_IN_BRACKETS = re.compile(
    r"[电電]\s*[（(]([^（()）\n]{2,30})[)）]|[（(](?:\S{2,6}\s)?([^（()）\n]{2,12})[)）]\Z"
)
_ON_A_LINE = re.compile(rf"^{_HAN}{{0,10}}\s?{_HAN_JOB}[\s:：]+(?P<names>.{{2,30}})$", re.MULTILINE)
_HAN_LABELLED = re.compile(
    rf"(?:^|[\s|])(?:{_HAN_JOB}|撰文|文)\s*[:：/／]\s*(?P<names>{_HAN}{{2,4}}(?:[、\s]{_HAN}{{2,4}})*)(?=$|[\s|])"
)
_HAN_BRACKETED = re.compile(
    rf"(?:[（(]完[)）])?[（(]{_HAN}{{0,6}}{_HAN_JOB}[\s:：·・]*(?P<names>[^（()）]{{2,30}})[)）]"
)
_REPORTS = re.compile(
    rf"{_HAN_JOB}\s*({_HAN}{{2,4}}?)\s*(?:\d{{1,2}}月\d{{1,2}}日)?(?:报道|報道|报导|報導)"
)
_SIGNS = re.compile(rf"(?:[。！？”]|^){_HAN}{{0,4}}{_HAN_JOB}[\s:：]*(\S{{2,4}})\Z", re.MULTILINE)

_KOREAN = re.compile(
    r"([가-힣]{2,4}(?:[·,\s]+[가-힣]{2,4})*)\s*(?:선임|수습|인턴)?(?:기자|특파원)\s*="
)
_KOREAN_LINE = re.compile(
    r"[\[/(]?(?:[^\]=\n]{1,12}=)?(?P<names>[가-힣]{2,4}(?:[·,\s]+[가-힣]{2,4})*)"
    r"\s+(?:선임|수습|인턴)?(?:기자|특파원)[\])]?(?:\s+\S+@\S+)?"
)
_KOREAN_BRACKETED = re.compile(
    r"\A[\[【][^\[\]【】\n]{0,12}\s([가-힣]{2,4})\s(?:기자|특파원)[\]】]"
)
_JAPANESE = re.compile(rf"\A[【（(][^【】（()）\n]{{1,12}}[=＝]([{_HAN[1:-1]}、・]{{2,30}})[】）)]")
# `(Agency, Name) –`; `Place, 4 January - Agency, Name.`
_BEHIND_AGENCY = (
    re.compile(r"\([^(),\n]{2,40},\s*(?:by\s+)?([^()\n]{4,80})\)\s*[-–—:]"),
    re.compile(r"\s/[^/,\n]{2,40},\s*([^/\n]{4,80})/[.\s]"),
    re.compile(r"\A[^\n]{2,60}?\d[^\n]{0,20}?\s[-–—]\s[^\n.,]{2,40},\s([^\n.]{5,80})\.\s"),
)
_REPORTING_BY = re.compile(
    r"(?:\(|^)(?:Reporting|Writing|Reporting and writing) by ([^;()]+?)(?: in [^;()]+)?(?:[;)]|$)",
    re.IGNORECASE | re.MULTILINE,
)
_MOST_WORDS = 3  # of a name without announcement; four capitals may be a list of tags
_LONGEST_ACRONYM = 4
_OPENING, _END = 400, 300  # characters of a text that are searched for its reporters


def read_announced(line: str) -> list[str]:
    """Return the names of a line that is only a byline: `By Ana Kaya, Oak`."""
    if len(line) > _LONGEST_LINE:
        return []
    if match := _HAN_LABELLED.search(line) or _HAN_BRACKETED.fullmatch(line):
        return _han_names(match["names"], is_sure=True)
    if match := _KOREAN_LINE.fullmatch(line):
        return re.split(r"[·,\s]+", match["names"])
    match = _ANNOUNCED.fullmatch(line) or _WITH_JOB.fullmatch(line) or _ON_A_LINE.fullmatch(line)
    return read_names(_NO_NAME.sub("", match["names"]), is_sure=True) if match else []


def read_names(line: str, *, is_sure: bool = False) -> list[str]:
    """Return the full names that a line consists of. Empty if it has any other word.

    ``is_sure``: the line certainly has names, perhaps before a place or the agency.
    """
    if len(line) > _LONGEST_LINE or (not is_sure and _ANNOUNCED.fullmatch(line)):
        return []
    if names := _han_names(line, is_sure=is_sure):
        return names
    parts = [without_jobs(part) for part in _JOINED.split(line.strip(" .—–-:|")) if part]
    most = MOST_WORDS if is_sure else _MOST_WORDS
    is_loud = bool(parts) and parts[0].isupper()  # the rest of the line is the paper's name
    names = [
        part
        for part in parts
        if _is_name(part, most) and (part.isupper() if is_loud else not _is_label(part))
    ]
    is_whole = bool(names) and (names == parts or (is_sure and names[0] == parts[0]))
    return names if is_whole else []


def read_signature(line: str) -> list[str]:
    """Return the names of a signature with the agency's letters: `Ana Kaya (photo), AFP`."""
    match = _SIGNATURE.fullmatch(line) if len(line) <= _LONGEST_LINE else None
    if match is None:
        return []
    label = match["label"] or match["slashed"] or match["within"] or ""
    is_small = label == match["slashed"] and len(label) <= _LONGEST_ACRONYM and label.islower()
    if not match["quoted"] and sum(map(str.isupper, label)) < 2 and not is_small:
        return []
    return read_names(_IN_BRACKET.sub("", match["names"]), is_sure=True)


def _is_name(text: str, most: int) -> bool:
    """Return whether a text is a name of at least two words without another meaning."""
    words = text.split()
    folded = {fold(word).strip(".") for word in words}
    if (
        text[:1].islower()
        or len(words) > most
        or folded & (COMMON | JOBS | NEWSROOMS)
        or folded <= NOBODY
    ):
        return False
    return len((spell_name(words, PARTICLES) or "").split()) > 1


def _is_label(text: str) -> bool:
    """Return whether a text begins with an agency's letters, such as `AFP`."""
    word = text.split()[0]
    return word.isupper() and word.isalpha() and 1 < len(word) <= _LONGEST_ACRONYM


def find_reporters(body: str) -> Iterator[list[str]]:
    """Yield the reporters named at the start and end of a text, as lists of names."""
    opening, end = body[:_OPENING], body[-_END:].rstrip()
    for match in (*_IN_BRACKETS.finditer(opening), *_ON_A_LINE.finditer(opening)):
        yield _han_names(match[1], is_sure=True)
    yield from ([match[1]] for match in _REPORTS.finditer(opening))
    for pattern in _BEHIND_AGENCY:
        yield from (read_names(match[1], is_sure=True) for match in pattern.finditer(opening))
    korean = (*_KOREAN.finditer(opening), *_KOREAN_BRACKETED.finditer(opening))
    yield from (re.split(r"[·,\s]+", match[1]) for match in korean)
    yield from (match[1].split("、") for match in _JAPANESE.finditer(opening))
    yield from (read_names(match[1], is_sure=True) for match in _REPORTING_BY.finditer(end))
    for match in (*_IN_BRACKETS.finditer(end), *_SIGNS.finditer(end)):
        yield _han_names(match[1], is_sure=True)
    for match in (*_BARE_IN_BRACKETS.finditer(opening), *_BARE_IN_BRACKETS.finditer(end)):
        yield _han_names(match[1] or match[2] or "", is_sure=False)


def _han_names(text: str, *, is_sure: bool) -> list[str]:
    """Return the Chinese names that a text consists of, without those of other roles."""
    listed = re.sub(r"[/／]\s*文", " ", _HAN_OTHERS.split(text)[0])
    names = [name for name in re.split(r"[、，,;；\s]+", listed) if name]
    if not all(_HAN_NAME.fullmatch(name) for name in names):
        return []
    return names if is_sure or all(name[0] in SURNAMES for name in names) else []
