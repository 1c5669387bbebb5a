"""What the data card says of edits, near-duplicates and translations: how they were found."""

from crawler.release.sketch import LETTERS, LIKE
from crawler.states import REVISIT_AGES

_HOURS = ", ".join(f"{age / 3600:.0f}" for age in REVISIT_AGES)


def method(near_duplicates: int) -> str:
    """Return the section, for a release with so many near-duplicates."""
    return f"""\
## Edits, duplicates, translations

- An **edit** is a row in `versions/` with the change `edited`; `reparsed` says that our
  reading got better, not that the site changed; `older` is a state found in a web
  archive. Newest is what was fetched last; a row whose `fetched_at` lies after that of a visit
  recorded later (`version` is the order of recording) was dated by a false clock, and is older.
- **What happened between two visits was not seen.** `fetched_at` of an edit is when it was
  found, not when it was made; two edits between two visits are one, and one before the first
  visit (`first_seen_at`) is none. By default an article is visited again {_HOURS}
  hours after publication, then once a year, or by the next run after that. A visit that found
  nothing new leaves no row. So counts of edits and deletions are lower bounds; compare articles
  that were first seen equally soon after publication.
- **Near-duplicates** are kept and marked. Two texts are alike if at least {LIKE:.0%} of their runs
  of words, those of both taken together, are the same; both scripts of an Uzbek text are read
  as one. A run has two to four words on average, of Arabic one and of Chinese three letters: there
  the mark is a weaker sign. `links/` names the earlier article that is most alike, and how much.
  `near_duplicate_of` follows these links to the first, which may be less alike. Where a text
  was withdrawn, the mark of its copies stays. Marked here: {near_duplicates:,}.
- **Translations** share a `story`. Their evidence stands in `links/`: `api` (the source
  says so), `text` (nearly the same), `image` (the same picture within three days),
  `minute` (the same minute and section; the weakest, leave it out where it matters).
  `image` and `minute` count only where half of the figures and names agree.
- **An article is compared only with those of its own month and of the month before**,
  and by the first {LETTERS:,} letters of its text. A copy or a translation that came
  later is not marked, and is a story of its own here.
"""
