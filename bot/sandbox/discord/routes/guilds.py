"""Servers: their channels, members, roles and active threads."""

from __future__ import annotations

from bot.sandbox.discord import payload, problems
from bot.sandbox.discord.call import Call, Route
from bot.sandbox.discord.nouns import Guild, Json
from bot.sandbox.discord.problems import Problem
from bot.sandbox.discord.services import Services


class GuildRoutes:
    """What is known of a server."""

    def __init__(self, services: Services) -> None:
        self._world = services.world

    def routes(self) -> list[Route]:
        """The paths of this area."""
        return [
            Route("GET", "/guilds/{guild_id}", self.guild),
            Route("GET", "/guilds/{guild_id}/channels", self.channels),
            Route("GET", "/guilds/{guild_id}/roles", self.roles),
            Route("GET", "/guilds/{guild_id}/threads/active", self.active_threads),
            Route("GET", "/guilds/{guild_id}/members/{user_id}", self.member),
        ]

    def _guild(self, call: Call) -> Guild:
        guild = self._world.guild(call.id("guild_id"))
        if call.actor_id not in guild.members:
            raise Problem(problems.MISSING_ACCESS)
        return guild

    async def guild(self, call: Call) -> Json:
        """The server itself."""
        guild = self._guild(call)
        counts = {"approximate_member_count": len(guild.members), "approximate_presence_count": len(guild.members)}
        return payload.guild(guild) | (counts if call.flag("with_counts") else {})

    async def channels(self, call: Call) -> list[Json]:
        """Its channels, without threads, as far as one may see them."""
        guild = self._guild(call)
        own = [one for one in self._world.channels.values() if one.guild_id == guild.id and not one.is_thread]
        return [payload.channel(self._world, one) for one in own if self._world.sees(call.actor_id, one)]

    async def roles(self, call: Call) -> list[Json]:
        """Its roles."""
        return [payload.role(one) for one in self._guild(call).roles.values()]

    async def active_threads(self, call: Call) -> Json:
        """Its threads that are not archived, and which of them one has joined."""
        guild = self._guild(call)
        awake = [one for one in self._world.threads(guild.id) if one.thread and not one.thread.archived]
        shown = [one for one in awake if self._world.sees(call.actor_id, one)]
        joined = [one for one in shown if one.thread and call.actor_id in one.thread.members]
        return {
            "threads": [payload.channel(self._world, one, call.actor_id) for one in shown],
            "members": [payload.thread_member(one, call.actor_id) for one in joined],
            "has_more": False,
        }

    async def member(self, call: Call) -> Json:
        """One member."""
        guild = self._guild(call)
        return payload.member(self._world, self._world.member(guild.id, call.id("user_id")))
