"""What people put on messages: reactions and pins."""

from __future__ import annotations

from dataclasses import replace

from bot.sandbox.discord import payload, problems
from bot.sandbox.discord.messages import Messages
from bot.sandbox.discord.notices import Notices
from bot.sandbox.discord.nouns import PINNED, Channel, Json, Message, Reaction, Reference
from bot.sandbox.discord.permissions import Permission
from bot.sandbox.discord.problems import Problem
from bot.sandbox.discord.threads import Threads
from bot.sandbox.discord.world import World

MOST_REACTIONS, MOST_PINS = 20, 250


class Marks:
    """The rules of reactions and pins."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._notices = Notices(world)
        self._messages = Messages(world)
        self._threads = Threads(world)

    def react(self, message: Message, user_id: int, emoji: str) -> None:
        """Add somebody's reaction."""
        channel = self._reachable(message, user_id, Permission.READ_MESSAGE_HISTORY)
        if emoji.isascii():
            raise Problem(problems.UNKNOWN_EMOJI)
        known = {one.emoji: one.users for one in message.reactions}
        if emoji not in known:
            self._world.require(user_id, channel, Permission.ADD_REACTIONS)
        if emoji not in known and len(known) >= MOST_REACTIONS:
            raise Problem(problems.TOO_MANY_REACTIONS)
        if user_id in known.get(emoji, ()):
            return
        known[emoji] = (*known.get(emoji, ()), user_id)
        self._keep(message, known)
        self._tell("MESSAGE_REACTION_ADD", channel, message, emoji, user_id)

    def unreact(self, message: Message, user_id: int, emoji: str) -> None:
        """Take back one's own reaction."""
        channel = self._reachable(message, user_id)
        known = {one.emoji: one.users for one in message.reactions}
        if user_id not in known.get(emoji, ()):
            return
        known[emoji] = tuple(one for one in known[emoji] if one != user_id)
        self._keep(message, known)
        self._tell("MESSAGE_REACTION_REMOVE", channel, message, emoji, user_id)

    def _reachable(self, message: Message, user_id: int, needed: int = 0) -> Channel:
        channel = self._world.channel(message.channel_id)
        self._world.require(user_id, channel, needed)
        self._threads.require_awake(channel)
        return channel

    def _keep(self, message: Message, known: dict[str, tuple[int, ...]]) -> None:
        reactions = tuple(Reaction(emoji, users) for emoji, users in known.items() if users)
        self._world.keep(replace(message, reactions=reactions))

    def _tell(self, name: str, channel: Channel, message: Message, emoji: str, user_id: int) -> None:
        data: Json = {
            "user_id": str(user_id),
            "channel_id": str(channel.id),
            "message_id": str(message.id),
            "emoji": {"id": None, "name": emoji},
            "burst": False,
            "type": 0,
        }
        if name == "MESSAGE_REACTION_ADD":
            data["message_author_id"] = str(message.author_id)
            if channel.guild_id is not None:
                member = self._world.member(channel.guild_id, user_id)
                data["member"] = payload.member(self._world, member)
        self._notices.place(name, channel, data)

    def pin(self, message: Message, user_id: int) -> None:
        """Pin a message, with the line that says so."""
        channel = self._reachable(message, user_id, Permission.PIN_MESSAGES)
        if message.pinned_at is not None:
            return
        if len(self.pinned(channel)) >= MOST_PINS:
            raise Problem(problems.TOO_MANY_PINS)
        now = self._world.clock.now()
        self._messages.amend(message, pinned_at=now)
        self._pins_changed(self._world.change(self._world.channel(channel.id), last_pin_at=now))
        reference = Reference(channel.id, message.id, channel.guild_id)
        self._messages.post(channel, user_id, kind=PINNED, reference=reference)

    def unpin(self, message: Message, user_id: int) -> None:
        """Take a pin off."""
        channel = self._reachable(message, user_id, Permission.PIN_MESSAGES)
        if message.pinned_at is not None:
            self._messages.amend(message, pinned_at=None)
            self._pins_changed(channel)

    def pinned(self, channel: Channel) -> list[Message]:
        """The pinned messages, the latest pin first."""
        found = [one for one in self._world.messages.get(channel.id, {}).values() if one.pinned_at is not None]
        return sorted(found, key=lambda one: one.pinned_at or 0, reverse=True)

    def _pins_changed(self, channel: Channel) -> None:
        shown = payload.channel(self._world, channel).get("last_pin_timestamp")
        data = {"channel_id": str(channel.id), "last_pin_timestamp": shown}
        self._notices.place("CHANNEL_PINS_UPDATE", channel, data)
