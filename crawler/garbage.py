"""Python's search for cycles, put off while many objects live."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_garbage() -> Iterator[None]:
    """Spare the search for cycles, which would go through the same objects over and over."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
