"""The truth of the sandbox, in memory: everything a small Discord knows."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from bot.sandbox.discord import problems
from bot.sandbox.discord.clock import Clock
from bot.sandbox.discord.events import Event, Listener
from bot.sandbox.discord.nouns import Application, Channel, Guild, Json, Member, Message, User
from bot.sandbox.discord.permissions import IN_DIRECT_MESSAGES, Permission, permissions_in
from bot.sandbox.discord.problems import Problem
from bot.sandbox.discord.rules import Rules
from bot.sandbox.discord.snowflake import Snowflakes
from bot.sandbox.discord.traffic import Hook
from bot.sandbox.discord.vault import Vault

T = TypeVar("T")
Sent = tuple[int, int, float]  # channel, message, and when


def found(thing: T | None, kind: problems.Kind) -> T:
    """The thing, or the problem that it does not exist."""
    if thing is None:
        raise Problem(kind)
    return thing


@dataclass
class World:
    """Users, guilds, channels and messages, and the vault with the bytes of their files."""

    application: Application
    tokens: dict[str, int] = field(default_factory=dict)
    users: dict[int, User] = field(default_factory=dict)
    guilds: dict[int, Guild] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    messages: dict[int, dict[int, Message]] = field(default_factory=dict)
    whispers: dict[int, Message] = field(default_factory=dict)
    nonces: dict[tuple[int, str], Sent] = field(default_factory=dict)
    closed_dms: set[int] = field(default_factory=set)
    vault: Vault = field(default_factory=Vault)
    commands: list[Json] = field(default_factory=list)
    clock: Clock = field(default_factory=Clock)
    rules: Rules = field(default_factory=Rules)
    listeners: list[Listener] = field(default_factory=list)
    on_request: list[Hook] = field(default_factory=list)
    origin: str = "http://127.0.0.1"
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    _ids: Snowflakes = field(default_factory=Snowflakes)

    def issue(self) -> int:
        """A new id."""
        return self._ids.issue(self.clock.now())

    def publish(self, event: Event) -> None:
        """Tell the gateway and whoever else listens."""
        for listener in self.listeners:
            listener(event)

    def user(self, user_id: int) -> User:
        """A user, or 10013."""
        return found(self.users.get(user_id), problems.UNKNOWN_USER)

    def guild(self, guild_id: int) -> Guild:
        """A guild, or 10004."""
        return found(self.guilds.get(guild_id), problems.UNKNOWN_GUILD)

    def member(self, guild_id: int, user_id: int) -> Member:
        """A member of a guild, or 10007."""
        return found(self.guild(guild_id).members.get(user_id), problems.UNKNOWN_MEMBER)

    def channel(self, channel_id: int) -> Channel:
        """A channel or thread, or 10003."""
        return found(self.channels.get(channel_id), problems.UNKNOWN_CHANNEL)

    def message(self, channel_id: int, message_id: int) -> Message:
        """A message that is in the open, or 10008."""
        return found(self.messages.get(channel_id, {}).get(message_id), problems.UNKNOWN_MESSAGE)

    def parent(self, channel: Channel) -> Channel | None:
        """The channel a thread hangs from."""
        return self.channels.get(channel.parent_id or 0) if channel.is_thread else None

    def threads(self, guild_id: int, parent_id: int | None = None) -> Iterable[Channel]:
        """The guild's threads, or those of one channel, archived ones too."""
        wanted = (c for c in list(self.channels.values()) if c.is_thread and c.guild_id == guild_id)
        return [c for c in wanted if parent_id in (None, c.parent_id)]

    def allowed(self, user_id: int, channel: Channel) -> int:
        """The permission bits of a user in a channel; 0 for strangers."""
        if channel.guild_id is None:
            return int(IN_DIRECT_MESSAGES) if user_id in channel.recipients else 0
        guild = self.guilds[channel.guild_id]
        member = guild.members.get(user_id)
        return permissions_in(guild, member, channel, self.parent(channel)) if member else 0

    def sees(self, user_id: int, channel: Channel) -> bool:
        """Whether the channel exists for this user."""
        return bool(self.allowed(user_id, channel) & Permission.VIEW_CHANNEL)

    def require(self, user_id: int, channel: Channel, needed: int = 0) -> None:
        """Let the user pass, or say 50001 for a channel out of sight and 50013 for a missing permission."""
        allowed = self.allowed(user_id, channel)
        if not allowed & Permission.VIEW_CHANNEL:
            raise Problem(problems.MISSING_ACCESS)
        if needed & ~allowed:
            raise Problem(problems.MISSING_PERMISSIONS)

    def keep(self, message: Message) -> None:
        """Store a message, new or changed, among the open ones or the whispers."""
        if message.whispered_to is not None:
            self.whispers[message.id] = message
            return
        self.messages.setdefault(message.channel_id, {})[message.id] = message

    def change(self, channel: Channel, **changes: Any) -> Channel:
        """Store a changed channel and return it."""
        changed = replace(channel, **changes)
        self.channels[channel.id] = changed
        return changed
