"""An ask made by a press or a form: an ask like any other, but that its refusals are for the presser alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import discord

from bot.model import Ask
from bot.studio import Studio
from cogs.router import whisper
from cogs.translate import Translator, member


@dataclass(frozen=True)
class Asker:
    """Asks on behalf of whoever pressed."""

    studio: Studio
    translator: Translator

    async def ask(self, interaction: discord.Interaction, words: str, about: int, **fields: Any) -> None:
        """Acknowledge without a word: the answer is a message of its own, in reply to the message `about`."""
        await interaction.response.defer()
        channel = interaction.channel
        assert isinstance(channel, discord.abc.Messageable)
        place = self.translator.place(channel, about, words)
        message = about if place.title is None else None  # a thread that opens from a message answers it already
        ask = Ask(interaction.id, place, member(interaction.user), words, message=message, **fields)
        admitted = await self.studio.hear(ask, self.translator.closed(channel))
        if admitted.refusal:
            await whisper(interaction, admitted.refusal)
