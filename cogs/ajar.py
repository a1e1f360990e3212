"""Threads that rest, opened for a moment so that something can be taken out of them, and closed again."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import aiohttp
import discord

ARCHIVED = 50083  #: Discord changes and deletes nothing in an archived thread
REFUSED = {400, 403}  #: it is locked, or the server has as many open threads as it may have
LINGER = 5.0  #: seconds that one stays open after the last change: whoever deletes one message deletes more

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Opened:
    """`last` is the newest message in it by then; `until` in seconds of the monotonic clock."""

    last: str
    until: float


@dataclass(frozen=True)
class Ajar:
    """What a stop leaves open Discord archives again by itself."""

    client: discord.Client
    linger: float = LINGER
    _opened: dict[int, Opened] = field(default_factory=dict)  # by thread
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)  # nobody closes what another has just opened

    async def change(self, thread: int, act: Callable[[], Awaitable[object]]) -> None:
        """Do it, be the thread archived or not. Raises what Discord says, and 50083 where it can't be opened."""
        try:
            await act()
        except discord.HTTPException as error:
            if error.code != ARCHIVED:
                raise
            async with self._turn:
                await self._open(thread, error)
                await act()
        if known := self._opened.get(thread):
            self._note(thread, known.last)

    async def _open(self, thread: int, closed: discord.HTTPException) -> None:
        """Whatever speaks against it, nothing says that it never can be opened."""
        try:
            found = await self.client.http.edit_channel(thread, archived=False)
        except discord.HTTPException as error:
            if error.status not in REFUSED:
                raise
            log.info("thread %s can't be opened to change what is in it: %s", thread, error)
            raise closed from error
        known = self._opened.get(thread)
        self._note(thread, known.last if known else str(found.get("last_message_id") or ""))

    def _note(self, thread: int, last: str) -> None:
        self._opened[thread] = Opened(last, time.monotonic() + self.linger)

    async def run(self) -> None:
        """Close what has been open long enough."""
        while True:
            await asyncio.sleep(self.linger / 5)
            async with self._turn:
                for thread in [each for each, opened in self._opened.items() if opened.until <= time.monotonic()]:
                    await self._close(thread, self._opened.pop(thread))

    async def _close(self, thread: int, opened: Opened) -> None:
        """As it was, unless somebody has written in it since, or it is not the bot's to close."""
        known = self.client.get_channel(thread)
        if isinstance(known, discord.Thread) and str(known.last_message_id or "") != opened.last:
            return
        try:
            await self.client.http.edit_channel(thread, archived=True)
        except (discord.DiscordException, aiohttp.ClientError, OSError, RuntimeError) as error:
            log.info("thread %s is left open: %s", thread, error)
