"""Channels: read, changed, deleted, and the dots of somebody typing."""

from __future__ import annotations

from bot.sandbox.discord import payload, problems
from bot.sandbox.discord.call import Call, Route
from bot.sandbox.discord.nouns import CATEGORY, DM, FORUM, Channel, Json
from bot.sandbox.discord.permissions import Permission
from bot.sandbox.discord.problems import Problem
from bot.sandbox.discord.services import Services


class ChannelRoutes:
    """Channels and threads as places."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._world = services.world

    def routes(self) -> list[Route]:
        """The paths of this area."""
        return [
            Route("GET", "/channels/{channel_id}", self.read),
            Route("PATCH", "/channels/{channel_id}", self.edit),
            Route("DELETE", "/channels/{channel_id}", self.delete),
            Route("POST", "/channels/{channel_id}/typing", self.typing),
        ]

    async def read(self, call: Call) -> Json:
        """One channel, thread or DM."""
        return payload.channel(self._world, call.channel(), call.actor_id)

    async def edit(self, call: Call) -> Json:
        """A thread's new settings; other channels stay as they are."""
        channel, fields = call.channel(), await call.fields()
        if "name" in fields and fields["name"] != channel.name and call.actor_id == self._world.application.bot_id:
            self._services.limits.take_rename(channel.id)
        changed = self._services.threads.update(channel, call.actor_id, fields)
        return payload.channel(self._world, changed, call.actor_id)

    async def delete(self, call: Call) -> Json:
        """The channel and everything in it; a DM is only closed."""
        channel = call.channel()
        shown = payload.channel(self._world, channel, call.actor_id)
        if channel.kind != DM:
            needed = Permission.MANAGE_THREADS if channel.is_thread else Permission.MANAGE_CHANNELS
            self._world.require(call.actor_id, channel, needed)
            self._remove(channel)
        return shown

    def _remove(self, channel: Channel) -> None:
        for thread in self._world.threads(channel.guild_id or 0, channel.id):
            self._remove(thread)
        self._services.notices.channel_gone(channel)
        for message in self._world.messages.pop(channel.id, {}).values():
            self._world.vault.release(message.files)
        del self._world.channels[channel.id]

    async def typing(self, call: Call) -> None:
        """Show everybody that one is writing."""
        channel = call.channel()
        if channel.kind in (CATEGORY, FORUM):
            raise Problem(problems.NOT_TEXT)
        self._services.messages.require_voice(channel, call.actor_id)
        data: Json = {
            "channel_id": str(channel.id),
            "user_id": str(call.actor_id),
            "timestamp": int(self._world.clock.now()),
        }
        if channel.guild_id is not None:
            member = self._world.member(channel.guild_id, call.actor_id)
            data["member"] = payload.member(self._world, member)
        self._services.notices.place("TYPING_START", channel, data)
