"""The result of a run for Spidermon's actions (mail, Discord, Telegram, ...)."""

from typing import Any

from scrapy.crawler import Crawler
from scrapy.utils.misc import load_object
from spidermon import Monitor, MonitorSuite, monitors

from crawler.crawl.spider import AgencySpider
from crawler.errors import ExitCode

NOTHING_TO_DO = (ExitCode.FINE, ExitCode.TERMINATED)  # fine, or stopped by a service manager


@monitors.name("run")
class RunMonitor(Monitor):  # type: ignore[misc]
    """Passes or fails as the run did. It checks nothing itself."""

    @monitors.name("exit code")  # type: ignore[untyped-decorator]
    def test_exit_code(self) -> None:
        """Fail with the last line of the log."""
        spider: AgencySpider = self.data.spider
        if spider.run.ending.code not in NOTHING_TO_DO:
            self.fail(spider.run.ending.line)


class RunSuite(MonitorSuite):  # type: ignore[misc]
    """The run as Spidermon sees it, with ``NOTIFY_ACTIONS`` for failed runs."""

    monitors = (RunMonitor,)

    def __init__(self, *args: Any, crawler: Crawler, **kwargs: Any) -> None:
        actions = [load_object(name) for name in crawler.settings.getlist("NOTIFY_ACTIONS")]
        super().__init__(*args, crawler=crawler, monitors_failed_actions=actions, **kwargs)
