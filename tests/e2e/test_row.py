"""The row under a result: what each button does, for whom, after a restart, and pressed twice."""

from __future__ import annotations

import asyncio

import pytest

from bot.sandbox import Post
from bot.sandbox.discord import seed
from bot.sandbox.discord.nouns import Overwrite
from bot.sandbox.discord.permissions import Permission
from tests.e2e.denials import change
from tests.e2e.sketches import photo
from tests.e2e.stage import DEADLINE, Canvas, Stage, is_answer, receipt

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

ROW = ["Edit…", "Retry", "Variations", "Undo", "More…"]


def button(post: Post, label: str) -> str:
    return post.buttons[label]


async def next_picture(canvas: Canvas, after: Post) -> Post:
    return await canvas.by.wait_for(
        lambda post: is_answer(post) and bool(post.pictures) and post.id > after.id, canvas.id, DEADLINE
    )


async def whisper(stage: Stage, member: str, words: str) -> Post:
    """What the bot says to somebody alone."""
    return await stage.sandbox.member(member).wait_for(
        lambda post: post.is_whisper and words in post.text, None, DEADLINE
    )


async def test_every_picture_has_the_same_row_in_one_line(stage: Stage):
    canvas = await stage.canvas()
    first, second = await canvas.first(), await canvas.ask("make it night")
    for post in (first, second):
        [row] = post.data["components"]
        assert [each["label"] for each in row["components"]] == ROW
    assert "Undo" in second.buttons
    assert "Undo" not in first.buttons, "there is nothing before the first picture"


async def test_edit_opens_a_form_and_paints_from_exactly_the_picture_above_it(stage: Stage):
    canvas = await stage.canvas()
    first = await canvas.first()
    await canvas.ask("make it night")
    outcome = await stage.ben.press(first, button(first, "Edit…"))
    assert outcome.form is not None
    assert outcome.form.title == "Edit v1"
    last = (await canvas.posts())[-1]
    await stage.ben.submit(outcome.form, [photo("teal")], words="add a boat", ratio=["16:9"], pictures=[0])
    answer = await next_picture(canvas, last)
    assert await canvas.saw("add a boat") == ["v1", "teal"]
    assert stage.request("add a boat").config["imageConfig"]["aspectRatio"] == "16:9"
    assert answer.reply_to == first.id
    assert "Asked by Ben." in receipt(answer)


async def test_a_form_that_was_opened_before_a_restart_is_taken_after_it(stage: Stage):
    canvas = await stage.canvas()
    first = await canvas.first()
    form = (await stage.ana.press(first, button(first, "Edit…"))).form
    assert form is not None
    await stage.restart()
    assert (await stage.ana.submit(form, words="add a boat")).ok
    await next_picture(canvas, first)
    assert await canvas.saw("add a boat") == ["v1"]


async def test_an_empty_form_is_met_with_a_sentence_for_its_sender_alone(stage: Stage):
    canvas = await stage.canvas()
    first = await canvas.first()
    form = (await stage.cleo.press(first, button(first, "Edit…"))).form
    assert form is not None
    posts = [post.id for post in await canvas.posts()]
    assert (await stage.cleo.submit(form, words="")).ok
    await whisper(stage, "cleo", "That is v1. What shall I change in it?")
    assert [post.id for post in await canvas.posts()] == posts


async def test_retry_paints_the_same_words_from_the_same_base_beside_it(stage: Stage):
    canvas = await stage.canvas()
    second = await canvas.ask("make it night")
    await canvas.ask("add a boat")
    last = (await canvas.posts())[-1]
    assert (await stage.ben.press(second, button(second, "Retry"))).ok
    again = await next_picture(canvas, last)
    assert receipt(again).startswith("v4 ← v1 · “make it night”")
    await canvas.ask("make it snow")
    assert await canvas.saw("make it snow") == ["v4"]


async def test_retry_after_a_restart_and_pressed_by_two_paints_for_each(stage: Stage):
    canvas = await stage.canvas("a green hill")
    first = await canvas.first()
    await stage.restart()
    await asyncio.gather(*(each.press(first, button(first, "Retry")) for each in (stage.ana, stage.ben)))
    await stage.until(lambda: len(stage.requests("a green hill")) == 3)


async def test_undo_gives_the_head_back_and_everybody_reads_it(stage: Stage):
    canvas = await stage.canvas()
    second = await canvas.ask("make it night")
    assert (await stage.ben.press(second, button(second, "Undo"))).ok
    told = await stage.ana.wait_for(lambda post: "Ben went back a step" in post.text, canvas.id, DEADLINE)
    assert "[v1](https://discord.com/channels/" in told.text
    await canvas.ask("add a boat")
    assert await canvas.saw("add a boat") == ["v1"]


async def test_undo_beside_the_head_offers_the_presser_what_to_go_on_from(stage: Stage):
    canvas = await stage.canvas()
    second = await canvas.ask("make it night")
    await canvas.ask("add a boat")
    assert (await stage.ben.press(second, button(second, "Undo"))).ok
    offer = await whisper(stage, "ben", "v2 is not what plain words change")
    assert list(offer.buttons) == ["Edit from v2", "Edit from v1"]
    assert (await stage.ben.press(offer, offer.buttons["Edit from v1"])).ok
    await stage.ana.wait_for(lambda post: "Ben goes on from" in post.text, canvas.id, DEADLINE)
    await canvas.ask("make it snow")
    assert await canvas.saw("make it snow") == ["v1"]


async def test_undo_pressed_by_two_at_once_goes_back_one_step(stage: Stage):
    canvas = await stage.canvas()
    await canvas.ask("make it night")
    third = await canvas.ask("add a boat")
    await asyncio.gather(*(each.press(third, button(third, "Undo")) for each in (stage.ana, stage.ben)))
    await canvas.ask("make it snow")
    assert await canvas.saw("make it snow") == ["v2"]


async def test_who_may_not_write_may_not_press(stage: Stage):
    canvas = await stage.canvas()
    first = await canvas.first()
    studio = stage.sandbox.world.channel(seed.STUDIO)
    silenced = Overwrite(seed.GUEST, deny=int(Permission.SEND_MESSAGES_IN_THREADS))
    change(stage, studio, overwrites=(*studio.overwrites, silenced))
    try:
        assert (await stage.cleo.press(first, button(first, "Retry"))).ok
        await whisper(stage, "cleo", "You can't write here")
    finally:
        change(stage, stage.sandbox.world.channel(seed.STUDIO), overwrites=studio.overwrites)


async def test_a_press_in_a_closed_place_is_refused_to_its_presser_alone(stage: Stage):
    canvas = await stage.canvas()
    first = await canvas.first()
    async with stage.configured(limits={"pictures_per_member_hour": 1}):
        posts = [post.id for post in await canvas.posts()]
        assert (await stage.ana.press(first, button(first, "Retry"))).ok
        await whisper(stage, "ana", "limit of pictures")
        assert [post.id for post in await canvas.posts()] == posts
