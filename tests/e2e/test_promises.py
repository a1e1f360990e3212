"""What was acknowledged and is no turn yet, when the bot is killed, stopped, or cut off from Discord."""

from __future__ import annotations

import asyncio

import pytest

from bot.sandbox.discord import seed
from tests.e2e.sketches import photo
from tests.e2e.stage import DEADLINE, Stage, is_answer

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

FILES = "/ephemeral-attachments/*/*/*"


async def test_a_command_whose_pictures_were_on_their_way_in_a_kill_is_owed_a_word_and_gets_it_once(stage: Stage):
    gate = stage.sandbox.faults.add("hold", "GET", FILES, who="any")
    await stage.ana.slash("studio", "imagine", prompt="a castle at dawn", image1=photo("teal"))
    await stage.until(lambda: gate.seen)
    await stage.kill()
    gate.release()
    await stage.revive()
    told = await stage.ana.wait_for(lambda post: "I was stopped before I could begin" in post.text, "studio", DEADLINE)
    assert f"<@{seed.ANA}>" in told.text
    await stage.restart()
    await stage.meanwhile()
    said = [post for post in await stage.ana.messages("studio", 50) if "I was stopped before" in post.text]
    assert len(said) == 1
    assert not stage.requests("a castle at dawn")


async def test_a_form_whose_pictures_were_on_their_way_in_a_stop_is_owed_a_word(stage: Stage):
    canvas = await stage.canvas()
    first = await canvas.first()
    form = (await stage.ben.press(first, first.buttons["Edit…"])).form
    assert form is not None
    gate = stage.sandbox.faults.add("hold", "GET", FILES, who="any")
    await stage.ben.submit(form, [photo("teal")], words="add a boat", pictures=[0])
    await stage.until(lambda: gate.seen)
    await stage.kill()
    gate.release()
    await stage.revive()
    told = await stage.ben.wait_for(lambda post: "I was stopped before I could begin" in post.text, canvas.id, DEADLINE)
    assert f"<@{seed.BEN}>" in told.text


async def test_what_became_a_turn_is_owed_no_other_word(stage: Stage):
    async with stage.held() as waiting:
        await stage.ana.slash("studio", "imagine", prompt="a green dragon")
        await stage.until(waiting)
        await stage.kill()
    await stage.revive()
    await stage.until(lambda: stage.requests("a green dragon"))
    await stage.meanwhile()
    said = [post for post in await stage.ana.messages("studio", 20) if "green dragon" in post.text]
    assert len(said) == 1, "the announcement"


async def test_a_button_under_a_lost_answer_does_not_cancel_what_it_asked_for(stage: Stage):
    async with stage.configured(gemini={"at_once": 1}):
        canvas = await stage.canvas()
        stage.fault("drop-after", "make it night")
        failed = await canvas.ask("make it night")
        async with stage.held() as waiting:
            other = asyncio.create_task(stage.canvas("something else"))
            await stage.until(waiting)
            assert (await stage.ben.press(failed, next(iter(failed.buttons.values())))).ok
            await canvas.by.wait_for(lambda post: post.id == failed.id and not post.buttons, canvas.id, DEADLINE)
        await other
        await stage.until(lambda: len(stage.requests("make it night")) == 2)
        answer = await canvas.by.wait_for(
            lambda post: is_answer(post) and bool(post.pictures) and post.reply_to == failed.id, canvas.id, DEADLINE
        )
        assert answer.pictures


async def test_deleting_a_result_cancels_nothing_that_was_pressed_for_under_it(stage: Stage):
    async with stage.configured(gemini={"at_once": 1}):
        canvas = await stage.canvas("a green hill")
        first = await canvas.first()
        async with stage.held() as waiting:
            other = asyncio.create_task(stage.canvas("something else"))
            await stage.until(waiting)
            for member in (stage.ana, stage.ben):
                assert (await member.press(first, first.buttons["Retry"])).ok
            await stage.ana.delete(first)
        await other
        await stage.until(lambda: len(stage.requests("a green hill")) == 3)


async def test_threads_whose_history_cannot_be_read_at_once_are_read_a_moment_later(stage: Stage):
    canvases = [await stage.canvas(f"hill number {number}") for number in range(4)]
    await stage.bot.stop()
    for canvas in canvases:
        await canvas.say("make it night")
    stage.sandbox.faults.add("drop_after", "GET", "/channels/*/messages", times=3)
    await stage.start()
    await stage.until(lambda: len(stage.requests("make it night")) == 4)
