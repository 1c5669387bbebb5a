"""The parts around an article on the current site: header, menus, scripts and footer."""

LANGUAGE_MENU = (
    "中文", "Türkçe", "Тоҷикӣ", "Кыргызча", "Türkmençe", "日本語", "العربية", "English", "Français",
    "Español", "Русский", "Deutsch", "Ўзбекча", "Oʻzbekcha", "Қазақша",
)  # fmt: skip
_SECTIONS = ("president", "politics", "society", "economy", "culture", "sport", "technology")

_STYLE = "".join(
    f".col-{place}{{display:flex;flex:0 0 {place * 4}%;max-width:{place * 4}%;margin:{place}px}}"
    for place in range(1, 25)
)
_STATE = ",".join(
    f'{{"id":{place},"type":"banner","active":true,"place":"top-{place}","file":"b{place}.png"}}'
    for place in range(1, 80)
)
_MENU = "".join(
    f'<li class="header-menu__item"><a class="header-menu__link" href="/posts/category/{name}">'
    f"{name.title()}</a></li>"
    for name in _SECTIONS
)
_LANGUAGES = "".join(f'<li class="lang-list__item">{name}</li>' for name in LANGUAGE_MENU)
_FOOT = (
    '<footer class="footer"><div class="container"><p class="footer__text">UzA. Demonstration '
    "copy. All rights reserved.</p><ul>"
    + "".join(
        f'<li><a href="/pages/{name}">{name}</a></li>' for name in ("about", "contact", "ads")
    )
    + "</ul></div></footer>"
)
_SCRIPT = f'<script id="state" type="application/json">{{"banners":[{_STATE}]}}</script>'


def framed(title: str, main: str, label: str) -> str:
    """Put a page's own part between the boilerplate; both strings are finished HTML."""
    return (
        f'<!DOCTYPE html><html lang="uz"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>'
        '<body><div id="root"><header class="header"><a class="header__logo" href="/">UzA</a>'
        f'<div class="lang"><span class="lang__current">{label}</span>'
        f'<ul class="lang-list">{_LANGUAGES}</ul></div><ul class="header-menu">{_MENU}</ul>'
        f'</header><main class="main">{main}</main>{_FOOT}</div>{_SCRIPT}'
        '<script src="/static/js/main.chunk.js" defer></script></body></html>'
    )
