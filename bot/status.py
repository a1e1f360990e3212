"""The status message of a waiting ask: there after a second, edited only when its text changes, gone at the end."""

from __future__ import annotations

import asyncio
import logging
import re
import statistics
import time
from dataclasses import dataclass, replace

from bot import receipt
from bot.catalogue import Catalogue
from bot.errors import Unreachable
from bot.letters import Letter, Pace, Postman, patiently
from bot.model import Model, Turn
from bot.store import Message, Said, Store

log = logging.getLogger(__name__)

STATUS = re.compile(r"(🎨|🕰️|⏳).*<t:\d+:R>", re.DOTALL)  #: every status is like this, in every language
SLOWER = {"2K": 1.4, "4K": 2.2}  #: against a 1K picture, until the bot has learnt better
SHORTEST = 5.0  #: seconds; less is not worth a promise


@dataclass(frozen=True)
class Estimates:
    """How long a picture takes, learnt from the last ten of its model and size."""

    store: Store

    async def seconds(self, model: Model, size: str | None) -> float:
        """The median; before the third picture what the model's data says."""
        known = await self.store.turns.seconds(model.id, size)
        usual = statistics.median(known) if len(known) >= 3 else model.seconds * SLOWER.get(size or "", 1.0)
        return max(usual, SHORTEST)


@dataclass(frozen=True)
class Promise:
    """What is said, `status.<key>`, and when it is expected to end; both in seconds since the epoch."""

    key: str
    since: float
    until: float

    def at(self, now: float) -> Promise:
        """The same, or what to say instead where it took longer: each new promise is as long as all that has passed."""
        later = self
        while later.until <= now:
            later = replace(later, until=later.until + max(later.until - later.since, SHORTEST))
        slower = later is not self and self.key in {"painting", "again"}
        return replace(later, key="slow") if slower else later


class Status:
    """One ask's status. `show` sets what it says; `run` is its life, owned by the studio.

    After a restart the message of before is taken over; left at a stop, it stays for the next start.
    """

    def __init__(self, turn: Turn, store: Store, postman: Postman, catalogue: Catalogue, pace: Pace) -> None:
        self._turn = turn
        self._store = store
        self._postman = postman
        self._catalogue = catalogue
        self._pace = pace
        self._promise: Promise | None = None
        self._usual = SHORTEST
        self._open = True
        self._left = False
        self._unsure = False  # a message may be in the thread without our having heard of it
        self._message: int | None = None
        self._said = ""
        self._changed = asyncio.Event()

    def show(self, state: str, seconds: float, turn: Turn | None = None) -> None:
        """Say `status.<state>`, done in about so many seconds."""
        self._promise = _promise(state, seconds)
        self._usual = self._usual if state == "held" else seconds
        self.reword(turn or self._turn)

    def reword(self, turn: Turn) -> None:
        """Say the same of the turn as it is now."""
        self._turn = turn
        self._changed.set()

    def close(self) -> None:
        """Take it away."""
        self._open = False
        self._changed.set()

    def leave(self) -> None:
        """Say nothing more, and leave what was said."""
        self._left = self._open
        self.close()

    async def run(self, *, resumed: bool = False) -> None:
        """Live until closed. A status that can't be shown stops nothing."""
        self._unsure = resumed and bool(await self._noted())
        await self._quiet(min(self._pace.typing, self._pace.quiet))
        await self._type()
        await self._quiet(max(self._pace.quiet - self._pace.typing, 0.0))
        while self._open:
            self._changed.clear()
            await self._tell()
            await self._news()
        if not self._left:
            await self._take_away()

    async def _type(self) -> None:
        """The first sign that the ask was heard."""
        if not self._open:
            return
        try:
            await self._postman.type(self._turn.conversation)
        except Unreachable as error:
            log.info("typing for turn %s: %s", self._turn.id, error)

    async def _quiet(self, seconds: float) -> None:
        """Wait, unless the answer comes before."""
        quiet = asyncio.get_running_loop().time() + seconds
        while self._open and (left := quiet - asyncio.get_running_loop().time()) > 0:
            self._changed.clear()
            try:
                await asyncio.wait_for(self._changed.wait(), left)
            except TimeoutError:
                return

    async def _news(self) -> None:
        """Wait until something changes, if only that the time is over that was told."""
        left = self._promise.until - time.time() if self._promise else None
        try:
            async with asyncio.timeout(left):
                await self._changed.wait()
        except TimeoutError:
            return

    def _look_ahead(self, promise: Promise) -> Promise:
        """A pause that is over is followed by painting; anything else that is late has a new end."""
        now = time.time()
        over = promise.key == "held" and promise.until <= now
        return _promise("painting", self._usual) if over else promise.at(now)

    async def _tell(self) -> None:
        self._promise = self._look_ahead(self._promise) if self._promise else None
        text = self._text(self._promise) if self._promise else ""
        if text == self._said:
            return
        try:
            if (message := await self._known()) is None:
                await self._send(text)
            else:
                await self._postman.edit(self._turn.conversation, message, text)
            self._said = text
        except Unreachable as error:
            log.info("status of turn %s: %s", self._turn.id, error)

    async def _take_away(self) -> None:
        try:
            await patiently(self._erase, self._pace.pauses())
        except Unreachable as error:
            log.info("status of turn %s stays: %s", self._turn.id, error)

    def _text(self, promise: Promise) -> str:
        base = self._catalogue.say("status.base", number=self._turn.base) if self._turn.base else ""
        words, when = receipt.said(self._turn, self._catalogue), f"<t:{round(promise.until)}:R>"
        return self._catalogue.say(f"status.{promise.key}", words=words, base=base, when=when)

    async def _send(self, text: str) -> None:
        turn = self._turn
        letter = Letter(turn.conversation, text, reply_to=turn.message, nonce=f"{turn.id}-s{turn.attempts}")
        async with self._store.write() as desk:
            await desk.messages.expect_status(turn)
        self._unsure = True
        await self._note(await self._postman.send(letter))

    async def _note(self, message: int) -> None:
        self._message, self._unsure = message, False
        async with self._store.write() as desk:
            await desk.messages.add(Message(message, self._turn.conversation, self._turn.id, Said.STATUS))

    async def _erase(self) -> None:
        if self._message is None and not self._unsure:
            return
        if message := await self._known():
            await self._postman.erase(self._turn.conversation, message)
        async with self._store.write() as desk:
            await desk.messages.forget_status(self._turn.id)

    async def _known(self) -> int | None:
        """The message, looked for where it may be there without our knowing: from before, or an answer got lost."""
        if self._message is None and self._unsure:
            noted = await self._noted()
            self._message = noted.get(0) or await self._find()
            self._unsure = False
        return self._message

    async def _noted(self) -> dict[int, int]:
        return await self._store.messages.of_turn(self._turn.id, Said.STATUS)

    async def _find(self) -> int | None:
        turn = self._turn
        for each in await self._postman.own(turn.conversation, after=turn.id):
            if each.reply_to == turn.message and STATUS.match(each.text) and not each.files:
                await self._note(each.message)
                return each.message
        return None


def _promise(key: str, seconds: float) -> Promise:
    now = time.time()
    return Promise(key, now, now + seconds)
