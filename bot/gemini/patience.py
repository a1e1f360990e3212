"""How often a call is tried again. After a drop or a timeout never: the picture may be painted, and paid, already."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.breaker import Breaker
from bot.errors import Blank, Crowded, Declined, Failure
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

    async def see_through(
        self, attempt: Callable[[], Awaitable[Painting]], breaker: Breaker, on_wait: OnWait | None = None
    ) -> Painting:
        """The painting of the first attempt that works; else the last failure, its `tries` filled in.

        While the model's breaker is open there is one attempt, and those who wait for another are let go.
        """
        began, tries = self.clock(), 0
        while True:
            try:
                return await _heard(attempt, breaker, tries)
            except Crowded as error:
                tries += 1
                error.values["tries"] = tries
                pause, limited = self._pause(error, tries), error.after is not None
                late = not limited and self.clock() - began + pause > self.within
                if tries >= self.tries or late or breaker.is_open or not self._passes(error):
                    raise
                failure = error
            if limited:
                began += pause
                if on_wait:
                    on_wait(pause)
            await self.sleep(pause)
            if breaker.is_open:
                raise failure

    def _passes(self, error: Crowded) -> bool:
        if error.after is None:
            return error.key in PASSING
        return error.key != "crowded_day" and error.after <= self.longest_wait

    def _pause(self, error: Crowded, tries: int) -> float:
        """Seconds; never the same for two callers, or they would all come back together."""
        if error.after is not None:
            return error.after + random.uniform(0.1, 2.0)
        return random.uniform(0.5, 1.0) * float(2**tries)


async def _heard(attempt: Callable[[], Awaitable[Painting]], breaker: Breaker, tries: int) -> Painting:
    """One attempt, of which the breaker hears. A limit that has not been waited out yet is no sign of trouble."""
    try:
        painting = await attempt()
    except Failure as failure:
        if failure.key in PASSING or (failure.key == "crowded_minute" and tries):
            breaker.failed()
        elif isinstance(failure, Blank | Declined):
            breaker.answered()
        raise
    breaker.answered()
    return painting
