"""What could not be done: how often, and when it may be tried again. Nothing else waits for it."""

from __future__ import annotations

import time
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.moments import HOUR

AGAIN = 2.0  #: seconds until what failed is tried again, twice as long with each time
DOUBLED = 16  #: times, at most

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Setback:
    """`due` in seconds since the epoch."""

    times: int
    due: float


class Setbacks(Generic[Key]):
    """Known to this process alone: after a restart all is tried at once."""

    def __init__(self, longest: float = HOUR) -> None:
        self._longest = longest  # seconds
        self._held: dict[Key, Setback] = {}

    def hold(self, key: Key) -> float:
        """It failed, once more; seconds until it may be tried again."""
        now = time.time()
        times = known.times if (known := self._held.get(key)) else 0
        wait: float = min(AGAIN * 2 ** min(times, DOUBLED), self._longest)
        self._held[key] = Setback(times + 1, now + wait)
        return wait

    def over(self, key: Key) -> None:
        """It is done."""
        self._held.pop(key, None)

    def resting(self, now: float) -> set[Key]:
        """What is not to be tried yet."""
        return {key for key, each in self._held.items() if each.due > now}
