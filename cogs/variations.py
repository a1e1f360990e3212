"""`Variations`: the same ask from the same picture, three at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import discord

from bot import row
from bot.catalogue import Catalogue
from bot.store import Store
from cogs.asker import Asker
from cogs.router import Handler, whisper

COUNT = 3


@dataclass(frozen=True)
class Variations:
    """What the button does. All pictures of a message come from one ask, so that it never asks which."""

    asker: Asker
    store: Store
    catalogue: Catalogue

    @property
    def verbs(self) -> Mapping[str, Handler]:
        """By their custom ids."""
        return {"vary": self._vary}

    async def _vary(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        assert interaction.channel_id is not None
        shown = await self.store.versions.named(interaction.channel_id, row.numbers(arguments[0]))
        if not shown:
            await whisper(interaction, self.catalogue.say("error.stale_button"))
            return
        await self.asker.ask(interaction, "", shown[0], again=shown[0].turn, count=COUNT)
