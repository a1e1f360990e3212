"""`/audit`: the channel that is told what happens in a server; how it stands, and the way to turn it off."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

import discord
from discord import app_commands
from discord.ext import commands

from bot.audit.teller import Teller
from bot.catalogue import Catalogue
from bot.letters import Button
from bot.limits.moderation import Moderation
from bot.store import Entry, Store
from cogs.answers import amend, whisper
from cogs.postman import Row
from cogs.router import Handler
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
        self.verbs: Mapping[str, Handler] = {"audit": self._pressed}

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
        elif _is_public(channel) and (await self._current(channel.guild.id)) != channel.id:
            anyway = Row([Button(say("audit.anyway"), f"audit:on:{channel.id}")])
            await whisper(interaction, say("audit.public", channel=channel.mention), anyway)
        else:
            await self._choose(interaction, channel)

    async def _pressed(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        """Off, or on although everybody reads there."""
        if arguments[0] == "off":
            await self._off(interaction)
            return
        channel = interaction.guild.get_channel_or_thread(int(arguments[1])) if interaction.guild else None
        if not isinstance(channel, discord.TextChannel | discord.Thread):
            await whisper(interaction, self._catalogue.say("error.stale_button"))
        elif lacking := self._lacking(channel):
            await whisper(interaction, self._catalogue.say("audit.closed", channel=channel.mention, names=lacking))
        else:
            await self._choose(interaction, channel)

    async def _choose(self, interaction: discord.Interaction, channel: Place) -> None:
        server = channel.guild.id
        await self._change(interaction, server, channel.id)
        self._teller.nudge(server)
        told = self._catalogue.say("audit.chosen", channel=channel.mention)
        if interaction.type is discord.InteractionType.component:
            await amend(interaction, content=told, view=None)
        else:
            await whisper(interaction, told)

    async def _change(self, interaction: discord.Interaction, server: int, channel: int | None) -> None:
        """The rule, where it is another; the channel before reads of it, and is not left to wonder."""
        by = member(interaction.user)
        async with Moderation(self._store).change(server, by) as change:
            before = (await change.desk.rules.of(server)).audit
            if before != channel:
                await change.rule("audit", channel)
                await change.desk.locales.note(server, str(interaction.guild_locale or interaction.locale))
            if channel is None:
                await change.desk.audit.drop(server)
        if before not in {None, channel}:
            told = {"what": "rule", "name": "audit", "before": before, "after": channel}
            await self._teller.leave(Entry(server, time.time(), "change", told, member=by.id))

    async def _current(self, server: int) -> int | None:
        return (await self._store.rules.of(server)).audit

    async def _show(self, interaction: discord.Interaction) -> None:
        """How it stands; who looks wants to know whether it works now, so it is tried."""
        assert interaction.guild_id is not None
        server, say = interaction.guild_id, self._catalogue.say
        channel, waiting = await self._current(server), await self._store.audit.untold(server)
        if channel is None:
            await whisper(interaction, say("audit.none", waiting=waiting))
            return
        told = [say("audit.stands", channel=f"<#{channel}>", waiting=waiting)]
        if problem := self._teller.problem(server):
            told.append(say("audit.problem", problem=self._catalogue.tell(problem)))
            self._teller.nudge(server)
        await whisper(interaction, "\n".join(told), Row([Button(say("audit.turn_off"), "audit:off")]))

    async def _off(self, interaction: discord.Interaction) -> None:
        """What was to be told and was not is forgotten, but for what moderators must know."""
        assert interaction.guild_id is not None
        await self._change(interaction, interaction.guild_id, None)
        await amend(interaction, content=self._catalogue.say("audit.turned_off"), view=None)

    def _lacking(self, channel: Place) -> str:
        """The permissions that are missing there, in words."""
        place = channel.parent if isinstance(channel, discord.Thread) else channel
        if place is None or channel.guild.me is None:
            return ""
        needed = IN_THREADS if isinstance(channel, discord.Thread) else NEEDED
        lacking = missing(place, channel.guild.me, needed)
        return self._catalogue.listed(self._catalogue.say(f"permission.{each}") for each in lacking)


def _is_public(channel: Place) -> bool:
    """Whether everybody in the server can read it."""
    if isinstance(channel, discord.Thread) and channel.is_private():
        return False
    return channel.permissions_for(channel.guild.default_role).view_channel
