"""Who paints next: a global limit, a role's priority, and a fair share per member and server."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial


@dataclass(frozen=True)
class Ticket:
    """One call that is ready to go out."""

    turn: int
    member: int
    server: int | None = None
    priority: int = 0
    take: int = 0


@dataclass
class Shares:
    """How much each has had, on a clock that stands at the share of whoever went last.

    Who comes anew begins at the clock: nobody saves up for later by asking for nothing.
    """

    clock: int = 0
    had: dict[Hashable, int] = field(default_factory=dict)

    def of(self, who: Hashable) -> int:
        """So much they have had."""
        return max(self.had.get(who, 0), self.clock)

    def serve(self, who: Hashable) -> None:
        """They get one more."""
        self.clock = self.of(who)
        self.had[who] = self.clock + 1

    def forget(self, *, everybody: bool) -> None:
        """Drop those who stand where anybody new would."""
        self.had = {} if everybody else {who: had for who, had in self.had.items() if had > self.clock}


class Turnstile:
    """Lets `places` through at once; of those waiting, whose member, then whose server has had least goes first."""

    def __init__(self, places: int) -> None:
        self.places = places
        self._free = places
        self._waiting: dict[Ticket, asyncio.Future[None]] = {}
        self._members = Shares()
        self._servers = Shares()
        self._line: dict[Ticket, int] | None = None  # worked out when somebody asks

    @property
    def waiting(self) -> int:
        """How many stand in front of it."""
        return len(self._waiting)

    @property
    def full(self) -> bool:
        """Whether the next one will have to wait."""
        return self._free == 0

    def position(self, ticket: Ticket) -> int:
        """When it will be let through, counted from 1, should nobody else come; 0 where it does not wait."""
        if self._line is None:
            own: Counter[int] = Counter()
            rounds = {}
            for each in sorted(self._waiting, key=lambda each: (each.turn, each.take)):
                rounds[each] = self._rank(each, own[each.member])
                own[each.member] += 1
            self._line = {each: place for place, each in enumerate(sorted(rounds, key=rounds.__getitem__), start=1)}
        return self._line.get(ticket, 0)

    @asynccontextmanager
    async def place(self, ticket: Ticket) -> AsyncIterator[None]:
        """Hold one of the places."""
        await self._pass(ticket)
        try:
            yield
        finally:
            self._leave()

    async def _pass(self, ticket: Ticket) -> None:
        passed = asyncio.get_running_loop().create_future()
        self._waiting[ticket] = passed
        self._call()
        try:
            await passed
        except asyncio.CancelledError:
            if self._waiting.pop(ticket, None) is None:  # it was let through in the same moment
                self._leave()
            self._line = None
            raise

    def _leave(self) -> None:
        self._free += 1
        self._call()
        idle = self._free == self.places
        self._members.forget(everybody=idle)
        self._servers.forget(everybody=idle)

    def _call(self) -> None:
        self._line = None
        while self._free and self._waiting:
            ticket = min(self._waiting, key=partial(self._rank, behind=0))
            self._free -= 1
            self._members.serve(ticket.member)
            self._servers.serve(ticket.server)
            passed = self._waiting.pop(ticket)
            if not passed.done():
                passed.set_result(None)

    def _rank(self, ticket: Ticket, behind: int) -> tuple[int, int, int, int, int]:
        """Less goes first; `behind` so many of the member's own."""
        share = self._members.of(ticket.member) + behind
        return (-ticket.priority, share, self._servers.of(ticket.server), ticket.turn, ticket.take)
