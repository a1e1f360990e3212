"""A member who is blocked: what they have waiting is taken back, free; and a moderator's delete is written down."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.sandbox import Member, Post
from bot.sandbox.discord import seed
from tests.e2e.stage import DEADLINE, Canvas, Stage, is_answer, sentence
from tests.e2e.test_moderation_panel import audit, whisper, write
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
