from collections import Counter

import pytest

from crawler.release.documents.plots import _months
from crawler.release.figures import Figures


def test_fifteen_editions_have_fifteen_colours() -> None:
    pytest.importorskip("matplotlib")
    from matplotlib.figure import Figure

    axes = Figure().add_subplot()
    _months(axes, Figures(days=Counter({f"e{number} 2024-05-01": 1 for number in range(15)})))
    assert len({bar.get_facecolor() for bar in axes.patches}) == 15
