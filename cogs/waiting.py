"""`Cancel` on the status of an ask: for whoever asked, and for moderators."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import discord

from bot import receipt
from bot.catalogue import Catalogue
from bot.model import State, Turn
from bot.rights import RIGHTS, may
from bot.store import Store
from bot.studio import Studio
from cogs.answers import announce, whisper
from cogs.gate import person
from cogs.router import Handler
from cogs.translate import member


@dataclass(frozen=True)
class Waiting:
    """What the button does. Its id names the turn, so that it works after any restart."""

    studio: Studio
    store: Store
    catalogue: Catalogue

    @property
    def verbs(self) -> Mapping[str, Handler]:
        """By their custom ids."""
        return {"cancel": self._cancel}

    async def _cancel(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        turn = await self.store.turns.get(int(arguments[0]))
        if turn is None or turn.conversation != interaction.channel_id:
            await whisper(interaction, self.catalogue.say("error.stale_button"))
        elif not may(RIGHTS["cancel"], person(interaction, own=turn.member.id == interaction.user.id)):
            name = receipt.plain(turn.member.name)
            await whisper(interaction, self.catalogue.say("cancel.not_yours", name=name))
        elif ended := await self.studio.cancel(turn.id, member(interaction.user)):
            await self._tell(interaction, ended)
        else:
            await whisper(interaction, self.catalogue.say("cancel.over"))

    async def _tell(self, interaction: discord.Interaction, turn: Turn) -> None:
        """One's own cancelling is nobody else's business; a moderator's is told to all, and so to the asker."""
        counts = await self.store.ledger.pictures(turn.id) > 0
        if turn.state is not State.CANCELLED:
            await whisper(interaction, self.catalogue.say("cancel.kept"))
        elif turn.member.id == interaction.user.id:
            await whisper(interaction, self.catalogue.say("cancel.counted" if counts else "cancel.done"))
        else:
            name, words = receipt.plain(interaction.user.display_name), receipt.said(turn, self.catalogue)
            key = "cancel.told_counted" if counts else "cancel.told"
            await announce(interaction, self.catalogue.say(key, name=name, words=words))
