"""Forwards: the message that a picture was forwarded from, through forwards of forwards, to who posted it."""

from __future__ import annotations

from dataclasses import replace

import discord

from bot.forward import Forward
from cogs.telling import fetched

HOPS = 4  #: forwards of forwards that are followed


def forward_of(message: discord.Message) -> Forward | None:
    """What the message forwards; None where it forwards nothing."""
    reference = message.reference
    if reference is None or reference.type is not discord.MessageReferenceType.forward or not reference.message_id:
        return None
    return Forward(reference.message_id, reference.channel_id, reference.guild_id)


async def traced(client: discord.Client, forward: Forward) -> Forward:
    """The forward with what Discord tells of its first message; as it is where too many are between. Or Unreachable."""
    for _ in range(HOPS):
        message = await fetched(client, forward.channel, forward.message)
        further = forward_of(message)
        if further is None:
            return _told(client, message, forward)
        forward = further
    return forward


def _told(client: discord.Client, message: discord.Message, forward: Forward) -> Forward:
    assert client.user is not None
    me, author, channel = client.user.id, message.author, message.channel
    known = message.webhook_id is None or message.webhook_id == message.application_id
    adult = isinstance(channel, discord.Thread | discord.TextChannel | discord.VoiceChannel) and channel.is_nsfw()
    thread = isinstance(channel, discord.Thread) and channel.owner_id == me
    return replace(
        forward,
        server=message.guild.id if message.guild else None,
        author=author.id if known else 0,  # a person may stand behind a webhook, and nobody knows who
        name=author.display_name,
        painted=known and author.bot,
        inside=thread,
        restricted=adult and author.id == me,
    )
