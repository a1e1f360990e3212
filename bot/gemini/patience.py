"""How often a call is tried again. After a drop or a timeout never: the picture may be painted, and paid, already."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.errors import Crowded
from bot.model import Painting

PASSING = {"overloaded", "internal", "unreached"}  #: troubles that a moment may mend
OnWait = Callable[[float], None]  #: hears how many seconds a limit makes it wait


@dataclass(frozen=True)
class Patience:
    """Tries again where nothing was painted: at once-ish for troubles of Google's, as told for limits per minute."""

    tries: int = 3
    within: float = 20.0  #: seconds in which passing troubles are tried again, the waits for limits not counted
    longest_wait: float = 60.0  #: seconds; a member waits no longer for a limit to end
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    clock: Callable[[], float] = time.monotonic

    async def see_through(self, attempt: Callable[[], Awaitable[Painting]], on_wait: OnWait | None) -> Painting:
        """The painting of the first attempt that works; else the last failure, its `tries` filled in."""
        began, tries = self.clock(), 0
        while True:
            try:
                return await attempt()
            except Crowded as error:
                tries += 1
                error.values["tries"] = tries
                pause, limited = self._pause(error, tries), error.after is not None
                late = not limited and self.clock() - began + pause > self.within
                if tries >= self.tries or late or not self._passes(error):
                    raise
            if limited:
                began += pause
                if on_wait:
                    on_wait(pause)
            await self.sleep(pause)

    def _passes(self, error: Crowded) -> bool:
        if error.after is None:
            return error.key in PASSING
        return error.key != "crowded_day" and error.after <= self.longest_wait

    def _pause(self, error: Crowded, tries: int) -> float:
        """Seconds; never the same for two callers, or they would all come back together."""
        if error.after is not None:
            return error.after + random.uniform(0.1, 2.0)
        return random.uniform(0.5, 1.0) * float(2**tries)
