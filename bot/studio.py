"""The story of an edit on one screen: admit, paint, keep, deliver. The database is the queue.

A turn runs when its parent is painted: the tree decides, not a lock per thread. Two people who reply to two
pictures paint side by side; plain messages chain.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from bot.admission import Admitted
from bot.asking.steering import Steering
from bot.audit import witness
from bot.catalogue import Catalogue
from bot.delivery import Delivery
from bot.errors import Refusal
from bot.language import speaking
from bot.letters import Pace, Postman
from bot.life import Life, after
from bot.model import Ask, Member, Place, State, Turn, Version
from bot.painting.brush import Brush
from bot.promises import Promises
from bot.reception import Reception
from bot.status import Estimates, Status
from bot.store import Store
from bot.turnstile import Turnstile
from bot.watch import logs
from bot.watch.journal import Journal

Chore = Callable[[], Awaitable[None]]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Crew:
    """Who works in the studio, each with one thing to do."""

    store: Store
    postman: Postman
    reception: Reception
    brush: Brush
    delivery: Delivery
    turnstile: Turnstile
    catalogue: Catalogue
    pace: Pace = field(default_factory=Pace)
    journal: Journal = field(default_factory=Journal)


class Studio:
    """Hears asks and sees each through to its answer."""

    def __init__(self, crew: Crew, group: asyncio.TaskGroup) -> None:
        self._crew = crew
        self._group = group
        self._open = True
        self._lives: dict[int, Life] = {}
        self._chores: set[asyncio.Task[Any]] = set()
        self._estimates = Estimates(crew.store)
        self.tidings = crew.reception.tidings
        self.promises = Promises(crew.store, crew.postman, crew.catalogue, crew.pace)

    async def hear(self, ask: Ask, closed: Refusal | None = None) -> Admitted:
        """Admit an ask and set it going; where the bot does not paint, `closed` says why."""
        if not self._open:  # a message is found again by the next start
            return Admitted(refusal=self._crew.catalogue.say("error.stopping"), stopping=True)
        with self._guest(ask.id):
            admitted = await self._crew.reception.receive(ask, closed)
        if admitted.turn and admitted.changed:
            self._reword(admitted.turn)
        elif admitted.turn and self._open:  # else a stop came in between, and the next start takes it up
            self._begin(self._life(admitted.turn))
        return admitted

    async def overhear(self, talk: int, place: Place, member: int) -> None:
        """A message that is no ask: talk among people, which may be reason to listen less."""
        await self._crew.reception.overhear(talk, place, member)

    async def look(self, ask: Ask) -> None:
        """Whether moderators and limits let it be asked, before anything is said or done for it. Raises Refusal."""
        try:
            await self._crew.reception.look(ask)
        except Refusal as error:
            self._crew.journal.refused(error)
            raise

    async def rewrite(self, ask: Ask) -> None:
        """The message of an ask was edited: while it waits, the ask changes with it, or ends where it may not."""
        try:
            with self._guest(ask.id):
                self._reword(await self._crew.reception.rewrite(ask))
        except Refusal:
            await self.withdraw(ask.id)

    async def withdraw(self, message: int) -> None:
        """The message of an ask was deleted: while it waits, the ask is cancelled, free."""
        with self._guest(message):
            if turn := await self._crew.reception.withdraw(message):
                self._crew.journal.cancelled()
        if turn and (life := self._lives.get(turn.id)):
            life.cancel()

    async def cancel(self, turn: int, by: Member | None = None, *, waiting: bool = False) -> Turn | None:
        """Give an ask up: free while it waits, else counted, or kept (`waiting`). As it ended; None where it had."""
        with self._guest(turn):
            async with self._crew.store.write() as desk:
                free = (asked := await desk.turns.get(turn)) and await witness.cancelled(desk, asked, by)
            if waiting and not free:
                return None
            ended = await (self._crew.store.turns.get(turn) if free else self._crew.brush.abandon(turn, by))
            if ended is None:
                return None
            if life := self._lives.get(turn):
                life.cancel()
                await life.outlast()
            if ended.state is State.CANCELLED:
                self._crew.journal.cancelled()
            elif self._open:  # some of its takes were there: what is painted is delivered
                self._begin(self._life(ended))
            return ended

    async def abandon(self, conversation: int) -> None:
        """The thread was deleted: what waits in it is painted for nobody, so it is cancelled, free."""
        await self._crew.reception.lanes.outlast_all(conversation)
        for life in self._in(conversation):
            await self.withdraw(life.turn.id)

    def once_posted(self, conversation: int, chore: Chore) -> None:
        """A chore for when what is being posted there is known to be there; none where nothing is."""
        if under_way := [life for life in self._in(conversation) if life.painted.is_set()]:
            self.do(lambda: after(under_way, chore), f"after posting in {conversation}")

    async def use_as_base(self, turn: int) -> Version | None:
        """Make the picture that was attached to a turn the head; None where there is none. Pressed twice, done once."""
        with self._guest(turn):
            return await Steering(self._crew.store).use_as_base(turn)

    async def resume(self) -> None:
        """Take up what the last process left: asks are queued, painted ones delivered, stray statuses removed."""
        async with self._crew.store.write() as desk:
            await desk.ledger.lose_calls()
        lives = [self._life(turn, resumed=True) for turn in await self._crew.store.turns.unfinished()]
        for life in lives:
            self._begin(life)
        self.do(self._sweep, "sweep")
        self.do(self.promises.answer, "promises")

    async def retake(self, turn: int) -> None:
        """Deliver what its thread, closed then, did not take; in the end it is posted, or waits as before."""
        if life := self._lives.get(turn):  # turned away a moment ago, or under way already
            await life.outlast()
        async with self._crew.store.write() as desk:
            again = await desk.turns.get(turn) if self._open and await desk.backlog.retake(turn) else None
        if again and self._open and turn not in self._lives:  # else the next start takes it up
            life = self._life(again, resumed=True)
            life.late = True
            self._begin(life)
            await life.outlast()

    async def drain(self, seconds: float) -> None:
        """Take nothing new, give what is being painted or delivered some time, and leave the rest to the next start."""
        self._open = False
        for life in self._lives.values():
            if not life.working:
                life.cancel()
        tasks = {life.task for life in self._lives.values() if life.task} | self._chores
        if tasks:
            await asyncio.wait(tasks, timeout=seconds)
        left = tasks | self._chores
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)  # guests are in no group that would wait for them

    # -- the life of a turn ------------------------------------------------------------------------------------------

    def _life(self, turn: Turn, *, resumed: bool = False) -> Life:
        took = partial(self._crew.journal.took, "wait")
        self._lives[turn.id] = Life(turn, self._status(turn), self._crew.turnstile, resumed, took)
        return self._lives[turn.id]

    def _in(self, conversation: int) -> list[Life]:
        return [life for life in self._lives.values() if life.turn.conversation == conversation]

    def _status(self, turn: Turn) -> Status:
        return Status(turn, self._crew.store, self._crew.postman, self._crew.catalogue, self._crew.pace)

    def _begin(self, life: Life) -> None:
        with logs.about(life.turn.id), speaking(life.turn.language):
            life.task = self._group.create_task(self._live(life), name=f"turn {life.turn.id}")
        life.task.add_done_callback(lambda _: self._end(life))

    def _end(self, life: Life) -> None:
        """However it came to its end: nobody waits for it any longer."""
        self._lives.pop(life.turn.id, None)
        life.painted.set()
        life.status.close() if self._open else life.status.leave()
        if life.resumed and not life.shown:  # called off before it began: what was left in its thread goes all the same
            self._show(life)

    def _show(self, life: Life) -> None:
        life.shown = True
        self.do(lambda: life.status.run(resumed=life.resumed), f"status of {life.turn.id}")

    async def _live(self, life: Life) -> None:
        try:
            if error := await self._crew.delivery.open(life.turn, self._crew.catalogue):
                self._crew.journal.failed(error)
            else:
                self._show(life)
                await self._follow(life)
            life.status.close()
        except Exception:
            log.exception("turn %s was left for the next start", life.turn.id)

    async def _follow(self, life: Life) -> None:
        """Paint, keep, deliver."""
        turn = life.turn if life.turn.ended else await self._paint(life)
        life.painted.set()
        life.working = True
        if turn.state is not State.CANCELLED:
            with self._crew.journal.stage("deliver"):
                pictures = await self._crew.delivery.deliver(turn, self._crew.catalogue, resumed=life.resumed)
            (self._crew.journal.late if life.late else self._crew.journal.delivered)(turn, pictures)

    async def _paint(self, life: Life) -> Turn:
        model = self._crew.brush.model(life.turn)
        life.span = await self._estimates.span(model, life.turn.size)
        await self._wait_for_parent(life)
        return await self._crew.brush.paint(life.turn, life)

    async def _wait_for_parent(self, life: Life) -> None:
        """Wait until the parent is painted, where its picture is the base; where that was lost, for its own parent."""
        turn: Turn | None = life.turn
        while turn is not None and turn.base is None:
            ahead = self._lives.get(turn.parent) if turn.parent else None
            if ahead is not None and not ahead.painted.is_set():
                life.wait()
                await ahead.painted.wait()
            parent = await self._crew.store.turns.get(turn.parent)
            turn = parent if parent is not None and parent.lost else None

    def _reword(self, turn: Turn | None) -> None:
        if turn and (life := self._lives.get(turn.id)):
            life.status.reword(turn)

    @contextmanager
    def _guest(self, ask: int) -> Iterator[None]:
        """Whoever is being heard belongs to Discord's library, and is waited for at the end as if it were a chore."""
        task = asyncio.current_task()
        assert task is not None
        is_chore = task in self._chores  # and stays one
        self._chores.add(task)
        try:
            with logs.about(ask):
                yield
        finally:
            if not is_chore:
                self._chores.discard(task)

    def do(self, chore: Chore, name: str) -> None:
        """A chore beside all else, which ends with the studio; none is begun any more while that closes."""
        if not self._open:
            return
        task = self._group.create_task(_guarded(chore, name), name=name)
        self._chores.add(task)
        task.add_done_callback(self._chores.discard)

    async def _sweep(self) -> None:
        """Statuses whose turn has ended, left over from a process that was killed."""
        for number in await self._crew.store.messages.statuses():
            turn = None if number in self._lives else await self._crew.store.turns.get(number)
            if turn is not None:
                status = self._status(turn)
                status.close()
                await status.run(resumed=True)


async def _guarded(chore: Chore, name: str) -> None:
    """A chore that fails takes nobody's picture with it."""
    try:
        await chore()
    except Exception:
        log.exception("%s failed", name)


@asynccontextmanager
async def open_studio(crew: Crew, stop_seconds: float) -> AsyncIterator[Studio]:
    """A studio at work; leaving it drains it."""
    async with asyncio.TaskGroup() as group:
        studio = Studio(crew, group)
        try:
            yield studio
        finally:
            await studio.drain(stop_seconds)
