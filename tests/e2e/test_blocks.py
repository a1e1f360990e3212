"""A member who is blocked: what they have waiting is taken back, free; and a moderator's delete is written down."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from bot.limits.threshold import FRESH
from bot.sandbox import Member, Post
from bot.sandbox.discord import seed
from tests.e2e.stage import DEADLINE, Canvas, Stage, is_answer, sentence
from tests.e2e.test_moderation_panel import audit, choose, panel, press, whisper, write
from tests.e2e.test_more import deleted

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

SETTINGS = {"gemini": {"at_once": 1}}


@pytest.fixture(autouse=True)
def clean(stage: Stage) -> Iterator[None]:
    yield
    write(stage, "DELETE FROM rules", "DELETE FROM stances", "DELETE FROM audit")


async def blocks(stage: Stage, who: int) -> None:
    assert (await stage.ana.slash("studio", "block", member=who, reason="spam")).ok


async def taken_back(canvas: Canvas, by: Member) -> Post:
    return await by.wait_for(lambda post: sentence("limits.withdrawn") in post.text, canvas.id, DEADLINE)


async def test_what_a_blocked_member_has_waiting_is_taken_back_and_told_once(stage: Stage):
    canvas = await stage.canvas("a kitchen", by=stage.cleo)
    others = await stage.canvas("a cellar", by=stage.ben)
    async with stage.held() as there:
        await others.say("with barrels")
        await stage.until(there)
        first, second = await canvas.say("with a stove"), await canvas.say("with a cat")
        theirs = await others.say("with a lamp")
        await canvas.status(first)
        await canvas.status(second)
        await blocks(stage, seed.CLEO)
        told = await taken_back(canvas, stage.cleo)
    await others.answer(theirs)
    await stage.canvas("something else", by=stage.ben)
    assert told.reply_to == second.id
    assert stage.requests("with a stove") == stage.requests("with a cat") == []
    assert len([each for each in await canvas.posts() if sentence("limits.withdrawn") in each.text]) == 1
    assert not [each for each in await canvas.posts() if "🎨" in each.text], "no status is left"


async def test_a_role_that_is_blocked_loses_what_its_members_have_waiting(stage: Stage):
    canvas, others = await stage.canvas("an attic", by=stage.cleo), await stage.canvas("a loft", by=stage.ben)
    shown = await choose(stage.ana, await panel(stage.ana), "limits:role", seed.GUEST)
    async with stage.held() as there:
        await others.say("with a bed")
        await stage.until(there)
        asked, theirs = await canvas.say("with a trunk"), await others.say("with a window")
        await canvas.status(asked)
        await press(stage.ana, shown, "Block this role")
        assert (await taken_back(canvas, stage.cleo)).reply_to == asked.id
    await others.answer(theirs)
    assert stage.requests("with a trunk") == []


async def test_whoever_is_given_a_blocked_role_while_they_wait_reads_why_nothing_is_painted(stage: Stage):
    canvas, others = await stage.canvas("a porch", by=stage.cleo), await stage.canvas("a yard", by=stage.ben)
    june, role = stage.sandbox.member("june"), f"/guilds/{seed.GUILD}/members/{seed.CLEO}/roles/{seed.PAINTER}"
    async with stage.held() as there:
        await others.say("with a swing")
        await stage.until(there)
        write(
            stage, f"INSERT INTO stances VALUES ({seed.GUILD}, 'role', {seed.PAINTER}, 0, 'spam', NULL, {seed.ANA}, 1)"
        )
        asked = await canvas.say("with a bench")
        await june.call("PUT", role)
        await asyncio.sleep(FRESH)
    try:
        assert f"let nobody with <@&{seed.PAINTER}> ask me for pictures (spam)" in (await canvas.answer(asked)).text
        assert stage.requests("with a bench") == []
    finally:
        await june.call("DELETE", role)


async def test_what_is_being_painted_comes_to_its_end(stage: Stage):
    canvas = await stage.canvas("a garden", by=stage.cleo)
    async with stage.held() as there:
        asked = await canvas.say("with roses")
        await stage.until(there)
        await blocks(stage, seed.CLEO)
        await whisper(stage.ana, "can't ask me for pictures here")
    assert is_answer(await canvas.answer(asked))


async def test_a_moderators_delete_is_in_the_audit_log_and_ones_own_is_not(stage: Stage):
    canvas = await stage.canvas("a barn", by=stage.ben)
    first, second = await canvas.first(), await canvas.ask("a red barn")
    await deleted(stage.ben, second, 2)
    assert audit(stage) == []
    await deleted(stage.ana, first, 1)
    [told] = audit(stage)
    assert (told["what"], told["number"], told["asker"], told["by"]) == ("deleted", 1, seed.BEN, seed.ANA)
    assert told["channel"] == canvas.id
