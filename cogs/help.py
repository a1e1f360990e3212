"""`/help`: how to paint, by example; its list of commands is the tree's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.catalogue import Catalogue
from bot.config import Limits
from bot.views.help import PAGES, Command, Help
from cogs.answers import amend, show
from cogs.router import Handler
from cogs.wording import key_of


class Guide(commands.Cog):
    """The command and its pages, turned by buttons that work for ever."""

    def __init__(self, client: commands.Bot, limits: Limits, catalogue: Catalogue) -> None:
        self._client = client
        self._limits = limits
        self._catalogue = catalogue
        self.verbs: Mapping[str, Handler] = {"help": self._turn}

    @app_commands.command(name="help")
    async def help(self, interaction: discord.Interaction) -> None:
        """How to paint with me, by example."""
        await show(interaction, self._page(interaction, PAGES[0]))

    async def _turn(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        await amend(interaction, view=self._page(interaction, arguments[0]))

    def _page(self, interaction: discord.Interaction, name: str) -> Page:
        assert self._client.user is not None
        told = Help(
            name=self._client.user.name,
            commands=listed(self._client.tree, self._catalogue, interaction),
            limits=self._limits,
            catalogue=self._catalogue,
            hears=self._client.intents.message_content,
            direct=interaction.guild_id is None,
        )
        labels = {each: self._catalogue.say(f"help.page_{each}") for each in PAGES}
        return Page(told.page(name), labels, name)


class Page(discord.ui.LayoutView):
    """Blocks of text, and the pages there are; kept out of the library's own memory of views."""

    def __init__(self, blocks: Sequence[str], labels: Mapping[str, str], current: str) -> None:
        super().__init__(timeout=None)
        container = discord.ui.Container[Page]()
        for number, block in enumerate(blocks):
            if number > 1:
                container.add_item(discord.ui.Separator())
            container.add_item(discord.ui.TextDisplay(block))
        self.add_item(container)
        row = discord.ui.ActionRow[Page]()
        for name, label in labels.items():
            row.add_item(discord.ui.Button(label=label, custom_id=f"help:{name}", disabled=name == current))
        self.add_item(row)
        self.stop()


def listed(
    tree: app_commands.CommandTree[Any], catalogue: Catalogue, interaction: discord.Interaction
) -> list[Command]:
    """Every command that whoever asks finds there, and every entry of a message's menu, in the order of their names."""
    say = catalogue.say
    menus = [Command(say(key_of(each))) for each in tree.get_commands(type=discord.AppCommandType.message)]
    slash = [
        Command(each.name, say(key_of(each)))
        for each in tree.get_commands(type=discord.AppCommandType.chat_input)
        if _is_found(each, interaction)
    ]
    return sorted(slash, key=lambda each: each.name) + sorted(menus, key=lambda each: each.name)


def _is_found(command: app_commands.Command[Any, ..., Any] | app_commands.Group, by: discord.Interaction) -> bool:
    """As Discord shows commands, unless a server has its own mind about them (Server Settings, Integrations)."""
    needed = command.default_permissions
    return not (by.guild_id is None and command.guild_only) and (needed is None or needed <= by.permissions)
