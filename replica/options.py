"""Switches for properties of the real site that are unknown."""

from dataclasses import dataclass
from typing import Literal

Changed = bool | Literal["body", "scripts"]
Missing = Literal["404", "shell", "front"]


@dataclass(slots=True)
class Options:
    """Switches of the site; they may be changed while it runs.

    ``missing``: response for a missing post. ``shift``: posts published after each list request.
    ``changed``: use the redesigned markup; ``body``: only the text is in another element;
    ``scripts``: every article is an empty page that scripts fill in a browser. ``restless``: view
    counters change with every page view.
    """

    robots: str | None = "User-agent: *\nDisallow: /admin/\n"
    sitemap: bool = False
    missing: Missing = "404"
    shift: int = 0
    changed: Changed = False
    api: bool = True
    per_page_cap: int = 50
    per_page_as_text: bool = False
    wrapped_detail: bool = True
    files_as_list: bool = False
    imported_in_lists: bool = True
    validators: bool = True
    gzip: bool = True
    restless: bool = False
