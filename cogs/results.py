"""The row under every result: edit, retry, undo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import discord

from bot import receipt, row
from bot.catalogue import Catalogue
from bot.letters import Button
from bot.model import Ask, Model, Version
from bot.steering import Steering
from bot.store import Store
from bot.studio import Studio
from cogs.forms import edit_form, written
from cogs.postman import Row
from cogs.router import Handler, whisper
from cogs.translate import Translator, member


@dataclass(frozen=True)
class Results:
    """What the buttons do. Whatever one asks for is an ask like any other."""

    studio: Studio
    store: Store
    translator: Translator
    catalogue: Catalogue
    model: Model

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
        version = await self._pressed(interaction, "edit", arguments)
        if version is not None:
            title = self.catalogue.say("form.edit", number=version.number)
            form = edit_form(f"edited:{version.number}", title, self.model, self.catalogue)
            await interaction.response.send_modal(form)

    async def _edited(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        """The form comes back."""
        form = written(interaction)
        fields = {"uploads": form.uploads, "ratio": form.ratio, "size": form.size}
        await self._ask(interaction, form.words, base=int(arguments[0]), **fields)

    async def _retry(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        """The same words from the same base: a sibling."""
        first, *_ = row.numbers(arguments[0])
        version = await self._version(interaction, first)
        if version is not None:
            await self._ask(interaction, "", again=version.turn)

    async def _undo(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        """One step back where it is the newest; elsewhere an offer to the presser."""
        *_, last = row.numbers(arguments[0])
        undone = await Steering(self.store).undo(_conversation(interaction), last)
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
        version = await Steering(self.store).edit_from(_conversation(interaction), int(arguments[0]))
        if version is None:
            await whisper(interaction, self.catalogue.say("error.stale_button"))
        else:
            await self._tell_head(interaction, "row.led", version)

    async def _ask(self, interaction: discord.Interaction, words: str, **fields: Any) -> None:
        """Acknowledge without a word: the answer is a message of its own, and a refusal only the presser reads."""
        await interaction.response.defer()
        channel, message = interaction.channel, interaction.message
        assert isinstance(channel, discord.abc.Messageable)
        assert message is not None
        place = self.translator.place(channel, message.id, "")
        ask = Ask(interaction.id, place, member(interaction.user), words, message=message.id, **fields)
        admitted = await self.studio.hear(ask, self.translator.closed(channel))
        if admitted.refusal:
            await whisper(interaction, admitted.refusal)

    async def _pressed(self, interaction: discord.Interaction, verb: str, arguments: Sequence[str]) -> Version | None:
        """The version that is meant; where several are to be seen, the presser is asked."""
        numbers = row.numbers(arguments[0])
        if len(numbers) == 1:
            return await self._version(interaction, numbers[0])
        buttons = [Button(f"v{number}", f"{verb}:{number}") for number in numbers]
        await whisper(interaction, self.catalogue.say("picker.which"), Row(buttons))
        return None

    async def _version(self, interaction: discord.Interaction, number: int) -> Version | None:
        version = await self.store.versions.get(_conversation(interaction), number)
        if version is None:
            await whisper(interaction, self.catalogue.say("error.stale_button"))
        return version

    async def _tell_head(self, interaction: discord.Interaction, key: str, version: Version) -> None:
        """Everybody in the thread reads what plain words change now."""
        name = receipt.plain(interaction.user.display_name)
        told = self.catalogue.say(key, name=name, number=version.number, link=_link(interaction, version))
        await interaction.response.send_message(told)


def _conversation(interaction: discord.Interaction) -> int:
    assert interaction.channel_id is not None
    return interaction.channel_id


def _link(interaction: discord.Interaction, version: Version) -> str:
    where = interaction.guild_id or "@me"
    return f"https://discord.com/channels/{where}/{interaction.channel_id}/{version.message}"
