"""The audit channel: every turn, refusal, change and report once and in order, whatever happens to bot and channel."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from bot.sandbox import Member, Post
from bot.sandbox.discord import seed
from bot.sandbox.discord.nouns import Overwrite
from bot.sandbox.discord.permissions import Permission
from bot.sandbox.discord.traffic import AFTER, Seen
from tests.e2e.moments import kill_at
from tests.e2e.stage import BOT, DEADLINE, Stage, sentence

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

LOG = "lounge"
PLACE = f"https://discord.com/channels/{seed.GUILD}"


def _to_log(seen: Seen) -> bool:
    return seen.method == "POST" and seen.path.endswith(f"/channels/{seed.LOUNGE}/messages")


async def whisper(member: Member, words: str, after: int = 0) -> Post:
    return await member.wait_for(
        lambda post: post.is_whisper and words in post.text and post.id > after, None, DEADLINE
    )


async def logged(stage: Stage) -> list[Post]:
    """The bot's messages in the audit channel, the oldest first."""
    return sorted((each for each in await stage.ana.messages(LOG, 100) if each.is_from_bot), key=lambda each: each.id)


async def line(stage: Stage, *words: str) -> str:
    """The one line that holds all of these words, once it is there."""
    async with asyncio.timeout(DEADLINE):
        while True:
            lines = [each for post in await logged(stage) for each in post.text.splitlines()]
            if found := [each for each in lines if all(word in each for word in words)]:
                [only] = found
                return only
            await asyncio.sleep(0.2)


async def report_in(stage: Stage, words: str) -> Post:
    """A report's own message."""
    return await stage.ana.wait_for(lambda post: "🚩" in post.text and words in post.text, LOG, DEADLINE)


@pytest_asyncio.fixture(loop_scope="module")
async def audited(stage: Stage) -> AsyncIterator[Stage]:
    """A server whose moderators have chosen a channel."""
    await choose(stage, seed.LOUNGE)
    yield stage
    if not stage.bot.running:
        await stage.start()
    await off(stage)


async def choose(stage: Stage, channel: int) -> None:
    """Choose a channel that everybody reads: that is asked about first."""
    newest = max(stage.ana.seen, default=0)
    assert (await stage.ana.slash("studio", "audit", channel=channel)).ok
    asked = await whisper(stage.ana, "Nothing is changed yet", newest)
    assert (await stage.ana.press(asked, asked.buttons["Choose it all the same"])).ok
    chosen = f"From now on <#{channel}> reads"
    await stage.ana.wait_for(lambda post: post.id == asked.id and chosen in post.text, None, DEADLINE)


async def off(stage: Stage) -> None:
    newest = max(stage.ana.seen, default=0)
    assert (await stage.ana.slash("studio", "audit")).ok
    shown = await stage.ana.wait_for(lambda post: post.is_whisper and post.id > newest, None, DEADLINE)
    if "Turn it off" in shown.buttons:
        assert (await stage.ana.press(shown, shown.buttons["Turn it off"])).ok
        await whisper(stage.ana, "The audit log is off", newest)


async def panel(member: Member, post: Post) -> Post:
    assert (await member.press(post, post.buttons["More…"])).ok
    return await whisper(member, "What would you like?", after=post.id)


async def reported(member: Member, post: Post, reason: str = "", number: int = 0) -> Post:
    """Report a picture through `More…`; the whisper that answers."""
    opened = await panel(member, post)
    form = (await member.press(opened, opened.buttons["Report…"])).form
    assert form is not None
    assert (await member.submit(form, reason=reason)).ok
    return await whisper(member, "", after=opened.id)


# -- what is told ------------------------------------------------------------------------------------------------------


async def test_every_turn_is_told_with_who_words_link_and_cost_and_without_a_ping(audited: Stage):
    canvas = await audited.canvas("a blue teapot", by=audited.ben)
    first = await canvas.first()
    told = await line(audited, "a blue teapot")
    assert f"🎨 <@{seed.BEN}>: “a blue teapot” → [v1]({PLACE}/{canvas.id}/{first.id}) · $0.04" in told
    [post] = [each for each in await logged(audited) if "a blue teapot" in each.text]
    assert post.data["mentions"] == []
    assert post.data["flags"] & 1 << 12, "nobody's device rings"


async def test_what_google_refuses_is_told_with_its_reason(audited: Stage):
    audited.fault("blocked:SAFETY", "a secret recipe")
    canvas = await audited.opened(await audited.ben.say("studio", f"{BOT} a secret recipe"), audited.ben)
    await canvas.first()
    told = await line(audited, "“a secret recipe”")
    assert f"🚫 <@{seed.BEN}>" in told
    assert "Google" in told


async def test_who_is_turned_away_and_who_cancels_is_told(audited: Stage):
    await audited.cleo.say("studio", f"{BOT}")
    assert f"✋ <@{seed.CLEO}>" in await line(audited, "turned away", "Tell me what to paint")
    async with audited.held() as there:
        canvas = await audited.opened(await audited.ben.say("studio", f"{BOT} a long wait"), audited.ben)
        await audited.until(there)
        status = await canvas.seen_by(audited.ana).status()
        assert (await audited.ana.press(status, next(iter(status.buttons.values())))).ok
        told = await line(audited, "“a long wait”")
    assert f"<@{seed.BEN}>" in told
    assert told.split("by ")[1].startswith(f"<@{seed.ANA}>")


async def test_changes_of_settings_are_told_with_from_and_to(audited: Stage):
    canvas = await audited.canvas(by=audited.cleo)
    newest = max(audited.cleo.seen)
    assert (await audited.cleo.slash(canvas.id, "settings")).ok
    shown = await audited.cleo.wait_for(lambda post: post.is_whisper and post.id > newest, None, DEADLINE)
    assert (await audited.cleo.choose(shown, "set:here:size", "2K")).ok
    told = await line(audited, f"**Size** of <#{canvas.id}>")
    assert told.endswith(f"⚙️ <@{seed.CLEO}> changed **Size** of <#{canvas.id}>: As usual\\: 1K → 2K")


async def test_sixty_turns_are_told_in_few_messages_each_once(audited: Stage):
    before = len(await logged(audited))
    canvas = await audited.canvas("number 0", by=audited.ben)
    first = await canvas.first()
    for count in range(1, 60):
        await canvas.say(f"number {count}", reply_to=first)
    posts, told = list[Post](), list[str]()
    async with asyncio.timeout(2 * DEADLINE):
        while len(told) < 60:  # the last to be asked is not always the last to be painted
            await asyncio.sleep(0.2)
            posts = (await logged(audited))[before:]
            told = [each for post in posts for each in re.findall(r"“number (\d+)”", post.text)]
    assert sorted(map(int, told)) == list(range(60))
    assert len(posts) <= 20
    assert all(len(post.text) <= 2000 for post in posts)


# -- whatever happens --------------------------------------------------------------------------------------------------


async def test_what_was_noted_before_a_kill_is_told_once_after_it(audited: Stage):
    canvas = await audited.canvas("a heron", by=audited.ben)
    await audited.kill()
    await audited.start()
    assert f"/{canvas.id}/" in await line(audited, "“a heron”")


async def test_a_message_that_was_posted_while_the_bot_was_killed_is_not_posted_again(audited: Stage):
    dead = kill_at(audited, AFTER, lambda seen, said: "an otter" in str(said.get("content")) and _to_log(seen))
    await audited.canvas("an otter", by=audited.ben)
    async with asyncio.timeout(DEADLINE):
        await dead.wait()
    await audited.revive()
    await audited.canvas("a second otter", by=audited.ben)
    await line(audited, "“a second otter”")
    await line(audited, "“an otter”")


async def test_where_the_channel_is_closed_entries_wait_moderators_see_it_and_nothing_is_lost(audited: Stage):
    channels = audited.sandbox.world.channels
    usual = channels[seed.LOUNGE]
    silent = Overwrite(seed.EASEL, deny=int(Permission.SEND_MESSAGES))
    channels[seed.LOUNGE] = replace(usual, overwrites=(silent,))
    try:
        await audited.canvas("a lost swan", by=audited.ben)
        await audited.until(lambda: "can't be told" in audited.bot.said())
        newest = max(audited.ana.seen)
        assert (await audited.ana.slash("studio", "audit")).ok
        shown = await whisper(audited.ana, "Waiting to be told", newest)
        assert "The last time I could not tell it" in shown.text
    finally:
        channels[seed.LOUNGE] = usual
    assert (await audited.ana.slash("studio", "audit")).ok
    await line(audited, "“a lost swan”")


# -- the command -------------------------------------------------------------------------------------------------------


async def test_only_who_manages_the_server_finds_the_command_and_a_closed_channel_is_told(stage: Stage):
    assert "audit" not in {each["name"] for each in await stage.ben.commands("studio")}
    newest = max(stage.ana.seen, default=0)
    assert (await stage.ana.slash("studio", "audit", channel=seed.ANNOUNCEMENTS)).ok
    assert "“Send Messages”" in (await whisper(stage.ana, "I can't write the audit log", newest)).text


async def test_the_channel_that_was_told_before_reads_of_another_one(audited: Stage):
    await choose(audited, seed.STUDIO)
    await line(audited, f"<@{seed.ANA}> changed **Audit log** of this server: <#{seed.LOUNGE}> → <#{seed.STUDIO}>")


async def test_without_a_channel_nothing_is_kept_of_what_people_ask(stage: Stage):
    canvas = await stage.canvas("a private thought", by=stage.ben)
    await canvas.first()
    await choose(stage, seed.LOUNGE)
    await stage.canvas("a public thought", by=stage.ben)
    await line(stage, "“a public thought”")
    assert not [each for each in await logged(stage) if "private thought" in each.text]
    await off(stage)


# -- reports -----------------------------------------------------------------------------------------------------------


async def test_a_report_reaches_moderators_with_its_reason_and_the_picture_veiled_and_only_once(audited: Stage):
    canvas = await audited.canvas("a reported cat", by=audited.ben)
    first = await canvas.first()
    assert "goes to this server's moderators" in (await reported(audited.cleo, first, "it bites")).text
    post = await report_in(audited, "a reported cat")
    assert post.text.splitlines()[0].startswith(
        f"🚩 <@{seed.CLEO}> reports [v1]({PLACE}/{canvas.id}/{first.id}) of <@{seed.BEN}>"
    )
    assert "> it bites" in post.text
    assert [each.name.startswith("SPOILER_") for each in post.pictures] == [True]
    assert list(post.buttons) == ["Delete the picture", "Block its asker", "Dismiss"]
    opened = await panel(audited.cleo, first)
    assert (await audited.cleo.press(opened, opened.buttons["Report…"])).form is None
    await whisper(audited.cleo, "You have reported this picture already")


async def test_a_report_waits_until_a_channel_is_chosen_and_its_reporter_knows(stage: Stage):
    canvas = await stage.canvas("an early report", by=stage.ben)
    assert "nobody reads it for now" in (await reported(stage.cleo, await canvas.first())).text
    await stage.restart()
    await choose(stage, seed.LOUNGE)
    await report_in(stage, "an early report")
    await off(stage)


async def test_moderators_delete_the_picture_everywhere_and_the_second_press_is_calm(audited: Stage):
    canvas = await audited.canvas("a bad picture", by=audited.ben)
    first = await canvas.first()
    await reported(audited.cleo, first)
    post = await report_in(audited, "a bad picture")
    assert (await audited.cleo.press(post, post.buttons["Delete the picture"])).ok
    await whisper(audited.cleo, "That is for moderators", post.id)
    await audited.restart()
    outcomes = await asyncio.gather(*(audited.ana.press(post, post.buttons["Delete the picture"]) for _ in range(2)))
    assert all(each.ok for each in outcomes)
    now = await audited.ana.wait_for(
        lambda each: each.id == post.id and "deleted the picture" in each.text, LOG, DEADLINE
    )
    assert not now.pictures
    assert first.id not in [each.id for each in await canvas.posts()]
    await audited.ben.wait_for(lambda each: "Ana deleted v1" in each.text, canvas.id, DEADLINE)
    assert (await audited.ana.press(now, now.buttons["Done"])).ok
    closed = await audited.ana.wait_for(lambda each: each.id == post.id and not each.buttons, LOG, DEADLINE)
    assert f"-# <@{seed.ANA}> closed this report." in closed.text


async def test_moderators_delete_in_a_thread_that_rests_and_are_told_why_they_can_not_in_a_locked_one(audited: Stage):
    canvas = await audited.canvas("a dreadful picture", by=audited.ben)
    first = await canvas.first()
    await reported(audited.cleo, first)
    post = await report_in(audited, "a dreadful picture")
    thread = f"/channels/{canvas.id}"
    await audited.ana.call("PATCH", thread, {"archived": True, "locked": True})
    assert (await audited.ana.press(post, post.buttons["Delete the picture"])).ok
    await whisper(audited.ana, sentence("more.undeletable", detail="Thread is archived"), post.id)
    await audited.ana.call("PATCH", thread, {"archived": True, "locked": False})
    assert (await audited.ana.press(post, post.buttons["Delete the picture"])).ok
    await audited.ana.wait_for(lambda each: each.id == post.id and "deleted the picture" in each.text, LOG, DEADLINE)
    assert first.id not in [each.id for each in await canvas.posts()]


async def test_blocking_takes_more_and_is_a_change_that_is_told(audited: Stage):
    canvas = await audited.canvas("a rude gesture", by=audited.ben)
    await reported(audited.cleo, await canvas.first(), "rude")
    post = await report_in(audited, "a rude gesture")
    async with audited.granting(Permission.MANAGE_MESSAGES):
        assert (await audited.cleo.press(post, post.buttons["Block its asker"])).ok
        await whisper(audited.cleo, "To block somebody takes", post.id)
    assert (await audited.ana.press(post, post.buttons["Block its asker"])).ok
    told = await line(audited, f"⛔ <@{seed.ANA}> keeps <@{seed.BEN}> out")
    assert "a reported picture" in told
    answer = await canvas.ask("another one")
    assert "have blocked you" in answer.text
    assert "rude" not in answer.text, "who is blocked does not read who reported it"
    assert (await audited.ana.slash("studio", "unblock", member=seed.BEN)).ok
    await line(audited, f"took back what was decided about <@{seed.BEN}>")


async def test_who_manages_the_server_is_not_blocked_by_those_who_may_only_time_out(audited: Stage):
    canvas = await audited.canvas("a moderators gesture", by=audited.ana)
    await reported(audited.cleo, await canvas.first(), "")
    post = await report_in(audited, "a moderators gesture")
    async with audited.granting(Permission.MODERATE_MEMBERS):
        assert (await audited.cleo.press(post, post.buttons["Block its asker"])).ok
        await whisper(audited.cleo, f"<@{seed.ANA}> can manage this server", post.id)
    await canvas.ask("another gesture")


async def test_the_menu_of_a_message_reports_too_and_says_where_there_is_no_picture_of_ours(audited: Stage):
    canvas = await audited.canvas("a menu report", by=audited.ben)
    form = (await audited.cleo.menu(await canvas.first(), "Report this picture")).form
    assert form is not None
    assert (await audited.cleo.submit(form, reason="")).ok
    await report_in(audited, "a menu report")
    said = await audited.ben.say("studio", "hello")
    assert (await audited.cleo.menu(said, "Report this picture")).ok
    await whisper(audited.cleo, "There is no picture in that message", said.id)
