"""What was asked while the bot was away, found in its threads and answered once; and what was deleted meanwhile."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

import discord
from discord.ext import commands

from bot.config import Discord
from bot.erasure import Eraser
from bot.errors import Unreachable
from bot.letters import Pace, patiently
from bot.moments import HOUR
from bot.studio import Studio
from cogs.postman import telling
from cogs.translate import Translator

log = logging.getLogger(__name__)

Found = TypeVar("Found")
Where = discord.TextChannel | discord.Thread | discord.PartialMessageable

TRIES = 4  #: pauses to wait for Discord with one place
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

    def __init__(self, studio: Studio, eraser: Eraser, translator: Translator, settings: Discord) -> None:
        self._studio = studio
        self._eraser = eraser
        self._store = eraser.removal.store
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
                    group.create_task(self._read(channel, window))  # a mention that was to open a thread stands there
                    group.create_task(self._resting(channel, window))
            for conversation in direct:
                group.create_task(self._read(client.get_partial_messageable(conversation), window))

    async def _window(self) -> Window:
        now = discord.utils.utcnow().timestamp()
        async with self._store.write() as desk:
            plain = await desk.hearing.note(now, hears=self._translator.client.intents.message_content)
            begun = await desk.hearing.begun()
        return Window(max(now - self._settings.catch_up_hours * HOUR, begun), plain)

    async def _resting(self, channel: discord.TextChannel, window: Window) -> None:
        """The threads that nobody wrote in for an hour or more may be archived; Discord does not tell of those."""
        for thread in await self._read_all(lambda: channel.archived_threads(limit=RESTING), channel.id):
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

    async def _read(self, channel: Where, window: Window) -> None:
        """The newest messages, oldest first. Those heard before do nothing."""
        limit, now = self._settings.catch_up_messages, discord.utils.utcnow()
        found = await self._read_all(lambda: channel.history(limit=limit), channel.id)
        await self._miss(channel.id, found, discord.utils.time_snowflake(now))
        for message in reversed(found):
            if window.holds(message, self._translator.me):
                await self._hear(message)

    async def _miss(self, place: int, found: Sequence[discord.Message], until: int) -> None:
        """What is not there any more. Older than what was read, or read in vain, tells nothing."""
        if found:
            seen = {message.id for message in found}
            await self._eraser.missed(place, seen, min(seen), until)

    async def _read_all(self, pages: Callable[[], AsyncIterator[Found]], place: int) -> list[Found]:
        """All that Discord lists there. One place that can't be read keeps nobody from reading the others."""
        async with self._reading:
            try:
                return await patiently(lambda: _listed(pages()), islice(Pace().pauses(), TRIES))
            except Unreachable as error:
                log.warning("what was asked in %s while the bot was away can't be read: %s", place, error)
                return []

    async def _hear(self, message: discord.Message) -> None:
        try:
            if ask := await self._translator.ask_from(message):
                await self._studio.hear(ask, self._translator.barred(message))
        except Exception:
            log.exception("message %s, written while the bot was away, was left out", message.id)


async def _listed(pages: AsyncIterator[Found]) -> list[Found]:
    async with telling("unreachable"):
        return [each async for each in pages]
