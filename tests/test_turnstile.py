import asyncio
import random
from collections import Counter

import hypothesis.strategies as st
from hypothesis import given, settings

from bot.turnstile import Ticket, Turnstile


class Crowd:
    """People before a turnstile, each in a task; who is inside and who came through is noted."""

    def __init__(self, places: int) -> None:
        self.turnstile = Turnstile(places)
        self.inside: Counter[int] = Counter()
        self.through: list[int] = []
        self.most = 0
        self.doors: dict[int, asyncio.Event] = {}
        self.tasks: dict[int, asyncio.Task[None]] = {}

    async def comes(self, *tickets: Ticket) -> None:
        for ticket in tickets:
            self.doors[ticket.turn] = asyncio.Event()
            self.tasks[ticket.turn] = asyncio.create_task(self._live(ticket))
        await settled()

    async def leaves(self, *turns: int) -> None:
        for turn in turns:
            self.doors[turn].set()
        await settled()

    async def gives_up(self, *turns: int) -> None:
        for turn in turns:
            self.tasks[turn].cancel()
        await settled()

    async def _live(self, ticket: Ticket) -> None:
        async with self.turnstile.place(ticket):
            self.through.append(ticket.turn)
            self.inside[ticket.member] += 1
            self.most = max(self.most, self.inside.total())
            try:
                await self.doors[ticket.turn].wait()
            finally:
                self.inside[ticket.member] -= 1


async def settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_no_more_go_in_than_there_are_places():
    crowd = Crowd(2)
    await crowd.comes(*(Ticket(turn, member=turn) for turn in (1, 2, 3)))
    assert crowd.through == [1, 2]
    assert crowd.turnstile.waiting == 1
    await crowd.leaves(2)
    assert crowd.through == [1, 2, 3]
    assert crowd.turnstile.waiting == 0


async def test_whoever_asked_first_goes_first_among_equals():
    crowd = Crowd(1)
    await crowd.comes(Ticket(1, 1), Ticket(4, 4), Ticket(3, 3), Ticket(2, 2))
    for turn in (1, 2, 3):
        await crowd.leaves(turn)
    assert crowd.through == [1, 2, 3, 4]


async def test_a_member_with_nothing_inside_goes_before_one_who_holds_a_place():
    crowd = Crowd(2)
    await crowd.comes(*(Ticket(turn, member=1) for turn in range(1, 10)), Ticket(50, member=2))
    await crowd.leaves(1)
    assert crowd.through == [1, 2, 50]


async def test_a_server_that_holds_less_goes_first_among_members_with_equal_shares():
    crowd = Crowd(2)
    await crowd.comes(*(Ticket(turn, turn, server=1) for turn in range(1, 10)), Ticket(50, 50, server=2))
    await crowd.leaves(1)
    assert crowd.through == [1, 2, 50]


async def test_priority_goes_before_everything():
    crowd = Crowd(1)
    await crowd.comes(Ticket(1, 1), Ticket(2, 2), Ticket(3, 1, priority=1))
    await crowd.leaves(1)
    assert crowd.through == [1, 3]


async def test_who_gives_up_waiting_takes_no_place_with_him():
    crowd = Crowd(1)
    await crowd.comes(Ticket(1, 1), Ticket(2, 2), Ticket(3, 3))
    await crowd.gives_up(2)
    await crowd.leaves(1)
    assert crowd.through == [1, 3]
    await crowd.leaves(3)
    assert crowd.turnstile._free == 1


async def test_who_gives_up_in_the_moment_of_being_let_in_hands_the_place_on():
    crowd = Crowd(1)
    await crowd.comes(Ticket(1, 1), Ticket(2, 2), Ticket(3, 3))
    crowd.doors[1].set()
    for _ in range(3):  # somewhere in these steps the second has just been called
        await asyncio.sleep(0)
        crowd.tasks[2].cancel()
    await settled()
    assert 3 in crowd.through
    await crowd.leaves(3)
    assert crowd.turnstile._free == 1


async def test_who_is_thrown_out_while_inside_gives_the_place_back():
    crowd = Crowd(1)
    await crowd.comes(Ticket(1, 1), Ticket(2, 2))
    await crowd.gives_up(1)
    assert crowd.through == [1, 2]


COMERS = st.lists(st.tuples(st.integers(1, 4), st.sampled_from([None, 1, 2])), min_size=1, max_size=20)


@settings(max_examples=60, deadline=None)
@given(COMERS, st.integers(1, 4), st.integers())
def test_whatever_happens_places_are_kept_and_given_back_and_nobody_starves(comers, places, seed):
    chance = random.Random(seed)

    async def play() -> None:
        crowd = Crowd(places)
        tickets = [Ticket(turn, *who) for turn, who in enumerate(comers)]
        gone: set[int] = set()
        while tickets or len(gone) < len(comers):
            move = chance.random()
            if tickets and move < 0.5:
                await crowd.comes(tickets.pop(0))
                continue
            here = [turn for turn in crowd.tasks if turn not in gone]
            inside = [turn for turn in here if turn in crowd.through]
            chosen = chance.choice(here if move > 0.8 and here else inside or here) if here else None
            if chosen is None:
                continue
            gone.add(chosen)
            await (crowd.gives_up(chosen) if chosen not in crowd.through or move > 0.9 else crowd.leaves(chosen))
            full = crowd.inside.total() == places
            assert full or not crowd.turnstile.waiting, "somebody waits before a free place"
        assert crowd.most <= places
        assert crowd.turnstile._free == places
        assert not crowd.turnstile._members.had
        assert not crowd.turnstile._servers.had
        assert not crowd.turnstile.waiting

    asyncio.run(play())


@settings(max_examples=30, deadline=None)
@given(st.integers(2, 6), st.integers(2, 5))
def test_a_member_who_asks_for_everything_leaves_the_others_their_share(places, others):
    async def play() -> None:
        crowd = Crowd(places)
        await crowd.comes(*(Ticket(turn, member=0) for turn in range(200)))
        await crowd.comes(*(Ticket(1000 + member, member=member) for member in range(1, others + 1)))
        for turn in range(2 * others + places):
            await crowd.leaves(crowd.through[turn])
        assert {1000 + member for member in range(1, others + 1)} <= set(crowd.through)
        await crowd.gives_up(*crowd.tasks)

    asyncio.run(play())
