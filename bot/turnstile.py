"""Who paints next: a global limit, a role's priority, and a fair share per server and member."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass


@dataclass(frozen=True)
class Ticket:
    """An ask that is ready to be painted."""

    turn: int
    member: int
    server: int | None = None
    priority: int = 0


class Turnstile:
    """Lets `places` through at once; of those waiting, whoever's server and member hold the fewest goes first."""

    def __init__(self, places: int) -> None:
        self._free = places
        self._waiting: dict[Ticket, asyncio.Future[None]] = {}
        self._servers: Counter[int | None] = Counter()
        self._members: Counter[int] = Counter()

    @property
    def waiting(self) -> int:
        """How many stand in front of it."""
        return len(self._waiting)

    @property
    def full(self) -> bool:
        """Whether the next one will have to wait."""
        return self._free == 0

    @asynccontextmanager
    async def place(self, ticket: Ticket) -> AsyncIterator[None]:
        """Hold one of the places."""
        await self._pass(ticket)
        try:
            yield
        finally:
            self._leave(ticket)

    async def _pass(self, ticket: Ticket) -> None:
        passed = asyncio.get_running_loop().create_future()
        self._waiting[ticket] = passed
        self._call()
        try:
            await passed
        except asyncio.CancelledError:
            if self._waiting.pop(ticket, None) is None:  # it was let through in the same moment
                self._leave(ticket)
            raise

    def _leave(self, ticket: Ticket) -> None:
        self._servers[ticket.server] -= 1
        self._members[ticket.member] -= 1
        self._servers += Counter()  # drops the zeros
        self._members += Counter()
        self._free += 1
        self._call()

    def _call(self) -> None:
        while self._free and self._waiting:
            ticket = min(self._waiting, key=self._rank)
            self._free -= 1
            self._servers[ticket.server] += 1
            self._members[ticket.member] += 1
            passed = self._waiting.pop(ticket)
            if not passed.done():
                passed.set_result(None)

    def _rank(self, ticket: Ticket) -> tuple[int, int, int, int]:
        return (-ticket.priority, self._members[ticket.member], self._servers[ticket.server], ticket.turn)
