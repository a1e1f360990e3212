import asyncio

import hypothesis.strategies as st
from hypothesis import given, settings

from bot.lanes import Lanes


async def test_asks_go_in_the_order_of_their_ids_however_they_arrive():
    lanes, order = Lanes(), []

    async def go(ask: int, fetching: float) -> None:
        async with lanes.enter(1, ask) as first:
            await asyncio.sleep(fetching)
            await first.wait()
            order.append(ask)

    async with asyncio.TaskGroup() as group:
        for ask, fetching in ((3, 0.0), (1, 0.02), (2, 0.01)):
            group.create_task(go(ask, fetching))
    assert order == [1, 2, 3]


async def test_conversations_do_not_wait_for_each_other():
    lanes = Lanes()
    async with lanes.enter(1, 10), lanes.enter(2, 20) as first:
        assert first.is_set()


async def test_a_later_ask_goes_on_when_the_one_before_it_fails_or_is_cancelled():
    lanes = Lanes()

    async def fail() -> None:
        async with lanes.enter(1, 10):
            await asyncio.sleep(0)
            raise RuntimeError

    for end in (lambda task: None, asyncio.Task.cancel):
        task = asyncio.create_task(fail())
        await asyncio.sleep(0)
        async with lanes.enter(1, 11) as first:
            assert not first.is_set()
            end(task)
            await asyncio.wait_for(first.wait(), 1)
        await asyncio.wait([task])


async def test_whose_asks_are_on_their_way_is_known_for_as_long_as_they_are():
    lanes = Lanes()
    async with lanes.enter(1, 10, member=7):
        assert lanes.brings(7, 11)
        assert not lanes.brings(7, 10)
        assert not lanes.brings(8, 11)
    assert not lanes.brings(7, 11)


async def test_an_ask_on_its_way_is_known_and_can_be_waited_for():
    lanes = Lanes()
    async with lanes.enter(1, 10):
        assert lanes.holds(10)
        waiting = asyncio.create_task(lanes.outlast(10))
        await asyncio.sleep(0)
        assert not waiting.done()
    await asyncio.wait_for(waiting, 1)
    assert not lanes.holds(10)
    await asyncio.wait_for(lanes.outlast(10), 1)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 3)), max_size=12), st.randoms(use_true_random=False))
def test_nothing_is_kept_of_empty_lanes_and_everybody_arrives(asks, chance):
    lanes, arrived = Lanes(), []

    async def go(ask: int, conversation: int, steps: int) -> None:
        async with lanes.enter(conversation, ask) as first:
            for _ in range(steps + 1):
                await asyncio.sleep(0)
            await first.wait()
            arrived.append((conversation, ask))

    async def all_of_them() -> None:
        numbered = [(ask, conversation, steps) for ask, (conversation, steps) in enumerate(asks)]
        async with asyncio.TaskGroup() as group:
            for each in chance.sample(numbered, len(numbered)):
                group.create_task(go(*each))  # all are there before the first has fetched its pictures

    asyncio.run(all_of_them())
    for conversation in {conversation for conversation, _ in arrived}:
        order = [ask for where, ask in arrived if where == conversation]
        assert order == sorted(order)
    assert len(arrived) == len(asks)
    assert not lanes._lanes
    assert not lanes._arrivals
    assert not lanes._whose
