"""One turn painted, in takes side by side: each call is counted before it goes out, each answer kept at once."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Protocol

from bot.asking import context, lineage
from bot.asking.drafting import noted
from bot.audit import witness
from bot.catalogue import Catalogue
from bot.config import Settings
from bot.errors import Crowded, Failure, Misconfigured, Uncertain, Unexpected, Unsigned
from bot.insistence import insist
from bot.language import speaking
from bot.limits import fallback
from bot.limits.threshold import Threshold
from bot.model import Member, Memory, Model, Painting, Request, State, Turn
from bot.painting.adviser import Adviser
from bot.painting.answer import shown
from bot.painting.filters import Filters
from bot.sitting import USUAL, Course, Halted, Order, Sitting, Way
from bot.store import Desk, Store
from bot.watch.journal import Journal

log = logging.getLogger(__name__)

LAST = 5.0  #: seconds that a stop waits for an answer to be kept
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
    adviser: Adviser | None = None
    filters: Filters | None = None  #: None: the strictest everywhere
    threshold: Threshold | None = None  #: None: what was admitted is painted

    def model(self, turn: Turn) -> Model:
        """The model of a turn; the configured one where the turn's own is gone."""
        models = self.settings.gemini.models
        return models.get(turn.model) or models[self.settings.gemini.model]

    async def paint(self, turn: Turn, way: Way) -> Turn:
        """The turn as it ended, painted or failed; unchanged where it was withdrawn meanwhile."""
        sitting = Sitting(turn, way)
        there = await self.store.ledger.painted(turn.id) if turn.attempts else set()
        async with asyncio.TaskGroup() as group:
            missing = sorted(set(range(turn.count)) - there)
            takes = [group.create_task(self._take(sitting, take)) for take in missing]
        failures = [failure for each in takes if (failure := each.result())]
        ended = sitting.ended or await self.store.turns.get(turn.id)
        if ended is not None and ended.ended:
            return ended
        try:
            with _surprised(turn.id):
                await insist(partial(self._finish, turn.id, failures))
        except Failure as failure:
            await insist(partial(self._fail, turn, failure))
        return await self.store.turns.get(turn.id) or turn

    async def abandon(self, turn: int, by: Member | None = None) -> Turn | None:
        """Paint no more of it: what is there is kept, what was called counts. None where it was not being painted."""
        async with self.store.write() as desk:
            current = await desk.turns.get(turn)
            if current is None or current.state is not State.PAINTING:
                return None
            if await desk.ledger.painted(turn):
                await desk.ledger.abandon(turn)
                with speaking(current.language):
                    note = self.catalogue.say("receipt.stopped", count=current.count)
                await _close(desk, replace(current, notes=(*current.notes, note)))
            else:
                await desk.turns.abandon(turn)
                await witness.ended(desk, current, by=by)
        return await self.store.turns.get(turn)

    async def _take(self, sitting: Sitting, take: int) -> Failure | None:
        """One picture of the turn, or why there is none."""
        while True:
            try:
                async with sitting.way.place(take):
                    return await self._tried(sitting, take)
            except Halted as halted:
                await asyncio.sleep(halted.seconds)

    async def _tried(self, sitting: Sitting, take: int) -> Failure | None:
        try:
            with _surprised(sitting.turn):
                await self._paint(sitting, take)
        except Failure as failure:
            await insist(partial(self._end_call, sitting.turn, take, failure))
            return failure
        return None

    async def _paint(self, sitting: Sitting, take: int) -> None:
        try:
            await self._remember(sitting, take, USUAL)
        except (Crowded, Misconfigured) as trouble:
            if not fallback.steps_in(sitting.orders[USUAL.key].turn, trouble, self.settings.gemini.models):
                raise
            await self._end_call(sitting.turn, take, trouble)
            try:
                await self._remember(sitting, take, Course(trouble=trouble))
            except (Crowded, Misconfigured) as other:
                await self._end_call(sitting.turn, take, other)
                raise trouble from other

    async def _remember(self, sitting: Sitting, take: int, course: Course) -> None:
        """With the history that goes along; where the model does not take it, once more without."""
        try:
            await self._call(sitting, take, course)
        except Unsigned as unsigned:
            if sitting.orders[course.key].turn.memory is Memory.FOCUSED:
                raise
            await self._end_call(sitting.turn, take, unsigned)
            await self._call(sitting, take, replace(course, plain=True))

    async def _call(self, sitting: Sitting, take: int, course: Course) -> None:
        order = await self._begin(sitting, take, course)
        if order is None:
            return
        painting = await self.painter.paint(order.request, sitting.way.held)
        keeping = asyncio.ensure_future(insist(partial(self._keep, sitting, painting, take)))
        try:
            with _surprised(sitting.turn, painting.dollars):
                await asyncio.shield(keeping)
        except asyncio.CancelledError:
            await asyncio.wait([keeping], timeout=LAST)  # it is paid for: a stop must not throw it away
            keeping.cancel()
            raise

    async def _begin(self, sitting: Sitting, take: int, course: Course) -> Order | None:
        """The order, and the call counted; None where the ask was withdrawn."""
        async with sitting.lock:
            if known := sitting.orders.get(course.key):
                dollars = self.painter.estimate(known.request)
                async with self.store.write() as desk:
                    return known if await desk.ledger.call(known.turn, dollars, take) else None
            if self.threshold is not None and not sitting.orders:
                await self.threshold.cross(sitting)
            order, place = await self.store.change(lambda desk: self._started(desk, sitting.turn, take, course))
            milder = self.filters is not None and await self.filters.are_milder(place)
            order = replace(order, request=replace(order.request, relaxed=milder))
            if order.turn.state is State.CANCELLED:
                return None
            sitting.orders[course.key] = order
            if course == USUAL:
                sitting.way.begun(order.turn)
            return order

    async def _started(self, desk: Desk, turn: int, take: int, course: Course) -> tuple[Order, int | None]:
        """The order, and where it may be painted with milder filters."""
        order = await self._start(desk, turn, take, course)
        return order, await self.filters.place(desk, order.turn) if self.filters else None

    async def _start(self, desk: Desk, turn: int, take: int, course: Course) -> Order:
        """Fix what is painted from what: from here on the ask can't be changed."""
        asked = await desk.turns.get(turn)
        assert asked is not None
        if course.trouble:
            asked = fallback.handed_over(asked, course.trouble, self.settings.gemini.models, self.catalogue)
        lines = await lineage.trace(desk, asked, self.catalogue)
        begun = self._begun(lineage.shaped(lines, self.model(asked), self.catalogue), course)
        request = context.compose(begun, lines.base, lines.branch, self.model(begun))
        begun = self._remembering(begun, lines.branch, alone=len(request.contents) == 1)
        if asked.state is State.CANCELLED:
            return Order(asked, request)
        dollars = self.painter.estimate(request)
        if course == USUAL and fallback.begun(asked) >= CALLS:
            raise Uncertain("interrupted", dollars=dollars)
        await desk.turns.start(begun, dollars, take)
        return Order(begun, request)

    def _begun(self, turn: Turn, course: Course) -> Turn:
        """The turn as its next call paints it."""
        notes = [self.catalogue.say("receipt.again")] if course == USUAL and fallback.begun(turn) else []
        notes += [self.catalogue.say("receipt.unsigned")] if course.plain else []
        memory = Memory.FOCUSED if course.plain else turn.memory
        turn = replace(turn, attempts=turn.attempts + 1, memory=memory, model=self.model(turn).id)
        return noted(turn, notes)

    def _remembering(self, turn: Turn, branch: Sequence[context.Past], *, alone: bool) -> Turn:
        """The turn with what it really remembers: all of the history, what is left of it, or nothing."""
        if turn.memory is Memory.FOCUSED or not branch:
            return turn
        if alone:
            return noted(replace(turn, memory=Memory.FOCUSED), [self.catalogue.say("receipt.forgotten")])
        return noted(turn, [self.catalogue.say("receipt.gaps")] if context.has_gaps(branch) else [])

    async def _keep(self, sitting: Sitting, painting: Painting, take: int) -> None:
        with self.journal.stage("keep"):
            kept = await self.store.change(lambda desk: _kept(desk, sitting.turn, painting, take))
        if kept is not None:
            self.journal.painted(painting)
            sitting.ended = kept if kept.ended else None

    async def _end_call(self, turn: int, take: int, failure: Failure) -> None:
        async with self.store.write() as desk:
            if current := await desk.turns.get(turn):
                await desk.ledger.end_call(current, failure.key, failure.dollars, take=take)

    async def _finish(self, turn: int, failures: Sequence[Failure]) -> None:
        """What came to nothing is told beside what was painted; raised where that is all there is."""
        async with self.store.write() as desk:
            current = await desk.turns.get(turn)
            if current is None or current.ended:
                return
            if failures and not await desk.ledger.painted(turn):
                raise failures[0]
            await _close(desk, replace(current, notes=(*current.notes, *self._told(current, failures))))

    def _told(self, turn: Turn, failures: Sequence[Failure]) -> list[str]:
        if not failures:
            return []
        why = self.catalogue.tell(failures[0])
        return [self.catalogue.say("receipt.fewer", missing=len(failures), count=turn.count, why=why)]

    async def _fail(self, turn: Turn, failure: Failure) -> None:
        sentence = self.catalogue.tell(failure)
        async with self.store.write() as desk:
            current = replace(await desk.turns.get(turn.id) or turn, offer=failure.again)
            await witness.failed(desk, current, sentence, reason=failure.key, dollars=failure.dollars)
        self.journal.failed(failure)
        if self.adviser:
            await self.adviser.advise(current, failure.key)


async def _kept(desk: Desk, turn: int, painting: Painting, take: int) -> Turn | None:
    """Keep a take: the turn as it is now. None where it was cancelled in this very moment: the call counts already."""
    current = await desk.turns.get(turn)
    if current is None or current.ended:
        return None
    if await desk.turns.keep(current, painting, take):
        await _number(desk, current)
    return await desk.turns.get(turn)


async def _close(desk: Desk, turn: Turn) -> None:
    """Nothing more is painted for it."""
    await desk.turns.painted(turn)
    await _number(desk, turn)


async def _number(desk: Desk, turn: Turn) -> None:
    """The pictures that people get to see become versions, those of all takes one after the other: it is done."""
    pictures = [each for parts in await desk.turns.takes(turn.id) for each in shown(parts)]
    if pictures:
        await desk.versions.add(turn, pictures)
    await witness.ended(desk, turn)


@contextmanager
def _surprised(turn: int, dollars: float = 0.0) -> Iterator[None]:
    """What nobody thought of becomes Unexpected: the log has it, under a number that people are told."""
    try:
        yield
    except (Failure, Halted):
        raise
    except Exception as error:
        number = secrets.token_hex(4)
        log.exception("turn %s failed unexpectedly (%s)", turn, number, extra={"id": number})
        raise Unexpected("unexpected", dollars=dollars, id=number) from error
