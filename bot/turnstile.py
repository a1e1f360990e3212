"""Who paints next: a global limit, a role's priority, a fair share per member and server, and who has to wait.

Priority decides first, but of every four places that ranks compete for one goes to the rank that had none for longest:
nobody waits for ever.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Hashable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial

TURNS = 4  #: places that ranks compete for, of which the last goes to whichever had none for longest

Ward = tuple[int | None, int]  #: a server, and a turn in it


@dataclass(frozen=True)
class Ticket:
    """One call that is ready to go out. `at_once`: so many of the member's turns in this server may be inside.

    Those in direct messages (no server) count in every server, and those in every server count in direct messages.
    `under` are the servers whose pause holds it besides its own.
    """

    turn: int
    member: int
    server: int | None = None
    priority: int = 0
    take: int = 0
    at_once: int | None = None
    under: frozenset[int] = frozenset()


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


@dataclass
class Rank:
    """All tickets of one priority: what its members and servers have had."""

    members: Shares = field(default_factory=Shares)
    servers: Shares = field(default_factory=Shares)

    def of(self, ticket: Ticket, behind: int) -> tuple[int, int, int, int]:
        """Less goes first; `behind` so many of the member's own."""
        return (
            self.members.of(ticket.member) + behind,
            self.servers.of(ticket.server),
            ticket.turn,
            ticket.take,
        )

    def serve(self, ticket: Ticket) -> None:
        """It gets a place."""
        self.members.serve(ticket.member)
        self.servers.serve(ticket.server)

    def forget(self) -> None:
        """Drop those who stand where anybody new would."""
        self.members.forget(everybody=False)
        self.servers.forget(everybody=False)


@dataclass
class Order:
    """Which rank is next: the highest, and now and then the one that had nothing for longest."""

    contested: int = 0
    last: dict[int, int] = field(default_factory=dict)

    def next(self, ranks: Iterable[int]) -> int:
        """The rank whose turn it is, of those that wait."""
        waiting = set(ranks)
        highest = max(waiting)
        if len(waiting) > 1:
            self.contested += 1
            if self.contested % TURNS == 0:
                highest = min(waiting, key=lambda each: (self.last.get(each, 0), -each))
            self.last[highest] = self.contested
        return highest


class Turnstile:
    """Lets `places` through at once; of those waiting, whose member, then whose server has had least goes first."""

    def __init__(self, places: int) -> None:
        self.places = places
        self._free = places
        self._waiting: dict[Ticket, asyncio.Future[None]] = {}
        self._inside: defaultdict[int, Counter[Ward]] = defaultdict(Counter)  # a member's turns with their calls
        self._held: set[int] = set()
        self._ranks: defaultdict[int, Rank] = defaultdict(Rank)
        self._order = Order()
        self._line: dict[Ticket, int] | None = None  # worked out when somebody asks

    @property
    def waiting(self) -> int:
        """How many stand in front of it."""
        return len(self._waiting)

    @property
    def full(self) -> bool:
        """Whether the next one will have to wait."""
        return self._free == 0

    def hold(self, server: int) -> None:
        """Let nothing of a server's through until it is released."""
        self._held.add(server)
        self._line = None

    def release(self, server: int) -> None:
        """Let what waits through again."""
        self._held.discard(server)
        self._call()

    def stops(self, ticket: Ticket) -> str:
        """Why a ticket waits though there be places: a server is `paused`, or its member `busy`; nothing else."""
        if ticket.server in self._held:
            return "paused"
        if self._held & ticket.under:
            return "paused_shared"
        if ticket.at_once is None:
            return ""
        inside = self._beside(ticket)
        return "busy" if ticket.turn not in inside and len(inside) >= ticket.at_once else ""

    def _beside(self, ticket: Ticket) -> set[int]:
        """The turns of its member's inside that count together with it."""
        inside = self._inside.get(ticket.member, ())
        return {turn for server, turn in inside if ticket.server is None or server in {None, ticket.server}}

    def position(self, ticket: Ticket) -> int:
        """When it will be let through, counted from 1, should nobody else come; 0 where it does not wait in line."""
        if self._line is None:
            self._line = {each: place for place, each in enumerate(self._lined_up(), start=1)}
        return self._line.get(ticket, 0)

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
            self._line = None
            raise

    def _leave(self, ticket: Ticket) -> None:
        self._free += 1
        inside, ward = self._inside[ticket.member], (ticket.server, ticket.turn)
        inside[ward] -= 1
        if not inside[ward]:
            del inside[ward]
        if not inside:
            del self._inside[ticket.member]
        self._call()
        if self._free == self.places:
            self._ranks.clear()
            self._order = Order()
        for rank in self._ranks.values():
            rank.forget()

    def _call(self) -> None:
        self._line = None
        while self._free and (ready := [each for each in self._waiting if not self.stops(each)]):
            rank = self._order.next(each.priority for each in ready)
            ticket = min((each for each in ready if each.priority == rank), key=partial(self._ranks[rank].of, behind=0))
            self._free -= 1
            self._ranks[rank].serve(ticket)
            self._inside[ticket.member][ticket.server, ticket.turn] += 1
            passed = self._waiting.pop(ticket)
            if not passed.done():
                passed.set_result(None)

    def _lined_up(self) -> list[Ticket]:
        """Those waiting in the order in which they will be let through."""
        own: Counter[Hashable] = Counter()
        rounds: defaultdict[int, dict[Ticket, tuple[int, ...]]] = defaultdict(dict)
        for each in sorted(self._waiting, key=lambda each: (each.turn, each.take)):
            if not self.stops(each):
                rounds[each.priority][each] = self._ranks[each.priority].of(each, own[each.priority, each.member])
                own[each.priority, each.member] += 1
        ahead = {rank: sorted(found, key=found.__getitem__, reverse=True) for rank, found in rounds.items()}
        order, line = replace(self._order, last=dict(self._order.last)), []
        while ahead:
            rank = order.next(ahead)
            line.append(ahead[rank].pop())
            if not ahead[rank]:
                del ahead[rank]
        return line
