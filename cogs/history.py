"""`/history`: all versions of a thread on a sheet, and from there to any of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import discord
from discord import app_commands
from discord.ext import commands

from bot import receipt
from bot.letters import Button
from bot.store import Node
from bot.views.album import Album
from bot.views.tree import Page, Tree
from cogs.router import Handler
from cogs.showing import Exhibit, Menu, Option, Showing, named

WORDS = 600  #: characters of what was asked, under one version


class History(commands.Cog):
    """The command, its pages, and the menu under them."""

    def __init__(self, album: Album) -> None:
        self._album = album
        self._say = album.catalogue.say
        self._showing = Showing(album.catalogue)
        self.verbs: Mapping[str, Handler] = {"history": self._turn, "leap": self._leap, "show_history": self._tell}

    @app_commands.command(name="history")
    async def history(self, interaction: discord.Interaction, page: app_commands.Range[int, 1, 9999] = 1) -> None:
        """All versions of this thread on one sheet."""
        await self._showing.whisper(interaction, lambda: self._sheet(interaction, page))

    async def _turn(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        """Another page in place of this one."""
        await self._showing.turn(interaction, lambda: self._sheet(interaction, int(arguments[0])))

    async def _tell(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        """The page, for everybody."""
        told = self._say("history.told", name=receipt.plain(interaction.user.display_name))
        await self._showing.tell(interaction, lambda: self._sheet(interaction, int(arguments[0])), told)

    async def _leap(self, interaction: discord.Interaction, _: list[str]) -> None:
        """What was chosen from the menu."""
        [number] = cast("Mapping[str, Any]", interaction.data)["values"]
        await self._showing.whisper(interaction, lambda: self._version(interaction, int(number)))

    async def _sheet(self, interaction: discord.Interaction, number: int) -> Exhibit:
        tree = await self._album.tree(interaction.channel_id or 0)
        page = self._album.page(tree, number)
        title = getattr(interaction.channel, "name", None) or self._say("thread.title")
        key = "history.shown" if tree.head else "history.shown_nothing"
        return Exhibit(
            await self._album.sheet(tree, page, title),
            self._say(key, **({"number": tree.head} if tree.head else {})),
            self._buttons(page),
            self._menu(tree, [stop.node for stop in page.stops if stop.node.picture]),
        )

    def _buttons(self, page: Page) -> Sequence[Button]:
        newer = Button(self._say("history.newer"), f"history:{page.number - 1}", disabled=page.number == 1)
        older = Button(self._say("history.older"), f"history:{page.number + 1}", disabled=page.number == page.of)
        share = Button(self._say("history.share"), f"show_history:{page.number}")
        return (newer, older, share) if page.of > 1 else (share,)

    def _menu(self, tree: Tree, nodes: Sequence[Node]) -> Menu | None:
        """The versions of the page, newest first; none where all of them were deleted."""
        options = [Option(str(node.number), named(node), self._below(tree, node)) for node in reversed(nodes)]
        return Menu("leap", self._say("history.choose"), options) if options else None

    def _below(self, tree: Tree, node: Node) -> str:
        parent = tree.parent(node)
        return self._say("history.below", name=node.who, base=parent.number) if parent else node.who

    async def _version(self, interaction: discord.Interaction, number: int) -> Exhibit:
        """One version, with the ways to go from there."""
        node = self._album.node(await self._album.tree(interaction.channel_id or 0), number)
        name, words = receipt.plain(node.who), receipt.plain(node.words, WORDS)
        address = (
            f"https://discord.com/channels/{interaction.guild_id or '@me'}/{interaction.channel_id}/{node.message}"
        )
        return Exhibit(
            await self._album.portrait(node),
            self._say("history.version", number=number, name=name, words=words),
            [Button(self._say("history.from", number=number), f"from:{number}", primary=True)],
            links=[(self._say("history.show"), address)] if node.message else (),
        )
