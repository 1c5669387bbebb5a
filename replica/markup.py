"""Pages of the current site: article, list and shell, in the usual and in a changed markup."""

from collections.abc import Sequence
from html import escape
from random import Random

from replica.boilerplate import LANGUAGE_MENU, framed
from replica.post import Post

# Class names after a redesign; the probe must notice the change.
CHANGED_CLASSES = {
    "news-top-head__title": "story__headline",
    "news-top-head__date": "story__when",
    "news-top-head__meta": "story__section",
    "news-top-head__img": "story__photo",
    "news-top-head__content": "story__figure",
    "news-top-head": "story__head",
    "content-block": "story__text",
    "news-tags__item": "story__tag",
    "news-tags": "story__tags",
    "small-news__title": "card__link",
    "last-news-list": "cards",
}


def changed(page: str) -> str:
    """Convert a page to the redesigned markup, with other class names."""
    for usual, other in CHANGED_CLASSES.items():
        page = page.replace(usual, other)
    return page


def article(post: Post, neighbours: Sequence[Post], *, redesigned: bool | str = False) -> str:
    """Page of a post written on or imported into the current site."""
    moment = post.published_at
    is_new = redesigned is True
    date = f"{moment:%d %B %Y, %H:%M}" if is_new else f"{moment:%H:%M / %Y-%m-%d}"
    category = _text(post, post.category.name)
    main = (
        '<div class="news-top-head"><div class="news-top-head__meta">'
        f'<a href="/posts/category/{post.category.slug}">{category}</a></div>'
        f'<div class="news-top-head__title">{_text(post, post.title)}</div>'
        f'<div class="news-top-head__date">{date}</div>'
        f'<div class="news-top-head__content">{_lead_image(post)}</div></div>'
        f'<div class="content-block"><h4>{_text(post, post.summary or "")}</h4>'
        f"{content(post)}</div>"
        f'<div class="news-tags">{_tags(post)}</div>{_sidebar(neighbours)}'
    )
    page = framed(_text(post, post.title), main, _label(post))
    if redesigned == "body":
        return page.replace("content-block", CHANGED_CLASSES["content-block"])
    return changed(page) if redesigned else page


def content(post: Post) -> str:
    """The text below the lead as HTML; the API's ``content`` too."""
    parts = [f"<p>{_text(post, text)}</p>" for text in post.shown_paragraphs]
    pictures = [_figure(post, place) for place in range(1, len(post.pictures))]
    for place, figure in enumerate(pictures):
        parts.insert(2 * place + 2, figure)
    _disturb(post, parts)
    if post.video:
        frame = f'<iframe width="560" height="315" src="{post.video}" allowfullscreen></iframe>'
        parts.append(f"<pre><code>{escape(frame)}</code></pre>")
    if post.byline:
        parts.append(f"<p><strong>{escape(post.byline, quote=False)}</strong></p>")
    if "counter" in post.noise:
        parts.append(f"<p>{post.views:,}</p>".replace(",", " "))
    return "\n".join(parts)


def listing(title: str, posts: Sequence[Post], page: int, last: int, path: str) -> str:
    """A list page: the front page, an edition's or a category's."""
    items = "".join(_list_item(post) for post in posts)
    onward = f'<a class="pager__next" href="{path}?page={page + 1}">›</a>' if page < last else ""
    main = f'<div class="last-news-list">{items}</div><div class="pager">{onward}</div>'
    return framed(escape(title), main, LANGUAGE_MENU[page % len(LANGUAGE_MENU)])


def shell() -> str:
    """A page without an article, as sent by a site that needs scripts."""
    return framed("UzA", "", LANGUAGE_MENU[0])


def not_found() -> str:
    """The page sent with a 404."""
    return framed("404", '<div class="error-page"><h1>404</h1></div>', LANGUAGE_MENU[0])


def _text(post: Post, text: str) -> str:
    return escape(post.shown(text), quote=False)


def _lead_image(post: Post) -> str:
    if not post.pictures:
        return ""
    return f'<img class="news-top-head__img" src="{post.pictures[0].sized("_normal")}" alt="">'


def _figure(post: Post, place: int) -> str:
    picture = post.pictures[place]
    caption = f"<figcaption>{_text(post, picture.caption)}</figcaption>" if picture.caption else ""
    return f'<figure class="image"><img src="{picture.url}">{caption}</figure>'


def _disturb(post: Post, parts: list[str]) -> None:
    """Insert the disturbances that section 9 of the site sheet describes."""
    if "title" in post.noise:
        parts.insert(min(3, len(parts)), f"<p>{_text(post, post.title)}</p>")
    if "gallery" in post.noise:
        parts.append(f"<p>[gallery-{post.id % 9000}]</p>")
    if "filename" in post.noise and post.pictures:
        parts.insert(1, f"<p>{post.pictures[0].file}</p>")
    if "space" in post.noise:
        parts[0] = parts[0].replace("</p>", "&nbsp;</p>")
        parts.insert(1, "<p>&nbsp;</p>\n\n<p></p>")


def _tags(post: Post) -> str:
    return "".join(
        f'<a class="news-tags__item" href="/posts/tag/{tag.slug}">{_text(post, tag.name)}</a>'
        for tag in post.tags
    )


def _sidebar(posts: Sequence[Post]) -> str:
    return f'<div class="last-news-list">{"".join(_list_item(post) for post in posts)}</div>'


def _list_item(post: Post) -> str:
    return (
        '<div class="small-news"><div class="small-news__content">'
        f'<a class="small-news__title" href="/posts/{post.slug}">{_text(post, post.title)}</a>'
        f'<span class="small-news__date">{post.published_at:%H:%M / %Y-%m-%d}</span></div></div>'
    )


def _label(post: Post) -> str:
    """The "current language" shown by the site, which is unrelated to the post."""
    return Random(f"label:{post.id}:{post.views}").choice(LANGUAGE_MENU)
