from collections.abc import Iterator
from datetime import datetime

import pytest

from replica import Replica


@pytest.fixture
def replica() -> Iterator[Replica]:
    with Replica(seed=7, posts=60, now=datetime(2026, 11, 24, 0, 40)) as running:
        yield running
