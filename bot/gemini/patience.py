"""How often a call is tried again. After a drop or a timeout never: the picture may be painted, and paid, already."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception

from bot.errors import Crowded
from bot.model import Painting

PASSING = {"overloaded", "internal", "uncertain_dropped"}  #: troubles that a moment may mend, where they are Crowded
OnWait = Callable[[float], None]  #: hears the seconds before each pause


@dataclass(frozen=True)
class Patience:
    """Tries again where nothing was painted: at once-ish for troubles of Google's, as told for limits per minute."""

    tries: int = 3
    within: float = 20.0  #: seconds from the first try in which passing troubles are tried again
    longest_wait: float = 60.0  #: seconds; a member waits no longer for a limit to end
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def see_through(self, attempt: Callable[[], Awaitable[Painting]], on_wait: OnWait | None) -> Painting:
        """The painting of the first attempt that works; else the last failure, its `tries` filled in."""

        async def once() -> Painting:  # tenacity awaits only what it recognises as a coroutine function
            return await attempt()

        return await AsyncRetrying(
            retry=retry_if_exception(self._passing),
            wait=_pause,
            stop=self._enough,
            after=_count,
            before_sleep=lambda state: on_wait(state.upcoming_sleep) if on_wait else None,
            sleep=self.sleep,
            reraise=True,
        )(once)

    def _passing(self, error: BaseException) -> bool:
        if not isinstance(error, Crowded):
            return False
        return error.key in PASSING if error.after is None else error.after <= self.longest_wait

    def _enough(self, state: RetryCallState) -> bool:
        late = (state.seconds_since_start or 0.0) + state.upcoming_sleep > self.within
        return state.attempt_number >= self.tries or (late and _crowded(state).after is None)


def _pause(state: RetryCallState) -> float:
    """Seconds; never the same for two callers, or they would all come back together."""
    after = _crowded(state).after
    if after is not None:
        return after + random.uniform(0.1, 2.0)
    return random.uniform(0.5, 1.0) * float(2**state.attempt_number)


def _count(state: RetryCallState) -> None:
    _crowded(state).values["tries"] = state.attempt_number


def _crowded(state: RetryCallState) -> Crowded:
    error = state.outcome.exception() if state.outcome else None
    assert isinstance(error, Crowded)
    return error
