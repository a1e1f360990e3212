"""A canvas never gets stuck: what is deleted, locked or pressed in the middle of the work."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

import pytest

from bot.sandbox import Post
from bot.sandbox.discord.permissions import Permission
from tests.e2e.books import left
from tests.e2e.denials import denied, lowered, silenced
from tests.e2e.sketches import photo
from tests.e2e.stage import BOT, DEADLINE, Canvas, Stage, is_answer, is_status, numbers, receipt, sentence

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]


async def test_a_picture_is_posted_though_its_ask_was_deleted_while_it_was_painted(stage: Stage):
    canvas = await stage.canvas()
    async with stage.held() as is_painting:
        ask = await canvas.say("make it night")
        await stage.until(is_painting)
        await stage.ana.delete(ask)
    v2 = await canvas.by.wait_for(lambda post: numbers(post) == ["v2"], canvas.id, DEADLINE)
    assert v2.reply_to is None
    await canvas.ask("add a boat")
    assert await canvas.saw("add a boat") == ["v2"]


async def test_a_thread_that_is_deleted_while_something_is_painted_disturbs_nobody_else(stage: Stage):
    canvas, other = await stage.canvas("a red house"), await stage.canvas("a blue house")
    async with stage.held() as is_painting:
        await canvas.say("make it night")
        await stage.until(is_painting)
        await canvas.say("add a boat")
        await stage.ana.call("DELETE", f"/channels/{canvas.id}")
        await other.ask("make it day")
    await stage.restart()
    await other.ask("add a moon")
    assert list(await other.pictures()) == ["v1", "v2", "v3"]
    assert not stage.requests("add a boat")


async def test_a_status_that_goes_with_its_thread_is_not_looked_for_at_every_start(stage: Stage):
    canvas = await stage.canvas()
    async with stage.held() as is_painting:
        ask = await canvas.say("make it night")
        await stage.until(is_painting)
        await canvas.status(ask)
        await stage.ana.call("DELETE", f"/channels/{canvas.id}")
    await stage.until(lambda: not left(stage, "SELECT turn FROM messages WHERE kind = 'status'"))


async def test_a_thread_that_rests_wakes_up_with_the_next_picture(stage: Stage):
    canvas = await stage.canvas()
    async with stage.held() as is_painting:
        ask = await canvas.say("make it night")
        await stage.until(is_painting)
        await stage.ana.call("PATCH", f"/channels/{canvas.id}", {"archived": True})
    await canvas.answer(ask)
    await canvas.ask("add a boat")
    assert list(await canvas.pictures()) == ["v1", "v2", "v3"]


async def test_a_thread_that_is_locked_while_something_is_painted_goes_on_once_it_is_open_again(stage: Stage):
    canvas = await stage.canvas()
    async with stage.held() as is_painting:
        ask = await canvas.say("make it night")
        await stage.until(is_painting)
        await canvas.status(ask)
        await canvas.lock()
        await stage.meanwhile()
    await stage.until(lambda: left(stage, "SELECT turn FROM backlog"))
    await stage.meanwhile()
    assert list(await canvas.pictures()) == ["v1"]
    stage.sandbox.gateway.duplicates = 2
    await canvas.unlock()
    assert numbers(await canvas.answer(ask)) == ["v2"]
    await canvas.ask("add a boat")
    assert await canvas.saw("add a boat") == ["v2"], "plain words go on from it, as they would have"
    await stage.until(lambda: not left(stage, "SELECT turn FROM backlog"))
    assert list(await canvas.pictures()) == ["v1", "v2", "v3"]
    assert not [post for post in await canvas.posts() if is_status(post)]
    assert left(stage, f"SELECT state FROM claims WHERE turn = {ask.id}") == [("returned",)]


async def test_what_a_locked_thread_did_not_take_is_there_once_though_it_is_opened_while_the_bot_is_away(stage: Stage):
    canvas, other = await stage.canvas(), await stage.canvas("a blue house")
    stage.fault("blocked:SAFETY", "something rude")
    async with stage.held() as is_painting:
        asks = [await canvas.say("make it night"), await canvas.say("something rude")]
        await stage.until(is_painting)
        await canvas.lock()
    both = "SELECT count(*) FROM backlog HAVING count(*) = 2"
    await stage.until(lambda: left(stage, both))
    await stage.restart()
    await other.ask("make it day")
    assert list(await canvas.pictures()) == ["v1"]
    stage.sandbox.faults.add("drop_after", "POST", f"/channels/{canvas.id}/messages")
    assert await stage.bot.stop() == 0
    await canvas.unlock()
    await stage.start()
    await stage.until(lambda: not left(stage, "SELECT turn FROM backlog"))
    posts = [each for each in await canvas.posts() if each.reply_to in {ask.id for ask in asks}]
    assert [numbers(each) for each in posts] == [["v2"], []]
    await canvas.ask("add a boat")
    assert await canvas.saw("add a boat") == ["v2"]


WITHDRAWN: dict[str, Callable[[Stage], AbstractAsyncContextManager[None]]] = {
    "writing there": lambda stage: denied(stage, Permission.SEND_MESSAGES_IN_THREADS),
    "seeing it": lambda stage: denied(stage, Permission.VIEW_CHANNEL),
    "writing anywhere": lambda stage: lowered(stage, Permission.SEND_MESSAGES_IN_THREADS),
    "writing, by a role": lambda stage: silenced(stage, Permission.SEND_MESSAGES_IN_THREADS),
}


@asynccontextmanager
async def withdrawn(stage: Stage, way: str) -> AsyncIterator[tuple[Canvas, Post]]:
    """The bot may not write in a thread any more, which it was told while it painted for this ask in it."""
    canvas = await stage.opened(await stage.ana.say("lounge", f"{BOT} a red house"))
    await canvas.first()
    async with AsyncExitStack() as stack:
        async with stage.held() as is_painting:
            ask = await canvas.say("make it night")
            await stage.until(is_painting)
            await canvas.status(ask)
            await stack.enter_async_context(WITHDRAWN[way](stage))
        await stage.until(lambda: left(stage, f"SELECT 1 FROM backlog WHERE turn = {ask.id}"))
        assert bool(stage.sandbox.world.message(canvas.id, ask.id).reactions) == (way != "seeing it")
        assert (await stage.ana.slash("studio", "help")).ok, "by then the bot has looked whether it may by now"
        yield canvas, ask


async def is_there_once(canvas: Canvas, ask: Post) -> None:
    """It was delivered as if nothing had been, free."""
    stage = canvas.stage
    assert numbers(await canvas.answer(ask)) == ["v2"]
    await stage.until(lambda: not left(stage, f"SELECT 1 FROM backlog WHERE turn = {ask.id}"))
    assert not stage.sandbox.world.message(canvas.id, ask.id).reactions
    await canvas.ask("add a boat")
    assert await canvas.saw("add a boat") == ["v2"], "plain words go on from it, as they would have"
    assert list(await canvas.pictures()) == ["v1", "v2", "v3"]
    assert not [post for post in await canvas.posts() if is_status(post)]
    assert left(stage, f"SELECT state FROM claims WHERE turn = {ask.id}") == [("returned",)]


@pytest.mark.parametrize("way", WITHDRAWN)
async def test_what_the_bot_was_not_allowed_to_post_is_there_once_it_is_allowed_again(stage: Stage, way: str):
    async with withdrawn(stage, way) as (canvas, ask):
        pass
    await is_there_once(canvas, ask)


async def test_it_is_there_once_though_it_is_allowed_again_while_the_bot_is_away_and_not_tried_before(stage: Stage):
    async with withdrawn(stage, "seeing it") as (canvas, ask):
        tries = stage.sandbox.faults.add("hold", "POST", f"/channels/{canvas.id}/messages", times=None)
        tries.release()
        await stage.restart()
        await stage.meanwhile()
        assert not tries.seen
        assert await stage.bot.stop() == 0
    await stage.start()
    await is_there_once(canvas, ask)


async def turned_away(stage: Stage, canvas: Canvas, words: str) -> Post:
    """An ask whose thread was locked while it was painted, and waits to be opened."""
    async with stage.held() as is_painting:
        ask = await canvas.say(words)
        await stage.until(is_painting)
        await canvas.lock()
    await stage.until(lambda: left(stage, "SELECT turn FROM backlog"))
    return ask


async def test_who_deletes_their_ask_in_a_locked_thread_is_answered_no_more(stage: Stage):
    canvas = await stage.canvas()
    ask = await turned_away(stage, canvas, "make it night")
    await stage.ana.delete(ask)
    await stage.until(lambda: not left(stage, "SELECT turn FROM backlog"))
    await canvas.unlock()
    await canvas.ask("add a boat")
    assert list(await canvas.pictures()) == ["v1", "v3"]


async def test_who_deletes_their_ask_while_the_bot_is_away_is_answered_no_more_once_the_thread_is_open(stage: Stage):
    canvas = await stage.canvas()
    ask = await turned_away(stage, canvas, "make it night with my secret")
    assert await stage.bot.stop() == 0
    await stage.ana.delete(ask)
    await canvas.unlock()
    await stage.start()
    await stage.until(lambda: left(stage, f"SELECT id FROM turns WHERE id = {ask.id} AND words = ''"))
    assert not left(stage, "SELECT turn FROM backlog")
    await canvas.ask("add a boat")
    assert list(await canvas.pictures()) == ["v1", "v3"]


async def test_a_picker_whose_ask_was_deleted_says_so_to_whoever_presses_it(stage: Stage):
    canvas = await stage.opened(await stage.ana.say("studio", BOT, [photo("teal"), photo("gold")]))
    ask = await canvas.say("make it a painting", reply_to=await canvas.first())
    picker = await canvas.answer(ask)
    await stage.ana.delete(ask)
    assert (await stage.ben.press(picker, picker.buttons["v2"])).ok
    told = await stage.ben.wait_for(lambda post: post.is_whisper, None, DEADLINE)
    assert told.text == sentence("error.gone_ask")
    assert not stage.gemini.ledger.requests


async def test_somebody_elses_reply_to_a_status_does_not_change_the_ask_but_follows_it(stage: Stage):
    canvas = await stage.canvas()
    async with stage.held():
        await canvas.say("make it night")
        ask = await canvas.say("add a boat")
        status = await canvas.status(ask)
        bens = await canvas.seen_by(stage.ben).say("add a moon", reply_to=status)
        await stage.meanwhile()
    assert numbers(await canvas.answer(ask)) == ["v3"]
    assert numbers(await canvas.answer(bens)) == ["v4"]
    assert await canvas.saw("add a boat") == ["v2"]
    assert await canvas.saw("add a moon") == ["v3"]


async def test_many_who_ask_at_once_in_one_thread_are_all_answered_in_the_order_of_asking(stage: Stage):
    canvas = await stage.canvas()
    members = (stage.ana, stage.ben, stage.cleo)
    asks = [await canvas.seen_by(members[number % 3]).say(f"add boat {number}") for number in range(12)]
    answers = [await canvas.answer(ask) for ask in asks]
    assert [numbers(each) for each in answers] == [[f"v{number}"] for number in range(2, 14)]
    assert [await canvas.saw(f"add boat {number}") for number in range(12)] == [[f"v{n}"] for n in range(1, 13)]
    assert not [post for post in await canvas.posts() if is_status(post)]


async def test_words_that_discord_would_obey_are_shown_and_not_obeyed(stage: Stage):
    canvas = await stage.canvas("a **bold** `house` [link](http://x) <@1> # big ||spoiler||")
    shown = receipt(await canvas.first())
    assert r"\*\*bold\*\* \`house\`" in shown
    assert r"\|\|spoiler\|\|" in shown
    assert is_answer(await canvas.first())


async def test_words_in_every_script_and_of_great_length_are_asked_of_google_as_they_are(stage: Stage):
    canvas = Canvas(stage, (await stage.canvas()).id, stage.ana)
    words = "ein Häuschen 小さな家 بيت صغير 🏠 " + "und noch ein Baum " * 90
    await canvas.ask(words.strip())
    assert await canvas.saw(words.strip()) == ["v1"]
