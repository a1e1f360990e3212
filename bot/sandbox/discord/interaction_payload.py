"""Interactions as the bot receives them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from bot.sandbox.discord import message_payload, payload
from bot.sandbox.discord.nouns import EPHEMERAL, Attachment, Channel, Json, Message
from bot.sandbox.discord.permissions import permissions_of
from bot.sandbox.discord.world import World

if TYPE_CHECKING:
    from bot.sandbox.discord.interactions import Interaction

USER, CHANNEL, ROLE, MENTIONABLE, ATTACHMENT = 6, 7, 8, 9, 11


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
        "channel": _channel(world, channel, one.user_id),
        "locale": payload.LOCALE,
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
    member = world.member(one.guild_id, one.user_id)
    return {
        "guild_id": str(one.guild_id),
        "guild": {"id": str(one.guild_id), "locale": payload.LOCALE, "features": []},
        "guild_locale": payload.LOCALE,
        "member": {**payload.member(world, member), "permissions": str(world.allowed(one.user_id, channel))},
    }


def _channel(world: World, channel: Channel, user_id: int) -> Json:
    whole = payload.channel(world, channel, world.application.bot_id)
    return {**whole, "permissions": str(world.allowed(user_id, channel))}


def _limit(world: World, channel: Channel) -> int:
    guild = world.guilds.get(channel.guild_id or 0)
    return world.rules.file_limit(guild.tier if guild else 0)


def _message(world: World, message: Message) -> Json:
    if message.has(EPHEMERAL):
        return message_payload.basic(world, message)
    return message_payload.message(world, message)


class Resolved:
    """Collects the things that option values name, for the bot to see them whole."""

    def __init__(self, world: World, channel: Channel, user_id: int) -> None:
        self._world = world
        self._channel = channel
        self._user_id = user_id
        self.data: Json = {}

    def add(self, kind: int, value: str) -> None:
        """Resolve one value of an option or select of that option type."""
        guild = self._world.guilds.get(self._channel.guild_id or 0)
        number = int(value)
        if kind in (USER, MENTIONABLE) and number in self._world.users:
            self._user(number)
        elif kind in (ROLE, MENTIONABLE) and guild is not None and number in guild.roles:
            self._put("roles", value, payload.role(guild.roles[number]))
        elif kind == CHANNEL and number in self._world.channels:
            self._put("channels", value, _channel(self._world, self._world.channels[number], self._user_id))

    def _user(self, user_id: int) -> None:
        self._put("users", str(user_id), payload.user(self._world.users[user_id]))
        guild = self._world.guilds.get(self._channel.guild_id or 0)
        if guild is not None and user_id in guild.members:
            member = guild.members[user_id]
            permissions = {"permissions": str(permissions_of(guild, member))}
            self._put("members", str(user_id), payload.bare_member(member) | permissions)

    def message(self, message: Message) -> None:
        """Resolve the target of a message menu."""
        self._put("messages", str(message.id), message_payload.message(self._world, message))

    def attachments(self, files: Iterable[Attachment]) -> None:
        """Resolve files that came with the interaction."""
        for one in files:
            self._put("attachments", str(one.id), message_payload.attachment(self._world, one))

    def _put(self, kind: str, key: str, value: Json) -> None:
        self.data.setdefault(kind, {})[key] = value
