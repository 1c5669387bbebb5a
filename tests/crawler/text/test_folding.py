import subprocess
import sys
from pathlib import Path

import pytest

from crawler.text import folding


@pytest.mark.parametrize(
    ("name", "same"),
    [("Ёқуб Шукуров", "Yoqub Shukurov"), ("Gʻulom Oʻrinov", "G'ulom O`rinov"), ("Zoé", "zoe")],
)
def test_a_copy_of_the_file_alone_folds_names(name: str, same: str) -> None:
    code = f"{Path(folding.__file__).read_text('utf-8')}\nimport sys\n"
    code += "print(*map(fold_for_search, sys.argv[1:]), sep='|')"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code, name, same],
        capture_output=True,
        text=True,
        cwd="/",
    )
    one, _, other = done.stdout.strip().partition("|")
    assert (done.stderr, one) == ("", other)
    assert one == folding.fold_for_search(name)
