"""The gate before every press and every command: who it is, and whether they have the right to it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import discord
from discord import app_commands

from bot.catalogue import Catalogue
from bot.rights import TOLD, Person, Right, may, right
from cogs.translate import Translator
from cogs.wording import key_of


class Gate:
    """Asks the table of rights. Whose a thing is, its handler finds out; here it may be anybody's own."""

    def __init__(self, translator: Translator, catalogue: Catalogue) -> None:
        self._translator = translator
        self._catalogue = catalogue

    async def closed(self, interaction: discord.Interaction, key: str) -> str | None:
        """Why somebody may not, in words; None where they may."""
        needed = right(key)
        if needed is None:
            return self._catalogue.say("error.stale_button")
        unwelcome = await self._unwelcome(interaction) if needed is Right.ASK else None
        who = replace(person(interaction), welcome=unwelcome is None)
        if may(needed, who):
            return None
        return unwelcome if unwelcome and who.writes else self._catalogue.say(TOLD[needed])

    async def _unwelcome(self, interaction: discord.Interaction) -> str | None:
        """Only whoever asks is asked whether the thread is open to them."""
        if not isinstance(interaction.channel, discord.abc.Messageable):
            return None
        return await self._translator.uninvited(interaction)


def named(command: app_commands.Command[Any, ..., Any] | app_commands.Group | app_commands.ContextMenu) -> str:
    """The key of a command in the table: of a group's its own."""
    if isinstance(command, app_commands.ContextMenu):
        return key_of(command)
    return f"/{(command.root_parent or command).name}"


def person(interaction: discord.Interaction, *, own: bool = True) -> Person:
    """Who presses or commands, as Discord tells with each interaction."""
    if interaction.guild_id is None:
        return Person(own=own)
    here, everywhere = interaction.permissions, _everywhere(interaction)
    moderates = everywhere.manage_messages or everywhere.manage_threads
    return Person(
        writes=here.send_messages_in_threads if isinstance(interaction.channel, discord.Thread) else here.send_messages,
        own=own,
        moderates_here=here.manage_messages or here.manage_threads,
        moderates=moderates or here.manage_guild,
        expels=everywhere.moderate_members or here.manage_guild,
        manages=here.manage_guild,
    )


def _everywhere(interaction: discord.Interaction) -> discord.Permissions:
    """By what their roles allow in the whole server, not by what a channel adds."""
    user = interaction.user
    return user.guild_permissions if isinstance(user, discord.Member) else discord.Permissions.none()
