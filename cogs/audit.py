"""`/audit`: the channel that is told what happens in a server; how it stands, and the way to turn it off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import discord
from discord import app_commands
from discord.ext import commands

from bot.catalogue import Catalogue
from bot.letters import Button
from bot.moderation import Moderation
from bot.store import Store
from bot.teller import Teller
from cogs.postman import Row
from cogs.router import Handler, whisper
from cogs.translate import member, missing

NEEDED = ("view_channel", "send_messages", "read_message_history", "attach_files")
IN_THREADS = ("view_channel", "send_messages_in_threads", "read_message_history", "attach_files")

Place = discord.TextChannel | discord.Thread


@dataclass(frozen=True)
class Desk:
    """What the command works with."""

    store: Store
    teller: Teller
    catalogue: Catalogue


class Audit(commands.Cog):
    """The command and its button."""

    def __init__(self, desk: Desk) -> None:
        self._store = desk.store
        self._teller = desk.teller
        self._catalogue = desk.catalogue
        self.verbs: Mapping[str, Handler] = {"audit": self._off}

    @app_commands.command(name="audit")
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.allowed_contexts(guilds=True)
    async def audit(self, interaction: discord.Interaction, channel: Place | None = None) -> None:
        """The channel that is told of every ask, change and report."""
        say = self._catalogue.say
        if channel is None:
            await self._show(interaction)
        elif lacking := self._lacking(channel):
            await whisper(interaction, say("audit.closed", channel=channel.mention, names=lacking))
        else:
            await self._choose(interaction, channel)

    async def _choose(self, interaction: discord.Interaction, channel: Place) -> None:
        assert interaction.guild_id is not None
        server, say = interaction.guild_id, self._catalogue.say
        if (await self._store.rules.of(server)).audit != channel.id:
            async with Moderation(self._store).change(server, member(interaction.user)) as change:
                await change.rule("audit", channel.id)
                await change.desk.locales.note(server, str(interaction.guild_locale or interaction.locale))
        self._teller.nudge(server)
        told = [say("audit.chosen", channel=channel.mention)]
        if channel.permissions_for(channel.guild.default_role).view_channel:
            told.append(say("audit.public"))
        await whisper(interaction, "\n".join(told))

    async def _show(self, interaction: discord.Interaction) -> None:
        """How it stands; who looks wants to know whether it works now, so it is tried."""
        assert interaction.guild_id is not None
        server, say = interaction.guild_id, self._catalogue.say
        channel, waiting = (await self._store.rules.of(server)).audit, await self._store.audit.untold(server)
        if channel is None:
            await whisper(interaction, say("audit.none", waiting=waiting))
            return
        told = [say("audit.stands", channel=f"<#{channel}>", waiting=waiting)]
        if problem := self._teller.problem(server):
            told.append(say("audit.problem", problem=self._catalogue.tell(problem)))
            self._teller.nudge(server)
        await whisper(interaction, "\n".join(told), Row([Button(say("audit.turn_off"), "audit:off")]))

    async def _off(self, interaction: discord.Interaction, _: list[str]) -> None:
        """What was to be told and was not is forgotten, but for what moderators must know."""
        say = self._catalogue.say
        assert interaction.guild_id is not None
        async with Moderation(self._store).change(interaction.guild_id, member(interaction.user)) as change:
            if (await change.desk.rules.of(interaction.guild_id)).audit is not None:
                await change.rule("audit", None)
            await change.desk.audit.drop(interaction.guild_id)
        await interaction.response.edit_message(content=say("audit.turned_off"), view=None)

    def _lacking(self, channel: Place) -> str:
        """The permissions that are missing there, in words."""
        place = channel.parent if isinstance(channel, discord.Thread) else channel
        if place is None or channel.guild.me is None:
            return ""
        needed = IN_THREADS if isinstance(channel, discord.Thread) else NEEDED
        lacking = missing(place, channel.guild.me, needed)
        return self._catalogue.say("receipt.joined").join(self._catalogue.say(f"permission.{each}") for each in lacking)
