"""What was asked while the bot was away: found in its threads, within bounds, and answered once."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass

import discord
from discord.ext import commands

from bot.config import Discord
from bot.store import Store
from bot.studio import Studio
from cogs.translate import Translator

log = logging.getLogger(__name__)

SIDE_BY_SIDE = 4  #: threads read at once
RESTING = 100  #: archived threads looked at in a channel, those archived last


@dataclass(frozen=True)
class Window:
    """How far back asks are looked for, in seconds since the epoch: at all, and where only plain words make them one.

    Words that could not be heard when they were said are no asks, though they can be read now.
    """

    since: float
    plain: float

    def holds(self, message: discord.Message, me: int) -> bool:
        """Whether the message would have been heard in its time."""
        said = message.created_at.timestamp()
        named = message.guild is None or any(user.id == me for user in message.mentions)
        return said >= (self.since if named else max(self.since, self.plain))


class CatchUp(commands.Cog):
    """Reads the threads that have moved on without us. Runs when Discord is ready: a resumed session missed nothing."""

    def __init__(self, studio: Studio, store: Store, translator: Translator, settings: Discord) -> None:
        self._studio = studio
        self._store = store
        self._translator = translator
        self._settings = settings
        self._reading = asyncio.Semaphore(SIDE_BY_SIDE)

    @commands.Cog.listener()
    async def on_connect(self) -> None:
        """Events arrive from now on, plain words among them or not; `on_ready` comes seconds later."""
        await self._window()

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Discord is there, perhaps again."""
        client, window = self._translator.client, await self._window()
        threads = [thread for guild in client.guilds for thread in guild.threads]
        direct = await self._store.turns.direct() if self._settings.direct_messages else []
        async with asyncio.TaskGroup() as group:
            for thread in threads:
                group.create_task(self._thread(thread, window))
            for channel in map(client.get_channel, await self._store.turns.openings()):
                if isinstance(channel, discord.TextChannel):
                    group.create_task(self._resting(channel, window))
            for conversation in direct:
                group.create_task(self._read(client.get_partial_messageable(conversation), window))

    async def _window(self) -> Window:
        now = discord.utils.utcnow().timestamp()
        async with self._store.write() as desk:
            plain = await desk.hearing.note(now, hears=self._translator.client.intents.message_content)
        return Window(now - self._settings.catch_up_hours * 3600, plain)

    async def _resting(self, channel: discord.TextChannel, window: Window) -> None:
        """The threads that nobody wrote in for an hour or more may be archived; Discord does not tell of those."""
        async with self._reading:
            try:
                latest = [each async for each in channel.archived_threads(limit=RESTING)]
            except discord.HTTPException as error:
                log.info("the archive of channel %s can't be read: %s", channel.id, error)
                return
        for thread in latest:
            await self._thread(thread, window)

    async def _thread(self, thread: discord.Thread, window: Window) -> None:
        if await self._moved_on(thread, window):
            await self._read(thread, window)

    async def _moved_on(self, thread: discord.Thread, window: Window) -> bool:
        """Whether something was written lately, in a thread of ours or one that we worked in.

        A newer message of ours proves nothing: an answer delivered late stands after an ask that nobody heard.
        """
        last = max(thread.last_message_id or 0, thread.id)
        if discord.utils.snowflake_time(last).timestamp() < window.since:
            return False
        return thread.owner_id == self._translator.me or await self._store.turns.conversation(thread.id) is not None

    async def _read(self, channel: discord.Thread | discord.PartialMessageable, window: Window) -> None:
        """The newest messages, oldest first. Those heard before do nothing."""
        async with self._reading:
            try:
                found = [each async for each in channel.history(limit=self._settings.catch_up_messages)]
            except discord.HTTPException as error:
                log.info("conversation %s can't be read: %s", channel.id, error)
                return
        for message in reversed(found):
            if window.holds(message, self._translator.me):
                await self._hear(message)

    async def _hear(self, message: discord.Message) -> None:
        if ask := await self._translator.ask_from(message):
            await self._studio.hear(ask, self._translator.barred(message))
