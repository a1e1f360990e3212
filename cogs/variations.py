"""`Variations`: the same ask from the same picture, three at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import discord

from bot.views import row
from cogs.asker import Asker, conversation
from cogs.router import Handler

COUNT = 3


@dataclass(frozen=True)
class Variations:
    """What the button does. All pictures of a message come from one ask, so that it never asks which."""

    asker: Asker

    @property
    def verbs(self) -> Mapping[str, Handler]:
        """By their custom ids."""
        return {"vary": self._vary}

    async def _vary(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        first, *others = row.numbers(arguments[0])
        shown = await self.asker.store.versions.named(conversation(interaction), [first, *others])
        if version := shown[0] if shown else await self.asker.version(interaction, first):
            await self.asker.ask(interaction, "", version, again=version.turn, count=COUNT)
