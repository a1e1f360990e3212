"""The asks of members who want to be forgotten: what waits is called off, what is on its way is waited for."""

from __future__ import annotations

from dataclasses import dataclass

from bot.deleting.erasure import Eraser
from bot.store import Erasure
from bot.studio import Crew, Studio


@dataclass(frozen=True)
class Recall:
    """Keeps the eraser from erasing what is still to be painted, and the painter from painting it."""

    crew: Crew
    studio: Studio
    eraser: Eraser

    async def begin(self) -> None:
        """Before what the last process left is taken up: none of theirs is. From now on the eraser calls."""
        for erasure in await self.crew.store.erasures.forgetting():
            for turn in await self.crew.store.traces.going(erasure):
                await self._leave(turn)
        self.eraser.recall = self.call_off

    async def call_off(self, erasure: Erasure) -> bool:
        """Free what waits, counted what is being painted; whether any that was said before is on its way still."""
        for turn in await self.crew.store.traces.going(erasure):
            await self.studio.cancel(turn)
        self.studio.tidings.forget(erasure.subject, erasure.until)
        return self.crew.reception.lanes.brings(erasure.subject, erasure.until)

    async def _leave(self, turn: int) -> None:
        """Nobody lives it yet."""
        if await self.crew.store.change(lambda desk: desk.turns.cancel(turn)):
            self.crew.journal.cancelled()
        else:
            await self.crew.brush.abandon(turn)
