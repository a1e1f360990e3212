"""What was asked while the bot was away: found in its threads, within bounds, and answered once."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta

import discord
from discord.ext import commands

from bot.config import Discord
from bot.store import Store
from bot.studio import Studio
from cogs.translate import Translator

log = logging.getLogger(__name__)

SIDE_BY_SIDE = 4  #: threads read at once


class CatchUp(commands.Cog):
    """Reads the threads that have moved on without us. Runs when Discord is ready: a resumed session missed nothing."""

    def __init__(self, studio: Studio, store: Store, translator: Translator, settings: Discord) -> None:
        self._studio = studio
        self._store = store
        self._translator = translator
        self._settings = settings
        self._reading = asyncio.Semaphore(SIDE_BY_SIDE)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Discord is there, perhaps again."""
        since = discord.utils.utcnow() - timedelta(hours=self._settings.catch_up_hours)
        threads = [thread for guild in self._translator.client.guilds for thread in guild.threads]
        direct = await self._store.turns.direct() if self._settings.direct_messages else []
        async with asyncio.TaskGroup() as group:
            for thread in threads:
                group.create_task(self._thread(thread, since))
            for conversation in direct:
                group.create_task(self._read(self._translator.client.get_partial_messageable(conversation), since))

    async def _thread(self, thread: discord.Thread, since: datetime) -> None:
        if not await self._moved_on(thread, since):
            return
        if thread.owner_id == self._translator.me and await self._store.turns.conversation(thread.id) is None:
            await self._starter(thread)
        await self._read(thread, since)

    async def _moved_on(self, thread: discord.Thread, since: datetime) -> bool:
        """Whether something was written lately, in a thread of ours or one that we worked in.

        A newer message of ours proves nothing: an answer delivered late stands after an ask that nobody heard.
        """
        last = max(thread.last_message_id or 0, thread.id)
        if discord.utils.snowflake_time(last) < since:
            return False
        return thread.owner_id == self._translator.me or await self._store.turns.conversation(thread.id) is not None

    async def _starter(self, thread: discord.Thread) -> None:
        """We opened the thread and were cut off before noting what was asked."""
        if thread.parent is None:
            return
        try:
            await self._hear(await thread.parent.fetch_message(thread.id))  # type: ignore[union-attr]  # text channels have it
        except discord.HTTPException as error:
            log.info("the message behind thread %s can't be read: %s", thread.id, error)

    async def _read(self, channel: discord.Thread | discord.PartialMessageable, since: datetime) -> None:
        """The newest messages, oldest first. Those heard before do nothing."""
        async with self._reading:
            try:
                found = [each async for each in channel.history(limit=self._settings.catch_up_messages)]
            except discord.HTTPException as error:
                log.info("conversation %s can't be read: %s", channel.id, error)
                return
        for message in reversed(found):
            if message.created_at >= since:
                await self._hear(message)

    async def _hear(self, message: discord.Message) -> None:
        if ask := await self._translator.ask_from(message):
            await self._studio.hear(ask, self._translator.closed(message.channel))
