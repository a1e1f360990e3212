"""One turn before the brush: the orders that are painted for it, and what is around it meanwhile."""

from __future__ import annotations

import asyncio
import time
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Protocol

from bot.errors import Failure
from bot.model import Request, Turn

UNMET = 900.0  #: seconds that a turn waits for Discord to tell who its member is, asked ever less often
SHORTEST, LONGEST = 1.0, 60.0  #: seconds between two such questions


class Halted(Exception):
    """It was the turn's turn, and it has to wait all the same: these servers are paused, or so many seconds."""

    def __init__(self, servers: frozenset[int] = frozenset(), seconds: float = 0.0) -> None:
        super().__init__(servers, seconds)
        self.servers = servers
        self.seconds = seconds


class Way(Protocol):
    """What is around a turn while it is painted."""

    def place(self, take: int) -> AbstractAsyncContextManager[None]:
        """Leave for one call; it may have to be waited for. Whoever is Halted within it comes again, and waits."""

    def begun(self, turn: Turn) -> None:
        """The first call goes out: from here on the ask can't be changed."""

    def held(self, seconds: float) -> None:
        """Google asks for a pause."""


@dataclass(frozen=True)
class Order:
    """What is painted from what."""

    turn: Turn
    request: Request


@dataclass(frozen=True)
class Course:
    """How a turn is painted: `plain` leaves its history out, after a `trouble` of its model's another steps in."""

    plain: bool = False
    trouble: Failure | None = None

    @property
    def key(self) -> tuple[bool, bool]:
        """The same for all takes, whatever exactly happened to them."""
        return self.plain, self.trouble is not None


USUAL = Course()


@dataclass
class Sitting:
    """One turn before the brush. Its orders are written by whichever take comes first on each course."""

    asked: Turn  #: as it was queued
    way: Way
    orders: dict[tuple[bool, bool], Order] = field(default_factory=dict)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    unmet: float | None = None  #: since when Discord does not tell who its member is
    ended: Turn | None = None  #: as it was kept with its last take

    @property
    def turn(self) -> int:
        """Its id."""
        return self.asked.id

    def patience(self) -> float | None:
        """Seconds until Discord is asked again who the member is; None where it was asked for long enough."""
        now = time.monotonic()
        if self.unmet is None:
            self.unmet = now
        waited = now - self.unmet
        return min(max(waited, SHORTEST), LONGEST) if waited < UNMET else None
