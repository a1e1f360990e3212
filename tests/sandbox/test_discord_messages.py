"""Messages by Discord's rules: replies, forwards, nonces, pings, limits and edits."""

from __future__ import annotations

import io
from typing import Any

import discord
import pytest

from bot.sandbox import Member, Sandbox
from bot.sandbox.discord import seed
from bot.sandbox.discord.link import Refused
from bot.sandbox.discord.nouns import Overwrite
from bot.sandbox.discord.permissions import Permission
from tests.sandbox.discord_bot import Bot, picture

STUDIO = f"/channels/{seed.STUDIO}/messages"


async def test_the_same_nonce_gives_the_same_message_for_some_minutes(sandbox: Sandbox, bot: Bot):
    channel = bot.place(seed.STUDIO)
    first = await channel.send("once", nonce="turn-1")
    again = await channel.send("once", nonce="turn-1")
    assert again.id == first.id
    assert len(sandbox.world.messages[seed.STUDIO]) == 1
    sandbox.world.clock.advance(301)
    assert (await channel.send("once", nonce="turn-1")).id != first.id
    with pytest.raises(discord.HTTPException) as long:
        await channel.send("once", nonce="x" * 26)
    assert long.value.code == 50035


async def test_a_nonce_of_a_deleted_message_makes_a_new_one(bot: Bot):
    channel = bot.place(seed.STUDIO)
    first = await channel.send("once", nonce="turn-1")
    await first.delete()
    assert (await channel.send("once", nonce="turn-1")).id != first.id


async def test_a_reply_carries_the_message_it_answers_and_pings_its_author(bot: Bot, ana: Member):
    sent = await bot.place(seed.STUDIO).send("v1", file=discord.File(io.BytesIO(picture()), "v1.png"))
    post = await ana.wait_for(lambda one: one.id == sent.id, "studio")
    await ana.say("studio", "bluer", reply_to=post)
    heard = await bot.hears("bluer")
    assert heard.type is discord.MessageType.reply
    assert isinstance(heard.reference.resolved, discord.Message)  # type: ignore[union-attr]
    assert heard.reference.resolved.attachments[0].filename == "v1.png"  # type: ignore[union-attr]
    assert heard.mentions == [bot.user]
    await ana.say("studio", "greener", reply_to=post, ping=False)
    assert (await bot.hears("greener")).mentions == []


async def test_replying_to_a_deleted_message_fails_unless_one_does_not_mind(bot: Bot, ana: Member):
    post = await ana.say("studio", "gone soon")
    heard = await bot.hears("gone soon")
    await ana.delete(post)
    with pytest.raises(discord.HTTPException) as gone:
        await heard.reply("too late")
    assert gone.value.code == 50035
    calm = discord.MessageReference(message_id=heard.id, channel_id=heard.channel.id, fail_if_not_exists=False)
    sent = await heard.channel.send("as a plain message", reference=calm)
    assert sent.type is discord.MessageType.default


async def test_a_reply_to_something_deleted_later_shows_that_it_is_gone(bot: Bot, ana: Member):
    first = await ana.say("studio", "first")
    second = await ana.say("studio", "second", reply_to=first)
    await ana.delete(first)
    fetched = await bot.place(seed.STUDIO).fetch_message(second.id)
    assert isinstance(fetched.reference.resolved, discord.DeletedReferencedMessage)


async def test_a_forward_brings_the_picture_along_and_outlives_its_source(bot: Bot, ana: Member):
    source = await ana.say("photos", "my cat", [("cat.png", picture())])
    await ana.forward(source, "studio")
    heard = await bot.until(lambda: next((one for one in bot.heard if one.message_snapshots), None))
    assert heard.reference.type is discord.MessageReferenceType.forward
    await ana.delete(source)
    assert await heard.message_snapshots[0].attachments[0].read() == picture()


async def test_a_forward_of_a_forward_is_the_first_message_still(ana: Member, ben: Member):
    source = await ana.say("photos", "my cat", [("cat.png", picture())])
    again = await ben.forward(await ana.forward(source, "studio"), "lounge")
    [snapshot] = again.data["message_snapshots"]
    assert (snapshot["message"]["content"], again.text) == ("my cat", "")
    assert snapshot["message"]["attachments"][0]["filename"] == "cat.png"
    assert (again.data["message_reference"]["type"], again.data["flags"] & 1 << 14) == (1, 1 << 14)


async def test_only_what_one_may_read_is_forwarded_and_only_where_one_may_write(sandbox: Sandbox, ana: Member):
    cleo = sandbox.member("cleo")
    news = await ana.say("announcements", "spring show", [("show.png", picture())])
    await cleo.forward(news, "lounge")
    with pytest.raises(Refused, match="50013"):
        await cleo.forward(news, "announcements")
    hidden = Overwrite(seed.GUEST, deny=int(Permission.VIEW_CHANNEL))
    sandbox.world.change(sandbox.world.channels[seed.ANNOUNCEMENTS], overwrites=(hidden,))
    with pytest.raises(Refused, match="160014"):
        await cleo.forward(news, "lounge")
    await ana.call("PUT", f"{STUDIO}/pins/{(await ana.say('studio', 'keep this')).id}")
    [_, line] = await ana.messages("studio")
    with pytest.raises(Refused, match="50021"):
        await ana.forward(line, "lounge")


async def test_a_forwards_picture_goes_with_the_thread_it_was_sent_to(sandbox: Sandbox, ana: Member):
    source = await ana.say("photos", "my cat", [("cat.png", picture())])
    thread = await ana.open_thread(await ana.say("studio", "a fox"), "A fox")
    await ana.forward(source, thread)
    await ana.delete(source)
    assert len(sandbox.world.vault) == 1
    await ana.call("DELETE", f"/channels/{thread}")
    assert len(sandbox.world.vault) == 0


async def test_pings_follow_allowed_mentions_and_permissions(ana: Member, ben: Member):
    words = f"<@{seed.CLEO}> <@&{seed.PAINTER}> @everyone"
    all_of_them = await ana.say("studio", words)
    assert [one["username"] for one in all_of_them.data["mentions"]] == ["cleo"]
    assert (all_of_them.data["mention_roles"], all_of_them.data["mention_everyone"]) == ([str(seed.PAINTER)], True)
    assert not (await ben.say("studio", words)).data["mention_everyone"]
    quiet = await ana.call("POST", STUDIO, {"content": words, "allowed_mentions": {"parse": []}})
    assert (quiet["mentions"], quiet["mention_roles"], quiet["mention_everyone"]) == ([], [], False)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"content": "x" * 2001}, 50035),
        ({"content": "   "}, 50006),
        ({"content": "x", "components": [{"type": 2, "style": 1, "label": "a", "custom_id": "a"}]}, 50035),
        ({"content": "x", "components": [{"type": 1, "components": []}]}, 50035),
        ({"content": "x", "attachments": [{"id": 0, "filename": "lost.png"}]}, 50035),
        ({"flags": 1 << 15, "content": "x", "components": [{"type": 10, "content": "y"}]}, 50035),
        ({"flags": 1 << 15, "components": []}, 50006),
        ({"flags": 1 << 15, "components": [{"type": 10, "content": "y" * 4001}]}, 50035),
        ({"flags": 1 << 15, "components": [{"type": 10, "content": "y"}] * 41}, 50035),
        ({"flags": 1 << 15, "components": [{"type": 12, "items": [{"media": {"url": "attachment://no.png"}}]}]}, 50035),
        ({"embeds": [{"title": "t" * 257}]}, 50035),
        ({"embeds": [{"description": "t" * 4000}, {"description": "t" * 4000}]}, 50035),
        ([], 50035),
    ],
)
async def test_what_discord_would_not_take_is_refused(ana: Member, fields: Any, code: int):
    with pytest.raises(Refused) as refused:
        await ana.call("POST", STUDIO, fields)
    assert refused.value.code == code


def button(**traits: Any) -> dict[str, Any]:
    return {"type": 2, "style": 1, "label": "a", "custom_id": "a", **traits}


@pytest.mark.parametrize(
    ("buttons", "path"),
    [
        ([button(), button()], ["1", "custom_id"]),
        ([button(custom_id="x" * 101)], ["0", "custom_id"]),
        ([button(label="x" * 81)], ["0", "label"]),
        ([button(style=9)], ["0", "style"]),
        ([button(style=5, custom_id=None)], ["0"]),
        ([button(custom_id=str(i)) for i in range(6)], []),
    ],
)
async def test_a_wrong_button_is_named_by_its_path(ana: Member, buttons: list[Any], path: list[str]):
    with pytest.raises(Refused) as refused:
        await ana.call("POST", STUDIO, {"content": "x", "components": [{"type": 1, "components": buttons}]})
    node = refused.value.body["errors"]["components"]["0"]["components"]
    for step in path:
        node = node[step]
    assert node["_errors"]


async def test_a_file_over_ten_mebibytes_is_too_large(sandbox: Sandbox, bot: Bot):
    channel = bot.place(seed.STUDIO)
    with pytest.raises(discord.HTTPException) as large:
        await channel.send(file=discord.File(io.BytesIO(bytes(10 * 1024 * 1024 + 1)), "big.png"))
    assert (large.value.status, large.value.code) == (413, 40005)
    await channel.send(file=discord.File(io.BytesIO(bytes(10 * 1024 * 1024)), "just.png"))
    sandbox.world.guilds[seed.GUILD].tier = 2
    await channel.send(file=discord.File(io.BytesIO(bytes(11 * 1024 * 1024)), "boosted.png"))


async def test_eleven_files_are_one_too_many(ana: Member):
    with pytest.raises(Refused) as refused:
        await ana.say("studio", "look", [(f"{i}.png", b"x") for i in range(11)])
    assert refused.value.code == 30015


async def test_an_edit_keeps_the_files_it_names_and_adds_new_ones(sandbox: Sandbox, bot: Bot):
    files = [discord.File(io.BytesIO(picture(colour)), f"{colour}.png") for colour in ("red", "blue")]
    sent = await bot.place(seed.STUDIO).send("two", files=files)
    kept, dropped = sent.attachments
    assert len(sandbox.world.vault) == 2
    changed = await sent.edit(content="still two", attachments=[kept, discord.File(io.BytesIO(picture()), "teal.png")])
    assert [one.filename for one in changed.attachments] == ["red.png", "teal.png"]
    assert changed.edited_at is not None
    assert await changed.attachments[0].read() == picture("red")
    with pytest.raises(discord.NotFound):
        await dropped.read()
    assert len(sandbox.world.vault) == 2


async def test_deleting_a_message_deletes_its_files(sandbox: Sandbox, ana: Member):
    post = await ana.say("studio", "cat", [("cat.png", picture())])
    await ana.delete(post)
    assert len(sandbox.world.vault) == 0
    with pytest.raises(Refused, match="no longer available"):
        await ana.fetch(post.pictures[0])


async def test_nobody_edits_the_words_of_others(ana: Member, ben: Member):
    post = await ben.say("studio", "mine")
    with pytest.raises(Refused) as refused:
        await ana.edit(post, "yours")
    assert refused.value.code == 50005
    await ana.delete(post)
    other = await ana.say("studio", "ours")
    with pytest.raises(Refused) as forbidden:
        await ben.delete(other)
    assert forbidden.value.code == 50013


async def test_moderators_delete_many_at_once(bot: Bot, ana: Member, ben: Member):
    posts = [await ben.say("studio", f"line {i}") for i in range(3)]
    await ana.call("POST", f"{STUDIO}/bulk-delete", {"messages": [str(one.id) for one in posts]})
    assert await ana.messages("studio") == []
    await bot.until(lambda: "raw_bulk_message_delete" in bot.events)
    with pytest.raises(Refused, match="50016"):
        await ana.call("POST", f"{STUDIO}/bulk-delete", {"messages": ["1"]})


async def test_history_is_read_in_pages(bot: Bot, ana: Member):
    posts = [await ana.say("studio", f"line {i}") for i in range(7)]
    channel = bot.place(seed.STUDIO)

    async def lines(**query: Any) -> list[str]:
        return [one.content async for one in channel.history(**query)]

    assert await lines(limit=2) == ["line 6", "line 5"]
    assert await lines(after=discord.Object(posts[3].id)) == ["line 4", "line 5", "line 6"]
    assert await lines(before=discord.Object(posts[2].id)) == ["line 1", "line 0"]
    assert await lines(around=discord.Object(posts[3].id), limit=3) == ["line 4", "line 3", "line 2"]


async def test_reactions_and_pins_are_told_to_the_bot(bot: Bot, ana: Member):
    post = await ana.say("studio", "nice")
    await ana.react(post, "🎨")
    await bot.until(lambda: "raw_reaction_add" in bot.events)
    fetched = await bot.place(seed.STUDIO).fetch_message(post.id)
    assert [(str(one.emoji), one.count) for one in fetched.reactions] == [("🎨", 1)]
    await ana.call("PUT", f"{STUDIO}/pins/{post.id}")
    assert [one.id async for one in bot.place(seed.STUDIO).pins()] == [post.id]
    assert [one.kind for one in await ana.messages("studio")] == [0, 6]
    with pytest.raises(Refused, match="10014"):
        await ana.react(post, "smile")


async def test_slowmode_holds_members_and_spares_the_bot(sandbox: Sandbox, bot: Bot, ben: Member):
    sandbox.world.change(sandbox.world.channels[seed.STUDIO], slowmode=30)
    await ben.say("studio", "one")
    with pytest.raises(Refused) as slow:
        await ben.say("studio", "two")
    assert (slow.value.status, slow.value.code) == (429, 20016)
    for i in range(2):
        await bot.place(seed.STUDIO).send(str(i))


async def test_members_may_close_their_direct_messages(sandbox: Sandbox, bot: Bot):
    sandbox.world.closed_dms.add(seed.BEN)
    ben = await bot.fetch_user(seed.BEN)
    with pytest.raises(discord.Forbidden) as closed:
        await ben.send("hello")
    assert closed.value.code == 50007
    await (await bot.fetch_user(seed.ANA)).send("hello")
