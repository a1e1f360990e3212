"""So much may be held at a time; who comes first is served first, so that the heaviest is not put off for ever."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Scales:
    """Room for `room` of anything."""

    def __init__(self, room: int) -> None:
        self._free = room
        self._line: deque[tuple[int, asyncio.Future[None]]] = deque()

    @asynccontextmanager
    async def hold(self, weight: int) -> AsyncIterator[None]:
        """Wait until there is room for it, and take that while this is open. It must not be more than there is."""
        await self._enter(weight)
        try:
            yield
        finally:
            self._free += weight
            self._serve()

    async def _enter(self, weight: int) -> None:
        place = asyncio.get_running_loop().create_future()
        self._line.append((weight, place))
        self._serve()
        try:
            await place
        except asyncio.CancelledError:
            if not place.cancelled():  # it was served in this very moment
                self._free += weight
            self._serve()
            raise

    def _serve(self) -> None:
        while self._line:
            weight, place = self._line[0]
            if not place.cancelled():
                if weight > self._free:
                    return
                self._free -= weight
                place.set_result(None)
            self._line.popleft()
