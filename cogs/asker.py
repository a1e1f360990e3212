"""What a press is about, and the ask it makes: one like any other, but that its refusals are for the presser alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import discord

from bot.catalogue import Catalogue
from bot.letters import Button
from bot.model import Ask, Version
from bot.store import Promise, Store
from bot.studio import Studio
from bot.views import row
from cogs.answers import acknowledge, whisper
from cogs.postman import Row
from cogs.translate import Translator, member


@dataclass(frozen=True)
class Asker:
    """Finds the version that was pressed on, and asks on behalf of whoever pressed."""

    studio: Studio
    store: Store
    translator: Translator
    catalogue: Catalogue

    async def which(self, interaction: discord.Interaction, verb: str, argument: str) -> Version | None:
        """The version that is meant; where several are to be seen, the presser is asked."""
        numbers = row.numbers(argument)
        found = await self.store.versions.named(conversation(interaction), numbers)
        if len(found) < 2:
            return await self.version(interaction, found[0].number if found else numbers[0])
        buttons = [Button(f"v{each.number}", f"{verb}:{each.number}") for each in found]
        await whisper(interaction, self.catalogue.say("picker.meant"), Row(buttons))
        return None

    async def version(self, interaction: discord.Interaction, number: int) -> Version | None:
        """The version; where it is gone, the presser is told."""
        found = await self.store.versions.find(conversation(interaction), number)
        if found is not None and not found.gone:
            return found
        gone = self.catalogue.say("error.version_gone", number=number)
        await whisper(interaction, gone if found else self.catalogue.say("error.stale_button"))
        return None

    async def ask(self, interaction: discord.Interaction, words: str, version: Version, **fields: Any) -> None:
        """Ask for something, in reply to the message that shows a version."""
        channel, about = interaction.channel, version.message or conversation(interaction)
        assert isinstance(channel, discord.abc.Messageable)
        place = self.translator.place(channel, about, words)
        await self.hand_in(
            interaction, Ask(interaction.id, place, member(interaction.user), words, message=about, **fields)
        )

    async def hand_in(self, interaction: discord.Interaction, ask: Ask) -> None:
        """Acknowledge without a word: the answer is a message of its own, and a refusal only the presser reads."""
        beside = interaction.message is not None  # else there is nothing that could stay as it is
        assert isinstance(interaction.channel, discord.abc.Messageable)
        async with self.studio.promises.made(promise(interaction)):
            await acknowledge(interaction, ephemeral=not beside, thinking=not beside)
            admitted = await self.studio.hear(ask, self.translator.closed(interaction.channel))
        if admitted.refusal:
            await whisper(interaction, admitted.refusal)
        elif not beside:
            await interaction.delete_original_response()


def promise(interaction: discord.Interaction) -> Promise:
    """What is owed to whoever pressed or commanded, from the acknowledgement on."""
    return Promise(interaction.id, interaction.user.id, conversation(interaction))


def conversation(interaction: discord.Interaction) -> int:
    """The thread that was pressed in."""
    assert interaction.channel_id is not None
    return interaction.channel_id
