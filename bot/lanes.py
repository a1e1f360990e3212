"""The order of asking: asks of one conversation are admitted by their ids, though each arrives in a task of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Lanes:
    """One lane per conversation; nothing is kept of an empty one."""

    def __init__(self) -> None:
        self._lanes: dict[int, dict[int, asyncio.Event]] = {}
        self._arrivals: dict[int, asyncio.Event] = {}
        self._whose: dict[int, int] = {}

    def holds(self, ask: int) -> bool:
        """Whether the ask is on its way already: a duplicate event."""
        return ask in self._arrivals

    def brings(self, member: int, until: int) -> bool:
        """Whether an ask of the member's is on its way that has a lower id."""
        return any(whose == member and ask < until for ask, whose in self._whose.items())

    async def outlast(self, ask: int) -> None:
        """Wait while the ask is on its way."""
        if arrival := self._arrivals.get(ask):
            await arrival.wait()

    async def outlast_all(self, conversation: int) -> None:
        """Wait while any ask of the conversation is on its way."""
        for ask in list(self._lanes.get(conversation, ())):
            await self.outlast(ask)

    @asynccontextmanager
    async def enter(self, conversation: int, ask: int, member: int = 0) -> AsyncIterator[asyncio.Event]:
        """Stand in the lane from now on; the event is set while no earlier ask stands before this one."""
        lane = self._lanes.setdefault(conversation, {})
        lane[ask] = asyncio.Event()
        self._arrivals[ask] = asyncio.Event()
        self._whose[ask] = member
        self._call(lane)
        try:
            yield lane[ask]
        finally:
            del lane[ask], self._whose[ask]
            if lane:
                self._call(lane)
            else:
                self._lanes.pop(conversation, None)
            self._arrivals.pop(ask).set()

    def _call(self, lane: dict[int, asyncio.Event]) -> None:
        first = min(lane)
        for ask, turn in lane.items():
            turn.set() if ask == first else turn.clear()
