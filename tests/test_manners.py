from dataclasses import replace

import pytest

from bot.errors import Uninvited
from bot.manners import Manners
from bot.model import Member, Memory, Place, Turn
from bot.preferences import Asks, Hears, Wishes
from bot.store import open_store
from tests.players import ADA, BOB, MODEL, SETTINGS, THREAD

CY = Member(3, "Cy")
SERVER = THREAD.server
THEIRS = Place(60, 60, server=SERVER, starter=BOB.id)


@pytest.fixture
async def manners(tmp_path):
    """In a thread that Ada began."""
    async with open_store(tmp_path) as store:
        async with store.write() as desk:
            await desk.turns.open(THREAD, Memory.FOCUSED)
            await desk.turns.add(Turn(101, THREAD.conversation, ADA, "a cat", MODEL.id, 1.0))
        yield Manners(store, SETTINGS)


async def wish(manners: Manners, name: str, value: str | None, place: int = THREAD.conversation) -> None:
    async with manners.store.write() as desk:
        await desk.preferences.wish(place, name, value)


async def is_welcome(manners: Manners, member: Member, place: Place = THREAD) -> bool:
    try:
        await manners.admit(place, member.id)
    except Uninvited:
        return False
    return True


async def test_everybody_is_welcome_until_somebody_chooses_otherwise(manners):
    assert await is_welcome(manners, CY)
    await wish(manners, "asks", Asks.STARTER)
    assert [await is_welcome(manners, each) for each in (ADA, BOB)] == [True, False]
    await wish(manners, "asks", None)
    assert await is_welcome(manners, BOB)


async def test_those_who_are_invited_are_welcome_and_a_new_list_replaces_the_old(manners):
    await wish(manners, "asks", Asks.INVITED)
    for guests, expected in (([BOB.id], [True, True, False]), ([CY.id, CY.id], [True, False, True])):
        async with manners.store.write() as desk:
            await desk.preferences.invite(THREAD.conversation, guests)
        assert [await is_welcome(manners, each) for each in (ADA, BOB, CY)] == expected


async def test_in_a_thread_that_a_member_opened_that_member_is_its_starter(manners):
    await wish(manners, "asks", Asks.STARTER, THEIRS.conversation)
    assert [await is_welcome(manners, each, THEIRS) for each in (ADA, BOB)] == [False, True]


async def test_a_thread_that_is_yet_to_be_opened_belongs_to_whoever_asks(manners):
    assert SERVER is not None
    await wish(manners, "asks", Asks.STARTER, SERVER)
    assert await is_welcome(manners, CY, Place(70, 7, server=SERVER, title="A cat", ours=True))
    assert not await is_welcome(manners, CY)


async def test_who_may_not_ask_is_not_overheard(manners):
    await wish(manners, "asks", Asks.STARTER)
    assert [await manners.overhears(THREAD, each.id) for each in (ADA, BOB)] == [True, False]


async def test_automatic_goes_by_who_has_talked_and_by_who_has_asked(manners):
    await wish(manners, "hears", Hears.AUTOMATIC)
    assert [await manners.overhears(THREAD, each.id) for each in (ADA, ADA, BOB, ADA)] == [True, True, False, False]


async def test_automatic_takes_somebody_elses_ask_for_company(manners):
    async with manners.store.write() as desk:
        await desk.turns.add(Turn(102, THREAD.conversation, BOB, "a dog", MODEL.id, 2.0))
    await wish(manners, "hears", Hears.AUTOMATIC)
    assert not await manners.overhears(THREAD, ADA.id)


async def test_in_a_direct_message_everything_is_heard_and_everybody_welcome(manners):
    direct = Place(80, 80, ours=True)
    await wish(manners, "hears", Hears.CALLED, 80)
    await wish(manners, "asks", Asks.STARTER, 80)
    assert await manners.overhears(direct, CY.id)
    assert await is_welcome(manners, CY, direct)


async def test_a_conversations_memory_is_one_whoever_chooses_it(manners):
    await wish(manners, "memory", Memory.FULL)
    conversation = await manners.store.turns.conversation(THREAD.conversation)
    assert conversation is not None
    assert conversation.memory is Memory.FULL
    assert (await manners.held(THREAD)).memory is Memory.FULL


async def test_wishes_are_kept_apart_by_thread_and_server_and_taken_back(manners):
    assert SERVER is not None
    await wish(manners, "size", "2K")
    await wish(manners, "size", "4K")
    await wish(manners, "size", "1K", SERVER)
    assert await manners.store.preferences.of(THREAD.conversation, SERVER) == (
        Wishes(size="4K", memory=Memory.FOCUSED),
        Wishes(size="1K"),
    )
    await wish(manners, "size", None)
    assert (await manners.usual(THREAD)).gemini.size == "1K"
    assert (await manners.held(replace(THREAD, server=None))).size == "1K"
