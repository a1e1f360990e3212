"""The things that options, selects and menus name, whole, as they go along with an interaction."""

from __future__ import annotations

from collections.abc import Iterable

from bot.sandbox.discord import message_payload, payload
from bot.sandbox.discord.nouns import Attachment, Channel, Json, Message
from bot.sandbox.discord.permissions import permissions_of
from bot.sandbox.discord.world import World

USER, CHANNEL, ROLE, MENTIONABLE, ATTACHMENT = 6, 7, 8, 9, 11


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
            self._put("channels", value, payload.channel_for(self._world, self._world.channels[number], self._user_id))

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
