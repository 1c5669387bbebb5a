"""What a run keeps of downloads that have ended."""

import asyncio
from typing import Any
from weakref import ref

import pytest
from twisted.internet.asyncioreactor import AsyncioSelectorReactor

from crawler.crawl.download import drop_timers


def test_timers_that_were_cancelled_are_dropped_long_before_they_are_due(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loop = asyncio.new_event_loop()
    reactor: Any = AsyncioSelectorReactor(loop)
    monkeypatch.setattr("twisted.internet.reactor", reactor, raising=False)
    timers = [reactor.callLater(60, print) for _ in range(100)]
    kept = [ref(timer) for timer in timers]
    while timers:
        timers.pop().cancel()
    assert sum(timer() is not None for timer in kept) == 100
    drop_timers()
    loop.run_until_complete(asyncio.sleep(0.05))
    assert sum(timer() is not None for timer in kept) == 0
    reactor.removeAll()
    loop.close()
