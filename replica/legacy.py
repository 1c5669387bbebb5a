"""Pages of the legacy site; the markup is random, since the real one is unknown."""

from html import escape
from random import Random
from typing import Literal

from replica.post import Post

Form = Literal["desktop", "mobile", "print"]

_BRAND = {"en": "UzA English", "ru": "УзА Русский", "uz": "OʻzA Oʻzbekcha", "oz": "ЎзА Ўзбекча"}
_CLASSES = ("item", "detail", "text-block", "inner", "block-2", "bx_content")


def article(post: Post, form: Form) -> str:
    """Page of a legacy article: brand, date, title, title again, text, byline, counter."""
    random = Random(f"legacy:{post.slug}")  # slugs come from the seed, and so does the markup
    tag = random.choice(("div", "p", "br"))
    lines = [
        *([] if form == "print" else _menu(form)),
        _BRAND.get(post.edition, "UzA"),
        _date(post, form),
        post.shown(post.title),
        *_opening(post, glued=random.random() < 0.5),
        *(post.shown(text) for text in post.body_paragraphs[1:]),
        *([post.byline] if post.byline else []),
        f"{post.views:,}".replace(",", " "),
    ]
    return _page(post, form, _marked_up(lines, tag, random))


def _page(post: Post, form: Form, body: str) -> str:
    return (
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" '
        '"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">\n<html><head>'
        '<meta http-equiv="Content-Type" content="text/html; charset=utf-8" />'
        f"<title>{escape(post.shown(post.title), quote=False)}</title></head>"
        f'<body class="{form}">{body}</body></html>'
    )


def _menu(form: Form) -> list[str]:
    if form == "mobile":
        return []
    return ["Размер шрифта: A A A", "Цвет сайта: A A A A"]


def _date(post: Post, form: Form) -> str:
    moment = post.published_at
    if post.date_form == "day":
        return f"{moment:%d.%m.%Y}"
    if form == "print":
        return f"{moment:%d.%m.%Y %H:%M:%S}"
    if post.date_form == "campaign":
        return f"{moment:%d.%m.%Y %H:%M} 25 ta kitob"
    return f"{moment:%d.%m.%Y %H:%M}"


def _opening(post: Post, *, glued: bool) -> list[str]:
    """The repeated title and the first paragraph, on one line or on two."""
    title, first = post.shown(post.title), post.shown(post.body_paragraphs[0])
    return [f"{title} {first}"] if glued else [title, first]


def _marked_up(lines: list[str], tag: str, random: Random) -> str:
    escaped = [escape(line, quote=False) for line in lines]
    if tag == "br":
        return f'<div class="{random.choice(_CLASSES)}">' + "<br><br>\n".join(escaped) + "</div>"
    blocks = "\n".join(
        f'<{tag} class="{random.choice(_CLASSES)}">{line}</{tag}>' for line in escaped
    )
    return f'<div class="{random.choice(_CLASSES)}">{blocks}</div>'
