"""AutoMod as Discord tells of it: its rules where the bot may read them, and every change of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord.ext import commands

from bot.words import Words
from cogs.telling import telling
from cogs.translate import around


@dataclass(frozen=True)
class DiscordRules:
    """Where the book of rules is read from."""

    client: discord.Client

    def may_read(self, server: int) -> bool:
        """Whether the bot may: that takes “Manage Server”."""
        guild = self.client.get_guild(server)
        return guild is not None and guild.me is not None and guild.me.guild_permissions.manage_guild

    async def rows(self, server: int) -> Sequence[Mapping[str, Any]]:
        """The rules as Discord writes them: the library's own reading of them gives up at what it does not know."""
        async with telling("unreachable"):
            return await self.client.http.get_auto_moderation_rules(server)

    def is_above(self, server: int, member: int, roles: frozenset[int]) -> bool:
        """Whether a member manages the server, by their roles or because it is theirs."""
        guild = self.client.get_guild(server)
        if guild is None:
            return False
        held = [role.permissions for each in roles if (role := guild.get_role(each)) is not None]
        managing = any(each.manage_guild or each.administrator for each in held)
        return managing or guild.owner_id == member

    def around(self, channel: int) -> frozenset[int]:
        """A channel or thread, the channel it hangs from, and their category."""
        return around(self.client, channel) | {channel}

    def locale(self, server: int) -> str | None:
        """The server's preferred one."""
        guild = self.client.get_guild(server)
        return str(guild.preferred_locale) if guild else None


class AutoModCog(commands.Cog):
    """Hears of changes; what has changed is read again when it is next needed."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._book = words.book

    async def cog_unload(self) -> None:
        """The last alerts go out while there is a connection."""
        await self._words.close()

    @commands.Cog.listener()
    async def on_automod_rule_create(self, rule: discord.AutoModRule) -> None:
        """A new rule."""
        self._book.forget(rule.guild.id)

    @commands.Cog.listener()
    async def on_automod_rule_update(self, rule: discord.AutoModRule) -> None:
        """A changed one."""
        self._book.forget(rule.guild.id)

    @commands.Cog.listener()
    async def on_automod_rule_delete(self, rule: discord.AutoModRule) -> None:
        """One that is gone."""
        self._book.forget(rule.guild.id)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """After a break that could not be mended nobody tells what happened in it."""
        self._book.forget_all()
