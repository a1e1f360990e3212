"""One turn painted: the call is counted before it goes out, the answer kept in one transaction."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Protocol

from bot import context, lineage
from bot.answer import panels
from bot.catalogue import Catalogue
from bot.config import Settings
from bot.errors import Failure, Uncertain, Unexpected, Unsigned
from bot.journal import Journal
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
    journal: Journal = field(default_factory=Journal)

    def model(self, turn: Turn) -> Model:
        """The model of a turn; the configured one where the turn's own is gone."""
        models = self.settings.gemini.models
        return models.get(turn.model) or models[self.settings.gemini.model]

    async def paint(self, turn: Turn, on_start: Callable[[Turn], None], on_wait: OnWait) -> Turn:
        """The turn as it ended, painted or failed; unchanged where it was withdrawn meanwhile."""
        try:
            with _surprised(turn.id):
                return await self._paint(turn.id, on_start, on_wait)
        except Failure as failure:
            return await self._fail(turn, failure)

    async def _paint(self, turn: int, on_start: Callable[[Turn], None], on_wait: OnWait) -> Turn:
        begun, request = await self._start(turn, plain=False)
        if begun.state is State.CANCELLED:
            return begun
        on_start(begun)
        try:
            return await self._call(begun, request, on_wait)
        except Unsigned as unsigned:
            if begun.memory is Memory.FOCUSED:
                raise
            async with self.store.write() as desk:
                await desk.ledger.end_call(begun, unsigned.key, unsigned.dollars)
        return await self._call(*await self._start(turn, plain=True), on_wait)

    async def _start(self, turn: int, *, plain: bool) -> tuple[Turn, Request]:
        """Fix what is painted from what: from here on the ask can't be changed. `plain` leaves the history out."""
        async with self.store.write() as desk:
            asked = await desk.turns.get(turn)
            assert asked is not None
            lines = await lineage.trace(desk, asked, self.catalogue)
            begun = self._begun(lineage.shaped(lines, self.model(asked), self.catalogue), plain=plain)
            request = context.compose(begun, lines.base, lines.branch, self.model(begun))
            if asked.state is State.CANCELLED:
                return asked, request
            dollars = self.painter.estimate(request)
            if asked.attempts >= CALLS and not plain:
                raise Uncertain("interrupted", dollars=dollars)
            await desk.turns.start(begun, dollars)
        return begun, request

    def _begun(self, turn: Turn, *, plain: bool) -> Turn:
        """The turn as its next call paints it."""
        key = "receipt.unsigned" if plain else "receipt.again"
        notes = (*turn.notes, self.catalogue.say(key)) if turn.attempts else turn.notes
        memory = Memory.FOCUSED if plain else turn.memory
        model = self.model(turn).id
        return replace(turn, attempts=turn.attempts + 1, notes=notes, memory=memory, model=model)

    async def _call(self, turn: Turn, request: Request, on_wait: OnWait) -> Turn:
        painting = await self.painter.paint(request, on_wait)
        keeping = asyncio.ensure_future(self._keep(turn, painting))
        try:
            with _surprised(turn.id, painting.dollars):
                await asyncio.shield(keeping)
        except asyncio.CancelledError:
            await keeping  # it is paid for: a stop in this moment must not throw it away
            raise
        return replace(turn, state=State.PAINTED, seconds=painting.seconds, dollars=painting.dollars)

    async def _keep(self, turn: Turn, painting: Painting) -> None:
        shown = [panel.painted.picture for panel in panels(painting.parts) if panel.painted]
        with self.journal.stage("keep"):
            async with self.store.write() as desk:
                await desk.turns.keep(turn, painting)
                if shown:
                    await desk.versions.add(turn, shown)
        self.journal.painted(painting)

    async def _fail(self, turn: Turn, failure: Failure) -> Turn:
        sentence = self.catalogue.tell(failure)
        async with self.store.write() as desk:
            current = replace(await desk.turns.get(turn.id) or turn, offer=failure.again)
            await desk.turns.fail(current, sentence, failure.key, failure.dollars)
        self.journal.failed(failure)
        return replace(current, state=State.FAILED, failure=sentence)


@contextmanager
def _surprised(turn: int, dollars: float = 0.0) -> Iterator[None]:
    """What nobody thought of becomes Unexpected: the log has it, under a number that people are told."""
    try:
        yield
    except Failure:
        raise
    except Exception as error:
        number = secrets.token_hex(4)
        log.exception("turn %s failed unexpectedly (%s)", turn, number, extra={"id": number})
        raise Unexpected("unexpected", dollars=dollars, id=number) from error
