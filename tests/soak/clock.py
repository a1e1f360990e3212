"""A clock on which days pass in minutes, the same for the bot and for its Discord."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.sandbox.discord.clock import Clock

SWIFT = "EASEL_SWIFT"  #: the variable that tells the bot since when its clock runs faster, and how many times


@dataclass
class Swift(Clock):
    """Since a moment (true, in seconds since the epoch) so many times as fast as the true clock."""

    since: float = 0.0
    times: float = 1.0
    true: Callable[[], float] = field(default=time.time)  #: kept: the bot's launcher puts this clock in its place

    def now(self) -> float:
        return self.since + (self.true() - self.since) * self.times + self.ahead

    def truly(self, seconds: float) -> float:
        """The true time of what this clock tells."""
        return self.since + (seconds - self.ahead - self.since) / self.times

    @property
    def told(self) -> dict[str, str]:
        """For the bot's environment."""
        return {SWIFT: f"{self.since!r} {self.times!r}"}


def swift_clock(times: float = 1.0) -> Swift:
    """One that begins now."""
    return Swift(since=time.time(), times=times)


def told_clock() -> Swift:
    """The one that this process was told of."""
    since, times = map(float, os.environ[SWIFT].split())
    return Swift(since=since, times=times)
