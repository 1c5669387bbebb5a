"""What was seen within the month at hand and the month before it."""

from typing import Generic, TypeVar

from msgspec import Struct, field

K = TypeVar("K", int, str)
V = TypeVar("V")


class Recent(Struct, Generic[K, V]):
    """A dictionary that forgets what is older than a month, so that its size is bounded.

    Stories are told again, edited and translated within days; two months of an agency fit in
    memory, all its years need not.
    """

    now: dict[K, V] = field(default_factory=dict)
    before: dict[K, V] = field(default_factory=dict)

    def turn(self) -> None:
        """Begin a new month."""
        self.now, self.before = {}, self.now

    def get(self, key: K) -> V | None:
        """Return what was last told of a key."""
        found = self.now.get(key)
        return found if found is not None else self.before.get(key)
