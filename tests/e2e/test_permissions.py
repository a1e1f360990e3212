"""What the bot may not do, and what it says of it before anything is painted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.sandbox.discord import seed
from bot.sandbox.discord.permissions import Permission
from tests.e2e.denials import change, denied
from tests.e2e.stage import BOT, DEADLINE, Canvas, Stage, is_answer

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

NAMES = {
    Permission.ATTACH_FILES: "“Attach Files”",
    Permission.READ_MESSAGE_HISTORY: "“Read Message History”",
    Permission.SEND_MESSAGES_IN_THREADS: "“Send Messages in Threads”",
    Permission.CREATE_PUBLIC_THREADS: "“Create Public Threads”",
}


@pytest.mark.parametrize("permission", NAMES, ids=str)
async def test_where_the_bot_lacks_a_permission_it_names_it_and_paints_nothing(stage: Stage, permission: Permission):
    async with denied(stage, permission):
        ask = await stage.ana.say("lounge", f"{BOT} a red house")
        answer = await stage.ana.wait_for(lambda post: is_answer(post) and post.id > ask.id, "lounge", DEADLINE)
    assert answer.text.startswith(f"I can't paint here without {NAMES[permission]}.")
    assert "Nothing was charged" in answer.text
    assert ask.id not in stage.ana.channels
    assert not stage.gemini.ledger.requests


async def test_a_permission_that_is_taken_away_later_is_missed_in_the_thread_and_given_back_it_works(stage: Stage):
    canvas = await stage.opened(await stage.ana.say("lounge", f"{BOT} a red house"))
    await canvas.first()
    async with denied(stage, Permission.ATTACH_FILES):
        assert "“Attach Files”" in (await canvas.ask("make it night")).text
    await canvas.ask("make it night")
    assert len(stage.requests("make it night")) == 1


async def test_in_a_channel_for_announcements_a_thread_grows_as_in_any_other(stage: Stage):
    announcements = stage.sandbox.world.channel(seed.ANNOUNCEMENTS)
    change(stage, announcements, overwrites=())
    try:
        canvas = await stage.opened(await stage.ana.say("announcements", f"{BOT} a red house"))
        await canvas.first()
        await canvas.ask("make it night")
    finally:
        change(stage, stage.sandbox.world.channel(seed.ANNOUNCEMENTS), overwrites=announcements.overwrites)
    assert await canvas.saw("make it night") == ["v1"]


async def test_what_the_bot_could_not_post_in_a_locked_thread_is_not_painted(stage: Stage):
    canvas = await stage.canvas()
    thread = stage.sandbox.world.channel(canvas.id)
    assert thread.thread
    change(stage, thread, thread=replace(thread.thread, locked=True))
    await canvas.say("make it night")
    await stage.meanwhile()
    assert not stage.requests("make it night")


async def test_without_the_right_to_open_threads_a_direct_answer_is_said_once_however_often_it_is_told(stage: Stage):
    stage.sandbox.gateway.duplicates = 2
    async with denied(stage, Permission.CREATE_PUBLIC_THREADS):
        ask = await stage.ana.say("lounge", f"{BOT} a red house")
        await stage.ana.wait_for(lambda post: post.reply_to == ask.id, "lounge", DEADLINE)
        await stage.meanwhile()
    assert len([each for each in await Canvas(stage, seed.LOUNGE, stage.ana).posts() if each.reply_to == ask.id]) == 1


async def test_a_command_in_a_private_thread_without_the_bot_is_told_how_to_let_it_in(stage: Stage):
    studio = await stage.ana.channel_id("studio")
    made = await stage.ana.call("POST", f"/channels/{studio}/threads", {"type": 12, "name": "among us"})
    assert (await stage.ana.slash(int(made["id"]), "imagine", prompt="a red house")).ok
    told = await stage.ana.wait_for(lambda post: post.is_whisper, None, DEADLINE)
    assert told.text.startswith("I am not in this private thread.")
    assert not stage.gemini.ledger.requests


async def test_where_the_bot_may_not_write_at_all_a_sign_on_the_message_says_that_it_was_heard(stage: Stage):
    ask = await stage.ana.say("announcements", f"{BOT} a red house")
    await stage.until(lambda: stage.sandbox.world.message(ask.channel_id, ask.id).reactions)
    assert not stage.gemini.ledger.requests
