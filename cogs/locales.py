"""The locale of whoever presses or commands, kept for what they say in messages, which bring none."""

from __future__ import annotations

import discord
from discord.ext import commands

from bot.store import Store


class Locales(commands.Cog):
    """Hears every interaction; what it is about is others' business."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Write the member's locale down, where it is another than before."""
        member, locale = interaction.user.id, str(interaction.locale)
        if await self._store.locales.of(member) != locale:
            async with self._store.write() as desk:
                await desk.locales.note(member, locale)
