import asyncio
import random
from collections import Counter
from dataclasses import replace

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


COMERS = st.lists(
    st.tuples(st.integers(1, 4), st.sampled_from([None, 1, 2]), st.integers(-1, 1)), min_size=1, max_size=20
)


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
        assert not crowd.turnstile._ranks
        assert not crowd.turnstile._inside
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


async def test_of_four_places_that_ranks_compete_for_one_goes_to_the_rank_that_had_none_for_longest():
    crowd = Crowd(1)
    await crowd.comes(Ticket(1, 1), *(Ticket(turn, turn, priority=9) for turn in range(2, 10)))
    await crowd.comes(Ticket(50, 50), Ticket(60, 60, priority=-5))
    for turn in range(1, 9):
        await crowd.leaves(turn)
    for turn in (50, 60):
        await crowd.leaves(turn)
    assert {50, 60} <= set(crowd.through)
    assert crowd.through.index(50) < crowd.through.index(9) or crowd.through.index(60) < crowd.through.index(9)


async def test_a_member_has_no_more_turns_inside_than_at_once_and_others_pass_by():
    crowd = Crowd(9)
    await crowd.comes(*(Ticket(turn, 1, server=1, at_once=2) for turn in (1, 2, 3, 4)), Ticket(5, 2, server=1))
    assert crowd.through == [1, 2, 5]
    assert crowd.turnstile.stops(Ticket(3, 1, server=1, at_once=2)) == "busy"
    await crowd.leaves(2)
    assert crowd.through == [1, 2, 5, 3]


async def test_all_takes_of_one_turn_are_one_ask_and_other_servers_count_by_themselves():
    crowd = Crowd(9)
    await crowd.comes(Ticket(1, 1, server=1, at_once=1))
    turnstile = crowd.turnstile
    assert turnstile.stops(Ticket(1, 1, server=1, take=1, at_once=1)) == ""
    assert turnstile.stops(Ticket(2, 1, server=1, at_once=1)) == "busy"
    assert turnstile.stops(Ticket(2, 1, server=2, at_once=1)) == ""


async def test_asks_in_direct_messages_count_beside_those_in_servers_and_the_other_way_round():
    crowd = Crowd(9)
    direct, here = Ticket(1, 1, at_once=1), Ticket(2, 1, server=1, at_once=1)
    await crowd.comes(direct, here)
    assert crowd.through == [1]
    assert crowd.turnstile.stops(here) == "busy"
    await crowd.leaves(1)
    assert crowd.through == [1, 2]
    assert crowd.turnstile.stops(replace(direct, turn=3)) == "busy"
    assert crowd.turnstile.stops(Ticket(4, 2, at_once=1)) == "", "somebody else's"
    await crowd.leaves(2)
    assert not crowd.turnstile._inside


async def test_what_waits_in_a_paused_server_is_held_until_it_is_released():
    crowd = Crowd(1)
    await crowd.comes(Ticket(1, 1, server=1), Ticket(2, 2, server=1), Ticket(3, 3, server=2))
    crowd.turnstile.hold(1)
    await crowd.leaves(1)
    assert crowd.through == [1, 3]
    await crowd.leaves(3)
    await crowd.comes(Ticket(4, 4, server=1))
    assert crowd.through == [1, 3]
    assert crowd.turnstile.position(Ticket(2, 2, server=1)) == 0
    crowd.turnstile.release(1)
    await settled()
    assert crowd.through == [1, 3, 2]


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 3), st.integers(-2, 2), st.integers(1, 3)), max_size=30))
@settings(deadline=None)
def test_everybody_gets_through_in_the_order_that_was_foretold(people):
    async def play() -> tuple[list[int], list[int]]:
        crowd = Crowd(1)
        await crowd.comes(Ticket(1, 99))
        waiting = [Ticket(turn, who, where, rank) for turn, (who, where, rank, _) in enumerate(people, start=2)]
        await crowd.comes(*waiting)
        foretold = sorted(waiting, key=crowd.turnstile.position)
        for turn in [1, *(each.turn for each in foretold)]:
            await crowd.leaves(turn)
        return crowd.through[1:], [each.turn for each in foretold]

    through, foretold = asyncio.run(play())
    assert sorted(through) == sorted(foretold)
    assert through[:1] == foretold[:1]
