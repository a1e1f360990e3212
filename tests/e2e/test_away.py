"""Away for a while, dead or forgotten by Discord: what was asked, changed and deleted meanwhile is caught up with."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from bot.sandbox import Post
from bot.sandbox.discord import seed
from bot.sandbox.discord.nouns import Member, User
from bot.sandbox.discord.permissions import Permission
from tests.e2e.books import left
from tests.e2e.conftest import tidy
from tests.e2e.denials import denied
from tests.e2e.sketches import photo
from tests.e2e.stage import BOT, DEADLINE, Canvas, Stage, is_answer, numbers, sentence

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

ENDS = ("killed", "forgotten")


@asynccontextmanager
async def away(stage: Stage, how: str) -> AsyncIterator[None]:
    """Nobody listens for as long as this is open."""
    if how == "killed":
        await stage.kill()
    else:
        stage.sandbox.gateway.turned_away.append(4000)  # or it might be back before all has happened
        stage.sandbox.gateway.invalidate(seed.BOT)
    yield
    if how == "killed":
        await stage.start()


async def becomes(found: Callable[[], object]) -> None:
    """Wait until another process has written it."""
    async with asyncio.timeout(20):
        while not found():  # noqa: ASYNC110 - written by another process
            await asyncio.sleep(0.1)


@pytest.mark.parametrize("how", ENDS)
async def test_what_was_asked_changed_and_deleted_meanwhile_is_caught_up_with(stage: Stage, how: str):
    busy, quiet, gone = [await stage.canvas(words) for words in ("a busy thread", "a quiet thread", "a gone thread")]
    night, boat = await busy.ask("make it night"), await busy.say("add a boat")
    await busy.answer(boat)
    moon = await quiet.say("add a moon")
    shown = await quiet.answer(moon)
    await becomes(lambda: not left(stage, "SELECT 1 FROM turns WHERE state <> 'posted'"))
    async with away(stage, how):
        missed, unsaid = await busy.say("add a cat"), await busy.say("add a dog")
        await stage.ana.edit(missed, "add a lion")
        for each in (unsaid, boat, moon, night, shown):
            await stage.ana.delete(each)
        await stage.ana.call("DELETE", f"/channels/{gone.id}")
    assert numbers(await busy.answer(missed)) == ["v4"]
    assert [len(stage.requests(each)) for each in ("add a cat", "add a dog", "add a lion")] == [0, 0, 1]
    words, buried = "SELECT words FROM turns WHERE id = :id", "SELECT deleted_at FROM versions WHERE message = :id"
    await becomes(lambda: all(left(stage, words, id=each.id) == [("",)] for each in (boat, moon)))
    await becomes(lambda: all(left(stage, buried, id=each.id) != [(None,)] for each in (night, shown)))
    await becomes(lambda: left(stage, "SELECT gone_at FROM conversations WHERE id = :id", id=gone.id) != [(None,)])
    assert numbers(await quiet.ask("make it dusk")) == ["v3"]
    assert await quiet.saw("make it dusk") == ["v1"]


async def test_an_ask_that_is_changed_or_deleted_while_others_are_caught_up_with_is_taken_as_it_is_by_now(stage: Stage):
    canvas = await stage.canvas()
    async with away(stage, "killed"):
        missed, unsaid, changed = [await canvas.say(words) for words in ("add a boat", "add a dog", "add a cat")]
        asking = stage.sandbox.faults.add("hold", "GET", "/guilds/*/members/*")
    await stage.until(lambda: asking.seen)
    await stage.ana.delete(unsaid)
    await stage.ana.edit(changed, "add a lion")
    await asyncio.sleep(0.5)
    asking.release()
    assert [numbers(await canvas.answer(each)) for each in (missed, changed)] == [["v2"], ["v3"]]
    assert numbers(await canvas.ask("add a moon")) == ["v4"]
    assert [len(stage.requests(f"add a {each}")) for each in ("boat", "dog", "cat", "lion")] == [1, 0, 0, 1]


async def test_an_ask_in_a_thread_that_is_deleted_while_others_are_caught_up_with_is_not_painted(stage: Stage):
    canvas = await stage.canvas()
    async with away(stage, "killed"):
        for words in ("add a boat", "add a dog"):
            await canvas.say(words)
        asking = stage.sandbox.faults.add("hold", "GET", "/guilds/*/members/*")
    await stage.until(lambda: asking.seen)
    await stage.ana.call("DELETE", f"/channels/{canvas.id}")
    await asyncio.sleep(0.5)
    asking.release()
    await becomes(lambda: left(stage, "SELECT gone_at FROM conversations WHERE id = :id", id=canvas.id) != [(None,)])
    assert (await (await stage.canvas("a quiet thread")).ask("add a moon")).pictures
    assert not stage.requests("add a dog")


async def test_an_ask_that_waits_through_a_kill_is_changed_or_withdrawn_as_its_message_was(stage: Stage):
    canvas = await stage.canvas()
    async with stage.held() as is_painting:
        first = await canvas.say("make it night")
        await stage.until(is_painting)
        changed, unsaid = await canvas.say("add a boat"), await canvas.say("add a cat")
        await becomes(lambda: len(left(stage, "SELECT 1 FROM turns WHERE state = 'asked'")) == 2)
        await stage.kill()
    stage.gemini.delay = 5  # Discord is ready two seconds after the start
    await stage.ana.edit(changed, "add a ship")
    await stage.ana.delete(unsaid)
    await stage.start()
    await stage.until(lambda: stage.requests("make it night"))
    stage.gemini.delay = 0
    assert [numbers(await canvas.answer(each)) for each in (first, changed)] == [["v2"], ["v3"]]
    assert [len(stage.requests(each)) for each in ("add a boat", "add a ship", "add a cat")] == [0, 1, 0]


async def test_a_message_that_was_deleted_in_a_thread_that_rests_is_found_by_looking_through_it(stage: Stage):
    canvas = await stage.canvas()
    night = await canvas.ask("make it night")
    await stage.meanwhile()
    await stage.bot.stop()
    await stage.ana.delete(night)
    async with stage.configured(discord={"catch_up_hours": 0}):
        await becomes(
            lambda: not left(stage, "SELECT 1 FROM versions WHERE message = :id AND deleted_at IS NULL", id=night.id)
        )


async def erased(stage: Stage, post: Post) -> None:
    """Wait until the versions of a message that was deleted are gone: by then, all that is missed was asked for."""
    sql = "SELECT 1 FROM versions WHERE message = :id AND deleted_at IS NULL"
    await becomes(lambda: not left(stage, sql, id=post.id))
    await asyncio.sleep(2)


def standing(stage: Stage, canvas: Canvas) -> list[tuple[int, bool]]:
    """The versions of a thread, each with whether it is there."""
    sql = "SELECT number, deleted_at IS NULL FROM versions WHERE conversation = :id ORDER BY number"
    return left(stage, sql, id=canvas.id)


async def test_pictures_that_never_stood_in_their_thread_outlast_a_restart(stage: Stage):
    await stage.ana.slash("studio", "imagine", prompt="a green dragon", image1=photo("teal"))
    said = await stage.ana.wait_for(lambda post: "asks: a green dragon" in post.text, "studio", DEADLINE)
    shown = await stage.ana.say("studio", "my garden", [photo("lime")])
    quoting = await stage.ana.say("studio", f"{BOT} add a pond", reply_to=shown)
    canvases = [await stage.opened(each) for each in (said, quoting)]
    night = [await canvas.first() for canvas in (*canvases, await stage.canvas())][-1]
    await stage.meanwhile()
    await stage.bot.stop()
    await stage.ana.delete(night)
    await stage.start()
    await erased(stage, night)
    assert [standing(stage, each) for each in canvases] == [[(1, 1), (2, 1)]] * 2


async def test_where_the_bot_may_not_read_what_was_said_nothing_counts_as_deleted(stage: Stage):
    canvas = await stage.opened(await stage.ana.say("lounge", f"{BOT} a red house"))
    await canvas.first()
    brought = await canvas.ask("put the hat on him", [photo("gold")])
    night = await (await stage.canvas()).first()
    await stage.meanwhile()
    await stage.bot.stop()
    await stage.ana.delete(night)
    async with denied(stage, Permission.READ_MESSAGE_HISTORY):
        await stage.start()
        await erased(stage, night)
    assert numbers(brought) == ["v2"]
    assert standing(stage, canvas) == [(1, 1), (2, 1)]


@pytest.mark.parametrize("answer", [{"status": 403, "body": {"code": 50001}}, {"status": 404, "body": {"code": 10003}}])
async def test_what_discord_lists_no_more_is_believed_gone_only_when_it_says_so(
    stage: Stage, answer: dict[str, object]
):
    canvas = await stage.canvas()
    shown = await canvas.ask("make it night")
    await stage.meanwhile()
    await stage.bot.stop()
    stage.sandbox.faults.add("answer", "GET", f"/channels/{canvas.id}/messages", status=200, body=[], times=None)
    asked = stage.sandbox.faults.add("answer", "GET", f"/channels/{canvas.id}/messages/*", times=None, **answer)
    await stage.start()
    await stage.until(lambda: asked.seen)
    await asyncio.sleep(2)
    assert standing(stage, canvas) == [(1, 1), (2, 1)]
    assert asked.seen == 1, "whoever is turned away does not go on asking"
    stage.sandbox.faults.clear()
    await stage.restart()
    await stage.meanwhile()
    assert numbers(shown) == ["v2"]
    assert standing(stage, canvas) == [(1, 1), (2, 1)]


async def test_one_place_that_can_not_be_read_keeps_nobody_from_being_heard(theatre: Stage):
    await tidy(theatre)
    garbled, canvas = await theatre.canvas(), await theatre.canvas()
    await theatre.bot.stop()
    unread, ask = await garbled.say("add a boat"), await canvas.say("make it night")
    theatre.sandbox.faults.add("answer", "GET", f"/channels/{garbled.id}/messages", status=200, body=[{"id": "1"}])
    since = theatre.bot.log.stat().st_size
    await theatre.start()
    assert numbers(await canvas.answer(ask)) == ["v2"]
    [told] = [each for each in theatre.bot.troubles(since) if " ERROR " in each]
    assert f"what was asked in {garbled.id} while the bot was away is not known" in told
    theatre.sandbox.faults.clear()
    await theatre.restart()
    assert numbers(await garbled.answer(unread)) == ["v2"]


# -- too much, too long ago --------------------------------------------------------------------------------------------

PEOPLE, THREADS, ASKS = 40, 20, 500


def crowd(stage: Stage) -> list[int]:
    """More members than the club usually has, or they as they are."""
    world = stage.sandbox.world
    found = [each.id for each in world.users.values() if each.name.startswith("guest-")]
    for number in range(PEOPLE - len(found)):
        user = User(world.issue(), f"guest-{number}")
        world.users[user.id], world.guilds[seed.GUILD].members[user.id] = user, Member(user.id)
        found.append(user.id)
    return found


async def test_a_flood_of_asks_is_painted_within_bounds_each_members_newest_first_and_everybody_reads_why_not_more(
    stage: Stage,
):
    world, messages = stage.sandbox.world, stage.sandbox.services.messages
    people, canvases = crowd(stage), await asyncio.gather(*(stage.canvas() for _ in range(THREADS)))
    before = len(stage.gemini.ledger.requests)
    await stage.kill()
    asked: dict[int, list[tuple[Canvas, int]]] = {each: [] for each in people}
    for number in range(ASKS):
        member, canvas = people[number % PEOPLE], canvases[number % 23 % THREADS]
        made = messages.post(world.channel(canvas.id), member, content=f"add boat {number}")
        asked[member].append((canvas, made.id))
    world.rules.rate_limits = True
    usual = dict(stage.bot.sections["discord"])
    stage.bot.configure(discord={"catch_up_asks": 1})
    await stage.start()
    painted, told = Counter[int](), Counter[int]()

    async def count() -> bool:
        painted.clear()
        told.clear()
        why = sentence("error.missed_many", count=1)
        for canvas in canvases:
            whose = {each.id: each.author_id for each in world.messages[canvas.id].values()}
            for post in [each for each in await canvas.posts() if is_answer(each) and each.reply_to in whose]:
                side = painted if post.pictures else told
                assert post.pictures or post.text == why
                side[whose[post.reply_to or 0]] += 1
        return sum(painted.values()) + sum(told.values()) >= 2 * PEOPLE

    async with asyncio.timeout(60):
        while not await count():  # noqa: ASYNC110 - as somebody who reads there
            await asyncio.sleep(0.5)
    await stage.restart()
    await stage.meanwhile()
    await count()
    assert painted == dict.fromkeys(people, 1)
    assert told == dict.fromkeys(people, 1)
    assert len(stage.gemini.ledger.requests) == before + PEOPLE + 1
    for member, asks in asked.items():
        canvas, newest = max(asks, key=lambda ask: ask[1])
        assert any(post.reply_to == newest and post.pictures for post in await canvas.posts()), member
    too_fast = [each for each in stage.sandbox.traffic if each.who == "bot" and each.status == 429]
    assert len(too_fast) < PEOPLE
    stage.bot.sections["discord"] = usual


async def test_who_asked_longer_ago_than_it_catches_up_with_reads_so_once(stage: Stage):
    canvas = await stage.canvas()
    bens = canvas.seen_by(stage.ben)
    await stage.kill()
    first, second = await canvas.say("make it night"), await canvas.say("add a boat")
    other = await bens.say("add a cat")
    await asyncio.sleep(1.2)
    usual = dict(stage.bot.sections["discord"])
    stage.bot.configure(discord={"catch_up_hours": 1 / 3600})
    await stage.start()
    told = [await canvas.answer(second), await bens.answer(other)]
    assert [each.text for each in told] == [sentence("error.missed_old")] * 2
    await stage.meanwhile()
    assert not [each for each in await canvas.posts() if each.reply_to == first.id]
    assert not any(stage.requests(each) for each in ("make it night", "add a boat", "add a cat"))
    await stage.bot.stop()
    stage.bot.sections["discord"] = usual


async def test_who_asked_in_two_threads_is_told_once_in_reply_to_the_newest_and_fittingly(stage: Stage):
    first, second = await stage.canvas(), await stage.canvas()
    await stage.kill()
    asks = [await first.say("make it night"), await second.say("add a boat"), await first.say("add a cat")]
    asks += [await second.say("add a moon")]
    async with stage.configured(discord={"catch_up_asks": 0}):
        assert (await second.answer(asks[-1])).text == sentence("error.missed_all")
        await stage.meanwhile()
        answered = {each.reply_to for canvas in (first, second) for each in await canvas.posts()}
    assert [each.id in answered for each in asks] == [False, False, False, True]
