"""The texts of the pages in the readers' languages. The templates have them in English."""

import re
import tomllib
from collections.abc import Callable
from importlib.resources import files

LANGUAGES = {"en": "English", "uz": "Oʻzbekcha", "ru": "Русский"}
WORDS: dict[str, dict[str, str]] = tomllib.loads(
    files("crawler.browse").joinpath("interface.toml").read_text("utf-8")
)


def language_of(chosen: str | None, accepted: str) -> str:
    """Return the chosen language, or the first supported one that the browser accepts."""
    if chosen in LANGUAGES:
        return chosen
    named = re.findall(r"([a-z]+)[^,]*", accepted.lower())
    return next((name for name in named if name in LANGUAGES), "en")


def translator(language: str) -> Callable[..., str]:
    """Return a function that translates a text of the templates and fills its gaps."""

    def told(text: str, *values: object) -> str:
        words = WORDS.get(text, {}).get(language, text)
        return words.format(*values) if values else words

    return told
