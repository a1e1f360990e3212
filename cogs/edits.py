"""Messages: asked and edited."""

from __future__ import annotations

from collections import deque

import discord
from discord.ext import commands

from bot.errors import Refusal
from bot.studio import Studio
from cogs.translate import Translator

REMEMBERED = 100  #: messages that were edited last
HINTED = 1000  #: threads, likewise


class Edits(commands.Cog):
    """Listens to messages and hands what they ask to the studio."""

    def __init__(self, studio: Studio, translator: Translator) -> None:
        self._studio = studio
        self._translator = translator
        self._hinted: deque[int] = deque(maxlen=HINTED)  # threads in which plain words were met with a sentence
        self._edited: deque[discord.Message] = deque(maxlen=REMEMBERED)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """A new message; one that comes after its edit is taken as it is by now."""
        message = next((each for each in reversed(self._edited) if each.id == message.id), message)
        ask = await self._translator.ask_from(message)
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
        self._edited.append(payload.message)
        ask = await self._translator.ask_from(payload.message)
        if ask is None or self._translator.is_unheard(payload.message):
            await self._studio.withdraw(payload.message_id)
        else:
            await self._studio.rewrite(ask)
