"""What the replica does in the many points nobody knows of the real site."""

from dataclasses import dataclass
from typing import Literal

Changed = bool | Literal["body", "scripts"]
Missing = Literal["404", "shell", "front"]


@dataclass(slots=True)
class Options:
    """Switches of the site; may be changed while it runs.

    ``missing``: what a missing post answers. ``shift``: posts published after each list request.
    ``changed``: the redesigned markup; ``body``: only the text stands in another element;
    ``scripts``: every article is the shell of a page that scripts fill in a browser.
    ``restless``: view counters move with every page view.
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
