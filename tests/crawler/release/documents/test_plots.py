from collections import Counter

import pytest

from crawler.release.documents.plots import _edits, _months
from crawler.release.figures import Figures


def test_fifteen_editions_have_fifteen_colours() -> None:
    pytest.importorskip("matplotlib")
    from matplotlib.figure import Figure

    axes = Figure().add_subplot()
    _months(axes, Figures(days=Counter({f"e{number} 2024-05-01": 1 for number in range(15)})))
    assert len({bar.get_facecolor() for bar in axes.patches}) == 15


def test_the_picture_of_edits_says_what_is_counted() -> None:
    pytest.importorskip("matplotlib")
    from matplotlib.figure import Figure

    axes = Figure().add_subplot()
    _edits(axes, Figures(versions=Counter({"1": 3_000, "2": 20})))
    assert axes.get_xlabel() == "number of versions of an article (1: no change was seen)"
    assert axes.get_ylabel() == "number of articles (logarithmic scale)"
    assert [axes.yaxis.get_major_formatter()(each) for each in (10, 1_000)] == ["10", "1,000"]
