"""Tells audit channels what happened: in order, many entries in a message, each once; what can't be told waits."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from bot.audit.reports import Reports
from bot.audit.scribe import Scribe
from bot.catalogue import Catalogue
from bot.errors import Unreachable
from bot.language import speaking
from bot.letters import TEXT_LIMIT, Letter, Pace, Postman, cut
from bot.model import State
from bot.moments import FIRST
from bot.store import Entry, Said, Store
from bot.store.audit import REPORT

ANY = 0  #: whatever channel it is
MOST = 60  #: entries looked at for one message
EARLIER = 60.0  #: seconds by which our clock may be ahead of Discord's

_LINK = re.compile(r"https://discord\.com/channels/[\w@/]+")

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Tempo:
    """How fast a channel is told, in seconds."""

    gather: float = 2.0  #: what happens meanwhile is told together
    pause: float = 4.0  #: between two messages in a channel
    posting: float = 20.0  #: that a picture has to be in its thread before it is told of without a link to it
    look: float = 0.5  #: between two looks whether it is there
    away: float = 600.0  #: until a channel that is gone or closed is tried again


@dataclass
class Rest:
    """A channel that could not be told, why, and until when it is left alone."""

    channel: int
    error: Unreachable
    until: float
    pauses: Iterator[float]


@dataclass
class Teller:
    """One task for each server that has something to tell."""

    store: Store
    postman: Postman
    reports: Reports
    catalogue: Catalogue
    models: Mapping[str, str] = field(default_factory=dict)  #: their names by their ids
    tempo: Tempo = field(default_factory=Tempo)
    pace: Pace = field(default_factory=Pace)
    _busy: set[int] = field(default_factory=set)
    _resting: dict[int, Rest] = field(default_factory=dict)

    def problem(self, server: int) -> Unreachable | None:
        """Why its channel could not be told when it was last tried."""
        rest = self._resting.get(server)
        return rest.error if rest else None

    def nudge(self, server: int) -> None:
        """Try its channel now: somebody may have mended it."""
        if rest := self._resting.get(server):
            rest.until = 0.0
            self.store.audited.set()

    async def leave(self, entry: Entry) -> None:
        """The channel that was told until now reads of the change that ends it; where it can't, it does not."""
        with speaking(await self.store.locales.of(entry.server)):
            text = Scribe(self.catalogue, {}, self.models).line(entry)
        try:
            await self.postman.send(Letter(entry.told["before"], text, quiet=True))
        except Unreachable as error:
            log.info("the audit channel before in server %s can't be told: %s", entry.server, error)

    async def work(self) -> None:
        """For ever. It sleeps while nothing is noted."""
        async with asyncio.TaskGroup() as group:
            while True:
                self.store.audited.clear()
                try:
                    await self._look_round(group)
                except Exception:
                    log.exception("nobody knows what audit channels are to be told")
                    await asyncio.sleep(self.tempo.away)
                await self._news()

    async def _look_round(self, group: asyncio.TaskGroup) -> None:
        for server in await self.store.audit.servers():
            if server not in self._busy and not await self._rests(server):
                self._busy.add(server)
                group.create_task(self._serve(server), name=f"audit of {server}")

    async def _news(self) -> None:
        """Wait until something is noted, or a rest is over."""
        ends = [rest.until for server, rest in self._resting.items() if server not in self._busy]
        left = max(min(ends) - time.monotonic(), self.tempo.look) if ends else None
        with suppress(TimeoutError):
            async with asyncio.timeout(left):
                await self.store.audited.wait()

    async def _rests(self, server: int) -> bool:
        """Whether its channel is left alone; another one is tried at once."""
        rest = self._resting.get(server)
        if rest is None or rest.until <= time.monotonic():
            return False
        return rest.channel in {ANY, (await self.store.rules.of(server)).audit}

    async def _serve(self, server: int) -> None:
        """Tell all that waits. Whatever goes wrong, nobody else waits for it."""
        try:
            with speaking(await self.store.locales.of(server)):
                await self._tell(server)
        except Exception as error:
            log.exception("the audit channel of server %s was not told", server)
            self._rest(server, ANY, Unreachable("unreachable", forever=True, detail=type(error).__name__))
        finally:
            self._busy.discard(server)
            self.store.audited.set()  # something may have been noted since it looked last

    async def _tell(self, server: int) -> None:
        await asyncio.sleep(self.tempo.gather)
        while channel := (await self.store.rules.of(server)).audit:
            batch = await self._next(server)
            if not batch:
                break
            try:
                await self._post(channel, batch)
            except Unreachable as error:
                log.info("the audit channel of server %s can't be told: %s", server, error)
                self._rest(server, channel, error)
                return
            self._resting.pop(server, None)
            await asyncio.sleep(self.tempo.pause)
        self._resting.pop(server, None)

    def _rest(self, server: int, channel: int, error: Unreachable) -> None:
        before = self._resting.get(server)
        pauses = before.pauses if before and before.channel == channel else self.pace.pauses()
        pause = self.tempo.away if error.forever else next(pauses)
        self._resting[server] = Rest(channel, error, time.monotonic() + pause, pauses)

    # -- what is told ------------------------------------------------------------------------------------------------

    async def _next(self, server: int) -> Sequence[Entry]:
        """What comes next: what was expected before, a report, or as many entries as a message holds."""
        if left := await self.store.audit.expected(server):
            return left
        waiting = await self.store.audit.waiting(server, MOST)
        if not waiting:
            return ()
        batch = waiting[:1] if waiting[0].kind == REPORT else await self._together(waiting)
        async with self.store.write() as desk:
            await desk.audit.expect(batch)
        return batch

    async def _together(self, waiting: Sequence[Entry]) -> Sequence[Entry]:
        """Entries up to the next report or to one whose picture is still on its way; for the first one it waits."""
        while not await self._is_there(waiting[0]):  # noqa: ASYNC110 - it lies in the database, which wakes nobody
            await asyncio.sleep(self.tempo.look)
        ready: list[Entry] = []
        for entry in waiting:
            if entry.kind == REPORT or not await self._is_there(entry):
                break
            ready.append(entry)
        count, _ = Scribe(self.catalogue, await self._links(ready), self.models).page(ready)
        return ready[:count]

    async def _is_there(self, entry: Entry) -> bool:
        """Whether what came of it is in its thread, as far as it will ever be."""
        if entry.turn is None or time.time() - entry.at > self.tempo.posting:
            return True
        turn = await self.store.turns.get(entry.turn)
        return turn is None or turn.state not in {State.PAINTED, State.FAILED}

    async def _links(self, entries: Sequence[Entry]) -> dict[int, int]:
        """The messages that show what came of turns, by the entries' ids."""
        found = {}
        for entry in entries:
            if entry.kind == "turn" and entry.turn:
                kind = Said.FAILURE if entry.told["why"] else Said.ANSWER
                if messages := await self.store.messages.of_turn(entry.turn, kind):
                    found[entry.id] = messages[max(messages)]
        return found

    async def _letter(self, channel: int, batch: Sequence[Entry]) -> Letter:
        first, nonce = batch[0], f"a{batch[0].id}"
        if first.kind == REPORT:
            return replace(await self.reports.letter(channel, first), nonce=nonce)
        scribe = Scribe(self.catalogue, await self._links(batch), self.models)
        text = "\n".join(scribe.lines(batch))
        return Letter(channel, cut(text, TEXT_LIMIT), nonce=nonce, quiet=True)

    # -- how it is told, once ----------------------------------------------------------------------------------------

    async def _post(self, channel: int, batch: Sequence[Entry]) -> None:
        """One message. What was expected before may be there: then it is only noted. Raises Unreachable."""
        letter = await self._letter(channel, batch)
        try:
            found = await self._find(letter, batch[0]) if batch[0].message else None
            message = found or await self._send(letter)
        except Unreachable as error:
            if error.forever:  # it is not there, and may go elsewhere together with others
                async with self.store.write() as desk:
                    await desk.audit.release(batch)
            raise
        async with self.store.write() as desk:
            await desk.audit.posted(batch, message)
            if batch[0].kind == REPORT and (report := await desk.audit.get(batch[0].id)):
                await desk.audit.revise(replace(report, told={**report.told, "shown_in": channel}))

    async def _find(self, letter: Letter, first: Entry) -> int | None:
        """The message as it was sent before; its links may point more precisely by now."""
        after = int((first.at - EARLIER) * 1000 - FIRST) << 22
        try:
            own = await self.postman.own(letter.channel, max(after, 0))
        except Unreachable as error:
            if not error.forever:
                raise
            return None  # we may not read there; Discord takes the same nonce once for some minutes
        wanted = _LINK.sub("", letter.text).strip()
        return next((each.message for each in own if _LINK.sub("", each.text).strip() == wanted), None)

    async def _send(self, letter: Letter) -> int:
        """With its picture, or where Discord does not take that, without."""
        try:
            return await self.postman.send(letter)
        except Unreachable as error:
            if not letter.files or not (error.forever or error.key == "too_large"):
                raise
            log.info("a report's picture is not taken: %s", error)
        return await self.postman.send(replace(letter, files=()))
