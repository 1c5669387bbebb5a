"""A forked command is what a new interpreter makes of it, and a process as any other."""

from pathlib import Path
from subprocess import TimeoutExpired

import pytest

from tests.commands import CAN_FORK, command, run, start

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CAN_FORK, reason="nothing is forked on this system"),
]


@pytest.mark.parametrize("arguments", [("crawl", "-h"), ("status", "nobody"), ("nonsense",)])
def test_a_command_says_the_same_forked_or_not(arguments: tuple[str, ...]) -> None:
    forked, fresh = (run(command(*arguments), fresh=each) for each in (False, True))
    assert (forked.returncode, forked.stdout, forked.stderr) == (
        fresh.returncode,
        fresh.stdout,
        fresh.stderr,
    )
    assert forked.stdout + forked.stderr


def test_a_process_is_waited_for_and_killed_by_its_own_id(tmp_path: Path) -> None:
    site = {"UZA_SITE_URL": "http://127.0.0.1:9", "UZA_API_URL": "http://127.0.0.1:9"}
    waiting = command("crawl", "uza", DATA_DIR=tmp_path, DOWNLOAD_DELAY=60, **site)
    with start(waiting) as process:
        assert process.poll() is None
        with pytest.raises(TimeoutExpired):
            process.wait(0.01)
        assert Path(f"/proc/{process.pid}/stat").exists()
        process.kill()
        assert process.wait() == process.poll() == -9
        assert not Path(f"/proc/{process.pid}/stat").exists()
