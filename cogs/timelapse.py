"""`/timelapse`: how a version came to be, as a moving picture with the words under it."""

from __future__ import annotations

from collections.abc import Mapping

import discord
from discord import app_commands
from discord.ext import commands

from bot import receipt
from bot.letters import Button
from bot.views.album import Album
from cogs.router import Handler
from cogs.showing import Exhibit, Showing, numbers_typed


class Timelapse(commands.Cog):
    """The command."""

    def __init__(self, album: Album) -> None:
        self._album = album
        self._say = album.catalogue.say
        self._showing = Showing(album.catalogue)
        self.verbs: Mapping[str, Handler] = {"show_timelapse": self._tell}

    @app_commands.command(name="timelapse")
    async def timelapse(self, interaction: discord.Interaction, version: str | None = None) -> None:
        """How a version came to be."""
        await self._showing.whisper(interaction, lambda: self._film(interaction, version))

    @timelapse.autocomplete("version")
    async def _suggest(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return numbers_typed(await self._album.store.nodes.of(interaction.channel_id or 0), typed)

    async def _tell(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        """For everybody."""
        name = receipt.plain(interaction.user.display_name)
        told = self._say("timelapse.told", name=name, last=arguments[0])
        await self._showing.tell(interaction, lambda: self._film(interaction, arguments[0]), told)

    async def _film(self, interaction: discord.Interaction, typed: str | None) -> Exhibit:
        tree = await self._album.tree(interaction.channel_id or 0)
        node = self._album.named(tree, typed or f"v{tree.head or tree.newest}")
        file = await self._album.film(tree, node, interaction.filesize_limit)
        first, *_ = tree.path(node.number)
        share = Button(self._say("history.share"), f"show_timelapse:{node.number}")
        return Exhibit(file, self._say("timelapse.shown", first=first.number, last=node.number), [share])
