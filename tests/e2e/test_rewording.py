"""Refusals that teach: other words to press, from rules or from a text model, and what becomes of a press."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing

import pytest

from bot.sandbox import Post
from bot.sandbox.gemini import Fault
from bot.sandbox.gemini.painting import Painting
from bot.sandbox.gemini.request import Part
from tests.e2e.sketches import photo
from tests.e2e.stage import DEADLINE, Canvas, Stage, numbers, receipt, sentence

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

WRITER = "gemini-3.5-flash-lite"
WORDS = "a pirate killing a shark"
MILDER = "a pirate facing a shark"


async def refused(canvas: Canvas, words: str = WORDS, kind: str = "finish:IMAGE_SAFETY", **more: object) -> Post:
    """The bot's message about a refusal of these words."""
    canvas.stage.fault(kind, words)
    post = await canvas.ask(words, **more)  # type: ignore[arg-type]
    assert not post.pictures
    return post


def offered(post: Post) -> list[str]:
    """The words that are offered, as they are written there."""
    lines = post.text.split(f"{sentence('rewording.offer')}\n")[-1].splitlines()
    return [line.split("“", 1)[1].removesuffix("”") for line in lines if "“" in line]


async def press(post: Post, by: Canvas, place: int = 1) -> None:
    assert (await by.by.press(post, post.buttons[sentence("rewording.button", place=place)])).ok


def advice(stage: Stage) -> list[tuple[str, int]]:
    """What text models were asked: which one, and what that cost in millionths of a dollar."""
    with closing(sqlite3.connect(stage.bot.folder / "data" / "easel.db")) as database:
        return list(database.execute("SELECT model, micros FROM calls WHERE outcome = 'advised' ORDER BY started_at"))


async def test_a_refusal_offers_milder_words_to_press_and_a_press_paints_them(stage: Stage):
    canvas = await stage.canvas()
    post = await refused(canvas)
    assert "Nothing was charged" in post.text
    assert offered(post) == [
        MILDER,
        sentence("rewording.gentle", words=MILDER),
        sentence("rewording.nobody", words=MILDER).replace("-", r"\-"),
    ]
    assert list(post.buttons) == [sentence("rewording.button", place=place) for place in (1, 2, 3)]
    await press(post, canvas.seen_by(stage.ben))
    answer = await canvas.answer(post)
    assert receipt(answer).startswith(f"v2 ← v1 · “{MILDER}” · ")
    assert sentence("receipt.asked_by", name="Ben") in receipt(answer)
    await canvas.by.wait_for(lambda one: one.id == post.id and not one.buttons, canvas.id, DEADLINE)


async def test_a_press_starts_from_where_the_refused_ask_did_with_all_it_brought(stage: Stage):
    canvas = await stage.canvas()
    post = await refused(canvas, pictures=[photo("gold")])
    await canvas.ask("add a boat")
    await press(post, canvas, 2)
    answer = await canvas.answer(post)
    assert receipt(answer).startswith("v3 ← v1 with “gold.png” · ")
    assert await canvas.saw(sentence("rewording.gentle", words=MILDER)) == ["v1", "gold"]


async def test_pressed_by_two_at_once_and_after_a_restart_it_is_painted_once(stage: Stage):
    canvas = await stage.canvas("a green sea")
    post = await refused(canvas, "a sailor killing a squid")
    await stage.restart()
    bens = canvas.seen_by(stage.ben)
    await asyncio.gather(press(post, canvas), press(post, bens, 2))
    assert numbers(await canvas.answer(post)) == ["v2"]
    told = sentence("button.again_taken")
    waiting = [
        asyncio.create_task(
            each.by.wait_for(lambda one: one.channel_id == canvas.id and one.text == told, None, DEADLINE)
        )
        for each in (canvas, bens)
    ]
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for each in waiting:
        each.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    assert list(await canvas.pictures()) == ["v1", "v2"]


async def test_milder_words_that_are_refused_as_well_are_offered_others(stage: Stage):
    canvas = await stage.canvas()
    post = await refused(canvas)
    stage.fault("finish:IMAGE_SAFETY", MILDER)
    await press(post, canvas)
    again = await canvas.answer(post)
    assert MILDER not in offered(again)
    await press(again, canvas)
    assert numbers(await canvas.answer(again)) == ["v2"]


async def test_where_no_other_words_help_none_are_offered(stage: Stage):
    canvas = await stage.canvas()
    for kind in ("blocked:PROHIBITED_CONTENT", "blocked:JAILBREAK", "finish:PROHIBITED_CONTENT", "finish:ESCALATION"):
        assert not (await refused(canvas, kind=kind)).buttons
    assert not (await refused(canvas, "a naked pirate")).buttons
    assert not (await refused(canvas, "a nice day", kind="blocked:SAFETY")).buttons
    assert offered(await refused(canvas, kind="blocked:SAFETY"))[0] == MILDER


async def test_a_refused_ask_leaves_no_trace_in_what_is_painted_after_it(stage: Stage):
    canvas = await stage.canvas()
    await refused(canvas)
    await canvas.ask("add a boat")
    assert await canvas.saw("add a boat") == ["v1"]
    assert "pirate" not in "\n".join(stage.request("add a boat").texts)


# -- the text model


def writes(stage: Stage, *lines: str) -> None:
    """What the text model answers."""
    stage.painter.on("Suggest three other wordings", lambda _: Painting((Part(text="\n".join(lines)),)))


async def test_a_text_model_finds_the_words_where_there_is_one_and_its_price_counts(stage: Stage):
    async with stage.configured(gemini={"text_model": WRITER}):
        writes(stage, "1. a pirate waving at a whale", '- "a shark with an eyepatch"', "", "3) two pirates fishing")
        before = len(advice(stage))
        canvas = await stage.canvas()
        post = await refused(canvas)
        assert offered(post) == ["a pirate waving at a whale", "a shark with an eyepatch", "two pirates fishing"]
        await press(post, canvas, 2)
        assert receipt(await canvas.answer(post)).startswith("v2 ← v1 · “a shark with an eyepatch” · ")
        [(model, micros)] = advice(stage)[before:]
        assert model == WRITER
        assert 0 < micros < 10_000


@pytest.mark.parametrize("kind", ["503", "429-bare", "404", "blocked:SAFETY", "200-broken", "drop-after", "hang"])
async def test_whatever_is_wrong_with_the_text_model_the_rules_serve(stage: Stage, kind: str):
    async with stage.configured(gemini={"text_model": WRITER}):
        canvas = await stage.canvas()
        stage.gemini.faults.add(Fault(kind, "Suggest three other wordings"))
        assert offered(await refused(canvas))[0] == MILDER


async def test_a_text_model_that_writes_what_may_not_be_offered_is_not_listened_to(stage: Stage):
    async with stage.configured(gemini={"text_model": WRITER}):
        writes(stage, "a naked pirate", WORDS, "a pirate")
        assert offered(await refused(await stage.canvas()))[0] == MILDER


async def test_words_that_were_blocked_as_dangerous_go_to_no_text_model(stage: Stage):
    async with stage.configured(gemini={"text_model": WRITER}):
        canvas, before = await stage.canvas(), len(advice(stage))
        await refused(canvas, kind="blocked:SAFETY")
        await refused(canvas, "a naked pirate")
        await refused(canvas, kind="blocked:PROHIBITED_CONTENT")
        assert len(advice(stage)) == before


async def test_an_operators_fence_without_room_leaves_it_to_the_rules(stage: Stage):
    canvas = await stage.canvas()
    async with stage.configured(
        gemini={"text_model": WRITER, "text_price": [0.75, 900_000.0]}, limits={"dollars_per_day": 500.0}
    ):
        before = len(advice(stage))
        assert offered(await refused(canvas))[0] == MILDER
        assert len(advice(stage)) == before
