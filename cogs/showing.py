"""Shows drawings to whoever asked for them, and to everybody where they say so; it can take longer than a press may."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import discord
from discord import app_commands

from bot.catalogue import Catalogue
from bot.errors import BadPicture
from bot.letters import Button, File, cut
from bot.store import Node
from bot.views.album import NothingToShow
from cogs.answers import acknowledge, whisper
from cogs.attachment import Attachment

LABEL = 100  #: characters of an option and of what stands under it
CHOICES = 25  #: of a menu, and of what Discord suggests while somebody types


@dataclass(frozen=True)
class Option:
    """Something to choose from a menu."""

    value: str
    label: str
    below: str = ""


@dataclass(frozen=True)
class Menu:
    """A menu, restart-proof like a button."""

    id: str
    hint: str
    options: Sequence[Option]


@dataclass(frozen=True)
class Exhibit:
    """A drawing with a sentence above it, and what can be done under it."""

    file: File
    text: str = ""
    buttons: Sequence[Button] = ()
    menu: Menu | None = None
    links: Sequence[tuple[str, str]] = ()  #: labels and addresses
    beside: Sequence[File] = ()  #: what goes with it


class Shelf(discord.ui.View):
    """A menu and buttons that the router answers, kept out of the library's own memory of views."""

    def __init__(self, exhibit: Exhibit) -> None:
        super().__init__(timeout=None)
        if menu := exhibit.menu:
            options = [_option(each) for each in menu.options]
            self.add_item(discord.ui.Select[Shelf](custom_id=menu.id, placeholder=menu.hint, options=options))
        for label, address in exhibit.links:
            self.add_item(discord.ui.Button[Shelf](label=label, url=address))
        for button in exhibit.buttons:
            style = discord.ButtonStyle.primary if button.primary else discord.ButtonStyle.secondary
            made = discord.ui.Button[Shelf](style=style, label=button.label, custom_id=button.id)
            made.disabled = button.disabled
            self.add_item(made)
        self.stop()


Make = Callable[[], Awaitable[Exhibit]]


@dataclass(frozen=True)
class Showing:
    """Acknowledges at once, draws, and answers; where there is nothing to show it says so to the presser alone."""

    catalogue: Catalogue

    async def whisper(self, interaction: discord.Interaction, make: Make) -> None:
        """To whoever asked, in a message that only they see."""
        await acknowledge(interaction, ephemeral=True, thinking=True)
        if exhibit := await self._made(interaction, make):
            await interaction.followup.send(exhibit.text, files=_files(exhibit), view=Shelf(exhibit), ephemeral=True)

    async def turn(self, interaction: discord.Interaction, make: Make) -> None:
        """In place of what was pressed."""
        await acknowledge(interaction)
        if exhibit := await self._made(interaction, make):
            await interaction.edit_original_response(
                content=exhibit.text, attachments=_files(exhibit), view=Shelf(exhibit)
            )

    async def tell(self, interaction: discord.Interaction, make: Make, text: str) -> None:
        """To everybody in the thread, without what only the presser needs."""
        await acknowledge(interaction)
        if exhibit := await self._made(interaction, make):
            await interaction.followup.send(text, files=_files(exhibit))

    async def _made(self, interaction: discord.Interaction, make: Make) -> Exhibit | None:
        try:
            exhibit = await make()
            return None if interaction.client.is_closed() else exhibit
        except NothingToShow as nothing:
            await whisper(interaction, str(nothing))
        except BadPicture:
            if interaction.client.is_closed():  # the bot was stopped in the middle of it
                return None
            await whisper(interaction, self.catalogue.say("history.undrawn"))
        return None


def numbers_typed(nodes: Sequence[Node], typed: str) -> list[app_commands.Choice[str]]:
    """The versions that somebody may mean, newest first: by their numbers or by their words."""
    sought = typed.strip().lower()
    found = [node for node in reversed(nodes) if node.picture and _is_meant(node, sought)]
    return [app_commands.Choice(name=cut(named(node), LABEL), value=f"v{node.number}") for node in found[:CHOICES]]


def named(node: Node) -> str:
    """A version in a menu."""
    words = " ".join(node.words.split())
    return f"v{node.number} · {words}" if words else f"v{node.number}"


def _is_meant(node: Node, sought: str) -> bool:
    digits = sought.removeprefix("v")
    return str(node.number).startswith(digits) if digits.isdigit() else sought in node.words.lower() or sought == "v"


def _option(option: Option) -> discord.SelectOption:
    below = cut(option.below, LABEL) or None
    return discord.SelectOption(value=option.value, label=cut(option.label, LABEL), description=below)


def _files(exhibit: Exhibit) -> list[discord.File]:
    return [Attachment(each) for each in (exhibit.file, *exhibit.beside)]
