"""What was asked while the bot was away, found in its threads: painted or explained, once; and what was deleted."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, TypeVar

import discord
from discord.ext import commands

from bot.config import Discord
from bot.deleting.erasure import Eraser
from bot.errors import Missed, Refusal, Unreachable
from bot.letters import Pace, patiently
from bot.model import Ask
from bot.preferences import Hears
from bot.studio import Studio
from cogs.deletions import UNKNOWN_CHANNEL, unsaid
from cogs.postman import telling
from cogs.translate import Translator

log = logging.getLogger(__name__)

Found = TypeVar("Found")
Where = discord.TextChannel | discord.Thread | discord.PartialMessageable

TRIES = 4  #: pauses to wait for Discord with one place
SIDE_BY_SIDE = 4  #: threads read at once
RESTING = 100  #: archived threads looked at in a channel, those archived last
LOOKED_FOR = 200  #: threads of a server, the newest, looked through for what was deleted
PAGE = 100  #: their newest messages
PAUSE = 0.5  #: seconds between two of them


@dataclass(frozen=True)
class Window:
    """How far back asks are looked for, in seconds since the epoch: at all, and where only plain words make them one.

    Words that could not be heard when they were said are no asks, though they can be read now. What is older than
    `since` and was said after the last sign of life, `away`, was missed for good.
    """

    since: float
    plain: float
    away: float

    def holds(self, message: discord.Message, me: int) -> bool:
        """Whether the message would have been heard in its time."""
        said = message.created_at.timestamp()
        named = message.guild is None or any(user.id == me for user in message.mentions)
        return said >= (self.away if named else max(self.away, self.plain))


@dataclass(frozen=True)
class Late:
    """An ask that nobody has heard yet, and why nothing is painted for it, where it is known."""

    ask: Ask
    closed: Refusal | None = None


class CatchUp(commands.Cog):
    """Reads the threads that have moved on without us. Runs when Discord is ready: a resumed session missed nothing."""

    def __init__(self, studio: Studio, eraser: Eraser, translator: Translator, settings: Discord) -> None:
        self._studio = studio
        self._eraser = eraser
        self._store = eraser.removal.store
        self._translator = translator
        self._settings = settings
        self._reading = asyncio.Semaphore(SIDE_BY_SIDE)
        self._away: float | None = None
        self._looking: asyncio.Task[None] | None = None  # outlives the event that began it, not the client

    @commands.Cog.listener()
    async def on_connect(self) -> None:
        """Events arrive from now on, plain words among them or not; `on_ready` comes seconds later."""
        await self._window()

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Discord is there, perhaps again: everything that was missed, then slowly what was deleted."""
        window, read = await self._window(), set[int]()
        async with asyncio.TaskGroup() as group:
            readings = [group.create_task(each) async for each in self._readings(window, read)]
        self._away = None
        await self._answer([late for reading in readings for late in reading.result()], window)
        await self.cog_unload()
        if not self._translator.client.is_closed():
            self._looking = asyncio.create_task(self._look_through(read), name="look-through")

    async def cog_unload(self) -> None:
        """The client is closing, or somebody else looks through the threads."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)

    async def _answer(self, found: Iterable[Late], window: Window) -> None:
        """Of each member's the newest are painted; of the others each member reads once that nothing comes of them."""
        sides: dict[bool, list[Late]] = {True: [], False: []}
        for each in found:
            sides[discord.utils.snowflake_time(each.ask.id).timestamp() >= window.since].append(each)
        chosen, left = fairly(sides[True], self._settings.catch_up_asks)
        await self._hear_all(chosen)
        most = self._settings.catch_up_asks
        await self._explain(left, Missed("missed_many", count=most) if most else Missed("missed_old"))
        await self._explain(sides[False], Missed("missed_old"))

    async def _explain(self, asks: Iterable[Late], why: Refusal) -> None:
        await self._hear_all([replace(each, closed=each.closed or why) for each in asks], newest_first=True)

    async def _readings(self, window: Window, read: set[int]) -> AsyncIterator[Coroutine[Any, Any, Sequence[Late]]]:
        """Where asks may stand: our threads, channels in which we open some, and direct messages."""
        client = self._translator.client
        for thread in [each for guild in client.guilds for each in guild.threads]:
            yield self._thread(thread, window, read)
        for channel in map(client.get_channel, await self._store.turns.openings()):
            if isinstance(channel, discord.TextChannel):
                yield self._read(channel, window, read)  # a mention that was to open a thread stands there
                yield self._resting(channel, window, read)
        for conversation in await self._store.turns.direct() if self._settings.direct_messages else []:
            yield self._read(client.get_partial_messageable(conversation), window, read)

    async def _window(self) -> Window:
        now = discord.utils.utcnow().timestamp()
        async with self._store.write() as desk:
            if self._away is None:  # before anything new is heard
                self._away = discord.utils.snowflake_time(await desk.messages.last_asked()).timestamp()
            plain = await desk.hearing.note(now, hears=self._translator.client.intents.message_content)
            begun = await desk.hearing.begun()
        since = max(now - self._settings.catch_up_hours * 3600, begun)
        return Window(since, plain, max(begun, min(since, self._away)) if self._settings.catch_up_hours else since)

    async def _resting(self, channel: discord.TextChannel, window: Window, read: set[int]) -> Sequence[Late]:
        """The threads that nobody wrote in for an hour or more may be archived; Discord does not tell of those."""
        threads = await self._read_all(lambda: channel.archived_threads(limit=RESTING), channel.id)
        return [late for thread in threads or () for late in await self._thread(thread, window, read)]

    async def _thread(self, thread: discord.Thread, window: Window, read: set[int]) -> Sequence[Late]:
        return await self._read(thread, window, read) if await self._moved_on(thread, window) else ()

    async def _moved_on(self, thread: discord.Thread, window: Window) -> bool:
        """Whether something was written lately, in a thread of ours or one that we worked in.

        A newer message of ours proves nothing: an answer delivered late stands after an ask that nobody heard.
        """
        last = max(thread.last_message_id or 0, thread.id)
        if discord.utils.snowflake_time(last).timestamp() < window.away:
            return False
        return thread.owner_id == self._translator.me or await self._store.turns.conversation(thread.id) is not None

    async def _read(self, channel: Where, window: Window, read: set[int]) -> Sequence[Late]:
        """What nobody has heard among the newest messages, oldest first; what was edited or deleted is seen to."""
        found = await self._look_at(channel, self._settings.catch_up_messages)
        if found is None:
            return ()
        read.add(channel.id)
        asked = [await self._late(each) for each in reversed(found) if window.holds(each, self._translator.me)]
        return [each for each in asked if each]

    async def _look_at(self, channel: Where, limit: int) -> Sequence[discord.Message] | None:
        """Its newest messages, or None; of those that should be there and are not it is seen what hangs on them."""
        now = discord.utils.utcnow()
        found = await self._read_all(lambda: channel.history(limit=limit), channel.id)
        if found is not None and limit:
            first = 0 if len(found) < limit else min(each.id for each in found)
            until, seen = discord.utils.time_snowflake(now), {each.id for each in found}
            for message in await self._eraser.missed(channel.id, seen, first, until):
                await unsaid(self._studio, self._eraser, message)
        return found

    async def _read_all(self, pages: Callable[[], AsyncIterator[Found]], place: int) -> list[Found] | None:
        """All that Discord lists there. One place that can't be read keeps nobody from reading the others."""
        async with self._reading:
            try:
                return await patiently(lambda: _listed(pages()), islice(Pace().pauses(), TRIES))
            except Unreachable as error:
                log.warning("what was asked in %s while the bot was away can't be read: %s", place, error)
                if isinstance(error.__cause__, discord.NotFound) and error.__cause__.code == UNKNOWN_CHANNEL:
                    await self._eraser.thread_gone(place)
                return None

    async def _late(self, message: discord.Message) -> Late | None:
        """What the message asks, where nobody has heard it; where somebody has, its edits are heard."""
        try:
            ask = await self._translator.ask_from(message)
            if self._translator.is_unheard(message):
                return None
            if await self._store.messages.heard(message.id):
                if message.edited_at is not None:
                    await (self._studio.rewrite(ask) if ask else self._studio.withdraw(message.id))
            elif ask and not await self._is_talk(ask):
                return Late(ask, self._translator.barred(message))
        except Exception:
            log.exception("message %s, written while the bot was away, was left out", message.id)
        return None

    async def _is_talk(self, ask: Ask) -> bool:
        return ask.overheard and (await self._translator.manners.held(ask.place)).hears is Hears.CALLED

    async def _hear_all(self, asks: Iterable[Late], *, newest_first: bool = False) -> None:
        """Each conversation's in the order of asking, or the other way round; the conversations side by side."""
        places = defaultdict[int, list[Late]](list)
        for each in sorted(asks, key=lambda late: late.ask.id, reverse=newest_first):
            places[each.ask.place.conversation].append(each)
        async with asyncio.TaskGroup() as group:
            for place in places.values():
                group.create_task(self._hear(place))

    async def _hear(self, asks: Sequence[Late]) -> None:
        for each in asks:
            try:
                await self._studio.hear(each.ask, each.closed)
            except Exception:
                log.exception("ask %s, made while the bot was away, was left out", each.ask.id)

    async def _look_through(self, read: set[int]) -> None:
        """Slowly, the other threads: messages of theirs, or they as a whole, may have been deleted."""
        client = self._translator.client
        for guild in client.guilds:
            for thread in await self._eraser.threads_of(guild.id, LOOKED_FOR):
                if thread in read or guild.unavailable:
                    continue
                try:
                    await self._look_at(client.get_partial_messageable(thread), PAGE)
                except Exception:
                    log.exception("what was deleted in %s while the bot was away is not known", thread)
                await asyncio.sleep(PAUSE)


def fairly(late: Iterable[Late], most: int) -> tuple[list[Late], list[Late]]:
    """Of each member's so many, the newest; and the rest."""
    asked = defaultdict[int, list[Late]](list)
    for each in sorted(late, key=lambda each: each.ask.id, reverse=True):
        asked[each.ask.member.id].append(each)
    newest = [each for own in asked.values() for each in own[:most]]
    return newest, [each for own in asked.values() for each in own[most:]]


async def _listed(pages: AsyncIterator[Found]) -> list[Found]:
    async with telling("unreachable"):
        return [each async for each in pages]
