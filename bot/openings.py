"""Threads that may be open again, each waiting once to be looked at."""

from __future__ import annotations

import asyncio
from collections import deque


class Openings:
    """Heard of one by one, those heard of last first."""

    def __init__(self) -> None:
        self._threads = deque[int]()
        self._any = asyncio.Event()

    def tell(self, thread: int, *, later: bool = False) -> None:
        """It may be; `later`, after all others."""
        if thread in self._threads:
            if later:
                return
            self._threads.remove(thread)
        (self._threads.append if later else self._threads.appendleft)(thread)
        self._any.set()

    async def next(self) -> int:
        """The next, as soon as there is one."""
        while not self._threads:
            self._any.clear()
            await self._any.wait()
        return self._threads.popleft()
