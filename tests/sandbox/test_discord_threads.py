"""Threads and forum posts: how they begin, who may speak, and when they rest."""

from __future__ import annotations

import io

import discord
import pytest

from bot.sandbox import Member, Sandbox
from bot.sandbox.discord import seed
from bot.sandbox.discord.link import Refused
from tests.sandbox.discord_bot import Bot, picture, running


async def test_a_message_grows_one_thread_which_has_its_id(bot: Bot, ana: Member):
    post = await ana.say("studio", "a fox")
    heard = await bot.hears("a fox")
    thread = await heard.create_thread(name="A fox")
    assert thread.id == post.id
    assert thread.owner_id == seed.BOT
    with pytest.raises(discord.HTTPException) as second:
        await heard.create_thread(name="Another")
    assert second.value.code == 160004
    starter = (await ana.messages(thread.id))[0]
    assert (starter.kind, starter.reply_to) == (21, post.id)
    assert starter.data["referenced_message"]["content"] == "a fox"
    [shown] = await ana.messages("studio")
    assert (shown.thread_id, shown.data["flags"] & 32) == (thread.id, 32)


async def test_some_clients_see_the_starter_twice(sandbox: Sandbox, bot: Bot, ana: Member):
    sandbox.world.rules.repeat_starter = True
    await ana.say("studio", "a fox")
    await (await bot.hears("a fox")).create_thread(name="A fox")
    await bot.until(lambda: [one.content for one in bot.heard].count("a fox") == 2)
    assert bot.heard[-1].id == bot.heard[-1].channel.id


async def test_a_forum_post_is_a_thread_with_a_first_message_of_the_same_id(bot: Bot, ben: Member):
    opened = await ben.open_post("showcase", "My cat", "make it blue", [("cat.png", picture())])
    heard = await bot.hears("make it blue")
    assert heard.id == heard.channel.id == opened.id
    assert isinstance(heard.channel, discord.Thread)
    assert heard.channel.parent_id == seed.SHOWCASE
    made = await bot.place(seed.SHOWCASE).create_thread(name="Mine", file=discord.File(io.BytesIO(picture()), "v1.png"))
    assert made.thread.id == made.message.id
    with pytest.raises(Refused) as forum:
        await ben.say("showcase", "no thread, no talk")
    assert forum.value.code == 40058


async def test_a_thread_of_its_own_leaves_a_line_in_the_channel(bot: Bot, ana: Member):
    thread = await bot.place(seed.STUDIO).create_thread(name="Free", type=discord.ChannelType.public_thread)
    [line] = await ana.messages("studio")
    assert (line.kind, line.text) == (18, "Free")
    with pytest.raises(discord.Forbidden):
        await bot.place(seed.STUDIO).create_thread(name="Private")
    await thread.send("hello")
    assert [one.text for one in await ana.messages(thread.id)] == ["hello"]


async def test_writing_wakes_an_archived_thread_but_nothing_in_it_is_changed(sandbox: Sandbox, bot: Bot, ana: Member):
    thread = await (await bot.place(seed.STUDIO).send("a fox")).create_thread(name="A fox")
    words = await thread.send("v1")
    await thread.edit(archived=True)
    for refused in (words.add_reaction("🎨"), words.edit(content="v2"), words.delete()):
        with pytest.raises(discord.HTTPException) as archived:
            await refused
        assert archived.value.code == 50083
    await ana.say(thread.id, "wake up")
    await bot.until(lambda: bot.place(thread.id) and not bot.place(thread.id).archived)
    assert sandbox.world.channels[thread.id].thread.message_count == 2  # type: ignore[union-attr]


async def test_a_locked_thread_is_for_moderators(bot: Bot, ana: Member, ben: Member):
    thread = await (await bot.place(seed.STUDIO).send("a fox")).create_thread(name="A fox")
    await ana.call("PATCH", f"/channels/{thread.id}", {"locked": True})
    with pytest.raises(Refused) as locked:
        await ben.say(thread.id, "hello")
    assert locked.value.code == 160005
    await ana.say(thread.id, "I may")
    await ana.call("PATCH", f"/channels/{thread.id}", {"archived": True})
    with pytest.raises(discord.HTTPException) as archived:
        await thread.send("v1")
    assert archived.value.code == 50083
    with pytest.raises(discord.Forbidden):
        await thread.edit(archived=False, locked=False)


async def test_idle_threads_come_to_rest(sandbox: Sandbox, bot: Bot, ana: Member):
    thread = await (await bot.place(seed.STUDIO).send("a fox")).create_thread(name="A fox", auto_archive_duration=60)
    sandbox.world.clock.advance(3000)
    await ana.say(thread.id, "still here")
    sandbox.world.clock.advance(3000)
    sandbox.services.threads.rest_idle()
    assert not sandbox.world.channels[thread.id].thread.archived  # type: ignore[union-attr]
    sandbox.world.clock.advance(700)
    sandbox.services.threads.rest_idle()
    await bot.until(lambda: "thread_update" in bot.events or "raw_thread_update" in bot.events)
    found = await ana.call("GET", f"/channels/{seed.STUDIO}/threads/archived/public")
    assert [one["id"] for one in found["threads"]] == [str(thread.id)]


async def test_deleting_a_thread_takes_its_pictures_along(sandbox: Sandbox, bot: Bot, ana: Member, ben: Member):
    thread = await (await bot.place(seed.STUDIO).send("a fox")).create_thread(name="A fox")
    await thread.send(file=discord.File(io.BytesIO(picture()), "v1.png"))
    with pytest.raises(Refused, match="50013"):
        await ben.call("DELETE", f"/channels/{thread.id}")
    await ana.call("DELETE", f"/channels/{thread.id}")
    await bot.until(lambda: "raw_thread_delete" in bot.events)
    assert len(sandbox.world.vault) == 0
    with pytest.raises(discord.NotFound) as gone:
        await thread.send("hello?")
    assert gone.value.code == 10003


async def test_active_threads_are_known_after_a_restart(sandbox: Sandbox, ana: Member):
    post = await ana.say("studio", "a fox")
    await ana.open_thread(post, "A fox")
    last = await ana.say(post.id, "while the bot sleeps")
    async with running(sandbox) as bot:
        thread = bot.place(post.id)
        assert (thread.name, thread.last_message_id) == ("A fox", last.id)


async def test_writing_makes_one_a_member_of_the_thread(bot: Bot, ana: Member, ben: Member):
    thread = await (await bot.place(seed.STUDIO).send("a fox")).create_thread(name="A fox")
    await ana.say(thread.id, f"look <@{seed.BEN}>")
    members = await ana.call("GET", f"/channels/{thread.id}/thread-members")
    assert {int(one["user_id"]) for one in members} == {seed.BOT, seed.ANA, seed.BEN}
    await ben.call("DELETE", f"/channels/{thread.id}/thread-members/@me")
    assert len(await ana.call("GET", f"/channels/{thread.id}/thread-members")) == 2


async def test_who_opened_a_thread_names_and_tags_it_but_does_not_lock_it(bot: Bot, ben: Member):
    post = await ben.open_post("showcase", "My cat", "look")
    path = f"/channels/{post.channel_id}"
    tagged = await ben.call("PATCH", path, {"name": "Our cat", "applied_tags": [str(seed.PORTRAITS)]})
    assert (tagged["name"], tagged["applied_tags"]) == ("Our cat", [str(seed.PORTRAITS)])
    assert (await ben.call("PATCH", path, {"applied_tags": []}))["applied_tags"] == []
    for forbidden in ({"locked": True}, {"rate_limit_per_user": 5}):
        with pytest.raises(Refused, match="50013"):
            await ben.call("PATCH", path, forbidden)
    with pytest.raises(discord.Forbidden):
        await bot.place(post.channel_id).edit(name="Mine now")
