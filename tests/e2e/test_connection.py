"""Asked once, painted once, posted once: while Discord stutters, repeats itself, forgets us, or we were away."""

from __future__ import annotations

import asyncio
import time

import pytest

from bot.sandbox.discord import seed
from bot.sandbox.discord.snowflake import snowflake_at
from tests.crash.books import open_books
from tests.e2e.sketches import photo
from tests.e2e.stage import BOT, DEADLINE, Canvas, Stage, is_answer, numbers, receipt, sentence

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

MESSAGES = "/channels/*/messages"


# -- every event three times -----------------------------------------------------------------------------------------


async def test_asks_that_are_told_three_times_are_painted_once(stage: Stage):
    stage.sandbox.gateway.duplicates = 2
    canvas = await stage.canvas("put the hat on him", [photo("teal"), photo("gold")])
    await canvas.ask("make it night")
    picture = await canvas.ask(pictures=[photo("navy")])
    await canvas.ask("add a boat", reply_to=picture)
    assert list(await canvas.pictures()) == ["v2", "v3", "v4", "v5"]
    assert len(stage.gemini.ledger.requests) == 4
    assert len([each for each in await canvas.posts() if is_answer(each)]) == 4


async def test_edits_and_deletions_that_are_told_three_times_are_done_once(stage: Stage):
    stage.sandbox.gateway.duplicates = 2
    canvas = await stage.canvas()
    async with stage.held() as is_painting:
        await canvas.say("make it night")
        await stage.until(is_painting)
        changed, gone = await canvas.say("add a boat"), await canvas.say("add a cat")
        await stage.ana.edit(changed, "add a ship")
        await stage.ana.delete(gone)
        await stage.meanwhile()
    await canvas.answer(changed)
    await canvas.ask("add a moon")
    assert [len(stage.requests(each)) for each in ("add a ship", "add a boat", "add a cat")] == [1, 0, 0]
    assert list(await canvas.pictures()) == ["v1", "v2", "v3", "v4"]


async def test_presses_and_commands_that_are_told_three_times_are_obeyed_once(stage: Stage):
    stage.sandbox.gateway.duplicates = 2
    canvas = await stage.opened(await stage.ana.say("studio", BOT, [photo("teal"), photo("gold")]))
    ask = await canvas.say("make it a painting", reply_to=await canvas.first())
    picker = await canvas.answer(ask)
    assert (await stage.ana.press(picker, picker.buttons["v2"])).ok
    await canvas.by.wait_for(lambda post: post.reply_to == ask.id and bool(post.pictures), canvas.id, DEADLINE)
    blended = await canvas.ask(pictures=[photo("navy")])
    assert (await stage.ana.press(blended, blended.buttons[sentence("button.use_as_base")])).ok
    assert (await stage.ana.slash(canvas.id, "imagine", prompt="a green dragon")).ok
    said = await stage.ana.wait_for(lambda post: "asks: a green dragon" in post.text, canvas.id, DEADLINE)
    assert numbers(await canvas.answer(said)) == ["v6"]
    await canvas.ask("add a boat")
    assert list(await canvas.pictures()) == ["v3", "v4", "v6", "v7"]
    assert len(stage.gemini.ledger.requests) == 4


# -- a line that breaks ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("trouble", ["closed", "reconnect"])
async def test_what_is_asked_while_the_line_is_down_is_heard_when_it_is_resumed(stage: Stage, trouble: str):
    canvas = await stage.canvas()
    gateway = stage.sandbox.gateway
    gateway.close(4000, seed.BOT) if trouble == "closed" else gateway.reconnect(seed.BOT)
    asks = [await canvas.say("make it night"), await canvas.say("add a boat")]
    mention = await stage.ben.say("studio", f"{BOT} a lighthouse")
    assert [numbers(await canvas.answer(each)) for each in asks] == [["v2"], ["v3"]]
    await (await stage.opened(mention, stage.ben)).first()
    assert len(stage.gemini.ledger.requests) == 4


async def test_when_discord_forgets_the_session_nothing_of_its_threads_is_lost(stage: Stage):
    canvas = await stage.canvas()
    async with stage.held() as is_painting:
        ask = await canvas.say("make it night")
        await stage.until(is_painting)
        stage.sandbox.gateway.invalidate(seed.BOT)
        unheard = await canvas.say("add a boat")
    assert [numbers(await canvas.answer(each)) for each in (ask, unheard)] == [["v2"], ["v3"]]
    assert [len(stage.requests(each)) for each in ("make it night", "add a boat")] == [1, 1]


# -- answers of Discord's that get lost ------------------------------------------------------------------------------


@pytest.mark.parametrize("trouble", ["drop_before", "drop_after"])
async def test_a_picture_whose_posting_breaks_off_is_posted_once(stage: Stage, trouble: str):
    canvas = await stage.canvas()
    stage.sandbox.faults.add(trouble, "POST", MESSAGES)
    v2 = await canvas.ask("make it night")
    await canvas.ask("add a boat")
    assert numbers(v2) == ["v2"]
    assert list(await canvas.pictures()) == ["v1", "v2", "v3"]


@pytest.mark.parametrize("trouble", ["drop_before", "drop_after"])
async def test_a_thread_whose_opening_breaks_off_is_opened_once(stage: Stage, trouble: str):
    stage.sandbox.faults.add(trouble, "POST", "/channels/*/messages/*/threads")
    canvas = await stage.canvas()
    assert list(await canvas.pictures()) == ["v1"]
    assert len(stage.gemini.ledger.requests) == 1


@pytest.mark.parametrize("status", [401, 500, 502, 503])
async def test_a_bad_day_of_discords_delays_a_picture_and_loses_nothing(stage: Stage, status: int):
    canvas = await stage.canvas()
    stage.sandbox.faults.add("answer", "POST", MESSAGES, status=status)
    await canvas.ask("make it night")
    assert list(await canvas.pictures()) == ["v1", "v2"]
    assert len(stage.requests("make it night")) == 1


async def test_a_photo_that_breaks_off_on_its_way_is_fetched_again(stage: Stage):
    canvas = await stage.canvas()
    stage.sandbox.faults.add("drop_before", "GET", "/attachments/*/*/*")
    await canvas.ask("put the hat on the roof", [photo("gold")])
    assert await canvas.saw("put the hat on the roof") == ["v1", "gold"]


async def test_under_discords_rate_limits_every_ask_is_answered(stage: Stage):
    stage.sandbox.world.rules.rate_limits = True
    canvas = await stage.canvas()
    asks = [await canvas.say(f"add boat {number}") for number in range(6)]
    assert [numbers(await canvas.answer(each)) for each in asks] == [[f"v{number}"] for number in range(2, 8)]


# -- away --------------------------------------------------------------------------------------------------------------


async def test_what_was_asked_while_the_bot_was_away_is_found_where_it_works_and_nowhere_else(stage: Stage):
    canvas = await stage.canvas()
    theirs = await stage.ana.open_thread(await stage.ana.say("studio", "our own"), "Our own")
    dm = Canvas(stage, await stage.ben.channel_id("dm"), stage.ben)
    await dm.ask("a boat")
    await stage.bot.stop()
    asks = [await canvas.say("make it night", [photo("gold")]), await canvas.say("// what a day"), await canvas.say(
        "add a boat"
    )]  # fmt: skip
    direct = await dm.say("make it blue")
    opening = await stage.ana.say("studio", f"{BOT} a castle")
    await stage.ana.say(theirs, f"{BOT} a lighthouse")
    await stage.start()
    assert [numbers(await canvas.answer(each)) for each in (asks[0], asks[2])] == [["v2"], ["v3"]]
    assert numbers(await dm.answer(direct)) == ["v2"]
    await canvas.ask("add a moon")
    assert await canvas.saw("make it night") == ["v1", "gold"]
    assert numbers(await (await stage.opened(opening)).first()) == ["v1"]
    assert not stage.requests("a lighthouse")
    assert len(stage.gemini.ledger.requests) == 7


async def test_what_was_asked_in_a_thread_that_went_to_rest_meanwhile_is_found_too(stage: Stage):
    canvas, silent = await stage.canvas(), await stage.canvas("a blue house")
    await stage.bot.stop()
    ask = await canvas.say("make it night")
    for thread in (canvas, silent):
        await stage.ana.call("PATCH", f"/channels/{thread.id}", {"archived": True})
    await stage.start()
    assert numbers(await canvas.answer(ask)) == ["v2"]
    assert len(stage.gemini.ledger.requests) == 3


async def test_a_mention_in_a_thread_of_peoples_own_where_it_has_painted_is_found_too(stage: Stage):
    thread = await stage.ana.open_thread(await stage.ana.say("studio", "our own"), "Our own")
    canvas = Canvas(stage, thread, stage.ana)
    await canvas.ask(f"{BOT} a lighthouse")
    await stage.bot.stop()
    await canvas.say("how nice")
    ask = await canvas.say(f"{BOT} make it night")
    await stage.start()
    assert numbers(await canvas.answer(ask)) == ["v2"]
    assert len(stage.gemini.ledger.requests) == 2


async def test_only_so_many_messages_of_a_thread_are_looked_through_and_only_those_of_a_day(stage: Stage):
    busy, quiet = await stage.canvas("a busy thread"), await stage.canvas("a quiet thread")
    await stage.bot.stop()
    yesterday = snowflake_at(time.time() - 25 * 3600)
    place = stage.sandbox.world.channel(quiet.id)
    stage.sandbox.services.messages.post(place, seed.ANA, id=yesterday, content="make it night")
    today = await quiet.say("make it day")
    asks = [await busy.say(f"add boat {number}") for number in range(5)]
    async with stage.configured(discord={"catch_up_messages": 3}):
        assert [numbers(await busy.answer(each)) for each in asks[2:]] == [["v2"], ["v3"], ["v4"]]
        assert numbers(await quiet.answer(today)) == ["v2"]
        assert not any(stage.requests(each) for each in ("add boat 0", "add boat 1", "make it night"))
        for forgotten in asks[:2]:
            await stage.ana.delete(forgotten)


# -- a long life -------------------------------------------------------------------------------------------------------


async def test_the_fiftieth_edit_of_a_thread_costs_what_the_second_did(stage: Stage):
    canvas = await stage.canvas("a red house by the sea")
    for number in range(2, 51):
        await canvas.ask(f"add boat {number:02}")
    requests = list(stage.gemini.ledger.requests)
    sizes = [each.body_bytes for each in requests]
    assert [len(each.pictures) for each in requests] == [0] + [1] * 49
    assert max(sizes[1:]) < 1.1 * sizes[1]
    assert max(sizes[8:]) - min(sizes[8:]) < 64
    assert receipt(await canvas.by.wait_for(lambda post: numbers(post) == ["v50"], canvas.id)).startswith("v50 ← v49")
    assert list(await canvas.pictures()) == [f"v{number}" for number in range(1, 51)]


@pytest.mark.parametrize("trouble", ["hold", "answer"])
async def test_a_stop_in_the_middle_of_catching_up_is_quick_and_quiet(stage: Stage, trouble: str):
    await stage.canvas()
    await stage.bot.stop()
    reading = stage.sandbox.faults.add(trouble, "GET", MESSAGES, times=None, status=502)
    await stage.start()
    await stage.until(lambda: reading.seen)
    began = time.monotonic()
    assert await stage.bot.stop() == 0
    assert time.monotonic() - began < 8


async def test_what_opened_a_thread_stands_in_its_channel_and_was_not_deleted(stage: Stage):
    canvas = await stage.canvas("put the hat on him", [photo("teal")])
    await stage.bot.stop()
    asked = await canvas.say("make it night")
    await stage.start()
    await canvas.answer(asked)
    await asyncio.sleep(1.0)  # what is missed is deleted in a moment
    with open_books(stage.bot.folder / "data") as books:
        assert books.one("SELECT words FROM turns WHERE id = ?", canvas.id) == "put the hat on him"
        assert not books.one("SELECT count(*) FROM versions WHERE deleted_at IS NOT NULL")
