"""The backlog: what a closed thread did not take is delivered once it is open again, each message once."""

from __future__ import annotations

import asyncio
import logging
import secrets
from contextlib import suppress
from dataclasses import dataclass

from bot.deleting.erasure import Eraser
from bot.errors import Unreachable
from bot.letters import patiently
from bot.moments import HOUR
from bot.studio import Crew, Studio
from bot.watch import logs

PATIENCE = 120.0  #: seconds for one thread, until others have their turn
LOOK = HOUR  #: from the last to a look at all: not everything that opens a thread is told of, as the end of a timeout

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Backlog:
    """Finds out what is to be delivered; the studio delivers it like anything else. When to look, others tell."""

    crew: Crew
    studio: Studio
    eraser: Eraser

    def opened(self, thread: int) -> None:
        """A thread may be open again."""
        self.crew.delivery.openings.tell(thread)

    async def missed(self, server: int | None = None) -> None:
        """Any may be, or any of a server: nobody listened for a while, or the bot's permissions have changed."""
        for thread in await self.crew.store.backlog.conversations(server):
            self.crew.delivery.openings.tell(thread, later=True)

    async def run(self) -> None:
        """Deliver what there is in one thread after the other."""
        while True:
            thread = await self._next()
            try:
                async with asyncio.timeout(PATIENCE) as patience:
                    await (self.missed() if thread is None else self.deliver(thread))
            except Unreachable as error:
                log.info("whether %s is open is not known: %s", thread, error)
            except Exception:
                if thread is not None and patience.expired():  # Discord is away, if only for this one: first the others
                    self.crew.delivery.openings.tell(thread, later=True)
                    continue
                number = secrets.token_hex(4)
                log.exception("what was left over could not be delivered (%s)", number, extra={"id": number})

    async def deliver(self, thread: int) -> None:
        """What its thread did not take, for as long as that is open. Raises Unreachable where nobody knows."""
        for turn in await self.crew.store.backlog.of(thread):
            if await patiently(lambda: self.crew.postman.is_closed(thread), self.crew.pace.pauses()):
                return
            with logs.about(turn):
                if await self._is_wanted(turn):
                    await self.studio.retake(turn)

    async def _next(self) -> int | None:
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK):
                return await self.crew.delivery.openings.next()
        return None  # nobody told of any for so long

    async def _is_wanted(self, number: int) -> bool:
        """Whoever deletes their ask is answered no more, though nobody heard of it."""
        turn = await self.crew.store.turns.get(number)
        if turn is None or turn.asked_in is None:
            return True
        channel, message = turn.asked_in
        try:
            if await patiently(lambda: self.crew.postman.stands(channel, message), self.crew.pace.pauses()):
                return True
        except Unreachable as error:
            log.info("the ask %s may have been deleted: %s", number, error)
            return True
        await self.eraser.unsaid(message)
        await self.crew.store.change(lambda desk: desk.backlog.drop(number))
        return False
