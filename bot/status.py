"""The status message of a waiting ask: there after a second, edited only when its text changes, gone at the end."""

from __future__ import annotations

import asyncio
import logging
import math
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bot import receipt
from bot.catalogue import Catalogue
from bot.errors import Unreachable
from bot.letters import Button, Letter, Pace, Postman, patiently
from bot.model import Model, Turn
from bot.moments import relative
from bot.store import Message, Said, Store, Trouble

log = logging.getLogger(__name__)

SLOWER = {"2K": 1.4, "4K": 2.2}  #: against a 1K picture, until the bot has learnt better
SHORTEST = 5.0  #: seconds; less is not worth a promise
LEARNT = 3  #: pictures after which the bot goes by its own experience
TENTH = 1.5  #: times the usual, that the slowest tenth of pictures is thought to begin at before that
APART = 1.2  #: times the usual at least, or the two times would look the same
COUNTS = {"painting", "again", "slow", "held"}  #: states in which Google may bill what is cancelled


@dataclass(frozen=True)
class Span:
    """How long something takes, in seconds: half of the time, and in nine of ten cases."""

    usual: float = SHORTEST
    late: float = SHORTEST * APART

    def __mul__(self, times: float) -> Span:
        """So many one after the other."""
        return Span(self.usual * times, self.late * times)


@dataclass(frozen=True)
class Estimates:
    """How long a picture takes, learnt from the last thirty of its model and size; looked up once in a while."""

    store: Store
    awhile: float = 10.0  #: seconds
    _learnt: dict[tuple[str, str | None], tuple[float, Span]] = field(default_factory=dict)

    async def span(self, model: Model, size: str | None) -> Span:
        """Their median and 90th percentile; before the third picture what the model's data says."""
        known = self._learnt.get((model.id, size))
        if known is None or time.monotonic() - known[0] > self.awhile:
            known = time.monotonic(), await self._learn(model, size)
            self._learnt[model.id, size] = known
        return known[1]

    async def _learn(self, model: Model, size: str | None) -> Span:
        known = sorted(await self.store.turns.seconds(model.id, size))
        if len(known) < LEARNT:
            usual = max(model.seconds * SLOWER.get(size or "", 1.0), SHORTEST)
            return Span(usual, usual * TENTH)
        usual = max(statistics.median(known), SHORTEST)
        return Span(usual, max(known[math.ceil(0.9 * len(known)) - 1], usual * APART))


@dataclass(frozen=True)
class Promise:
    """What is said, `status.<key>`, and when it is expected to end; all in seconds since the epoch."""

    key: str
    since: float
    until: float
    latest: float
    place: int = 0  #: in the queue, counted from 1

    def at(self, now: float) -> Promise:
        """The same, or what to say instead where it took longer: each new promise is as long as all that has passed."""
        if now < self.latest:
            return self
        key = "slow" if self.key in {"painting", "again"} else self.key
        passed = max(self.latest - self.since, SHORTEST)
        until, latest = self.latest + passed / 2, self.latest + passed
        return Promise(key, self.since, until, latest, self.place).at(now)


@dataclass(frozen=True)
class Queue:
    """What an ask waits in: how many are painted at once, and the place that it has now, counted from 1.

    `stops` tells why it has to wait whatever its place, as a key of `status`; nothing where it has not. One that is
    not in line yet waits for what `ahead` names, another such key.
    """

    span: Span
    width: int
    place: Callable[[], int]
    stops: Callable[[], str] = str
    ahead: str = ""

    def promise(self) -> Promise:
        """All that are ahead, and then its own time."""
        if stopped := self.stops() or self.ahead:
            return _promise(stopped, self.span * 2)
        place = self.place()
        key = "queued" if place > 1 else "next"
        return _promise(key, self.span * (1 + place / max(self.width, 1)), place)

    def differs(self, promise: Promise) -> bool:
        """Whether something else is to be said."""
        stopped = self.stops() or self.ahead
        return stopped != promise.key if stopped else self.place() not in {promise.place, 0}


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
        self._queue: Queue | None = None
        self._span = Span()
        self._open = True
        self._left = False
        self._unsure = False  # a message may be in the thread without our having heard of it
        self._message: int | None = None
        self._said: tuple[str, str] | None = None
        self._changed = asyncio.Event()

    def show(self, state: str, span: Span, turn: Turn | None = None) -> None:
        """Say `status.<state>`, done in about so long."""
        self._promise, self._queue = _promise(state, span), None
        self._span = self._span if state == "held" else span
        self.reword(turn or self._turn)

    def queue(self, queue: Queue) -> None:
        """Say which place it has in the queue, now and when that changes."""
        self._promise, self._queue = queue.promise(), queue
        self._changed.set()

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
                async with asyncio.timeout(left):
                    await self._changed.wait()
            except TimeoutError:
                return

    async def _news(self) -> None:
        """Wait until something changes, if only that the time is over that was told."""
        left = self._promise.latest - time.time() if self._promise else None
        try:
            async with asyncio.timeout(min(left or 0.0, self._pace.step) if self._queue else left):
                await self._changed.wait()
        except TimeoutError:
            return

    def _look_ahead(self, promise: Promise) -> Promise:
        """A pause that is over is followed by painting; who moved up is told so; what is late has a new end."""
        now = time.time()
        if self._queue and self._queue.differs(promise):
            return self._queue.promise()
        over = promise.key == "held" and promise.latest <= now
        return _promise("painting", self._span) if over else promise.at(now)

    async def _tell(self) -> None:
        self._promise = self._look_ahead(self._promise) if self._promise else None
        if self._promise is None:
            return
        text, button = self._text(self._promise), self._button(self._promise)
        if self._said == (text, button.label):
            return
        try:
            if (message := await self._known()) is None:
                await self._send(text, button)
            else:
                await self._postman.edit(self._turn.conversation, message, text, (button,))
            self._said = text, button.label
        except (Unreachable, Trouble) as error:
            log.info("status of turn %s: %s", self._turn.id, error)

    async def _take_away(self) -> None:
        try:
            await patiently(self._erase, self._pace.pauses())
        except Unreachable as error:
            log.info("status of turn %s stays: %s", self._turn.id, error)

    def _text(self, promise: Promise) -> str:
        base = self._catalogue.say("status.base", number=self._turn.base) if self._turn.base else ""
        named = {"when": promise.until, "latest": promise.latest, "since": promise.since}
        times = {name: relative(at) for name, at in named.items()}
        return self._catalogue.say(
            f"status.{promise.key}", words=self._words(), base=base, place=promise.place, **times
        )

    def _words(self) -> str:
        words, count = receipt.said(self._turn, self._catalogue), self._turn.count
        return self._catalogue.say("receipt.several", words=words, count=count) if count > 1 else words

    def _button(self, promise: Promise) -> Button:
        """Free while it waits; what is being painted may be billed, and the button says so."""
        key = "cancel.counts" if promise.key in COUNTS else "cancel.free"
        return Button(self._catalogue.say(key), f"cancel:{self._turn.id}")

    async def _send(self, text: str, button: Button) -> None:
        turn = self._turn
        nonce = f"{turn.id}-s{turn.attempts}"
        letter = Letter(turn.conversation, text, buttons=(button,), reply_to=turn.message, nonce=nonce)
        await self._store.change(lambda desk: desk.messages.expect_status(turn))
        self._unsure = True
        await self._note(await self._postman.send(letter))

    async def _note(self, message: int) -> None:
        self._message, self._unsure = message, False
        shown = Message(message, self._turn.conversation, self._turn.id, Said.STATUS)
        await self._store.change(lambda desk: desk.messages.add(shown))

    async def _erase(self) -> None:
        if self._message is None and not self._unsure:
            return
        if message := await self._known():
            await self._postman.erase(self._turn.conversation, message)
        await self._store.change(lambda desk: desk.messages.forget_status(self._turn.id))

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
            if f"cancel:{turn.id}" in each.buttons:  # words are like others', and what it replied to may be deleted
                await self._note(each.message)
                return each.message
        return None


def _promise(key: str, span: Span, place: int = 0) -> Promise:
    now = time.time()
    return Promise(key, now, now + span.usual, now + span.late, place)
