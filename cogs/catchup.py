"""What was asked while the bot was away, found in its threads: painted or explained, once; and what was deleted."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Sequence
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
from bot.moments import HOUR
from bot.preferences import Hears
from bot.studio import Studio
from cogs.losses import Losses
from cogs.telling import UNKNOWN_CHANNEL, telling
from cogs.translate import Translator

log = logging.getLogger(__name__)

Found = TypeVar("Found")
Where = discord.TextChannel | discord.Thread | discord.PartialMessageable

TRIES = 4  #: pauses to wait for Discord with one place
SIDE_BY_SIDE = 4  #: threads read at once, and queues of asks heard
RESTING = 100  #: archived threads looked at in a channel, those archived last
LOOKED_FOR = 200  #: threads of a server, the newest, looked through for what was deleted
PAGE = 100  #: their newest messages
PAUSE = 0.5  #: seconds between two of them
LEFT_OUT = "message {}, written while the bot was away, was left out"
UNKNOWN = "what was deleted in {} while the bot was away is not known"


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
        self._losses = Losses(translator.client, studio, eraser)
        self._reading, self._hearing = asyncio.Semaphore(SIDE_BY_SIDE), asyncio.Semaphore(SIDE_BY_SIDE)
        self._away: float | None = None
        self._looking: asyncio.Task[None] | None = None  # outlives the event that began it, not the client
        self._relay = asyncio.Lock()

    @commands.Cog.listener()
    async def on_connect(self) -> None:
        """Events arrive from now on, plain words among them or not; `on_ready` comes seconds later."""
        self._studio.tidings.renew()
        await self._window()

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Discord is there, perhaps again: everything that was missed, then slowly what was deleted."""
        window, read = await self._window(), set[int]()
        async with asyncio.TaskGroup() as group:
            readings = [group.create_task(each) async for each in self._readings(window, read)]
        self._away = None
        await self._begin_to_look(read)  # what waits and was taken back is not to be painted meanwhile
        await self._answer([late for reading in readings for late in reading.result()], window)

    async def _begin_to_look(self, read: set[int]) -> None:
        """Two events may come to this at once: one looks, whichever is the last."""
        async with self._relay:
            await self._end_looking()
            if not self._translator.client.is_closed():
                self._looking = asyncio.create_task(self._look_through(read), name="look-through")

    async def _end_looking(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)

    async def cog_unload(self) -> None:
        """The client is closing."""
        async with self._relay:
            await self._end_looking()

    async def _answer(self, found: Iterable[Late], window: Window) -> None:
        """Of each member's the newest are painted; of the others each member reads once that nothing comes of them."""
        sides: dict[bool, list[Late]] = {True: [], False: []}
        for each in found:
            sides[discord.utils.snowflake_time(each.ask.id).timestamp() >= window.since].append(each)
        chosen, left = fairly(sides[True], self._settings.catch_up_asks)
        await self._hear_all(sorted(chosen, key=_number), lambda late: late.ask.place.conversation)
        most = self._settings.catch_up_asks
        await self._explain(left, Missed("missed_many", count=most) if most else Missed("missed_all"))
        await self._explain(sides[False], Missed("missed_old"))

    async def _explain(self, asks: Iterable[Late], why: Refusal) -> None:
        """A member is told once, in reply to their newest, wherever the others stand."""
        told = sorted((replace(each, closed=each.closed or why) for each in asks), key=_number, reverse=True)
        await self._hear_all(told, lambda late: late.ask.member.id)

    async def _readings(self, window: Window, read: set[int]) -> AsyncIterator[Coroutine[Any, Any, Sequence[Late]]]:
        """Where asks may stand: our threads, channels in which we open some, and direct messages."""
        client, turns, none = self._translator.client, self._store.turns, list[int]()
        for thread in [each for guild in client.guilds for each in guild.threads]:
            yield self._alone(self._thread(thread, window, read), thread.id)
        for channel in map(client.get_channel, await surely(turns.openings(), none, "channels can't be told")):
            if isinstance(channel, discord.TextChannel):  # a mention that was to open a thread stands there
                yield self._alone(self._read(channel, window, read), channel.id)
                yield self._alone(self._resting(channel, window, read), channel.id)
        if not self._settings.direct_messages:
            return
        for conversation in await surely(turns.direct(), none, "direct messages can't be told"):
            yield self._alone(self._read(client.get_partial_messageable(conversation), window, read), conversation)

    async def _alone(self, reading: Coroutine[Any, Any, Sequence[Late]], place: int) -> Sequence[Late]:
        """A place's failure is no other's."""
        return await surely(reading, (), f"what was asked in {place} while the bot was away is not known")

    async def _window(self) -> Window:
        now = discord.utils.utcnow().timestamp()
        async with self._store.write() as desk:
            if self._away is None:  # before anything new is heard
                self._away = discord.utils.snowflake_time(await desk.messages.last_asked()).timestamp()
            plain = await desk.hearing.note(now, hears=self._translator.client.intents.message_content)
            begun = await desk.hearing.begun()
        since = max(now - self._settings.catch_up_hours * HOUR, begun)
        return Window(since, plain, max(begun, min(since, self._away)) if self._settings.catch_up_hours else since)

    async def _resting(self, channel: discord.TextChannel, window: Window, read: set[int]) -> Sequence[Late]:
        """The threads that nobody wrote in for an hour or more may be archived; Discord does not tell of those."""
        threads = await self._read_all(lambda: channel.archived_threads(limit=RESTING), channel.id)
        return [late for each in threads or () for late in await self._alone(self._thread(each, window, read), each.id)]

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
        heard = [each for each in reversed(found) if window.holds(each, self._translator.me)]
        asked = [await surely(self._late(each), None, LEFT_OUT.format(each.id)) for each in heard]
        return [each for each in asked if each]

    async def _look_at(self, channel: Where, limit: int) -> Sequence[discord.Message] | None:
        """Its newest messages, or None; what should be there and is not is noted."""
        return await self._losses.noting(
            channel.id, limit, lambda: self._read_all(lambda: channel.history(limit=limit), channel.id)
        )

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
        ask = await self._translator.ask_from(message)
        if self._translator.is_unheard(message):
            return None
        if await self._store.messages.heard(message.id):
            if message.edited_at is not None:
                await (self._studio.rewrite(ask) if ask else self._studio.withdraw(message.id))
        elif ask and not await self._is_talk(ask):
            return Late(ask, self._translator.barred(message))
        return None

    async def _is_talk(self, ask: Ask) -> bool:
        return ask.overheard and (await self._translator.manners.held(ask.place)).hears is Hears.CALLED

    async def _hear_all(self, asks: Iterable[Late], whose: Callable[[Late], int]) -> None:
        """Those of one place or member one after the other, some places or members side by side."""
        queues = defaultdict[int, list[Late]](list)
        for each in asks:
            queues[whose(each)].append(each)
        async with asyncio.TaskGroup() as group:
            for queue in queues.values():
                group.create_task(self._hear(queue))

    async def _hear(self, asks: Sequence[Late]) -> None:
        async with self._hearing:
            for each in asks:
                await surely(self._studio.hear(each.ask, each.closed), None, LEFT_OUT.format(each.ask.id))

    async def _look_through(self, read: set[int]) -> None:
        """Slowly, the other threads: messages of theirs, or they as a whole, may have been deleted."""
        client = self._translator.client
        for place in self._losses.places:
            await self._confirm(place)
        for guild in client.guilds:
            threads = self._eraser.threads_of(guild.id, LOOKED_FOR)
            for thread in await surely(threads, list[int](), f"threads of {guild.id} can't be told"):
                if thread in read or guild.unavailable:
                    continue
                look = self._look_at(client.get_partial_messageable(thread), PAGE)
                await surely(look, None, UNKNOWN.format(thread))
                await self._confirm(thread)
                await asyncio.sleep(PAUSE)

    async def _confirm(self, place: int) -> None:
        await surely(self._losses.confirm(place), None, UNKNOWN.format(place))


def fairly(late: Iterable[Late], most: int) -> tuple[list[Late], list[Late]]:
    """Of each member's so many, the newest; and the rest."""
    asked = defaultdict[int, list[Late]](list)
    for each in sorted(late, key=_number, reverse=True):
        asked[each.ask.member.id].append(each)
    newest = [each for own in asked.values() for each in own[:most]]
    return newest, [each for own in asked.values() for each in own[most:]]


def _number(late: Late) -> int:
    return late.ask.id


async def surely(doing: Awaitable[Found], otherwise: Found, failed: str) -> Found:
    """What comes of it; where it fails, that is said with a number, and the rest goes on with something else."""
    try:
        return await doing
    except Exception:
        number = secrets.token_hex(4)
        log.exception("%s (%s)", failed, number, extra={"id": number})
        return otherwise


async def _listed(pages: AsyncIterator[Found]) -> list[Found]:
    async with telling("unreachable"):
        return [each async for each in pages]
