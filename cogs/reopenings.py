"""Threads that are open to the bot again: what they did not take while they were closed can be delivered."""

from __future__ import annotations

import discord
from discord.ext import commands

from bot.backlog import Backlog


class Reopenings(commands.Cog):
    """Listens, and tells the backlog."""

    def __init__(self, backlog: Backlog) -> None:
        self._backlog = backlog

    @commands.Cog.listener()
    async def on_raw_thread_update(self, payload: discord.RawThreadUpdateEvent) -> None:
        """A thread is not as it was; one that rests wakes up with a message, unless it is locked."""
        if not payload.data["thread_metadata"].get("locked"):
            self._backlog.opened(payload.thread_id)

    @commands.Cog.listener("on_guild_channel_update")
    @commands.Cog.listener("on_member_update")
    async def on_grant(self, _before: object, after: discord.abc.GuildChannel | discord.Member) -> None:
        """The bot may be allowed there what it was not; of other members than itself it hears nothing."""
        await self._backlog.missed(after.guild.id)

    @commands.Cog.listener()
    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        """Likewise; some roles change their colour all day."""
        if before.permissions != after.permissions:
            await self._backlog.missed(after.guild.id)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """A new session: of what happened before it nothing is told."""
        await self._backlog.missed()
