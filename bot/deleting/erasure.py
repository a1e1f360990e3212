"""What is to be deleted goes, in small steps: words, names, pictures, the bot's own messages, and what is too old.

What is asked for stands in the database, so that a restart in the middle of it goes on.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress

from bot.deleting.removal import Removal, burn, bury, lead_away
from bot.deleting.setbacks import AGAIN, Setbacks
from bot.kept import GRACE, WINDOW, Scope
from bot.model import State, Turn
from bot.moments import DAY, HOUR
from bot.store import Desk, Erasure
from bot.store.audit import UNTOLD

BATCH = 4  #: turns in one change: about 20 ms, in which nobody else can write
ROWS = 100  #: of what passes, of each kind, in one change: about as long
BYTES = 10  #: pictures in one change
PAUSE = 60.0  #: seconds between two looks at what is due, where nobody calls
OVER = {State.POSTED, State.CANCELLED}  #: nothing more is painted or posted for it
REST = 1.0  #: times as long as a step took

Recall = Callable[[Erasure], Awaitable[bool]]  #: calls off a member's asks; whether any is on its way still

log = logging.getLogger(__name__)


class Eraser:
    """Asked by triggers and members; works on its own."""

    def __init__(self, removal: Removal) -> None:
        self.removal = removal
        self.recall: Recall | None = None
        self._store = removal.store
        self._wake = asyncio.Event()
        self._stepped = asyncio.Condition()
        self._failed = Setbacks[tuple[Scope, int]]()
        self._unburnt = Setbacks[str]()  # pictures whose files can't be deleted
        self._tidied = 0.0
        self._dirty = True  # whatever was deleted by the process before this one

    # -- what is to go

    async def erase(self, scope: Scope, subject: int, wait: float = 0.0, at: float | None = None) -> None:
        """Erase it, after so many seconds; of a member what they said until `at`, and what waits is called off now."""
        now = time.time()
        erasure = Erasure(scope, subject, now if at is None else at)
        async with self._store.write() as desk:
            await desk.erasures.ask(erasure, now + wait)
        self._wake.set()
        await self._recall(erasure)

    def hurry(self) -> None:
        """A server keeps things shorter from now on: look at once what is too old."""
        self._tidied = 0.0
        self._wake.set()

    async def outlast(self, scope: Scope, subject: int) -> None:
        """Wait until it is gone, and a member's own pictures' files with it."""
        async with self._stepped:
            while await self._store.erasures.unsettled(scope, subject):
                await self._stepped.wait()

    async def unsaid(self, message: int) -> None:
        """A message was deleted in Discord. Most are nothing to us, and none that we are deleting ourselves."""
        if message not in self.removal.under_way and await self._store.traces.known(message):
            await self.erase(Scope.MESSAGE, message)

    async def expected(self, conversation: int) -> list[int]:
        """The messages that should be in a thread, unless they were deleted while nobody listened."""
        return await self._store.traces.expected(conversation)

    async def thread_gone(self, conversation: int) -> None:
        """A thread was deleted."""
        if await self._store.turns.conversation(conversation):
            await self.erase(Scope.CONVERSATION, conversation)

    async def threads_of(self, server: int, most: int) -> list[int]:
        """The newest threads of a server that something is kept of and that were opened."""
        return await self._store.traces.opened(server, most)

    async def channel_gone(self, channel: int) -> None:
        """A channel was deleted, and its threads with it, of which Discord tells only in part."""
        for conversation in await self._store.traces.opened_in(channel):
            await self.thread_gone(conversation)

    async def server_gone(self, server: int) -> None:
        """The bot was removed from a server, which may think better of it."""
        if not await self._store.erasures.pending(Scope.SERVER, server):
            await self.erase(Scope.SERVER, server, GRACE)

    async def server_there(self, server: int) -> None:
        """The bot is in a server, perhaps again."""
        if await self._store.erasures.pending(Scope.SERVER, server):
            async with self._store.write() as desk:
                await desk.erasures.take_back(Scope.SERVER, server)
            log.info("server %s is back: nothing of it is deleted", server)

    async def servers_there(self, servers: Collection[int]) -> None:
        """All servers that the bot is in; from any other it was removed while nobody listened."""
        for server in await self._store.traces.servers():
            await (self.server_there if server in servers else self.server_gone)(server)

    # -- its going

    async def run(self) -> None:
        """Do what is due, then wait to be called."""
        while True:
            self._wake.clear()
            began, soon = time.monotonic(), AGAIN
            try:
                if await self.step(time.time()):
                    await asyncio.sleep(REST * (time.monotonic() - began))
                    continue
                soon = AGAIN if await self._waits() else PAUSE
            except Exception:
                log.exception("nobody knows what is to be erased; it is looked at again")
            with suppress(TimeoutError):
                async with asyncio.timeout(soon):
                    await self._wake.wait()

    async def step(self, now: float) -> bool:
        """One small step; whether there is another to be made at once."""
        done = await self._erase_due(now) or await self._burn(now) or await self._age(now)
        self._dirty |= done
        if not done and self._dirty:
            self._dirty = not await self._store.scrub()
        async with self._stepped:
            self._stepped.notify_all()
        return done

    async def _waits(self) -> bool:
        return self._dirty or bool(await self._store.erasures.due(time.time() + AGAIN, 1))

    async def _erase_due(self, now: float) -> bool:
        for erasure in (found := await self._store.erasures.due(now, 1)):
            await self._tried(erasure, now)
        return bool(found)

    async def _tried(self, erasure: Erasure, now: float) -> None:
        """What fails is tried again later and later: the others go on."""
        try:
            await (self._message(erasure) if erasure.scope is Scope.MESSAGE else self._go_on(erasure, now))
            self._failed.over(erasure.key)
        except Exception:
            wait, number = self._failed.hold(erasure.key), secrets.token_hex(4)
            told = "something could not be erased (%s): tried again in %.0f s"
            log.exception(told, number, wait, extra={"id": number})
            await self._postpone(erasure, wait)

    async def _go_on(self, erasure: Erasure, now: float) -> None:
        coming = await self._recall(erasure)
        if over := await self._store.traces.turns(erasure, BATCH):
            await self._empty(over, erasure)
        elif erasure.scope is Scope.MEMBER and (brought := await self._store.traces.brought(erasure.subject, BATCH)):
            await self._take_back(brought)
        elif coming or await self._store.traces.unfinished(erasure):  # it is painted and posted first
            await self._postpone(erasure)
        elif not await self._burn(now):
            await self._end(erasure)

    async def _recall(self, erasure: Erasure) -> bool:
        return erasure.scope is Scope.MEMBER and self.recall is not None and await self.recall(erasure)

    async def _empty(self, turns: Sequence[int], erasure: Erasure | None = None) -> None:
        """All that is personal goes; the tree keeps their places."""
        await self._unreport(turns)
        async with self._store.write() as desk:
            for number in turns:
                turn = await self._bury(desk, number)
                await lead_away(desk, turn)
                await desk.erasures.doom(await desk.traces.hush(number), turn.member.id)
                await desk.traces.empty(number, erasure)
                if erasure and erasure.scope is Scope.MEMBER:
                    await self._forget(desk, number, erasure)

    async def _take_back(self, turns: Sequence[int]) -> None:
        """Pictures of a member's that others brought."""
        await self._unreport(turns)
        async with self._store.write() as desk:
            for number in turns:
                await self._bury(desk, number)

    async def _unreport(self, turns: Sequence[int]) -> None:
        for number in turns:
            for version in await self._store.versions.of_turn(number):
                await self.removal.unreport(version)

    async def _bury(self, desk: Desk, number: int) -> Turn:
        """All versions of a turn, which is returned as it was."""
        turn = await desk.turns.get(number)
        assert turn is not None
        for version in await desk.versions.of_turn(number):
            await bury(desk, turn, version, self.removal.catalogue)
        return turn

    async def _forget(self, desk: Desk, turn: int, erasure: Erasure) -> None:
        """What was said to the member goes from Discord, too; a direct message in which nothing is left, as a whole."""
        await desk.erasures.unpost(turn)
        for conversation in await desk.traces.alone([turn]):
            await desk.erasures.ask(Erasure(Scope.CONVERSATION, conversation, erasure.at), erasure.at)

    async def _end(self, erasure: Erasure) -> None:
        """Nothing is left but what hangs on no turn."""
        threads = await self._store.traces.threads_of(erasure.subject, BATCH) if erasure.scope is Scope.SERVER else []
        told = await self._store.hearsay.about(erasure) if erasure.scope is not Scope.SERVER else []
        async with self._store.write() as desk:
            for thread in threads:
                await desk.traces.clear(Erasure(Scope.CONVERSATION, thread, erasure.at))
            if threads:
                return
            await desk.hearsay.forget(told, erasure)
            if erasure.scope is Scope.MEMBER:
                await desk.erasures.unpetition(erasure.subject)
                await desk.traces.forget(erasure)
            else:
                await desk.traces.clear(erasure)
        if erasure.scope is Scope.SERVER:  # its rules are none any more
            for heed in self._store.heeding:
                await heed(erasure.subject)
        await self._done(erasure)

    async def _done(self, erasure: Erasure) -> None:
        """Told only once nothing of it is in the log any more, nor in a file: `outlast` waits for those."""
        self._dirty = not await self._store.scrub()
        async with self._store.write() as desk:
            await desk.erasures.done(erasure)
        log.info("erased: %s %s", erasure.scope.value, erasure.subject if erasure.scope is not Scope.MEMBER else "")

    async def _message(self, erasure: Erasure) -> None:
        """Its words, what was brought with it, and the pictures that it showed; of the bot's own, what it said."""
        store, message = self._store, erasure.subject
        said = await store.messages.get(message)
        asked = await store.turns.get(await store.traces.asked_by(message))
        answered = await store.turns.get(said.turn if said else None)
        if any(turn is not None and turn.state not in OVER for turn in (asked, answered)):
            await self._postpone(erasure)
            return
        for _, version in await store.traces.shown_in(message):
            await self.removal.unreport(version)
        async with store.write() as desk:
            for _, version in await desk.traces.shown_in(message):
                turn = await desk.turns.get(version.turn)
                assert turn is not None
                await bury(desk, turn, version, self.removal.catalogue)
            await desk.hearsay.hush(message)
            if asked:
                await desk.erasures.doom(await desk.traces.hush(asked.id), asked.member.id)
            if answered:
                await desk.erasures.doom(await desk.traces.unsay(answered.id), answered.member.id)
            await desk.erasures.done(erasure)

    async def _postpone(self, erasure: Erasure, wait: float = AGAIN) -> None:
        async with self._store.write() as desk:
            await desk.erasures.postpone(erasure, time.time() + wait)

    async def _burn(self, now: float) -> bool:
        """Delete some files, whether or not others can't be; whether any was tried."""
        resting = self._unburnt.resting(now)
        doomed = await self._store.erasures.doomed(BYTES + len(resting))
        digests = [each for each in doomed if each not in resting][:BYTES]
        if digests:
            left = await burn(self._store, self.removal.gallery, digests)
            for each in digests:
                (self._unburnt.hold if each in left else self._unburnt.over)(each)
        return bool(digests)

    # -- what is too old

    async def _age(self, now: float) -> bool:
        """Once an hour: what a server keeps no longer, what no limit looks back to."""
        if now - self._tidied < HOUR:
            return False
        for server in await self._store.traces.servers():
            days = (await self._store.rules.of(server)).retention_days
            if days and await self._fade(server, now - days * DAY):
                return True
        async with self._store.write() as desk:
            for server in await desk.audit.crowded(now - WINDOW, UNTOLD):
                if dropped := await desk.audit.trim(server, now - WINDOW, UNTOLD):
                    log.info("the audit channel of server %s was not told: %s entries dropped so far", server, dropped)
            if await desk.remains.tidy(now, ROWS):
                return True
        self._tidied = now
        return False

    async def _fade(self, server: int, before: float) -> bool:
        turns = await self._store.remains.aged(server, before, BATCH)
        if turns:
            await self._empty(turns)
        async with self._store.write() as desk:
            return bool(await desk.remains.fade(server, before, ROWS)) or bool(turns)
