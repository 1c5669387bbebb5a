"""Time a release and its verification: ``python -m benchmarks.release [--articles N] [--parquet]``.

Seconds are of processor time, so that other work on the machine does not count; goals: 15,000
articles a second released, 30,000 verified, under 300 MB of memory. With ``--parquet`` the release
has Parquet files, too, which has no goal.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.made_up import fill

_STEPS = ("fill", "release", "verify", "release with Parquet")


def measured(step: str, folder: Path, articles: int) -> None:
    """Do one step in a process of its own, which prints what it took."""
    command = [sys.executable, "-m", "benchmarks.release", "--step", step, "--folder", str(folder)]
    subprocess.run([*command, "--articles", str(articles)], check=True)


def release(folder: Path, out: Path, *, parquet: bool) -> None:
    """Release the archive."""
    from crawler.release.build import Order, build
    from crawler.store.archive import Reader

    with Reader(folder / "uza") as reader:
        build(reader, Order("uza", "https://uza.uz", out, plots=False, parquet=parquet))


def verify(out: Path) -> None:
    """Look through the release."""
    from crawler.release.verify import Verifier

    problems = list(Verifier(out).problems())
    assert not problems, problems


def work(step: str, folder: Path, articles: int) -> None:
    """Release or verify, and print the speed and the most memory it held."""
    out = folder / (step if step == _STEPS[-1] else "release")
    began = time.process_time()
    if step == "verify":
        verify(out)
    else:
        release(folder, out, parquet=step == _STEPS[-1])
    seconds = time.process_time() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file()) / 1e6
    print(
        f"{step}: {articles / seconds:,.0f} articles a second ({seconds:.1f} s), "
        f"{memory:.0f} MB of memory, {size:,.0f} MB on disk"
    )


def main() -> None:
    """Make an archive, release it, verify the release."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--parquet", action="store_true")
    parser.add_argument("--step", choices=_STEPS)
    parser.add_argument("--folder", type=Path)
    chosen = parser.parse_args()
    if chosen.step == "fill":
        fill(chosen.folder / "uza", chosen.articles)
    elif chosen.step:
        work(chosen.step, chosen.folder, chosen.articles)
    else:
        measure_all(chosen.folder, chosen.articles, chosen.parquet)


def measure_all(folder: Path | None, articles: int, parquet: bool) -> None:
    """Take each step in a process of its own, whose memory is its alone."""
    with tempfile.TemporaryDirectory(dir=folder) as name:
        for step in _STEPS if parquet else _STEPS[:3]:
            measured(step, Path(name), articles)


if __name__ == "__main__":
    main()
