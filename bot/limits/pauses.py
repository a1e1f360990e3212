"""Servers whose moderators have paused the bot: what waits there is held, and goes on when they let it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from bot.store import Store
from bot.turnstile import Turnstile


@dataclass(frozen=True)
class Pauses:
    """Brings the queue in line with what is decided. Calls that are out already are paid for, and come to their end."""

    store: Store
    turnstile: Turnstile
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)  #: whoever looked first must not have the last word

    async def begin(self) -> None:
        """Hold what was held before, and hear of every change from now on."""
        self.store.heeding.append(self.heed)
        for server in await self.store.rules.paused():
            await self.heed(server)

    async def heed(self, server: int) -> None:
        """The server's rules may have changed."""
        async with self._lock:
            rules = await self.store.rules.of(server)
            self.turnstile.hold(server) if rules.paused else self.turnstile.release(server)
