"""One turn painted: the call is counted before it goes out, the answer kept in one transaction."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from bot import context, lineage
from bot.answer import panels
from bot.catalogue import Catalogue
from bot.config import Settings
from bot.errors import Failure, Uncertain, Unexpected, Unsigned
from bot.lineage import Lineage
from bot.model import Memory, Model, Painting, Request, State, Turn
from bot.store import Store

log = logging.getLogger(__name__)

CALLS = 2  #: in all, for a turn that a crash cut off

OnWait = Callable[[float], None]


class Painter(Protocol):
    """What turns contents into parts: Gemini."""

    async def paint(self, request: Request, on_wait: OnWait | None = None) -> Painting:
        """Pictures, or words. `on_wait` hears how many seconds a limit makes it wait. Raises Failure."""

    def estimate(self, request: Request) -> float:
        """Dollars that a call costs at most."""


@dataclass(frozen=True)
class Brush:
    """Paints turns and keeps what comes of it."""

    store: Store
    painter: Painter
    settings: Settings
    catalogue: Catalogue

    def model(self, turn: Turn) -> Model:
        """The model of a turn; the configured one where the turn's own is gone."""
        models = self.settings.gemini.models
        return models.get(turn.model) or models[self.settings.gemini.model]

    async def paint(self, turn: Turn, on_start: Callable[[Turn], None], on_wait: OnWait) -> Turn:
        """The turn as it ended, painted or failed; unchanged where it was withdrawn meanwhile."""
        try:
            return await self._paint(turn.id, on_start, on_wait)
        except Failure as failure:
            return await self._fail(turn, failure)
        except Exception:
            number = secrets.token_hex(4)
            log.exception("turn %s failed unexpectedly (%s)", turn.id, number)
            return await self._fail(turn, Unexpected("unexpected", id=number))

    async def _paint(self, turn: int, on_start: Callable[[Turn], None], on_wait: OnWait) -> Turn:
        lines = await self._start(turn, plain=False)
        if lines.turn.state is State.CANCELLED:
            return lines.turn
        on_start(lines.turn)
        try:
            return await self._call(lines, on_wait)
        except Unsigned:
            if lines.turn.memory is Memory.FOCUSED:
                raise
        return await self._call(await self._start(turn, plain=True), on_wait)

    async def _start(self, turn: int, *, plain: bool) -> Lineage:
        """Fix what is painted from what: from here on the ask can't be changed. `plain` leaves the history out."""
        async with self.store.write() as desk:
            asked = await desk.turns.get(turn)
            assert asked is not None
            lines = await lineage.trace(desk, asked, self.catalogue)
            if asked.state is State.CANCELLED:
                return lines
            started = self._started(lines.turn, plain=plain)
            request = context.compose(started, lines.base, lines.branch, self.model(started))
            await desk.turns.start(started, self.painter.estimate(request))
        return replace(lines, turn=started)

    def _started(self, turn: Turn, *, plain: bool) -> Turn:
        notes = turn.notes
        if plain:
            notes = (*notes, self.catalogue.say("receipt.unsigned"))
        elif turn.attempts >= CALLS:
            raise Uncertain("interrupted")
        elif turn.attempts:
            notes = (*notes, self.catalogue.say("receipt.again"))
        memory = Memory.FOCUSED if plain else turn.memory
        model = self.model(turn).id
        return replace(turn, attempts=turn.attempts + 1, notes=notes, memory=memory, model=model)

    async def _call(self, lines: Lineage, on_wait: OnWait) -> Turn:
        turn = lines.turn
        request = context.compose(turn, lines.base, lines.branch, self.model(turn))
        painting = await self.painter.paint(request, on_wait)
        shown = [panel.painted.picture for panel in panels(painting.parts) if panel.painted]
        async with self.store.write() as desk:
            await desk.turns.keep(turn, painting)
            if shown:
                await desk.versions.add(turn, shown)
        return replace(turn, state=State.PAINTED, seconds=painting.seconds, dollars=painting.dollars)

    async def _fail(self, turn: Turn, failure: Failure) -> Turn:
        sentence = self.catalogue.tell(failure)
        async with self.store.write() as desk:
            current = await desk.turns.get(turn.id) or turn
            await desk.turns.fail(current, sentence, failure.key, failure.dollars)
        return replace(current, state=State.FAILED, failure=sentence)
