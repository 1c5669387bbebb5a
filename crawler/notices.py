"""What a run ended with, for Spidermon's actions (mail, Discord, Telegram, ...) to tell of."""

import json
from collections.abc import Iterator
from typing import Any

from scrapy.crawler import Crawler
from scrapy.utils.misc import load_object
from spidermon import Monitor, MonitorSuite, monitors

from crawler.errors import EXIT_CODES
from crawler.monitors import Alarm
from crawler.spider import AgencySpider

NOTHING_TO_DO = (0, 143)  # fine, and stopped by a service manager


@monitors.name("run")
class RunMonitor(Monitor):  # type: ignore[misc]
    """Passes or fails as the run did; judges nothing itself."""

    @monitors.name("exit code")  # type: ignore[untyped-decorator]
    def test_exit_code(self) -> None:
        """Fail with what the log's last lines say."""
        spider: AgencySpider = self.data.spider
        if spider.exit_code not in NOTHING_TO_DO:
            self.fail("\n".join(_reasons(spider)))


class RunSuite(MonitorSuite):  # type: ignore[misc]
    """The run as Spidermon sees it, with the actions of ``NOTIFY_ACTIONS`` for one that failed."""

    monitors = (RunMonitor,)

    def __init__(self, *args: Any, crawler: Crawler, **kwargs: Any) -> None:
        actions = [load_object(name) for name in crawler.settings.getlist("NOTIFY_ACTIONS")]
        super().__init__(*args, crawler=crawler, monitors_failed_actions=actions, **kwargs)


def _reasons(spider: AgencySpider) -> Iterator[str]:
    yield f"exit code {spider.exit_code}: {EXIT_CODES[spider.exit_code]}"
    if spider.stopped_by:
        yield str(spider.stopped_by)
    path = spider.archive.folder / "runs" / f"{spider.run_id}.json"
    if not path.exists():  # the storage failed
        return
    report = json.loads(path.read_text())
    yield from (f"road {name}: {reason}" for name, reason in report["roads_failed"].items())
    yield from (Alarm(**alarm).line for alarm in report["monitors"])
