"""What the bot answers: the picture untouched, its description, the receipt, the status on the way."""

from __future__ import annotations

import io
import re
import sqlite3
import time
from contextlib import closing

import pytest
from PIL import Image

from bot.sandbox.gemini.painting import Painting
from bot.sandbox.gemini.request import Part
from tests.e2e.sketches import photo
from tests.e2e.stage import BOT, Stage, is_status, numbers, receipt, sentence

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

MIB = 2**20


async def test_the_answer_replies_to_the_ask_and_delivers_the_painters_very_bytes(stage: Stage):
    canvas = await stage.canvas()
    ask = await canvas.say("make it night")
    v2 = await canvas.answer(ask)
    assert v2.reply_to == ask.id
    assert await stage.digest(v2) == stage.painter.made[-1]
    [file] = v2.pictures
    assert file.name == f"easel-{ask.id}-v2.png"
    assert (file.width, file.height) == stage.painter.size


async def test_every_picture_is_described_for_those_who_do_not_see_it(stage: Stage):
    canvas = await stage.canvas("a red house by the sea")
    v2 = await canvas.ask("make it night")
    assert (await canvas.first()).pictures[0].alt == "AI image: a red house by the sea"
    assert v2.pictures[0].alt == "AI image: v1 edited: make it night"


async def test_the_receipt_says_what_was_edited_with_which_words_how_long_it_took_and_what_it_cost(stage: Stage):
    canvas = await stage.canvas()
    v2 = await canvas.ask("make it night")
    assert re.fullmatch(r"-# v2 ← v1 · “make it night” · \d+\.\d s · \$0\.0\d", v2.text)


async def test_nobody_is_pinged_whatever_the_words_say(stage: Stage):
    canvas = await stage.canvas()
    stage.painter.on("everybody", lambda _: Painting((Part(text="@everyone look"), stage.painter.picture())))
    v2 = await canvas.ask(f"paint everybody and <@{stage.ben.user_id}> @everyone **loud**")
    assert v2.data["mentions"] == []
    assert v2.data["mention_everyone"] is False
    assert v2.data["mention_roles"] == []


async def test_only_an_answer_that_took_over_a_minute_calls_its_asker(stage: Stage):
    canvas = await stage.canvas()
    async with stage.held() as is_painting:
        ask = await canvas.say("make it night")
        await stage.until(is_painting)
        await stage.kill()
    asked_earlier(stage, seconds=90)
    await stage.start()
    late, quick = await canvas.answer(ask), await canvas.ask("add a boat")
    assert [each["id"] for each in late.data["mentions"]] == [str(stage.ana.user_id)]
    assert quick.data["mentions"] == []


async def test_a_text_beside_the_picture_is_a_line_above_it(stage: Stage):
    stage.painter.on("quietly", lambda _: Painting((Part(text="Here you are."), stage.painter.picture())))
    canvas = await stage.canvas("a house, quietly")
    first, *rest = (await canvas.first()).text.splitlines()
    assert first == "Here you are."
    assert [each.startswith("-# v1 · ") for each in rest] == [True]


async def test_a_story_is_posted_in_the_models_order_each_picture_a_version(stage: Stage):
    stage.painter.on("a story", lambda _: stage.painter.story("Once upon a time.", "Then it rained.", "The end."))
    canvas = await stage.canvas()
    ask = await canvas.say("tell me a story")
    await canvas.by.wait_for(lambda post: "The end." in post.text, canvas.id)
    told = [post for post in await canvas.posts() if post.reply_to == ask.id]
    assert [post.text.splitlines()[0] for post in told] == ["Once upon a time.", "Then it rained.", "The end."]
    assert [numbers(post) for post in told] == [["v2"], ["v3"], ["v4"]]
    assert [await stage.digest(post) for post in told] == stage.painter.made[-3:]
    assert receipt(told[0]) == "v2"
    assert receipt(told[2]).startswith("v2–v4 ← v1 · “tell me a story” · ")
    await canvas.ask("more rain", reply_to=told[1])
    await canvas.ask("more sun", reply_to=told[2])
    assert (await canvas.saw("more rain"), await canvas.saw("more sun")) == (["v3"], ["v4"])


async def test_after_a_story_the_last_picture_is_the_head(stage: Stage):
    stage.painter.on("a story", lambda _: stage.painter.story("One.", "Two."))
    canvas = await stage.canvas("a story")
    await canvas.by.wait_for(lambda post: "Two." in post.text, canvas.id)
    await canvas.ask("go on")
    assert await canvas.saw("go on") == ["v2"]


async def test_words_alone_are_an_answer_too(stage: Stage):
    canvas = await stage.canvas()
    stage.fault("text-only", "which one", text="The left one or the right one?")
    answer = await canvas.ask("paint which one you like")
    assert not answer.pictures
    assert answer.text.startswith("The left one or the right one?\n-# ")


async def test_drafts_are_not_posted(stage: Stage):
    stage.fault("drafts", "a red house")
    canvas = await stage.canvas("a red house")
    v1 = await canvas.first()
    assert await stage.digest(v1) == stage.painter.made[0]
    await canvas.ask("make it night")
    assert list(await canvas.pictures()) == ["v1", "v2"]


async def test_a_final_picture_that_the_model_flags_as_a_thought_is_posted_nevertheless(stage: Stage):
    stage.fault("final-thought", "a red house")
    canvas = await stage.canvas("a red house")
    assert await stage.digest(await canvas.first()) == stage.painter.made[0]
    await canvas.ask("make it night")
    assert await canvas.saw("make it night") == ["v1"]


async def test_a_picture_beyond_discords_limit_is_shown_smaller_and_its_original_edited(stage: Stage):
    stage.painter.size = (2048, 1800)
    canvas = await stage.canvas("a large house")
    v1 = await canvas.first()
    original = stage.painter.made[0]
    stage.painter.size = (96, 64)
    shown = await stage.ana.fetch(v1.pictures[0])
    assert len(shown) <= 10 * MIB
    with Image.open(io.BytesIO(shown)) as image:
        assert (image.format, image.size) == ("JPEG", (2048, 1800))
    assert v1.pictures[0].name.endswith("-v1.jpg")
    assert sentence("receipt.shrunk") in receipt(v1)
    await canvas.ask("make it night")
    assert [each.sha256 for each in stage.request("make it night").pictures] == [original]


async def test_where_discord_takes_less_than_it_says_the_bot_tries_a_smaller_one(stage: Stage):
    stage.sandbox.world.rules.upload_limit = 6 * MIB
    stage.painter.size = (1800, 1500)
    canvas = await stage.canvas("a large house")
    v1 = await canvas.first()
    assert len(await stage.ana.fetch(v1.pictures[0])) <= 5 * MIB
    assert list(await canvas.pictures()) == ["v1"]


async def test_a_status_appears_after_a_second_and_is_gone_at_the_end(stage: Stage):
    canvas = await stage.canvas()
    stage.gemini.delay = 2
    asked = time.monotonic()
    ask = await canvas.say("make it night")
    status = await canvas.status(ask)
    assert time.monotonic() - asked > 0.9
    estimate = r"expected <t:\d+:R>, at the latest <t:\d+:R>"
    assert re.fullmatch(rf"🎨 Painting “make it night” from v1 · {estimate}", status.text)
    await canvas.answer(ask)
    await stage.until(lambda: status.id in stage.ana.deleted)
    assert not [post for post in await canvas.posts() if is_status(post)]


async def test_an_answer_within_a_second_needs_no_status(stage: Stage):
    canvas = await stage.canvas()
    seen = len(stage.sandbox.traffic)
    await canvas.ask("make it night")
    sent = [(each.method, each.route) for each in list(stage.sandbox.traffic)[seen:] if each.who == "bot"]
    assert sent.count(("POST", "/channels/{channel_id}/messages")) == 1
    assert not [route for method, route in sent if method in {"PATCH", "DELETE"}]


async def test_a_status_is_edited_only_when_the_ask_goes_from_waiting_to_painting(stage: Stage):
    canvas = await stage.canvas()
    seen = len(stage.sandbox.traffic)
    async with stage.held():
        await canvas.say("make it night")
        ask = await canvas.say("add a boat")
        said = await canvas.status(ask)
        assert said.text.startswith("🕰️ “add a boat” waits for the edit before it · expected <t:")
        stage.gemini.delay = 0.5
    await canvas.by.wait_for(lambda post: post.id == said.id and post.text.startswith("🎨 Painting"), canvas.id)
    await canvas.answer(ask)
    sent = [each.method for each in list(stage.sandbox.traffic)[seen:] if each.who == "bot"]
    assert sent.count("PATCH") == 1


async def test_a_picker_and_a_refusal_reply_to_the_ask(stage: Stage):
    canvas = await stage.opened(await stage.ana.say("studio", BOT, [photo("teal"), photo("gold")]))
    both = await canvas.first()
    ask = await canvas.say("paint it", reply_to=both)
    assert (await canvas.answer(ask)).reply_to == ask.id
    stage.fault("blocked:SAFETY", "something rude")
    rude = await canvas.say("something rude")
    assert (await canvas.answer(rude)).reply_to == rude.id


def asked_earlier(stage: Stage, seconds: float) -> None:
    """Move what waits into the past, in the sleeping bot's database."""
    with closing(sqlite3.connect(stage.bot.folder / "data" / "easel.db")) as database, database:
        database.execute("UPDATE turns SET asked_at = asked_at - ? WHERE state = 'painting'", (seconds,))
