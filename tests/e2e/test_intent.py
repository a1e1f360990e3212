"""The Message Content intent: withheld by Discord, given later, and not wanted. Plain words of the time without it are
nobody's ask, whenever they are read."""

from __future__ import annotations

import pytest

from bot.sandbox.discord import seed
from tests.e2e.stage import BOT, Canvas, Stage, sentence
from tests.e2e.test_program import everything_but_plain_words, without_content

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]


async def test_without_it_the_bot_says_what_that_means_and_serves_names_pings_buttons_and_commands(stage: Stage):
    since = stage.bot.log.stat().st_size
    with without_content(stage):
        await stage.restart()
        assert told(stage, since)
        await everything_but_plain_words(stage)
    await stage.restart()


async def test_a_reply_without_a_ping_is_told_why_it_is_not_read_and_plain_words_once_in_a_thread(stage: Stage):
    with without_content(stage):
        await stage.restart()
        canvas = await stage.canvas()
        plain = await canvas.say("make it night")
        assert (await canvas.answer(plain)).text == sentence("error.unheard")
        more, reply = await canvas.say("add a moon"), await canvas.say("add a boat", reply_to=await canvas.first())
        assert (await canvas.answer(reply)).text == sentence("error.unheard")
        await canvas.ask("add a boat", reply_to=await canvas.first(), ping=True)
        assert more.id not in {each.reply_to for each in await canvas.posts()}
    await stage.restart()
    assert counted(stage, "make it night", "add a moon", "add a boat") == [0, 0, 1]


async def test_switched_off_while_it_runs_it_is_done_without(stage: Stage):
    since = stage.bot.log.stat().st_size
    with without_content(stage):
        stage.sandbox.gateway.invalidate(seed.BOT)
        await stage.until(lambda: not stage.sandbox.bot_is_connected)
        await stage.until(lambda: stage.sandbox.bot_is_connected)
        assert told(stage, since)
        canvas = await stage.canvas()
        await canvas.ask(f"{BOT} make it night")
    await stage.restart()


async def test_switched_on_the_next_start_hears_plain_words_but_not_those_of_the_time_without(stage: Stage):
    with without_content(stage):
        await stage.restart()
        canvas = await stage.canvas()
        await canvas.say("nobody hears this")
        assert await stage.bot.stop() == 0
        await canvas.say("nor this")
        missed = await canvas.say(f"{BOT} add a boat")
    await stage.start()
    await canvas.answer(missed)
    await canvas.ask("make it night")
    assert counted(stage, "nobody hears this", "nor this", "add a boat", "make it night") == [0, 0, 1, 1]


async def test_once_it_is_heard_again_plain_words_are_caught_up_with_as_ever(stage: Stage):
    with without_content(stage):
        await stage.restart()
        canvas = await stage.canvas()
        await canvas.say("nobody hears this")
    await stage.restart()
    await canvas.ask("make it night")
    assert await stage.bot.stop() == 0
    missed = await canvas.say("add a boat")
    await stage.start()
    await canvas.answer(missed)
    assert counted(stage, "nobody hears this", "make it night", "add a boat") == [0, 1, 1]


async def test_where_the_operator_does_not_want_it_plain_words_are_not_caught_up_with_either(stage: Stage):
    async with stage.configured(discord={"message_content_intent": False}):
        canvas, dm = await stage.canvas(), Canvas(stage, await stage.cleo.channel_id("dm"), stage.cleo)
        await dm.ask("a red house")
        assert await stage.bot.stop() == 0
        await canvas.say("nobody hears this")
        await canvas.say("nor this", reply_to=await canvas.first())
        pinged = await canvas.say("make it night", reply_to=await canvas.first(), ping=True)
        direct = await dm.say("a lighthouse")
        await stage.start()
        await canvas.answer(pinged)
        await dm.answer(direct)
    assert counted(stage, "nobody hears this", "nor this", "make it night", "a lighthouse") == [0, 0, 1, 1]


def told(stage: Stage, since: int) -> bool:
    return " ".join(sentence("check.intent_missing").split()) in stage.bot.said(since)


def counted(stage: Stage, *words: str) -> list[int]:
    return [len(stage.requests(each)) for each in words]
