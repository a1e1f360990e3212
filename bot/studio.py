"""The story of an edit on one screen: admit, paint, keep, deliver. The database is the queue.

A turn runs when its parent is painted: the tree decides, not a lock per thread. Two people who reply to two
pictures paint side by side; plain messages chain.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from bot.brush import Brush
from bot.catalogue import Catalogue
from bot.delivery import Delivery
from bot.errors import Unreachable
from bot.letters import Letter, Postman
from bot.model import Ask, Kind, State, Turn, Version
from bot.reception import Reception
from bot.status import Estimates, Status
from bot.store import Store
from bot.turnstile import Ticket, Turnstile

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


class Studio:
    """Hears asks and sees each through to its answer."""

    def __init__(self, crew: Crew, group: asyncio.TaskGroup) -> None:
        self._crew = crew
        self._group = group
        self._open = True
        self._lives: dict[int, asyncio.Task[None]] = {}
        self._painted: dict[int, asyncio.Event] = {}
        self._working: set[int] = set()

    async def hear(self, ask: Ask) -> None:
        """Admit an ask and set it going."""
        if self._open and (turn := await self._crew.reception.receive(ask)):
            self._begin(turn)

    async def rewrite(self, ask: Ask) -> None:
        """The message of an ask was edited: while it waits, the ask changes with it."""
        await self._crew.reception.rewrite(ask)

    async def withdraw(self, message: int) -> None:
        """The message of an ask was deleted: while it waits, the ask is cancelled, free."""
        turn = await self._crew.store.turns.of_message(message)
        if turn is None:
            return
        async with self._crew.store.write() as desk:
            cancelled = await desk.turns.cancel(turn.id)
        if cancelled and (life := self._lives.get(turn.id)):
            life.cancel()

    async def use_as_base(self, turn: int) -> Version | None:
        """Make the picture that was attached to a turn the head; None where there is none. Pressed twice, done once."""
        edited = await self._crew.store.turns.get(turn)
        if edited is None or not edited.references:
            return None
        first = edited.references[0]
        upload = replace(edited, id=-turn, kind=Kind.UPLOAD, state=State.POSTED, words=first.name, title=None)
        upload = replace(upload, parent=None, base=None, references=(), notes=(), offer=False, failure=None)
        async with self._crew.store.write() as desk:
            if not (versions := await desk.versions.of_turn(upload.id)):
                await desk.turns.add(upload)
                versions = await desk.versions.add(upload, [first.picture], turn)
            await desk.turns.lead(upload.conversation, upload.id, versions[0].number)
        return versions[0]

    async def resume(self) -> None:
        """Take up what the last process left: asks are queued, painted ones delivered, stray statuses removed."""
        unfinished = await self._crew.store.turns.unfinished()
        for turn in unfinished:
            self._painted[turn.id] = asyncio.Event()
        for turn in unfinished:
            self._begin(turn, resumed=True)
        self._group.create_task(self._sweep())

    async def drain(self, seconds: float) -> None:
        """Take nothing new, give what is being painted or delivered some time, and leave the rest to the next start."""
        self._open = False
        for turn, life in self._lives.items():
            if turn not in self._working:
                life.cancel()
        if lives := list(self._lives.values()):
            await asyncio.wait(lives, timeout=seconds)
        for life in self._lives.values():
            life.cancel()

    # -- the life of a turn ------------------------------------------------------------------------------------------

    def _begin(self, turn: Turn, *, resumed: bool = False) -> None:
        self._painted.setdefault(turn.id, asyncio.Event())
        self._lives[turn.id] = self._group.create_task(self._live(turn, resumed=resumed), name=f"turn {turn.id}")

    async def _live(self, turn: Turn, *, resumed: bool) -> None:
        status = Status(turn, self._crew.store, self._crew.postman, self._crew.catalogue)
        self._group.create_task(status.run(resumed=resumed), name=f"status of {turn.id}")
        try:
            if await self._opened(turn):
                await self._follow(turn, status, resumed=resumed)
            status.close()
        except Exception:
            log.exception("turn %s was left for the next start", turn.id)
        finally:
            self._painted.pop(turn.id).set()
            self._lives.pop(turn.id, None)
            self._working.discard(turn.id)
            status.close() if self._open else status.leave()

    async def _follow(self, turn: Turn, status: Status, *, resumed: bool) -> None:
        """Paint, keep, deliver."""
        if not turn.ended:
            turn = await self._paint(turn, status)
            self._painted[turn.id].set()
        self._working.add(turn.id)
        if turn.state is not State.CANCELLED:
            late = time.time() - turn.asked_at
            await self._crew.delivery.deliver(turn, self._crew.catalogue, late=late, resumed=resumed)

    async def _paint(self, turn: Turn, status: Status) -> Turn:
        seconds = await Estimates(self._crew.store).seconds(self._crew.brush.model(turn), turn.size)
        await self._parent(turn, status, seconds)
        status.show("queued", time.time() + seconds)
        async with self._crew.turnstile.place(Ticket(turn.id, turn.member.id, turn.server)):
            self._working.add(turn.id)
            return await self._crew.brush.paint(
                turn,
                lambda begun: status.show("again" if begun.attempts > 1 else "painting", time.time() + seconds, begun),
                lambda pause: status.show("held", time.time() + pause),
            )

    async def _parent(self, turn: Turn, status: Status, seconds: float) -> None:
        """Wait until the parent is painted, where its picture is the base."""
        parent = self._painted.get(turn.parent) if turn.parent and turn.base is None else None
        if parent is not None and not parent.is_set():
            status.show("waiting", time.time() + 2 * seconds)
            await parent.wait()

    async def _opened(self, turn: Turn) -> bool:
        """Its thread is there. Where it can't be, the asker reads why in the channel, and the ask ends, free."""
        if turn.title is None:
            return True
        try:
            await self._crew.postman.open(turn)
        except Unreachable as error:
            if not error.forever:
                raise
            async with self._crew.store.write() as desk:
                await desk.turns.cancel(turn.id)
            text = self._crew.catalogue.tell(error)
            await self._crew.postman.send(Letter(turn.channel or turn.conversation, text, reply_to=turn.id))
            return False
        return True

    async def _sweep(self) -> None:
        """Statuses whose turn has ended, left over from a process that was killed."""
        for message in await self._crew.store.messages.statuses():
            if message.turn in self._lives:
                continue
            try:
                await self._crew.postman.erase(message.conversation, message.id)
            except Unreachable as error:
                log.info("a stray status in %s: %s", message.conversation, error)
            async with self._crew.store.write() as desk:
                await desk.messages.forget(message.id)


@asynccontextmanager
async def open_studio(crew: Crew, stop_seconds: float) -> AsyncIterator[Studio]:
    """A studio at work; leaving it drains it."""
    async with asyncio.TaskGroup() as group:
        studio = Studio(crew, group)
        try:
            yield studio
        finally:
            await studio.drain(stop_seconds)
