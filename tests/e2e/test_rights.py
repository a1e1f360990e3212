"""Who may press what, over the wire: a sample of the table, in channels, threads and direct messages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from bot.sandbox import Member, Post
from bot.sandbox.discord import seed
from bot.sandbox.discord.nouns import Overwrite
from bot.sandbox.discord.permissions import Permission
from tests.e2e.sketches import photo
from tests.e2e.stage import BOT, DEADLINE, Canvas, Stage, is_answer, sentence

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

MUTE = "You can't write here"
ASKING = ("Edit…", "Retry", "Variations", "Undo")


async def test_a_stranger_looks_at_everything_in_a_closed_thread_and_asks_for_nothing(stage: Stage):
    canvas, last = await closed(stage)
    posts = [each.id for each in await canvas.posts()]
    for label in ASKING:
        await told(stage.ben, last, last.buttons[label], sentence("error.starter_only", starter=f"<@{seed.ANA}>"))
    for command, option in (("imagine", {"prompt": "a boat"}), ("recipe", {"name": "restore"})):
        before = newest(stage.ben)
        assert (await stage.ben.slash(canvas.id, command, **option)).ok
        await whisper(stage.ben, "keeps this thread to themselves", before)
    before = newest(stage.ben)
    assert (await stage.ben.menu(last, "Edit this picture")).ok
    await whisper(stage.ben, "keeps this thread to themselves", before)
    await told(stage.ben, last, last.buttons["More…"], "What would you like?")
    assert (await stage.ben.slash(canvas.id, "history")).ok
    assert [each.id for each in await canvas.posts()] == posts
    assert len(stage.gemini.ledger.requests) == 2


async def test_whom_the_starter_invites_asks_there_and_a_moderator_only_opens_it(stage: Stage):
    canvas, last = await closed(stage, by=stage.cleo)
    await told(stage.ana, last, last.buttons["Retry"], "keeps this thread to themselves")
    shown = await panel(stage.cleo, canvas)
    await set_to(stage.cleo, shown, "set:here:asks", "invited")
    shown = await panel(stage.cleo, canvas)
    await set_to(stage.cleo, shown, "set:here:invited", str(seed.BEN))
    before = [each.id for each in await canvas.posts()]
    assert (await stage.ben.press(last, last.buttons["Retry"])).ok
    await canvas.by.wait_for(lambda post: post.id not in before and bool(post.pictures), canvas.id, DEADLINE)
    await set_to(stage.ana, await panel(stage.ana, canvas), "set:here:asks", "everyone")
    await canvas.by.wait_for(lambda post: "Ana" in post.text and "veryone" in post.text, canvas.id, DEADLINE)


async def test_who_may_not_write_any_more_looks_and_takes_back_what_is_their_own(stage: Stage):
    canvas = await stage.canvas("a red house", by=stage.cleo)
    first = await canvas.first()
    with silenced(stage, Permission.SEND_MESSAGES_IN_THREADS):
        for label in ASKING[:3]:
            await told(stage.cleo, first, first.buttons[label], MUTE)
        more = await told(stage.cleo, first, first.buttons["More…"], "What would you like?")
        await told(stage.cleo, more, more.buttons["Original file"], "")
        sure = await told(
            stage.cleo, more, next(v for k, v in more.buttons.items() if k[:6] == "Delete"), "Shall I delete"
        )
        assert (await stage.cleo.press(sure, sure.buttons["Delete v1"])).ok
        await whisper(stage.cleo, "is deleted", sure.id - 1)
    assert len(stage.gemini.ledger.requests) == 1


async def test_who_may_not_write_in_a_channel_begins_nothing_there(stage: Stage):
    with silenced(stage, Permission.SEND_MESSAGES):
        before = newest(stage.cleo)
        assert (await stage.cleo.slash("studio", "imagine", prompt="a boat")).ok
        await whisper(stage.cleo, MUTE, before)
        assert (await stage.cleo.slash("studio", "help")).ok
    assert not stage.gemini.ledger.requests


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("limits", {}),
        ("block", {"member": str(seed.CLEO), "reason": "so"}),
        ("unblock", {"member": str(seed.CLEO)}),
        ("audit", {}),
        ("retention", {"days": 1}),
        ("words show", {}),
        ("words add", {"words": "house"}),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
async def test_what_manages_a_server_takes_manage_server_whoever_is_let_find_it(
    stage: Stage, name: str, options: dict[str, Any]
):
    with for_everybody(stage):
        before = newest(stage.ben)
        assert (await stage.ben.slash("studio", name, **options)).ok
        await whisper(stage.ben, sentence("rights.managers_only"), before)
    await stage.canvas("a house", by=stage.cleo)


async def test_in_a_direct_message_everything_is_ones_own(stage: Stage):
    dm = Canvas(stage, await stage.cleo.channel_id("dm"), stage.cleo)
    post = await dm.ask("a red house", [photo("teal")])
    more = await told(stage.cleo, post, post.buttons["More…"], "What would you like?")
    assert any(label.startswith("Delete") for label in more.buttons)
    assert (await stage.cleo.press(post, post.buttons["Retry"])).ok
    await dm.by.wait_for(lambda each: each.id > more.id and bool(each.pictures), dm.id, DEADLINE)
    shown = await panel(stage.cleo, dm)
    await set_to(stage.cleo, shown, "set:here:size", "2K")


# -- props -----------------------------------------------------------------------------------------------------------


async def closed(stage: Stage, by: Member | None = None) -> tuple[Canvas, Post]:
    """A thread with two versions that its starter keeps to themselves, and its last picture."""
    by = by or stage.ana
    canvas = await stage.opened(await by.say("studio", f"{BOT} a red house"), by)
    await canvas.first()
    last = await canvas.ask("make it night")
    await set_to(by, await panel(by, canvas), "set:here:asks", "starter")
    await by.wait_for(lambda post: post.id > last.id and is_answer(post), canvas.id, DEADLINE)  # everybody is told
    return canvas, last


async def panel(member: Member, canvas: Canvas) -> Post:
    before = newest(member)
    assert (await member.slash(canvas.id, "settings")).ok
    return await member.wait_for(lambda post: post.is_whisper and post.id > before, None, DEADLINE)


async def set_to(member: Member, shown: Post, custom_id: str, value: str) -> None:
    assert (await member.choose(shown, custom_id, value)).ok


async def told(member: Member, post: Post, custom_id: str, words: str) -> Post:
    """What a press answers to its presser alone."""
    before = newest(member)
    assert (await member.press(post, custom_id)).ok
    return await whisper(member, words, before)


async def whisper(member: Member, words: str, after: int) -> Post:
    return await member.wait_for(
        lambda post: post.is_whisper and words in post.text and post.id > after, None, DEADLINE
    )


def newest(member: Member) -> int:
    """The last that somebody has seen."""
    return max((each.id for each in member.seen.values()), default=0)


@contextmanager
def for_everybody(stage: Stage) -> Iterator[None]:
    """The server's owner lets everybody give all commands, as Discord's settings can."""
    commands = stage.sandbox.world.commands
    usual = [each["default_member_permissions"] for each in commands]
    for each in commands:
        each["default_member_permissions"] = None
    try:
        yield
    finally:
        for each, needed in zip(commands, usual, strict=True):
            each["default_member_permissions"] = needed


@contextmanager
def silenced(stage: Stage, permission: Permission) -> Iterator[None]:
    """Guests may not do that in #studio for a while."""
    world = stage.sandbox.world
    usual = world.channel(seed.STUDIO)
    world.change(usual, overwrites=(*usual.overwrites, Overwrite(seed.GUEST, deny=int(permission))))
    try:
        yield
    finally:
        world.change(world.channel(seed.STUDIO), overwrites=usual.overwrites)
