"""Presses and commands that were acknowledged and are no turn yet: a process that dies in between owes a word.

Discord never tells of them again, unlike of messages, which can be read later.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.catalogue import Catalogue
from bot.errors import Unreachable
from bot.language import speaking
from bot.letters import Letter, Pace, Postman, patiently
from bot.store import Promise, Store

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Promises:
    """Noted before the acknowledgement, forgotten when the ask is a turn or was answered."""

    store: Store
    postman: Postman
    catalogue: Catalogue
    pace: Pace = field(default_factory=Pace)

    @asynccontextmanager
    async def made(self, promise: Promise) -> AsyncIterator[None]:
        """Inside, the ask is acknowledged and heard; a stop in the middle leaves the promise to the next start."""
        await self.store.change(lambda desk: desk.promises.make(promise))
        try:
            yield
        except asyncio.CancelledError:
            raise
        except BaseException:
            await self._forget(promise)
            raise
        await self._forget(promise)

    async def answer(self) -> None:
        """At start: whoever was left without an answer is told, once."""
        async with self.store.write() as desk:
            await desk.promises.forget_kept()
        for promise in await self.store.promises.broken():
            await self._tell(promise)
            await self._forget(promise)

    async def _tell(self, promise: Promise) -> None:
        with speaking(await self.store.locales.of(promise.member)):
            text = self.catalogue.say("error.stopped", member=f"<@{promise.member}>")
        letter = Letter(promise.channel, text, nonce=f"{promise.ask}-s")
        try:
            await patiently(lambda: self.postman.send(letter), self.pace.pauses())
        except Unreachable as error:
            log.info("ask %s, cut off by a stop, can't be answered: %s", promise.ask, error)

    async def _forget(self, promise: Promise) -> None:
        await self.store.change(lambda desk: desk.promises.forget(promise.ask))
