"""`Variations`: three at once of the same ask, one message, three versions; some of them fail, and the bot dies."""

from __future__ import annotations

import asyncio

import pytest

from bot.sandbox import Member, Post
from bot.sandbox.discord.traffic import AFTER
from bot.sandbox.gemini.painting import Painting
from tests.e2e import moments
from tests.e2e.moments import kill_at
from tests.e2e.sketches import photo
from tests.e2e.stage import DEADLINE, Canvas, Stage, is_answer, is_status, numbers, receipt, sentence

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]


async def vary(canvas: Canvas, post: Post, by: Member | None = None) -> Post:
    """Press, and wait for what comes of it."""
    last = (await canvas.posts())[-1]
    assert (await (by or canvas.by).press(post, post.buttons["Variations"])).ok
    return await after(canvas, last)


async def after(canvas: Canvas, post: Post) -> Post:
    return await canvas.by.wait_for(
        lambda each: is_answer(each) and not each.is_whisper and each.id > post.id, canvas.id, DEADLINE
    )


async def whisper(member: Member, words: str) -> Post:
    return await member.wait_for(lambda post: post.is_whisper and words in post.text, None, DEADLINE)


async def test_three_variations_come_in_one_message_from_the_same_base_as_the_picture_above(stage: Stage):
    canvas = await stage.canvas()
    second = await canvas.ask("make it night", [photo("gold")])
    await canvas.ask("add a boat")
    answer = await vary(canvas, second, stage.ben)
    assert numbers(answer) == ["v4", "v5", "v6"]
    assert receipt(answer).startswith("v4–v6 ← v1 with “gold.png” · “make it night”")
    assert "Asked by Ben." in receipt(answer)
    seen = [[await canvas.name(each.sha256) for each in one.pictures] for one in stage.requests("make it night")[1:]]
    assert seen == [["v1", "gold"]] * 3
    alts = [each["description"] for each in answer.data["attachments"]]
    assert all(each.startswith("AI image: v1 edited: make it night · v") for each in alts)
    await canvas.ask("make it snow")
    assert await canvas.saw("make it snow") == ["v6"]


async def test_variations_are_painted_side_by_side(stage: Stage):
    canvas = await stage.canvas("a green hill")
    stage.gemini.delay = 0.5
    await vary(canvas, await canvas.first())
    begun = [each.when for each in stage.requests("a green hill")[1:]]
    assert len(begun) == 3
    assert max(begun) < min(begun) + 0.5


async def test_edit_and_undo_under_variations_and_a_reply_that_names_one_find_the_picture_that_is_meant(stage: Stage):
    canvas = await stage.canvas()
    second = await canvas.ask("make it night")
    answer = await vary(canvas, second)
    assert (await stage.ben.press(answer, answer.buttons["Edit…"])).ok
    which = await whisper(stage.ben, "Which one do you mean?")
    assert list(which.buttons) == ["v3", "v4", "v5"]
    outcome = await stage.ben.press(which, which.buttons["v4"])
    assert outcome.form is not None
    assert outcome.form.title == "Edit v4"
    await canvas.ask("v3 add a boat", reply_to=answer)
    assert await canvas.saw("v3 add a boat") == ["v3"]
    assert (await stage.ana.press(answer, answer.buttons["Undo"])).ok
    await whisper(stage.ana, "v5 is not what plain words change")


async def test_variations_of_a_variation_are_of_the_same_ask(stage: Stage):
    canvas = await stage.canvas()
    answer = await vary(canvas, await canvas.ask("make it night"))
    again = await vary(canvas, answer)
    assert numbers(again) == ["v6", "v7", "v8"]
    assert receipt(again).startswith("v6–v8 ← v1 · “make it night”")


async def test_what_some_of_them_came_to_is_there_and_the_receipt_tells_of_the_rest(stage: Stage):
    canvas = await stage.canvas()
    second = await canvas.ask("make it night")
    stage.fault("finish:IMAGE_SAFETY", "make it night")
    answer = await vary(canvas, second)
    assert numbers(answer) == ["v3", "v4"]
    assert "Of 3 pictures asked for, 1 came to nothing. " + sentence("error.declined_image_safety") in receipt(answer)


async def test_where_none_of_them_is_painted_one_sentence_says_why_and_the_thread_goes_on(stage: Stage):
    canvas = await stage.canvas()
    second = await canvas.ask("make it night")
    for _ in range(3):
        stage.fault("finish:IMAGE_SAFETY", "make it night")
    answer = await vary(canvas, second)
    assert answer.text.startswith(sentence("error.declined_image_safety"))
    await canvas.ask("add a boat")
    assert await canvas.saw("add a boat") == ["v2"]


async def test_pressed_twice_and_by_two_at_once_each_press_is_an_ask_of_its_own(stage: Stage):
    canvas = await stage.canvas()
    first = await canvas.first()
    await asyncio.gather(*(each.press(first, first.buttons["Variations"]) for each in (stage.ana, stage.ben)))
    await stage.until(lambda: len(stage.requests("a red house by the sea")) == 7)
    await stage.meanwhile()
    assert len(await canvas.pictures()) == 7


async def test_after_a_restart_the_button_works_and_a_limit_is_told_to_the_presser_alone(stage: Stage):
    canvas = await stage.canvas()
    first = await canvas.first()
    async with stage.configured(limits={"pictures_per_member_hour": 3}):
        posts = [post.id for post in await canvas.posts()]
        assert (await stage.ana.press(first, first.buttons["Variations"])).ok
        await whisper(stage.ana, "limit of pictures")
        assert [post.id for post in await canvas.posts()] == posts
        assert numbers(await vary(canvas, first, stage.cleo)) == ["v2", "v3", "v4"], "she has had none yet"


async def test_killed_while_they_are_painted_the_next_start_paints_only_what_is_missing(stage: Stage):
    canvas = await stage.canvas("a green hill")
    first = await canvas.first()
    calls = 0

    def killing(_: object) -> Painting:
        nonlocal calls
        calls += 1
        return Painting((stage.painter.picture(),))

    stage.painter.on("a green hill", killing)
    stage.gemini.delay = 0.2
    gate = stage.sandbox.faults.add("hold", "POST", "/gemini/*/models/*")
    assert (await stage.ana.press(first, first.buttons["Variations"])).ok
    await stage.until(lambda: calls >= 2)
    await asyncio.sleep(1.0)  # two answers are on their way, the third is held at the door
    await stage.kill()
    gate.release()
    await stage.revive()
    answer = await after(canvas, first)
    assert numbers(answer) == ["v2", "v3", "v4"]
    assert sentence("receipt.again") in receipt(answer)
    assert len(stage.requests("a green hill")) <= 1 + 3 + 1
    assert list(await canvas.pictures()) == ["v1", "v2", "v3", "v4"]


async def test_killed_after_they_were_posted_they_are_not_posted_again(stage: Stage):
    canvas = await stage.canvas()
    first = await canvas.first()
    dead = kill_at(stage, AFTER, moments.posting)
    assert (await stage.ana.press(first, first.buttons["Variations"])).ok
    async with asyncio.timeout(DEADLINE):
        await dead.wait()
    await stage.revive()
    await canvas.ask("make it snow")
    assert list(await canvas.pictures()) == ["v1", "v2", "v3", "v4", "v5"]
    assert await canvas.saw("make it snow") == ["v4"]
    assert not [post for post in await canvas.posts() if is_status(post)]
