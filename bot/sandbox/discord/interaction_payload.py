"""Interactions as the bot receives them."""

from __future__ import annotations

from bot.sandbox.discord import message_payload, payload
from bot.sandbox.discord.interaction import Interaction
from bot.sandbox.discord.nouns import EPHEMERAL, Channel, Json, Message
from bot.sandbox.discord.world import World


def interaction(world: World, one: Interaction) -> Json:
    """The whole INTERACTION_CREATE."""
    channel = world.channel(one.channel_id)
    data: Json = {
        "id": str(one.id),
        "application_id": str(world.application.id),
        "type": one.kind,
        "token": one.token,
        "version": 1,
        "data": one.data,
        "channel_id": str(channel.id),
        "channel": payload.channel_for(world, channel, one.user_id),
        "locale": world.users[one.user_id].locale,
        "entitlements": [],
        "authorizing_integration_owners": {"0": str(one.guild_id or 0)},
        "context": 1 if one.guild_id is None else 0,
        "app_permissions": str(world.allowed(world.application.bot_id, channel)),
        "attachment_size_limit": _limit(world, channel),
    }
    if one.message is not None:
        data["message"] = _message(world, one.message)
    return data | _actor(world, one, channel)


def _actor(world: World, one: Interaction, channel: Channel) -> Json:
    if one.guild_id is None:
        return {"user": payload.user(world.users[one.user_id])}
    member, locale = world.member(one.guild_id, one.user_id), world.guild(one.guild_id).locale
    return {
        "guild_id": str(one.guild_id),
        "guild": {"id": str(one.guild_id), "locale": locale, "features": []},
        "guild_locale": locale,
        "member": {**payload.member(world, member), "permissions": str(world.allowed(one.user_id, channel))},
    }


def _limit(world: World, channel: Channel) -> int:
    guild = world.guilds.get(channel.guild_id or 0)
    return world.rules.file_limit(guild.tier if guild else 0)


def _message(world: World, message: Message) -> Json:
    if message.has(EPHEMERAL):
        return message_payload.basic(world, message)
    return message_payload.message(world, message)
