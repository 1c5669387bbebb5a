"""The persons in lists of authors, as metadata and marked bylines of many sites have them.

The agency itself is no author, nor is a link, a job or a template's placeholder. Words that
announce a name (`By`) or describe a job are no part of it. Names keep the spelling of the page.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from crawler.model.article import Person
from crawler.model.rules import BylineRules
from crawler.text.folding import APOSTROPHES
from crawler.text.job_titles import JOBS, NEWSROOMS, NOBODY, PARTICLES, QUALIFIERS, SURNAMES
from crawler.text.plain_text import fold, folded_words, in_one_script

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_ACCOUNT = re.compile(rf"<?{_EMAIL.pattern}>?|(?<!\S)@\w+")
_ADDRESS = re.compile(r"(?:https?:)?//\S+|\bwww\.\S+")
_SEPARATORS = r"[,;、，；|/•\n]|\s[–—·-]\s|(?<=[가-힣])·(?=[가-힣])"
# In the languages of the agencies; an agency's own words come from its rules.
_ANNOUNCING = (
    "by",
    *("written by", "posted by", "posts by", "view all posts by", "articles by", "published by"),
    *("story by", "reported by", "text by", "author"),
    *("автор", "авторы", "автори", "текст", "подготовил", "подготовила", "беседовал"),
    *("беседовала", "записал", "записала", "muallif", "муаллиф", "yazan", "muhabir"),
    "记者",
    "作者",
)
# Announces a full name; before a surname alone it may be part of the name.
_BEFORE_FULL_NAME = re.compile(r"\A\s*(?:par|por|von|di)\s+(?=[^\W\d_]+\s+[^\W\d_])", re.IGNORECASE)
_JOINERS = ("and", "&", "+", "with", "u.", "и", "та", "і", "ve", "و")
# Joins two full names; in `Ortega y Gasset` it is part of one.
_JOINERS_OF_FULL_NAMES = (
    *("y", "e", "i", "et", "und", "en", "och", "og", "ja", "ir", "un", "a", "és", "și", "dhe"),
    *("va", "ва", "жана", "və", "và", "dan", "at", "kaj", "και", "და", "և", "und", "eta", "agus"),
)
_FULL_NAME = rf"[^\W\d_][\w.{APOSTROPHES}-]*(?:\s[\w.{APOSTROPHES}-]+)+"
_SUFFIX = re.compile(
    r",\s*(?=(?:Jr|Sr|II|III|IV|Esq|M\.?D|Ph\.?\s?D|J\.?D|M\.?B\.?A|M\.?P\.?H|M\.?S|R\.?N|R\.?D|D\.?O"
    r"|CPA|CFP|LCSW|DDS|DVM|OBE|MBE|CBE|MSN|BSN|RDN|LDN|FAC[PS]|LMFT|DMD|DPT|(?:Pharm|Psy|Ed)D)"
    r"\b\.?(?:\s*[,;]|\s+and\b|\s*\Z))"
)
_KEPT_COMMA = "\ufdd0"  # not a character of names: replaces the comma before a suffix
_SUFFIXED = re.compile(rf"{_KEPT_COMMA}\S+\Z|\s(?:Jr|Sr|Esq)\.\Z")
_CODE = re.compile(r"[{}\[\]<>$%@#=_\\\d]|:")
_HOST = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}")
# A site's own name: `wire.example, Oak Valley, Utopia`; `The Wire (www.wire.example)`.
_IMPRINT = re.compile(
    rf"\s*{_HOST.pattern}\s*,[^,]+,[^,]+|.*\((?:https?://|www\.)[^\s()]+\)\s*", re.DOTALL
)
_SHORTHAND = re.compile(r"\s*\([^()]*\)?\Z")
_LONGEST = 80  # characters of a name; a longer text is a sentence
# Endings of jobs, and of newspapers and agencies, in languages without spaces.
_JOB_ENDS = ("记者", "記者", "编辑", "編輯", "通讯员", "通訊員", "评论员")
_ORGANISATION_ENDS = (
    "部", "网", "網", "社", "报", "報", "新闻", "新聞", "台", "通信", "デジタル",
    "オンライン", "뉴스", "신문", "일보", "통신", "방송",
)  # fmt: skip
_AT = frozenset({"at", "of", "for", "in", "bei"})  # behind a job: `Writer at Large`
_MOST_SMALL = 2  # words of a name that is written without capitals
_LONGEST_ACRONYM = 4  # letters; so `AFP` is no person
_WORD = re.compile(r"[^\W_]+")
# Chinese names have no space within: `王木 李果` are two; `王　木` is one with a filling space.
_STRETCHED = re.compile(r"(?<![^\s,、，])([\u4e00-\u9fff])\s+([\u4e00-\u9fff])(?![^\s,、，])")
_BETWEEN = r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])"

_TWO_FULL_NAMES = re.compile(
    rf"({_FULL_NAME})\s(?:{'|'.join(sorted(_JOINERS_OF_FULL_NAMES))})\s({_FULL_NAME})"
)


def emails(text: str) -> list[str]:
    """Return the e-mail addresses in a text. A byline may have nothing else."""
    return _EMAIL.findall(text)


def read_authors(values: Iterable[str], rules: BylineRules) -> list[Person]:
    """Return the persons named in texts, each once, in order."""
    names = (name for name in _names(values, rules) if not _is_no_person(name, rules))
    return [Person(name) for name in dict.fromkeys(names)]


def read_organisations(values: Iterable[str], rules: BylineRules) -> list[str]:
    """Return the agencies and newsrooms named in texts, each once, in order."""
    names = (name for name in _names(values, rules) if _is_organisation(name, rules))
    return list(dict.fromkeys(names))


def _names(values: Iterable[str], rules: BylineRules) -> Iterable[str]:
    """Yield the names in texts, of persons and of others."""
    own = (value for value in values if not _IMPRINT.fullmatch(value))
    for part in (part for value in own for part in _parts(value, rules)):
        text = _SHORTHAND.sub("", " ".join(part.split())) or part
        is_suffixed = _SUFFIXED.search(text)
        name = text if is_suffixed else _without_job(text.strip("()[].:").strip(), rules)
        is_text = any(map(str.isalpha, name)) and not _CODE.search(name)
        if is_text and len(name) <= _LONGEST:
            yield name.replace(_KEPT_COMMA, ", ")


def _parts(value: str, rules: BylineRules) -> Iterable[str]:
    """Split a text into names."""
    text = in_one_script(_ADDRESS.sub(" ", _ACCOUNT.sub(" ", value)))
    text = _STRETCHED.sub(r"\1\2", _without_opening(text, (*_ANNOUNCING, *rules.lead)))
    text = _SUFFIX.sub(_KEPT_COMMA, text)
    joiners = "|".join(re.escape(word) for word in (*_JOINERS, *rules.joiners))
    for part in re.split(rf"{_SEPARATORS}|\s(?:{joiners})\s", text):
        words = re.split(_BETWEEN, part.strip())
        # Chinese names are separated by a space, Japanese ones contain one.
        is_one = len(words) == 2 and not any(word[0] in SURNAMES for word in words)
        for name in [part.strip()] if is_one else words:
            yield from _full_names(name)


def _full_names(text: str) -> Iterator[str]:
    """Split two full names; the word between them is small, unless all is in capitals."""
    joined = _TWO_FULL_NAMES.fullmatch(text.lower() if text.isupper() else text)
    if joined is None or len(text) > 2 * _LONGEST:
        yield text
        return
    yield from _full_names(text[: joined.end(1)])
    yield text[joined.start(2) :]


def _without_opening(text: str, words: tuple[str, ...]) -> str:
    """Remove the words that announce a name, the longest first."""
    return _BEFORE_FULL_NAME.sub("", _opening(words).sub("", text))


@lru_cache(maxsize=256)
def _opening(words: tuple[str, ...]) -> re.Pattern[str]:
    choices = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    opening = rf"\A(?:\s*(?:{choices})(?:\s*[:：]|\s+|(?<=[\u3000-\u9fff])))+\s*"
    return re.compile(opening, re.IGNORECASE)


def _without_job(name: str, rules: BylineRules) -> str:
    """Remove the job at the end of a name, but not a job that stands alone."""
    for title in rules.titles:
        name = re.sub(rf"(?<=\w)\s+{re.escape(title)}\Z", "", name, flags=re.IGNORECASE)
    return without_jobs(name)


def without_jobs(name: str) -> str:
    """Remove jobs at both ends of a name, unless nothing would be left."""
    words = name.split()
    jobs = [place for place, word in enumerate(words) if fold(word) in JOBS]
    if not jobs:
        return name
    start, end = 0, jobs[0]
    while end and fold(words[end - 1]) in QUALIFIERS:
        end -= 1
    if end == 0:
        start, end = jobs[-1] + 1, len(words)
    rest = words[start:end]
    is_cased = name.lower() != name.upper()
    is_name = len(rest) > is_cased and fold(rest[0]) not in _AT
    return " ".join(rest) if is_name else name


def _is_no_person(name: str, rules: BylineRules) -> bool:
    """Return whether a name is an organisation's (`AGENCY Staff`), is a job, or is no name."""
    words = _words(name).split()
    return (
        _is_organisation(name, rules)
        or _HOST.fullmatch(name) is not None
        or " ".join(words) in folded_words(rules.titles)
        or any(word in NEWSROOMS or word in JOBS for word in words)
        or all(word in NOBODY or word in QUALIFIERS for word in words)
        or words[0] == "the"
        or words[-1].endswith(_JOB_ENDS)
        or _is_description(name)
    )


def _is_organisation(name: str, rules: BylineRules) -> bool:
    """Return whether a name contains the agency's, is an acronym, or is a newsroom's."""
    folded = _words(name)
    is_agency = any(_words(label) in folded for label in rules.agency)
    return is_agency or _is_acronym(name) or _is_newsroom(folded.split())


def _is_newsroom(words: Sequence[str]) -> bool:
    """Return whether folded words name a newsroom: `Oak Agency`, but not only `News Desk`."""
    if words[-1].endswith(_ORGANISATION_ENDS):
        return True
    own = set(words) - {"the"} - NEWSROOMS - NOBODY - QUALIFIERS
    is_marked = words[0] == "the" or not NEWSROOMS.isdisjoint(words)
    return is_marked and bool(own) and own.isdisjoint(JOBS)


def _is_acronym(name: str) -> bool:
    return name.isupper() and name.isalpha() and len(name) <= _LONGEST_ACRONYM


def _is_description(name: str) -> bool:
    """Return whether a text has words that no name has: a description or a sentence."""
    words = name.split()
    small = [word for word in words if word[0].islower() and fold(word) not in PARTICLES]
    is_small = len(small) == len(words) <= _MOST_SMALL
    return not is_small and (len(small) > 1 or (bool(small) and len(words) > 3))


def _words(name: str) -> str:
    """Return only the words, because an agency's name may be in quotation marks."""
    return f" {' '.join(_WORD.findall(fold(name)))} "
