"""Messages: asked and edited."""

from __future__ import annotations

import asyncio
from collections import deque
from weakref import WeakValueDictionary

import discord
from discord.ext import commands

from bot.errors import Refusal
from bot.model import Ask
from bot.studio import Studio
from cogs.translate import Translator

HINTED = 1000  #: threads in which plain words were met with a sentence last


class Edits(commands.Cog):
    """Listens to messages and hands what they ask to the studio."""

    def __init__(self, studio: Studio, translator: Translator) -> None:
        self._studio = studio
        self._translator = translator
        self._hinted: deque[int] = deque(maxlen=HINTED)
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """A new message."""
        ask = await self._translator.ask_from(message)
        async with self._reading(message.id):  # its edit may have been told of meanwhile
            await self._hear(message, ask)

    async def _hear(self, message: discord.Message, ask: Ask | None) -> None:
        if ask is None:
            await self._overhear(message)
            return
        if not self._translator.is_unheard(message):
            await self._studio.hear(ask, self._translator.barred(message))
        elif ask.quoted or message.channel.id not in self._hinted:  # people may be talking among themselves
            self._hinted.append(message.channel.id)
            await self._studio.hear(ask, Refusal("unheard"))

    async def _overhear(self, message: discord.Message) -> None:
        if self._translator.is_talk(message):
            place = self._translator.place(message.channel, message.id, "")
            await self._studio.overhear(message.id, place, message.author.id)

    @commands.Cog.listener()
    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """An edited message; unfurled links and opened threads come as edits too, without a time of editing."""
        if payload.message.edited_at is None or payload.message.author.bot:
            return
        async with self._reading(payload.message_id):
            ask = await self._translator.ask_from(payload.message)
        if ask is None or self._translator.is_unheard(payload.message):
            await self._studio.withdraw(payload.message_id)
        else:
            await self._studio.rewrite(ask)

    def _reading(self, message: int) -> asyncio.Lock:
        """Held while an edit of it is read, which can take time where Discord has not told of its thread."""
        return self._locks.setdefault(message, asyncio.Lock())
