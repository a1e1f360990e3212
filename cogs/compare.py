"""`/compare`: two versions side by side, and the one moving into the other."""

from __future__ import annotations

from collections.abc import Mapping

import discord
from discord import app_commands
from discord.ext import commands

from bot import receipt
from bot.letters import Button
from bot.pictures import percent
from bot.store import Node
from bot.views.album import Album, NothingToShow
from cogs.router import Handler
from cogs.showing import Exhibit, Showing, numbers_typed


class Compare(commands.Cog):
    """The command, the button of the same kind elsewhere, and the moving pictures on demand."""

    def __init__(self, album: Album) -> None:
        self._album = album
        self._say = album.catalogue.say
        self._showing = Showing(album.catalogue)
        self.verbs: Mapping[str, Handler] = {
            "compare": self._beside,
            "wipe": self._wipe,
            "blink": self._blink,
            "show_compare": self._tell_beside,
            "show_wipe": self._tell_wipe,
            "show_blink": self._tell_blink,
        }

    @app_commands.command(name="compare")
    async def compare(self, interaction: discord.Interaction, first: str, second: str) -> None:
        """Two versions side by side."""
        await self._showing.whisper(interaction, lambda: self._compared(interaction, [first, second]))

    @compare.autocomplete("first")
    @compare.autocomplete("second")
    async def _suggest(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return numbers_typed(await self._album.store.nodes.of(interaction.channel_id or 0), typed)

    async def _beside(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        await self._showing.whisper(interaction, lambda: self._compared(interaction, arguments))

    async def _wipe(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        await self._showing.whisper(interaction, lambda: self._moving(interaction, "wipe", arguments))

    async def _blink(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        await self._showing.whisper(interaction, lambda: self._moving(interaction, "blink", arguments))

    async def _tell_beside(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        told = self._told(interaction, arguments)
        await self._showing.tell(interaction, lambda: self._compared(interaction, arguments), told)

    async def _tell_wipe(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        told = self._told(interaction, arguments)
        await self._showing.tell(interaction, lambda: self._moving(interaction, "wipe", arguments), told)

    async def _tell_blink(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        told = self._told(interaction, arguments)
        await self._showing.tell(interaction, lambda: self._moving(interaction, "blink", arguments), told)

    def _told(self, interaction: discord.Interaction, arguments: list[str]) -> str:
        first, second = arguments
        name = receipt.plain(interaction.user.display_name)
        return self._say("compare.told", name=name, first=first, second=second)

    async def _compared(self, interaction: discord.Interaction, typed: list[str]) -> Exhibit:
        before, after = await self._pair(interaction, typed)
        file, share = await self._album.comparison(before, after)
        text = self._say("compare.shown", first=before.number, second=after.number, share=percent(share))
        reshaped = f"\n-# {self._say('compare.reshaped')}" if _differ_in_shape(before, after) else ""
        pair = f"{before.number}:{after.number}"
        buttons = [Button(self._say(f"compare.{verb}"), f"{verb}:{pair}") for verb in ("wipe", "blink")]
        return Exhibit(file, text + reshaped, [*buttons, Button(self._say("history.share"), f"show_compare:{pair}")])

    async def _moving(self, interaction: discord.Interaction, verb: str, typed: list[str]) -> Exhibit:
        before, after = await self._pair(interaction, typed)
        file = await self._album.animation(before, after, interaction.filesize_limit, wiped=verb == "wipe")
        text = self._say("compare.moving", first=before.number, second=after.number)
        share = Button(self._say("history.share"), f"show_{verb}:{before.number}:{after.number}")
        return Exhibit(file, text, [share])

    async def _pair(self, interaction: discord.Interaction, typed: list[str]) -> tuple[Node, Node]:
        tree = await self._album.tree(interaction.channel_id or 0)
        before, after = (self._album.named(tree, each) for each in typed)
        if before.number == after.number:
            raise NothingToShow(self._say("compare.same", number=before.number))
        return before, after


def _differ_in_shape(before: Node, after: Node) -> bool:
    assert before.picture is not None
    assert after.picture is not None
    one, other = (each.width / each.height for each in (before.picture, after.picture))
    return abs(one / other - 1) > 0.02
