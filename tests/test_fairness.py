"""A crowded server, played in time of its own: members with very different appetites before the same few places."""

from __future__ import annotations

import asyncio
import heapq
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from itertools import count

from bot.turnstile import Ticket, Turnstile

PLACES = 4
HOUR = 3600.0
QUICK, SLOW = 4.0, 9.0  #: seconds of one picture
MEAN = (QUICK + SLOW) / 2
GREEDY, EAGER, USUAL, SHY = 36, 8, 3, 1  #: pictures that somebody asks for at once: twelve times three, and so on


@dataclass(frozen=True)
class Guest:
    """A member: so many pictures at once, again after a pause in seconds that begins when all are painted."""

    id: int
    server: int
    appetite: int
    pause: float

    @property
    def hunger(self) -> float:
        """Pictures in an hour that they would have, were they alone."""
        return self.appetite * HOUR / (self.pause + max(self.appetite / PLACES, 1) * MEAN)


@dataclass
class Evening:
    """Events in the order of their time; the turnstile is the real one."""

    turnstile: Turnstile
    chance: random.Random
    fair: bool = True
    ranks: Mapping[int, int] = field(default_factory=dict)
    now: float = 0.0
    served: Counter[int] = field(default_factory=Counter)
    waits: dict[int, list[float]] = field(default_factory=dict)

    async def spend(self, guests: Sequence[Guest], until: float) -> None:
        self._events: list[tuple[float, int, object]] = []
        self._order = count()
        self._turns = count(1)
        self._left: Counter[int] = Counter()
        async with asyncio.TaskGroup() as group:
            self._group = group
            for guest in guests:
                self.at(self.chance.uniform(0, guest.pause), guest)
            tasks = await self._run(until)
            for task in tasks:
                task.cancel()

    def at(self, when: float, what: object) -> None:
        heapq.heappush(self._events, (when, next(self._order), what))

    async def _run(self, until: float) -> list[asyncio.Task[None]]:
        tasks: list[asyncio.Task[None]] = []
        while self._events and self._events[0][0] < until:
            self.now, _, what = heapq.heappop(self._events)
            if isinstance(what, Guest):
                tasks += [self._group.create_task(self._paint(what, turn)) for turn in self._asked(what)]
            elif isinstance(what, asyncio.Event):
                what.set()
            await settled()
        return [task for task in tasks if not task.done()]

    def _asked(self, guest: Guest) -> list[int]:
        self._left[guest.id] = guest.appetite
        return [next(self._turns) for _ in range(guest.appetite)]

    async def _paint(self, guest: Guest, turn: int) -> None:
        asked, ticket = self.now, Ticket(turn, guest.id, guest.server, self.ranks.get(guest.id, 0))
        async with AsyncExitStack() as stack:
            common = ticket if self.fair else replace(ticket, member=0, server=0)  # first come, first served
            await stack.enter_async_context(self.turnstile.place(common))
            self.waits.setdefault(guest.id, []).append(self.now - asked)
            done = asyncio.Event()
            self.at(self.now + self.chance.uniform(QUICK, SLOW), done)
            await done.wait()
            self.served[guest.id] += 1
        self._left[guest.id] -= 1
        if not self._left[guest.id]:
            self.at(self.now + guest.pause, guest)


async def settled() -> None:
    for _ in range(6):
        await asyncio.sleep(0)


def jain(shares: Sequence[float]) -> float:
    """1 where all have the same, 1/n where one has everything."""
    return sum(shares) ** 2 / (len(shares) * sum(share * share for share in shares))


def satisfied(spent: Evening, guests: Sequence[Guest]) -> list[float]:
    """What each got, by what a fair division of all that was painted would have given them."""
    fair = divided({each.id: each.hunger for each in guests}, sum(spent.served.values()))
    return [spent.served[each.id] / fair[each.id] for each in guests]


def divided(wanted: Mapping[int, float], total: float) -> dict[int, float]:
    """Everybody the same, but for those who want less: what they leave goes to the others."""
    given: dict[int, float] = {}
    for place, (member, most) in enumerate(sorted(wanted.items(), key=lambda each: each[1])):
        given[member] = min(most, (total - sum(given.values())) / (len(wanted) - place))
    return given


def crowd() -> list[Guest]:
    """Two servers full of people; some ask for one picture and wait, some for twelve variations, again and again."""
    appetites = [(GREEDY, 1.0)] * 3 + [(EAGER, 5.0)] * 4 + [(USUAL, 10.0)] * 6 + [(SHY, 5.0)] * 6
    return [Guest(member, member % 2, *appetite) for member, appetite in enumerate(appetites, start=1)]


def evening(guests: Sequence[Guest], *, fair: bool = True, places: int = PLACES, hours: float = 1.0) -> Evening:
    spent = Evening(Turnstile(places), random.Random(7), fair)
    asyncio.run(spent.spend(guests, hours * HOUR))
    return spent


def test_members_with_very_different_appetites_have_equal_shares_of_a_crowded_hour():
    guests = crowd()
    spent = evening(guests)
    assert sum(each.hunger for each in guests) > 2 * sum(spent.served.values()), "it was crowded"
    assert jain(satisfied(spent, guests)) > 0.95


def test_without_a_fair_share_the_same_hour_belongs_to_those_who_ask_for_most():
    guests = crowd()
    assert jain(satisfied(evening(guests, fair=False), guests)) < 0.6


def test_each_server_has_its_share_where_their_members_want_the_same():
    guests = [Guest(member, 1 if member < 10 else 2, EAGER, 0.5) for member in range(1, 13)]
    spent = evening(guests)
    assert jain([spent.served[each.id] for each in guests]) > 0.99
    small = [wait for each in guests if each.server == 2 for wait in spent.waits[each.id]]
    large = [wait for each in guests if each.server == 1 for wait in spent.waits[each.id]]
    assert sum(small) / len(small) < 1.1 * sum(large) / len(large)


def test_one_members_twelve_variations_do_not_hold_back_anothers_first_edit():
    for places in (1, 2, 4):
        guests = [Guest(1, 1, GREEDY, 1.0), Guest(2, 1, SHY, 200.0)]
        spent = evening(guests, places=places)
        assert len(spent.waits[2]) > 5
        assert max(spent.waits[2]) <= SLOW, "longer than until the next place was free"
        usual = evening(guests, places=places, fair=False)
        assert max(usual.waits[2]) > SLOW


def test_who_asked_for_nothing_for_long_gets_no_more_than_a_share_afterwards():
    late = Guest(99, 1, 400, 1.0)
    guests = [Guest(member, 1, EAGER, 0.5) for member in range(1, 5)]
    spent = Evening(Turnstile(PLACES), random.Random(7))

    async def play() -> None:
        spent._events, spent._order = [], count()
        task = asyncio.create_task(spent.spend(guests, HOUR))
        await asyncio.sleep(0)
        spent.at(HOUR / 2, late)
        await task

    asyncio.run(play())
    half = sum(spent.served.values()) / 2
    assert spent.served[99] < 1.15 * half / 5


def test_equals_have_equal_shares_whatever_goes_before_them_and_nobody_starves():
    high, low = ([Guest(ten + member, 1, EAGER, 0.5) for member in range(1, 6)] for ten in (0, 10))
    spent = Evening(Turnstile(PLACES), random.Random(7), ranks={each.id: 5 for each in high})
    asyncio.run(spent.spend([*high, *low], HOUR))
    shares = [[spent.served[each.id] for each in group] for group in (high, low)]
    assert all(jain(group) > 0.95 for group in shares)
    assert sum(shares[0]) > 2 * sum(shares[1])
    assert min(shares[1]) > 0.15 * sum(map(sum, shares)) / 5
