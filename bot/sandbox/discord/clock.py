"""The time of the sandbox, which a test may move forward."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass
class Clock:
    """The real time plus whatever `advance` has added."""

    ahead: float = 0.0

    def now(self) -> float:
        """Unix seconds."""
        return time.time() + self.ahead

    def advance(self, seconds: float) -> None:
        """Let that much time pass at once: tokens, urls and idle threads grow older."""
        self.ahead += seconds


def stamp(seconds: float) -> str:
    """A Unix time as Discord writes it: ISO 8601 with microseconds and +00:00."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="microseconds")
