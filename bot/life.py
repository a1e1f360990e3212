"""A turn on its way in this process: what it waits for, what its status says, and what of it can be called off."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial

from bot.model import Turn
from bot.sitting import Halted
from bot.status import Queue, Span, Status
from bot.turnstile import Ticket, Turnstile

PAUSED = {"paused", "paused_shared"}  #: by moderators, and not for what else is asked


@dataclass
class Life:
    """One turn's. `painted` is set when nothing more will be painted for it."""

    turn: Turn
    status: Status
    turnstile: Turnstile
    resumed: bool
    took: Callable[[float], None]  #: hears how many seconds it waited
    span: Span = field(default_factory=Span)  #: how long a picture like this takes
    born: float = field(default_factory=time.monotonic)
    painted: asyncio.Event = field(default_factory=asyncio.Event)
    tickets: list[Ticket] = field(default_factory=list)
    under: frozenset[int] = frozenset()  #: the servers whose pause holds it besides its own
    shown: bool = False  #: its status is looked after
    late: bool = False  #: its thread was closed when it was to be posted first
    working: bool = False  #: it has cost something, so a stop waits for it
    task: asyncio.Task[None] | None = None

    def cancel(self) -> None:
        """End it."""
        if self.task is not None:
            self.task.cancel()

    async def outlast(self) -> None:
        """Wait until it has come to its end."""
        if self.task is not None:
            await asyncio.wait([self.task])

    def wait(self) -> None:
        """The edit before it is still being painted, or held as it is."""
        self.status.queue(Queue(self.span, self.turnstile.places, int, self._paused, ahead="waiting"))

    def _paused(self) -> str:
        stopped = self.turnstile.stops(self._ticket(0))
        return stopped if stopped in PAUSED else ""

    @asynccontextmanager
    async def place(self, take: int) -> AsyncIterator[None]:
        """A place for one call. While none of its calls is out, the status tells its place in the queue."""
        ticket = self._ticket(take)
        if (self.turnstile.full or self.turnstile.stops(ticket)) and not self.tickets:
            stops = partial(self.turnstile.stops, ticket)
            self.status.queue(Queue(self.span, self.turnstile.places, self._position, stops))
        self.tickets.append(ticket)
        async with self.turnstile.place(ticket):
            self.working = True
            try:
                yield
            except Halted as halted:
                self.working, self.under = False, self.under | halted.servers
                self.tickets.remove(ticket)
                raise

    def _ticket(self, take: int) -> Ticket:
        turn, shared = self.turn, {each.server for each in self.turn.member.shared}
        rank = (turn.id, turn.member.id, turn.server, turn.priority, take, turn.at_once)
        return Ticket(*rank, under=self.under | shared)

    def _position(self) -> int:
        places = map(self.turnstile.position, self.tickets)
        return min((each for each in places if each), default=0)

    def begun(self, turn: Turn) -> None:
        """The first call goes out."""
        self.took(time.monotonic() - self.born)
        self.status.show("again" if turn.attempts > 1 else "painting", self.span, turn)

    def held(self, seconds: float) -> None:
        """Google asks for a pause."""
        self.status.show("held", Span(seconds, seconds))


async def after(lives: Iterable[Life], chore: Callable[[], Awaitable[None]]) -> None:
    """A chore for when they have all come to their end."""
    for life in lives:
        await life.outlast()
    await chore()
