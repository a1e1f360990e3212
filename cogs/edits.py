"""Messages: asked, edited, deleted, alone or with their thread."""

from __future__ import annotations

import discord
from discord.ext import commands

from bot.studio import Studio
from cogs.translate import Translator


class Edits(commands.Cog):
    """Listens to messages and hands what they ask to the studio."""

    def __init__(self, studio: Studio, translator: Translator) -> None:
        self._studio = studio
        self._translator = translator

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """A new message."""
        if ask := await self._translator.ask_from(message):
            await self._studio.hear(ask, self._translator.closed(message.channel))

    @commands.Cog.listener()
    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """An edited message; unfurled links and opened threads come as edits too, without a time of editing."""
        if payload.message.edited_at is None:
            return
        ask = await self._translator.ask_from(payload.message)
        if ask is None:
            await self._studio.withdraw(payload.message_id)
        else:
            await self._studio.rewrite(ask)

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """A deleted message."""
        await self._studio.withdraw(payload.message_id)

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Many at once."""
        for message in payload.message_ids:
            await self._studio.withdraw(message)

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        """A deleted thread."""
        await self._studio.abandon(payload.thread_id)
