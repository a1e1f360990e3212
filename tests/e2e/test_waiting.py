"""Asks that wait: changed, cancelled, and painted in their order."""

from __future__ import annotations

import asyncio

import pytest

from tests.e2e.books import left
from tests.e2e.sketches import photo
from tests.e2e.stage import BOT, DEADLINE, Canvas, Stage, is_status, numbers, receipt, sentence

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

BURIED = "SELECT 1 FROM versions WHERE message = :id AND deleted_at IS NOT NULL"


async def test_plain_words_follow_each_other_and_each_edits_what_the_one_before_painted(stage: Stage):
    canvas = await stage.canvas()
    async with stage.held() as is_painting:
        asks = [await canvas.say(words) for words in ("make it night", "add a boat", "add a moon")]
        await stage.until(is_painting)
        await stage.meanwhile()
        assert not stage.requests("add a boat")
    answers = [await canvas.answer(ask) for ask in asks]
    assert [numbers(each) for each in answers] == [["v2"], ["v3"], ["v4"]]
    assert await canvas.saw("make it night") == ["v1"]
    assert await canvas.saw("add a boat") == ["v2"]
    assert await canvas.saw("add a moon") == ["v3"]
    begun = [stage.request(each).when for each in ("make it night", "add a boat", "add a moon")]
    ended = [stage.request(each).when + stage.request(each).seconds for each in ("make it night", "add a boat")]
    assert begun[1] >= ended[0] - 0.01
    assert begun[2] >= ended[1] - 0.01


async def test_two_people_on_different_pictures_do_not_wait_for_each_other(stage: Stage):
    canvas = await stage.canvas()
    v1 = await canvas.first()
    v2 = await canvas.ask("make it night")
    stage.gemini.delay = 0.5
    ana = await canvas.say("add a boat", reply_to=v1)
    ben = await canvas.seen_by(stage.ben).say("add a moon", reply_to=v2)
    await canvas.answer(ana)
    await canvas.answer(ben)
    first, second = stage.request("add a boat"), stage.request("add a moon")
    assert first.when < second.when + second.seconds
    assert second.when < first.when + first.seconds
    assert (await canvas.saw("add a boat"), await canvas.saw("add a moon")) == (["v1"], ["v2"])


async def test_where_the_edit_before_comes_to_nothing_the_next_starts_from_what_that_one_edited(stage: Stage):
    canvas = await stage.canvas()
    stage.fault("blocked:SAFETY", "something rude")
    async with stage.held():
        rude = await canvas.say("something rude")
        polite = await canvas.say("add a boat")
    assert not (await canvas.answer(rude)).pictures
    v2 = await canvas.answer(polite)
    assert await canvas.saw("add a boat") == ["v1"]
    assert sentence("receipt.parent_failed", base="v1") in receipt(v2)


async def test_editing_the_message_of_a_waiting_ask_changes_the_ask(stage: Stage):
    canvas = await stage.canvas()
    async with stage.held() as is_painting:
        await canvas.say("make it night")
        await stage.until(is_painting)
        ask = await canvas.say("add a boat")
        await stage.ana.edit(ask, "add a ship like in v1")
        await stage.meanwhile()
    v3 = await canvas.answer(ask)
    assert await canvas.saw("add a ship like in v1") == ["v2", "v1"]
    assert not stage.requests("add a boat")
    assert "“add a ship like in v1”" in receipt(v3)


async def test_editing_the_message_of_an_ask_that_is_being_painted_changes_nothing(stage: Stage):
    canvas = await stage.canvas()
    async with stage.held() as is_painting:
        ask = await canvas.say("make it night")
        await stage.until(is_painting)
        await stage.ana.edit(ask, "make it day")
        await stage.meanwhile()
    await canvas.answer(ask)
    await canvas.ask("add a boat")
    assert stage.request("make it night")
    assert not stage.requests("make it day")
    assert list(await canvas.pictures()) == ["v1", "v2", "v3"]


async def test_deleting_the_message_of_a_waiting_ask_cancels_it(stage: Stage):
    canvas = await stage.canvas()
    async with stage.held() as is_painting:
        first = await canvas.say("make it night")
        await stage.until(is_painting)
        ask = await canvas.say("add a boat")
        await stage.meanwhile()
        await stage.ana.delete(ask)
        await stage.meanwhile()
    await canvas.answer(first)
    await canvas.ask("add a moon")
    assert not stage.requests("add a boat")
    assert await canvas.saw("add a moon") == ["v2"]
    assert list(await canvas.pictures()) == ["v1", "v2", "v3"]


async def test_a_reply_to_the_status_of_ones_waiting_ask_changes_that_ask(stage: Stage):
    canvas = await stage.canvas()
    async with stage.held():
        await canvas.say("make it night")
        ask = await canvas.say("add a boat", [photo("gold")])
        status = await canvas.status(ask)
        await canvas.say("add a ship", reply_to=status)
        await canvas.by.wait_for(lambda post: is_status(post) and "add a ship" in post.text, canvas.id, DEADLINE)
    v3 = await canvas.answer(ask)
    assert await canvas.saw("add a ship") == ["v2", "gold"]
    assert not stage.requests("add a boat")
    assert "“add a ship”" in receipt(v3)
    await canvas.ask("add a moon")
    assert list(await canvas.pictures()) == ["v1", "v2", "v3", "v4"]


async def test_deleting_the_first_message_of_a_canvas_that_is_being_painted_leaves_the_thread_usable(stage: Stage):
    async with stage.held() as is_painting:
        ask = await stage.ana.say("studio", f"{BOT} a red house")
        canvas = await stage.opened(ask)
        await stage.until(is_painting)
        await stage.ana.delete(ask)
    await canvas.first()
    await canvas.ask("make it night")
    assert await canvas.saw("make it night") == ["v1"]


async def test_deleting_the_newest_picture_in_the_middle_leaves_a_thread_that_goes_on_with_the_one_before(stage: Stage):
    canvas = await stage.canvas()
    await canvas.ask("make it night")
    v2 = (await canvas.pictures())["v2"]
    await stage.ana.delete(v2)
    await stage.until(lambda: left(stage, BURIED, id=v2.id))
    await canvas.ask("add a boat")
    assert await canvas.saw("add a boat") == ["v1"]


async def test_people_who_ask_in_many_threads_at_once_are_all_answered(stage: Stage):
    canvases = await asyncio.gather(*(stage.canvas(f"a house number {number}") for number in range(8)))
    members = (stage.ana, stage.ben, stage.cleo)

    async def edit(number: int, canvas: Canvas) -> list[str]:
        words = f"paint door {number}"
        await canvas.seen_by(members[number % 3]).ask(words)
        return await canvas.saw(words)

    assert await asyncio.gather(*(edit(*each) for each in enumerate(canvases))) == [["v1"]] * 8


async def test_a_picture_deleted_before_the_bot_hears_that_it_is_there_is_deleted_all_the_same(stage: Stage):
    canvas = await stage.canvas()
    answer = stage.sandbox.faults.add("hold_after", "POST", f"/channels/{canvas.id}/messages")
    v2 = await canvas.ask("make it night")
    await stage.ana.delete(v2)
    await stage.meanwhile()
    answer.release()
    await stage.until(lambda: left(stage, BURIED, id=v2.id))
    await canvas.ask("add a boat")
    assert await canvas.saw("add a boat") == ["v1"]
