"""Places that Discord has not told the bot of: a thread's messages can come before the thread itself."""

from __future__ import annotations

import asyncio

import pytest

from bot.sandbox.discord.notices import Notices
from tests.e2e.stage import BOT, Canvas, Stage, numbers

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]


@pytest.fixture
def untold(monkeypatch: pytest.MonkeyPatch) -> None:
    """No thread is announced."""
    monkeypatch.setattr(Notices, "thread", lambda *_: None)


@pytest.mark.usefixtures("untold")
async def test_a_forum_post_that_came_before_its_thread_is_answered(stage: Stage):
    first = await stage.ana.open_post("showcase", "My house", f"{BOT} a red house")
    canvas = Canvas(stage, first.channel_id, stage.ana)
    assert (await canvas.answer(first)).pictures
    assert (await canvas.ask(f"{BOT} make it night")).pictures
    assert await canvas.saw("make it night") == ["v1"]


@pytest.mark.usefixtures("untold")
async def test_a_thread_of_the_bots_that_it_was_never_told_of_is_its_own_nevertheless(stage: Stage):
    canvas = Canvas(stage, (await stage.ana.say("studio", f"{BOT} a red house")).id, stage.ana)
    await stage.until(lambda: canvas.id in stage.sandbox.world.channels)
    await canvas.first()
    assert (await canvas.ask("make it night")).pictures


@pytest.mark.usefixtures("untold")
async def test_an_ask_that_is_changed_or_deleted_while_its_thread_is_asked_for_is_taken_as_it_is_by_now(stage: Stage):
    canvas = Canvas(stage, (await stage.ana.say("studio", f"{BOT} a red house")).id, stage.ana)
    await stage.until(lambda: canvas.id in stage.sandbox.world.channels)
    await canvas.first()
    asking = stage.sandbox.faults.add("hold", "GET", f"/channels/{canvas.id}")
    unsaid, changed = await canvas.say("add a cat"), await canvas.say("add a boat")
    await stage.until(lambda: asking.seen)
    await stage.ana.delete(unsaid)
    await stage.ana.edit(changed, "add a ship")
    await asyncio.sleep(0.5)
    asking.release()
    assert numbers(await canvas.answer(changed)) == ["v2"]
    assert [len(stage.requests(f"add a {each}")) for each in ("cat", "boat", "ship")] == [0, 0, 1]


@pytest.mark.usefixtures("untold")
async def test_talk_in_a_thread_that_it_was_never_told_of_is_left_alone(stage: Stage):
    post = await stage.ana.open_post("showcase", "My house", "look at this")
    canvas = Canvas(stage, post.channel_id, stage.ana)
    await canvas.say("what do you think?")
    await canvas.ask(f"{BOT} a red house")
    assert len(await canvas.posts()) == 1
