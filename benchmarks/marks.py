"""Reliability of the marks in a release: ``python -m benchmarks.marks [--write]``.

Near-duplicates and translations are detected in a stream of 10,000 generated articles (see
``news_stream.py``) by the code of a release, without pictures and times to help, and compared with
the known way each was made. Every mark counts in precision. Easy cases are counted separately: an
article and its twin in another spelling of Uzbek.

``--write`` saves the figures for the data card of releases.
"""

import argparse
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path

import msgspec

from benchmarks.news_stream import CHANGES, EDITS, NewsStream
from benchmarks.newswire import LANGUAGES, Piece
from benchmarks.results import table
from crawler.model.article import Article, Extractor
from crawler.release.rows import Told, read_told
from crawler.release.similarity.marks import text_of
from crawler.release.similarity.near_duplicates import Duplicates, sketch
from crawler.release.similarity.stories import Stories
from crawler.release.similarity.wire_copies import Published, ReleasedRow, WireCopies
from tests.crawler.release import near_duplicates, persons
from tests.crawler.release import translations as written_scenes

CARD = Path(__file__).parents[1] / "crawler" / "release" / "documents" / "accuracy.md"
DAYS, SEED = 31, 20
_MOMENT = "2026-03-01T00:00:00Z"


@dataclass(slots=True)
class Score:
    """Expected and detected pairs by kind, and wrong marks."""

    of: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)

    @property
    def precision(self) -> float:
        """Share of marks that are correct."""
        right = self.found.total()
        return right / ((right + self.wrong.total()) or 1)

    @property
    def recall(self) -> float:
        """Share of expected marks that were made."""
        return self.found.total() / (self.of.total() or 1)


@dataclass(slots=True)
class Judged:
    """The quality of the marks in a stream, and the CPU time per article."""

    copies: Score = field(default_factory=Score)
    twins: Score = field(default_factory=Score)
    translations: Score = field(default_factory=Score)
    wire: Score = field(default_factory=Score)
    articles: int = 0
    look_alikes: int = 0
    microseconds: float = 0.0


def row_of(piece: Piece) -> Told:
    """Return an article in the form that a release reads; sections are not used."""
    language = f"{LANGUAGES[piece.edition]}-{piece.script}"
    row = Article(
        id=piece.id,
        agency="uza",
        url=f"https://uza.uz/posts/{piece.id.partition(':')[2]}",
        edition=piece.edition,
        language=language,
        script=piece.script,
        title=piece.title,
        body=piece.body,
        published_at=f"{piece.at:%Y-%m-%dT%H:%M}:00+05:00",
        published_precision="minute",
        content_hash="0" * 64,
        first_seen_at=_MOMENT,
        fetched_at=_MOMENT,
        extractor=Extractor("current", "page", "0123456789abcdef"),
    )
    return read_told(msgspec.json.encode(row) + b"\n")


def marked(pieces: Sequence[Piece]) -> Iterator[tuple[Piece, str | None, str | None]]:
    """Yield each article with the earlier one of the same text and that of the same story."""
    duplicates, stories = Duplicates(), Stories()
    for piece in pieces:
        row = row_of(piece)
        near = duplicates.find(text_of(row, sketch(row.body, row.script)))
        _, link = stories.find(row, near.id if near else None)
        by_text = link is not None and "text" in link.evidence
        yield piece, near.id if near else None, link.earlier if link and not by_text else None


def judge(pieces: Sequence[Piece]) -> Judged:
    """Mark a stream, and compare the marks with the known pairs."""
    look_alikes = len({piece.text for piece in pieces if piece.made in CHANGES})
    judged = Judged(articles=len(pieces), look_alikes=look_alikes)
    by_id = {piece.id: piece for piece in pieces}
    texts: set[str] = set()
    told: dict[str, set[str]] = {}  # languages with an article about a story
    began = time.process_time()
    for piece, near, earlier in marked(pieces):
        _judge_text(judged, piece, by_id.get(near or ""), piece.text in texts)
        languages = told.setdefault(piece.story, set())
        _judge_story(judged, piece, by_id.get(earlier or ""), languages)
        texts.add(piece.text)
        languages.add(LANGUAGES[piece.edition])
    judged.microseconds = (time.process_time() - began) / len(pieces) * 1e6
    judged.wire = judge_wire(pieces)
    return judged


def _judge_text(judged: Judged, piece: Piece, near: Piece | None, is_copy: bool) -> None:
    score = judged.copies if piece.made in EDITS else judged.twins
    right = near is not None and near.text == piece.text
    if is_copy:
        score.of[piece.made] += 1
        score.found[piece.made] += right
    if near is not None and not right:
        judged.copies.wrong[f"{near.made}, {piece.made}"] += 1


def _judge_story(judged: Judged, piece: Piece, earlier: Piece | None, languages: set[str]) -> None:
    """Count a translation, unless its language already has the story, as in a copy."""
    language, score = LANGUAGES[piece.edition], judged.translations
    right = earlier is not None and earlier.story == piece.story
    if languages and language not in languages:
        score.of[language] += 1
        score.found[language] += right
    if earlier is not None and not right:
        score.wrong[f"{earlier.made}, {piece.made}"] += 1


def judge_wire(pieces: Sequence[Piece]) -> Score:
    """Detect copies from another agency, which publishes everything but copies and look-alikes."""
    score, copies = Score(), WireCopies()
    by_id = {piece.id: piece for piece in pieces}
    texts: set[str] = set()
    for piece in pieces:
        is_other = piece.made in EDITS or piece.made in CHANGES
        found = copies.find(_published(piece, "kun" if is_other else "uza"))
        right = found is not None and by_id[found.wire_copy_of].text == piece.text
        if piece.made in EDITS and piece.text in texts:
            score.of[piece.made] += 1
            score.found[piece.made] += right
        if found is not None and not right:
            score.wrong[f"{by_id[found.wire_copy_of].made}, {piece.made}"] += 1
        texts.add(piece.text)
    return score


def _published(piece: Piece, agency: str) -> Published:
    at = piece.at.replace(tzinfo=UTC)
    row = ReleasedRow(piece.id, agency, piece.script, piece.title, piece.body, at.isoformat())
    return Published(at, at, row)


HEAD = ("marks", "measured on", "precision", "recall")


def card(judged: Judged) -> str:
    """Return the text for the data card."""
    return "\n".join(table(HEAD, list(_rows(judged)))) + "\n"


def _rows(judged: Judged) -> Iterator[list[str]]:
    copies, twins, translations = judged.copies, judged.twins, judged.translations
    stream = f"a stream of {judged.articles:,} made-up articles"
    yield _row(
        "near-duplicates, edited",
        f"{stream}: {copies.of.total():,} copies and {judged.look_alikes:,} look-alikes",
        copies.precision,
        copies.recall,
    )
    yield _row(
        "near-duplicates, other spelling",
        f"the same: {twins.of.total():,} texts in two of the three spellings of Uzbek",
        None,
        twins.recall,
    )
    yield _row(
        "translations by `content` alone",
        f"the same: {translations.of.total():,} in three languages",
        translations.precision,
        translations.recall,
    )
    wire = judged.wire
    yield _row(
        "`wire_copy_of`",
        f"the same, of two agencies: {wire.of.total():,} copies",
        wire.precision,
        wire.recall,
    )
    precision, recall, _ = near_duplicates.measure()
    number = len(near_duplicates.pairs())
    yield _row("near-duplicates", f"{number} pairs written by hand", precision, recall)
    precision, recall = written_scenes.measure()
    number = len(written_scenes.scenes())
    yield _row("translations", f"{number} scenes written by hand", precision, recall)
    yield from _author_rows()


def _author_rows() -> Iterator[list[str]]:
    for name, of in (("key", "full names"), ("likely_key", "full names and initials")):
        for file, known in ((persons.SEEN, ""), (persons.UNSEEN, ", written after the rules")):
            told = persons.measure(file, likely=name == "likely_key")
            number = f"{told.same:,} of one person, {told.different:,} of look-alikes"
            stream = f"pairs of {of}{known}: {number}"
            yield _row(f"`{name}` of authors", stream, told.precision, told.recall)


def _row(marks: str, stream: str, precision: float | None, recall: float) -> list[str]:
    return [marks, stream, "" if precision is None else f"{precision:.3f}", f"{recall:.3f}"]


def details(score: Score) -> list[str]:
    """Return the results by kind, and the wrong marks."""
    kinds = [f"{kind}: {score.found[kind]} of {number}" for kind, number in score.of.most_common()]
    wrong = [f"{number} wrong: {kind}" for kind, number in score.wrong.most_common()]
    return kinds + wrong


def main() -> None:
    """Judge the stream, print the result, and save the figures if requested."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.marks", description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--days", type=int, default=DAYS)
    parser.add_argument("--seed", type=int, default=SEED)
    chosen = parser.parse_args()
    judged = judge(NewsStream(chosen.seed).stream(chosen.days))
    for score in (judged.copies, judged.twins, judged.translations, judged.wire):
        print("\n".join(details(score)), end="\n\n")
    text = card(judged)
    print(f"{text}\n{judged.microseconds:.0f} microseconds of processor time an article")
    if chosen.write:
        CARD.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
