"""Plots of a release, for readers to see before their first query."""

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

from crawler.release.documents.manifest import Release
from crawler.release.figures import Figures, by_key, most
from crawler.text.dates import all_months
from crawler.text.folding import fold_name

PLOTS = {
    "articles-per-month": "Articles per month, by edition",
    "hours": "Articles by weekday and hour of publication",
    "edits": "Articles by number of versions",
    "authors": "Authors with most articles",
}
_INCHES = (9, 4.5)
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_NO_STAMP = {"Software": None}  # so that the same figures give the same bytes


def can_plot() -> bool:
    """Return whether matplotlib is installed."""
    return find_spec("matplotlib") is not None


def write_plots(release: Release) -> None:
    """Draw all plots into ``plots/``."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    (release.folder / "plots").mkdir(exist_ok=True)
    draw: dict[str, Callable[[Any, Figures], None]] = {
        "articles-per-month": _months,
        "hours": _hours,
        "edits": _edits,
        "authors": _authors,
    }
    for name, title in PLOTS.items():
        figure = Figure(figsize=_INCHES, dpi=110, layout="constrained")
        FigureCanvasAgg(figure)
        axes = figure.add_subplot()
        axes.set_title(f"{title} ({release.source}, {release.version})", loc="left")
        axes.spines[["top", "right"]].set_visible(False)
        draw[name](axes, release.figures)
        figure.savefig(release.folder / "plots" / f"{name}.png", metadata=_NO_STAMP)


def _months(axes: Any, figures: Figures) -> None:
    from matplotlib import colormaps

    by_edition = figures.by_edition_and_month()
    months = all_months({month for counts in by_edition.values() for month in counts})
    edges = [number - 0.5 for number in range(len(months) + 1)]
    below = [0] * len(months)
    axes.set_prop_cycle(color=[colormaps["tab20"](each) for each in range(20)])  # one per edition
    for edition in sorted(by_edition):
        counts = by_edition[edition]
        top = [under + counts[month] for under, month in zip(below, months, strict=True)]
        # One shape for all months: to draw a bar for each took half of a small release's time.
        axes.stairs(top, edges, baseline=below, fill=True, label=edition)
        below = top
    step = max(len(months) // 12, 1)
    axes.set_xticks(range(0, len(months), step), months[::step], rotation=30, ha="right")
    axes.set_ylabel("number of articles")
    if by_edition:
        axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)


def _hours(axes: Any, figures: Figures) -> None:
    counts = figures.by_weekday_and_hour()
    image = axes.imshow(counts, aspect="auto", cmap="viridis")
    axes.set_yticks(range(7), _DAYS)
    axes.set_xticks(range(0, 24, 3), [f"{hour:02}:00" for hour in range(0, 24, 3)])
    axes.set_xlabel("local time of the agency; articles whose minute is not known are left out")
    axes.figure.colorbar(image, ax=axes, label="number of articles")


def _edits(axes: Any, figures: Figures) -> None:
    numbers = sorted(figures.versions, key=int)
    bars = axes.bar(numbers, [figures.versions[each] for each in numbers], log=True)
    axes.bar_label(bars, fmt="{:,.0f}")
    axes.set_xlabel("number of versions of an article (1: no change was seen)")
    axes.set_ylabel("number of articles (logarithmic scale)")
    axes.yaxis.set_major_formatter("{x:,.0f}")


def _authors(axes: Any, figures: Figures) -> None:
    named = most(by_key(figures.authors, fold_name), 20)[::-1]
    axes.barh(range(len(named)), [number for _, number in named])
    axes.set_yticks(range(len(named)), [_shown(name) for name, _ in named])
    axes.set_xlabel("number of articles")


def _shown(name: str) -> str:
    """Return a name as plain text: for matplotlib a dollar sign begins a formula."""
    return name.replace("$", r"\$")
