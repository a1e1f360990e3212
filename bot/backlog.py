"""The backlog: what a closed thread did not take is delivered once it is open again, each message once."""

from __future__ import annotations

import asyncio
import logging
import secrets
from contextlib import suppress
from dataclasses import dataclass

from bot.catalogue import Catalogue
from bot.delivery import Delivery
from bot.errors import Unreachable
from bot.language import speaking
from bot.model import Turn
from bot.painting.insistence import insist
from bot.status import Status
from bot.watch import logs
from bot.watch.journal import Journal

PATIENCE = 120.0  #: seconds for one thread, until others have their turn
MOST = 100  #: threads tried at a start, those asked in last

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Backlog:
    """Whether a thread is open shows in its taking a message; when that is worth a try, others tell."""

    delivery: Delivery
    catalogue: Catalogue
    journal: Journal

    def opened(self, conversation: int) -> None:
        """A thread may be open again."""
        self.delivery.closed.put_nowait(conversation)

    async def missed(self) -> None:
        """Any may be: nobody listened for a while."""
        for conversation in await self.delivery.store.backlog.conversations(MOST):
            self.opened(conversation)

    async def run(self) -> None:
        """Deliver what there is in one thread after the other."""
        while True:
            conversation = await self.delivery.closed.get()
            try:
                async with asyncio.timeout(PATIENCE) as patience:
                    await self.deliver(conversation)
            except Exception:
                if patience.expired():
                    self.opened(conversation)  # Discord is away, if only for this one: first the others
                    continue
                number = secrets.token_hex(4)
                log.exception("what was left over could not be delivered (%s)", number, extra={"id": number})

    async def deliver(self, conversation: int) -> None:
        """What its thread did not take, until it takes something no more."""
        store = self.delivery.store
        for number in await store.backlog.of(conversation):
            turn = await store.turns.get(number)
            if turn is None or not await self._delivered(turn):
                return

    async def _delivered(self, turn: Turn) -> bool:
        with logs.about(turn.id), speaking(turn.language):
            store = self.delivery.store
            await store.change(lambda desk: desk.backlog.regain(turn))  # not after it: who sees it may ask at once
            pictures = await self.delivery.deliver(turn, self.catalogue, resumed=True)
            if pictures is None:
                return False
            await insist(lambda: store.change(lambda desk: desk.backlog.drop(turn.id)))
            self.journal.late(pictures)
            await self._clear_up(turn)
        return True

    async def _clear_up(self, turn: Turn) -> None:
        """Neither does it wait any more, nor has it come to nothing."""
        delivery = self.delivery
        status = Status(turn, delivery.store, delivery.postman, self.catalogue, delivery.pace)
        status.close()
        await status.run(resumed=True)
        if turn.asked_in:
            with suppress(Unreachable):
                await delivery.postman.unsign(*turn.asked_in)
