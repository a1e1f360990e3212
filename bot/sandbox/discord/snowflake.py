"""Discord's ids: milliseconds since 2015 in the upper bits, a counter in the lower 22."""

from __future__ import annotations

EPOCH_MS = 1_420_070_400_000


def snowflake_at(seconds: float, counter: int = 0) -> int:
    """The id issued at a Unix time, with `counter` in its low bits."""
    return ((int(seconds * 1000) - EPOCH_MS) << 22) + counter


def seconds_of(snowflake: int) -> float:
    """The Unix time an id was issued at."""
    return ((snowflake >> 22) + EPOCH_MS) / 1000


class Snowflakes:
    """Hands out ids that always rise, also within one millisecond and when the clock steps back."""

    def __init__(self) -> None:
        self._last = 0

    def issue(self, seconds: float) -> int:
        """The next id, of that Unix time."""
        self._last = max(snowflake_at(seconds), self._last + 1)
        return self._last
