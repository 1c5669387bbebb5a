"""Generates posts: the same seed and number always yield the same post."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from random import Random
from typing import get_args

from replica.bylines import draw_byline
from replica.post import DateForm, Echo, Label, Picture, Post
from replica.slugs import native_slug, old_slug
from replica.texts import CATEGORY_SLUGS, TAG_SLUGS, VOCABULARIES, Vocabulary

LANGUAGES = {
    "uz": "uz-Cyrl", "oz": "uz-Latn", "ru": "ru", "en": "en", "fr": "fr", "de": "de", "es": "es",
    "ar": "ar", "cn": "zh",
}  # fmt: skip
# On the legacy site, `oz` seems to have been Cyrillic.
LEGACY_LANGUAGES = {"uz": "uz-Latn", "oz": "uz-Cyrl", "ru": "ru", "en": "en"}
_SECTIONS = ("society", "culture", "sport", "politics", "programs/12")
_LEGACY_END = datetime(2019, 7, 1)
_SHORTEST_VARIED = 10
_NOISE = ("gallery", "filename", "title", "space", "counter")
_APOSTROPHES = "‘ʻ’'`"
_once = lru_cache(2048)  # posts; tests make the same small worlds time and again


@_once
def compose(seed: int, number: int, edition: str, published_at: datetime) -> Post:
    """Generate a post written on the current site."""
    random = Random(f"{seed}:{number}")
    language = _language(random, edition)
    vocabulary = VOCABULARIES[language]
    title = _filled(random, vocabulary, random.choice(vocabulary.headlines))
    lead, paragraphs = _text(random, vocabulary)
    bare = Post(
        id=number,
        kind="native",
        edition=edition,
        language=language,
        slug=native_slug(title, number),
        title=title,
        summary=lead,
        paragraphs=paragraphs,
        published_at=published_at,
        updated_at=published_at + timedelta(seconds=random.randrange(0, 90)),
        category=_category(random, vocabulary),
    )
    return _furnished(random, vocabulary, bare)


def _language(random: Random, edition: str) -> str:
    """The edition's language; a few posts of the Uzbek edition are in Karakalpak."""
    if edition == "uz" and random.random() < 0.06:
        return "kaa-Cyrl"
    return LANGUAGES[edition]


def _furnished(random: Random, vocabulary: Vocabulary, post: Post) -> Post:
    """The post with a byline, pictures and other parts around its text."""
    byline = draw_byline(random, post.language)
    return replace(
        post,
        byline=byline.text,
        authors=byline.authors,
        credit=byline.credit,
        tags=_tags(random, vocabulary),
        pictures=_pictures(random, vocabulary, post.published_at),
        video=_video(random),
        views=random.randrange(12, 25_000),
        noise=frozenset(name for name in _NOISE if random.random() < 0.08),
        apostrophe=random.choice(_APOSTROPHES),
    )


@_once
def compose_imported(seed: int, number: int, published_at: datetime) -> Post:
    """Generate an old post that was imported into the current site under its old slug."""
    random = Random(f"{seed}:imported:{number}")
    edition = random.choice(("uz", "oz", "ru", "en", "fr", "es"))
    post = compose(seed, number, edition, published_at)
    dated = random.random() > 0.15
    slug = old_slug(post.title, published_at.date(), random, dated=dated)
    twin = dated and edition in {"ru", "en"} and published_at < _LEGACY_END
    echo, paragraphs = _echoed(post, get_args(Echo)[1 + number % 4])
    section = random.choice(_SECTIONS[:4]) if twin else None
    return replace(
        post, kind="imported", slug=slug, echo=echo, paragraphs=paragraphs, section=section
    )


@_once
def compose_legacy(seed: int, number: int, published_at: datetime) -> Post:
    """Generate an article of the legacy site, which shows no lead of its own."""
    random = Random(f"{seed}:legacy:{number}")
    edition = random.choice(tuple(LEGACY_LANGUAGES))
    section = random.choice(_SECTIONS)
    writer = next(code for code, tag in LANGUAGES.items() if tag == LEGACY_LANGUAGES[edition])
    post = compose(seed, number, writer, published_at)
    return replace(
        post,
        kind="legacy",
        edition=edition,
        slug=_legacy_slug(random, post),
        summary=None,
        pictures=(),
        video=None,
        tags=(),
        section=section,
        date_form=_legacy_date_form(random, section),
    )


def _legacy_slug(random: Random, post: Post) -> str:
    """The slug; slugs of 2009 have a dotted date and a number."""
    slug = old_slug(post.title, post.published_at.date(), random)
    if post.published_at.year != 2009:
        return slug
    return f"{slug[:-10]}{post.published_at:%d.%m.%Y}-{post.id}"


def _legacy_date_form(random: Random, section: str) -> DateForm:
    if section.startswith("programs/"):
        return "campaign"
    return "day" if random.random() < 0.1 else "minute"


def _filled(random: Random, vocabulary: Vocabulary, template: str) -> str:
    return template.format(
        place=random.choice(vocabulary.places),
        person=random.choice(vocabulary.people),
        number=random.randrange(21, 980),
    )


def _text(random: Random, vocabulary: Vocabulary) -> tuple[str, tuple[str, ...]]:
    """Generate a lead and three to eight paragraphs without sentences of the lead."""
    deck = random.sample(vocabulary.sentences, len(vocabulary.sentences))
    lead = [deck.pop() for _ in range(random.randrange(1, 3))]
    paragraphs = []
    for _ in range(random.randrange(3, 9)):
        count = random.randrange(1, 5)
        paragraphs.append(_joined(random, vocabulary, deck[:count]))
        deck = deck[count:] + deck[:count]
    return _joined(random, vocabulary, lead), tuple(dict.fromkeys(paragraphs))


def _joined(random: Random, vocabulary: Vocabulary, templates: list[str]) -> str:
    return vocabulary.joint.join(_filled(random, vocabulary, template) for template in templates)


def _echoed(post: Post, echo: Echo) -> tuple[Echo, tuple[str, ...]]:
    """How an imported post repeats its lead; a short lead needs each word for its meaning."""
    lead = post.summary or ""
    if echo != "varied":
        return echo, post.paragraphs
    if lead.count(" ") < _SHORTEST_VARIED:
        return "same", post.paragraphs
    return echo, (_varied(lead), *post.paragraphs)


def _varied(lead: str) -> str:
    """The lead without one word, a variation found in old posts."""
    words = lead.split(" ")
    return " ".join(words[: len(words) // 2] + words[len(words) // 2 + 1 :])


def _category(random: Random, vocabulary: Vocabulary) -> Label:
    place = random.randrange(len(CATEGORY_SLUGS))
    return Label(place + 1, vocabulary.categories[place], CATEGORY_SLUGS[place])


def _tags(random: Random, vocabulary: Vocabulary) -> tuple[Label, ...]:
    places = random.sample(range(len(TAG_SLUGS)), random.randrange(0, 4))
    return tuple(Label(place + 11, vocabulary.tags[place], TAG_SLUGS[place]) for place in places)


def _pictures(random: Random, vocabulary: Vocabulary, day: datetime) -> tuple[Picture, ...]:
    count = random.choice((0, 1, 1, 1, 2, 3))
    return tuple(_picture(random, vocabulary, day, caption=place > 0) for place in range(count))


def _picture(random: Random, vocabulary: Vocabulary, day: datetime, *, caption: bool) -> Picture:
    upload = day - timedelta(minutes=random.randrange(1, 240))
    return Picture(
        folder=f"/{upload:%Y/%m/%d/%H/%M}/",
        file=f"{random.getrandbits(128):032x}.{random.choice(('jpg', 'jpg', 'png'))}",
        caption=_filled(random, vocabulary, vocabulary.caption) if caption else None,
    )


def _video(random: Random) -> str | None:
    if random.random() > 0.08:
        return None
    return f"https://www.youtube.com/embed/{random.getrandbits(44):011x}"
