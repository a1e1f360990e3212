"""`/help`: short pages that tell what is there, honest about what the bot can't hear."""

from __future__ import annotations

import pytest

from bot.sandbox import Member, Post
from tests.e2e.stage import DEADLINE, Stage
from tests.e2e.test_program import without_content

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]


async def guide(member: Member, place: int | str = "studio") -> Post:
    newest = max(member.seen, default=0)
    assert (await member.slash(place, "help")).ok
    return await member.wait_for(lambda post: post.is_whisper and post.id > newest, None, DEADLINE)


async def turned(member: Member, shown: Post, label: str, heading: str) -> Post:
    assert (await member.press(shown, shown.buttons[label])).ok
    return await member.wait_for(lambda post: post.id == shown.id and heading in post.text, None, DEADLINE)


async def test_it_lists_every_command_there_is_and_its_pages_turn_after_a_restart(stage: Stage):
    shown = await guide(stage.ana)
    assert "> @Easel a red house by the sea" in shown.text
    assert "every message changes the newest picture" in shown.text
    await stage.restart()
    shown = await turned(stage.ana, shown, "Commands and limits", "## 📋")
    for command in await stage.ana.commands("studio"):
        told = f"`/{command['name']}` {command['description']}" if command["type"] == 1 else f"**{command['name']}**"
        assert told in shown.text
    shown = await turned(stage.ana, shown, "Versions and buttons", "## 🌿")
    assert "Versions and buttons" not in shown.buttons, "one is there"


async def test_commands_of_moderators_are_told_to_them_alone(stage: Stage):
    for member in (stage.ana, stage.ben):
        shown = await turned(member, await guide(member), "Commands and limits", "## 📋")
        found = {each["name"] for each in await member.commands("studio")}
        assert {each for each in ("limits", "imagine") if f"`/{each}`" in shown.text} == found & {"limits", "imagine"}
    assert (
        "`/limits`" not in (await turned(stage.ana, await guide(stage.ana, "dm"), "Commands and limits", "## 📋")).text
    )


async def test_without_the_intent_it_says_to_mention_the_bot(stage: Stage):
    with without_content(stage):
        await stage.restart()
        shown = await guide(stage.cleo)
        assert "Then mention me" in shown.text
        assert "just talk" not in shown.text
    await stage.restart()


async def test_in_direct_messages_it_speaks_of_direct_messages(stage: Stage):
    shown = await guide(stage.cleo, "dm")
    assert "@Easel" not in shown.text
