"""Threads that rest, opened for a moment so that something can be taken out of them, and closed again."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import aiohttp
import discord

from bot.chores import beside

ARCHIVED = 50083  #: Discord changes and deletes nothing in an archived thread
SERVER_ERROR = 500  #: from this status on nobody knows what was done
REFUSED = {400, 403}  #: it is locked, or the server has as many open threads as it may have
LINGER = 5.0  #: seconds that one stays open after the last change: whoever deletes one message deletes more
CLOSING = 2.0  #: seconds that a stop waits until all are closed

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Opened:
    """`last` is the newest message in it by then, None where that is not known; `until` of the monotonic clock."""

    last: str | None
    until: float


@dataclass(frozen=True)
class Ajar:
    """Knows in memory alone what it has opened: after a kill Discord archives that again by itself, in its time."""

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
        known = self._opened.get(thread)
        self._note(thread, known.last if known else None)  # before: the answer may be lost, or nobody wait for it
        try:
            found = await self.client.http.edit_channel(thread, archived=False)
        except discord.HTTPException as error:
            if error.status < SERVER_ERROR:
                self._opened.pop(thread, None)
            if error.status not in REFUSED:
                raise
            log.info("thread %s can't be opened to change what is in it: %s", thread, error)
            raise closed from error
        if known is None:
            self._note(thread, str(found.get("last_message_id") or ""))

    def _note(self, thread: int, last: str | None) -> None:
        self._opened[thread] = Opened(last, time.monotonic() + self.linger)

    @asynccontextmanager
    async def minded(self) -> AsyncIterator[None]:
        """As long as this lasts threads are closed in time, and at its end at once. Nobody opens any after that."""
        try:
            async with beside(ajar=self._run()):
                yield
        finally:
            await self._end()

    async def _run(self) -> None:
        """Close what has been open long enough."""
        while True:
            await asyncio.sleep(self.linger / 5)
            async with self._turn:
                for thread in [each for each, opened in self._opened.items() if opened.until <= time.monotonic()]:
                    await self._close(thread)

    async def _end(self) -> None:
        """Close all of them, side by side: whoever stops the bot does not wait for long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSING):
                await self._turn.acquire()  # for good
                async with asyncio.TaskGroup() as group:
                    for thread in self._opened:
                        group.create_task(self._close(thread), name=f"closing {thread}")
        if self._opened:
            log.warning("threads are left open by the stop: %s", ", ".join(map(str, self._opened)))

    async def _close(self, thread: int) -> None:
        """As it was, unless it is not the bot's to close. Forgotten only then: a stop may come in between."""
        try:
            if not self._is_used(thread):
                await self.client.http.edit_channel(thread, archived=True)
        except (discord.DiscordException, aiohttp.ClientError, OSError, RuntimeError) as error:
            log.info("thread %s is left open: %s", thread, error)
        del self._opened[thread]

    def _is_used(self, thread: int) -> bool:
        """Whether somebody has written in it since it was opened."""
        known, last = self.client.get_channel(thread), self._opened[thread].last
        return isinstance(known, discord.Thread) and last is not None and str(known.last_message_id or "") != last
