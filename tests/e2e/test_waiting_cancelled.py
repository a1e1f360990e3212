"""`Cancel` on a status: free while an ask waits, counted while it is painted, and for whom."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing, suppress

import pytest

from bot.sandbox import Member, Post
from bot.sandbox.discord.member import Refused
from tests.e2e.stage import DEADLINE, Canvas, Stage, is_status, numbers, receipt, sentence

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

COUNTED = sentence("cancel.counted")
FREE = sentence("cancel.done")
OVER = sentence("cancel.over")


async def cancel(member: Member, status: Post) -> None:
    [(label, custom_id)] = status.buttons.items()
    assert label.startswith("Cancel")
    assert (await member.press(status, custom_id)).ok


async def whisper(member: Member, words: str) -> Post:
    return await member.wait_for(lambda post: post.is_whisper and words in post.text, None, DEADLINE)


async def without_statuses(canvas: Canvas) -> None:
    async with asyncio.timeout(DEADLINE):
        while any(is_status(post) for post in await canvas.posts()):  # noqa: ASYNC110 - tells nobody
            await asyncio.sleep(0.05)


async def test_the_button_says_what_cancelling_costs(stage: Stage):
    canvas = await stage.canvas()
    async with stage.held():
        first, second = await canvas.say("make it night"), await canvas.say("add a boat")
        assert list((await canvas.status(first)).buttons) == ["Cancel (counts)"]
        assert list((await canvas.status(second)).buttons) == ["Cancel"]
    await canvas.answer(second)


async def test_cancelled_while_it_waits_an_ask_is_free_and_never_painted(stage: Stage):
    canvas = await stage.canvas()
    async with stage.held():
        first, second = await canvas.say("make it night"), await canvas.say("add a boat")
        await cancel(stage.ana, await canvas.status(second))
        await whisper(stage.ana, FREE)
    await canvas.answer(first)
    await canvas.ask("add a moon")
    assert not stage.requests("add a boat")
    assert claimed(stage, second) == ("returned", 0)
    assert await canvas.saw("add a moon") == ["v2"]
    await without_statuses(canvas)


async def test_cancelled_while_it_is_painted_an_ask_counts_and_what_waits_behind_it_goes_on(stage: Stage):
    canvas = await stage.canvas()
    async with stage.held():
        first, second = await canvas.say("make it night"), await canvas.say("add a boat")
        await cancel(stage.ana, await canvas.status(first))
        await whisper(stage.ana, COUNTED)
        answer = await canvas.answer(second)
    assert numbers(answer) == ["v2"]
    assert await canvas.saw("add a boat") == ["v1"]
    assert sentence("receipt.parent_failed", base="v1") in receipt(answer)
    assert claimed(stage, first) == ("settled", 1)
    await without_statuses(canvas)


def claimed(stage: Stage, ask: Post) -> tuple[str, int]:
    """What stands in the ledger for an ask: its state, and how many pictures count."""
    with closing(sqlite3.connect(stage.bot.folder / "data" / "easel.db")) as database:
        found = database.execute("SELECT state, pictures FROM claims WHERE turn = ?", [ask.id]).fetchone()
    return str(found[0]), int(found[1])


async def test_only_who_asked_and_moderators_cancel_and_a_moderators_doing_is_told_to_all(stage: Stage):
    canvas = await stage.canvas()
    async with stage.held():
        status = await canvas.status(await canvas.seen_by(stage.ben).say("make it night"))
        await cancel(stage.cleo, status)
        await whisper(stage.cleo, "Only Ben, who asked for it, or a moderator can cancel this.")
        await cancel(stage.ana, status)
        told = await stage.ben.wait_for(lambda post: "🛑" in post.text, canvas.id, DEADLINE)
    assert told.text.startswith("🛑 Ana cancelled “make it night” while it was being painted.")
    await canvas.ask("add a boat")
    assert await canvas.saw("add a boat") == ["v1"]


async def test_pressed_twice_by_two_at_once_and_after_the_end_there_is_one_calm_sentence(stage: Stage):
    canvas = await stage.canvas()
    async with stage.held():
        status = await canvas.status(await canvas.say("make it night"))
        await asyncio.gather(*(cancel(stage.ana, status) for _ in range(2)))
        await whisper(stage.ana, COUNTED)
        await whisper(stage.ana, OVER)
    async with stage.held():
        late = await canvas.status(ask := await canvas.say("add a boat"))
    await canvas.answer(ask)
    with suppress(Refused):  # Discord may know already that it is gone
        await stage.ana.press(late, next(iter(late.buttons.values())))


async def test_after_a_restart_the_button_of_before_cancels(stage: Stage):
    canvas = await stage.canvas()
    async with stage.configured(discord={"stop_seconds": 0.2}):
        async with stage.held():
            status = await canvas.status(await canvas.say("make it night"))
            assert await stage.bot.stop() == 0
        stage.gemini.delay = 30
        await stage.start()
        await stage.until(lambda: len(stage.requests("make it night")) >= 1)
        await cancel(stage.ana, status)
        await whisper(stage.ana, COUNTED)
        stage.gemini.delay = 0
        await canvas.ask("add a boat")
        assert await canvas.saw("add a boat") == ["v1"]
        await without_statuses(canvas)


async def test_of_cancelled_variations_those_that_are_there_are_delivered(stage: Stage):
    canvas = await stage.canvas("a green hill")
    first = await canvas.first()
    async with stage.held():
        assert (await stage.ana.press(first, first.buttons["Variations"])).ok
        status = await stage.ana.wait_for(is_status, canvas.id, DEADLINE)
        assert "“a green hill” in 3 variations" in status.text
        await stage.until(lambda: len(stage.requests("a green hill")) == 3)
        await cancel(stage.ana, status)
        await whisper(stage.ana, sentence("cancel.kept"))
        answer = await stage.ana.wait_for(lambda post: "v2–v3" in post.text, canvas.id, DEADLINE)
    assert sentence("receipt.stopped", count=3) in receipt(answer)
    await canvas.ask("add a boat")
    assert await canvas.saw("add a boat") == ["v3"]


async def test_who_waits_for_a_place_reads_which_it_is(stage: Stage):
    async with stage.configured(gemini={"at_once": 1}):
        canvases = [await stage.canvas(f"house {number}") for number in range(3)]
        async with stage.held() as is_painting:
            asks = [await canvases[0].say("make it night")]
            await stage.until(is_painting)
            for canvas in canvases[1:]:
                asks.append(await canvas.say("make it night"))
                await canvas.status(asks[-1])
            statuses = [await canvas.status(ask) for canvas, ask in zip(canvases, asks, strict=True)]
            assert "is next in the queue · expected <t:" in statuses[1].text
            assert "is number 2 in the queue · expected <t:" in statuses[2].text
            assert list(statuses[2].buttons) == ["Cancel"]
        for canvas, ask in zip(canvases, asks, strict=True):
            await canvas.answer(ask)
