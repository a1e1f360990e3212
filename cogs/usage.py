"""`/usage`: what is left for whoever asks, when more comes back, and what the thread has cost. For them alone."""

from __future__ import annotations

import time
from dataclasses import dataclass

import discord
from discord import app_commands
from discord.ext import commands

from bot.config import Settings
from bot.errors import Refusal
from bot.limits import gate
from bot.limits.permit import Permit
from bot.limits.roster import Roster
from bot.limits.usage import Account, gauges, watched
from bot.model import Ask
from bot.quota import Claim
from bot.store import Store
from cogs.answers import acknowledge, whisper
from cogs.translate import Translator, member


@dataclass(frozen=True)
class Books:
    """Where it is written what somebody may have, and what they had."""

    store: Store
    settings: Settings
    roster: Roster

    async def permitted(self, ask: Ask, settings: Settings) -> tuple[Permit, Settings]:
        """What holds for an ask, as if it were admitted now. Raises Refusal where Discord does not tell who asks."""
        ask = await gate.introduced(self.store, settings.limits, ask, self.roster)
        return await gate.permitted(self.store, settings, ask, self.roster)


class Usage(commands.Cog):
    """The command."""

    def __init__(self, books: Books, translator: Translator) -> None:
        self._books = books
        self._translator = translator
        self._catalogue = translator.catalogue

    @app_commands.command(name="usage")
    async def usage(self, interaction: discord.Interaction) -> None:
        """What is left for you, when more comes back, and what this thread has cost."""
        await acknowledge(interaction, ephemeral=True, thinking=True)
        try:
            told = await self._told(interaction)
        except Refusal as refusal:
            told = self._catalogue.tell(refusal)
        await whisper(interaction, told)

    async def _told(self, interaction: discord.Interaction) -> str:
        assert isinstance(interaction.channel, discord.abc.Messageable)
        place = self._translator.place(interaction.channel, interaction.id, "")
        ask, now, store = Ask(interaction.id, place, member(interaction.user), ""), time.time(), self._books.store
        permit, settings = await self._books.permitted(ask, await self._translator.manners.usual(place))
        claim = Claim(ask.member.id, place.server)
        account = Account(
            permit,
            await gauges(store.ledger, watched(settings.limits, permit), claim, now),
            await store.spending.going(ask.member.id, place.server),
            await store.spending.thread(interaction.channel.id, ask.member.id),
            self._catalogue,
            settings.gemini.names,
            self._refusal(permit, settings),
        )
        return account.page()

    def _refusal(self, permit: Permit, settings: Settings) -> str:
        """Why nothing would be painted for them here, whatever is left."""
        try:
            permit.check(settings.gemini.model, settings.gemini.models)
        except Refusal as refusal:
            return self._catalogue.tell(refusal)
        return ""
