"""A real discord.py bot, unchanged, on the sandbox."""

from __future__ import annotations

import io

import discord

from bot.sandbox import Sandbox
from bot.sandbox.discord import seed
from tests.sandbox.discord_bot import Bot, picture


async def test_the_bot_logs_in_and_knows_the_paint_club(bot: Bot):
    guild = bot.get_guild(seed.GUILD)
    assert guild is not None
    assert guild.name == "Paint Club"
    assert guild.me.guild_permissions.create_public_threads
    assert {channel.name for channel in guild.text_channels} == {
        "studio",
        "photos",
        "lounge",
        "announcements",
        "after-dark",
    }
    assert [forum.name for forum in guild.forums] == ["showcase"]
    assert not bot.place(seed.ANNOUNCEMENTS).permissions_for(guild.me).send_messages
    assert bot.place(seed.AFTER_DARK).is_nsfw()


async def test_the_bot_reads_a_members_picture_and_answers_in_a_thread(sandbox: Sandbox, bot: Bot):
    ana = sandbox.member("ana")
    photo = picture(size=(320, 200))
    asked = await ana.say("studio", "make it blue", pictures=[("cat.png", photo)])
    heard = await bot.hears("make it blue")
    attachment = heard.attachments[0]
    assert (attachment.filename, attachment.size, attachment.width, attachment.height) == (
        "cat.png",
        len(photo),
        320,
        200,
    )
    assert attachment.content_type == "image/png"
    assert await attachment.read() == photo

    thread = await heard.create_thread(name="A blue cat")
    assert thread.id == asked.id
    starter = discord.MessageReference(message_id=heard.id, channel_id=heard.channel.id)
    assert starter.message_id == asked.id
    sent = await thread.send("Here", file=discord.File(io.BytesIO(photo), "v1.png", description="AI image: a blue cat"))
    assert sent.attachments[0].description == "AI image: a blue cat"

    answer = await ana.wait_for(lambda post: bool(post.pictures), thread.id)
    assert answer.pictures[0].alt == "AI image: a blue cat"
    assert await ana.fetch(answer.pictures[0]) == photo
