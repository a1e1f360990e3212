"""The row under every result: edit, retry, undo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import discord

from bot import receipt
from bot.asking.steering import Steering
from bot.catalogue import Catalogue
from bot.letters import Button
from bot.model import Version
from bot.store import Store
from bot.views import card, row
from cogs.answers import announce, open_form, whisper
from cogs.asker import Asker, conversation
from cogs.forms import edit_form, written
from cogs.postman import Row
from cogs.router import Handler


@dataclass(frozen=True)
class Results:
    """What the buttons do. Whatever one asks for is an ask like any other."""

    asker: Asker
    store: Store
    catalogue: Catalogue

    @property
    def verbs(self) -> Mapping[str, Handler]:
        """By their custom ids."""
        return {
            "edit": self._edit,
            "edited": self._edited,
            "retry": self._retry,
            "undo": self._undo,
            "from": self._edit_from,
        }

    async def _edit(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        """Open the form; on a message with several pictures, first ask which."""
        version = await self.asker.which(interaction, "edit", arguments[0])
        if version is not None:
            title = self.catalogue.say("form.edit", number=version.number)
            model = await self.asker.translator.model(interaction)
            await open_form(interaction, edit_form(f"edited:{version.number}", title, model, self.catalogue))

    async def _edited(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        """The form comes back."""
        form = written(interaction)
        fields = {"uploads": form.uploads, "ratio": form.ratio, "size": form.size}
        if version := await self.asker.version(interaction, int(arguments[0])):
            await self.asker.ask(interaction, form.words, version, base=version.number, **fields)

    async def _retry(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        """The same words from the same base: a sibling."""
        first, *_ = row.numbers(arguments[0])
        if version := await self.asker.version(interaction, first):
            await self.asker.ask(interaction, "", version, again=version.turn)

    async def _undo(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        """One step back where it is the newest; elsewhere an offer to the presser."""
        *_, last = row.numbers(arguments[0])
        undone = await Steering(self.store).undo(conversation(interaction), last)
        if undone.to is not None:
            await self._tell_head(interaction, "row.undone", undone.to)
        elif undone.offers:
            say = self.catalogue.say
            buttons = [Button(say("row.from", number=each.number), f"from:{each.number}") for each in undone.offers]
            await whisper(interaction, say("row.not_newest", number=last), Row(buttons))
        else:
            await whisper(interaction, self.catalogue.say("error.stale_button"))

    async def _edit_from(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        """From now on plain words change this one."""
        version = await Steering(self.store).edit_from(conversation(interaction), int(arguments[0]))
        if version is None:
            await whisper(interaction, self.catalogue.say("error.stale_button"))
        else:
            await self._tell_head(interaction, "row.led", version)

    async def _tell_head(self, interaction: discord.Interaction, key: str, version: Version) -> None:
        """Everybody in the thread reads what plain words change now."""
        name = receipt.plain(interaction.user.display_name)
        link = card.address(interaction.guild_id, conversation(interaction), version.message)
        await announce(interaction, self.catalogue.say(key, name=name, number=version.number, link=link))
