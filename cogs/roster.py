"""Members and their roles, asked of Discord one by one: the bot has no list of a server's members."""

from __future__ import annotations

import logging
import time
from collections.abc import Collection
from dataclasses import dataclass, field

import discord
from discord.ext import commands

from bot.config import Limits
from bot.rules.allowance import unknown
from bot.standing import Standing
from cogs.telling import telling
from cogs.translate import around

log = logging.getLogger(__name__)

STRANGE = 600.0  #: seconds for which whoever is no member of a server is not asked for again
REMEMBERED = 10.0  #: seconds; whoever loses a role in the meantime keeps it for so long
KNOWN = 10_000  #: members remembered at most


@dataclass(frozen=True)
class DiscordRoster:
    """Asks over REST, and remembers the answer for a moment, and for longer whose server it is not."""

    client: discord.Client
    _known: dict[tuple[int, int], tuple[float, Standing | None]] = field(default_factory=dict)

    @property
    def servers(self) -> Collection[int]:
        """Where the bot is."""
        return [each.id for each in self.client.guilds]

    async def gathered(self) -> None:
        """Discord has told all servers."""
        await self.client.wait_until_ready()

    def roles(self, server: int) -> Collection[int] | None:
        """The roles that a server has."""
        guild = self.client.get_guild(server)
        return None if guild is None or guild.unavailable else [each.id for each in guild.roles]

    def around(self, channel: int) -> Collection[int]:
        """A channel or thread with what it hangs from."""
        return around(self.client, channel)

    async def find(self, server: int, member: int) -> Standing | None:
        """How somebody stands in a server. Raises Unreachable."""
        since, known = self._known.get((server, member), (0.0, None))
        now = time.monotonic()
        if since and now - since < (REMEMBERED if known else STRANGE):
            return known
        found = await self._fetch(server, member)
        if len(self._known) >= KNOWN:
            self._known.clear()
        self._known[server, member] = now, found
        return found

    async def _fetch(self, server: int, member: int) -> Standing | None:
        guild = self.client.get_guild(server)
        if guild is None:
            return None
        async with telling("unreachable"):
            try:
                return standing(await guild.fetch_member(member))
            except discord.NotFound:
                return None


class Roll(commands.Cog):
    """Says at every start which limits of the file are for roles that no server has."""

    def __init__(self, roster: DiscordRoster, limits: Limits) -> None:
        self._roster = roster
        self._limits = limits

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """All servers are known."""
        there = {role for server in self._roster.servers for role in self._roster.roles(server) or ()}
        for role in unknown(self._limits.role, there):
            log.warning("[[limits.role]]: no server has the role %s (any more), so that its row grants nothing", role)


def standing(member: discord.Member) -> Standing:
    """What a member has in a server. @everyone is among the roles."""
    roles = frozenset(role.id for role in member.roles)
    return Standing(member.guild.id, roles, member.guild_permissions.manage_guild)
