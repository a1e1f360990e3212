"""A thousand conversations that ask within the same minute, of a painter who takes twenty seconds."""

from __future__ import annotations

import asyncio
import math
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.sandbox.discord.events import Event
from bot.sandbox.discord.multipart import Form
from bot.sandbox.discord.seed import BOT
from bot.sandbox.discord.traffic import AFTER, Seen
from bot.sandbox.gemini.painting import Painting
from bot.sandbox.gemini.request import Request
from tests.bench.club import Seat, bench_club
from tests.bench.picture import Restless, photograph
from tests.bench.stage import lateness
from tests.crash.books import open_books
from tests.crash.till import Till
from tests.crash.verdict import Heard, judged
from tests.e2e.stage import STATUS, Stage, sentence
from tests.soak.clock import swift_clock
from tests.soak.gauges import COUNTED, Gauges, Others, Sample
from tests.soak.stage import open_long_stage

PLACE = re.compile(re.escape(sentence("status.queued", words="WORDS")).replace("WORDS", ".*") + r"(\d+)")
NEXT = re.compile(
    re.escape(sentence("status.next", words="WORDS", when="X", latest="X").partition(" · ")[0]).replace("WORDS", ".*")
)
THREAD = re.compile(r".*/channels/(\d+)/(?:typing|messages)")
WARM = 0.05  #: seconds between two asks before the crowd
BURST = 10  #: per cent of all
REST = 120.0  #: seconds for the last picture, beyond what the painter needs for all of them
TICK = 0.05  #: seconds between two looks at the stand-ins' own loop


@dataclass(frozen=True)
class Course:
    """How many ask, within how many seconds, of a painter that takes so long and is asked so often at once."""

    asks: int = 1000
    within: float = 60.0
    painter: float = 20.0
    at_once: int = 250
    calm: float = 35.0  #: seconds before and after: longer than until memory is given back
    kept: float = 60.0  #: seconds until connections that nobody uses are closed
    greedy: int = 20  #: of the asks, which all come from one member


class Tireless(Till):
    """Paints heavy pictures, and forgets what it was shown."""

    def paint(self, request: Request, take: int) -> Painting:
        try:
            return super().paint(request, take)
        finally:
            self.shown.clear()


@dataclass
class Ask:
    """One ask, and when what happened to it, in true seconds: to the moment, as Discord and the painter saw it."""

    seat: Seat
    words: str
    id: int = 0
    at: float = 0.0
    reacted: float = 0.0
    answered: list[float] = field(default_factory=list)
    painted: int = 0  #: of the answers had a picture
    places: list[tuple[float, int]] = field(default_factory=list)  #: what its status told


class Crowd:
    """The stage, and everybody on it."""

    def __init__(self, stage: Stage, seats: Sequence[Seat], gauges: Gauges) -> None:
        self.stage = stage
        self.seats = seats
        self.gauges = gauges
        self.samples: list[Sample] = []
        self.heard = Heard()
        self.late = 0.0  #: seconds that the stand-ins' own loop was late at most
        self._asks: dict[int, Ask] = {}
        stage.sandbox.world.listeners.append(self._hear)
        stage.sandbox.traffic.hooks.append(self._see)

    async def ask(self, asks: Sequence[Ask], within: float) -> None:
        """All of them, spread over so many seconds, to the last answer."""
        began, starts = time.monotonic(), [within * number / len(asks) for number in range(len(asks))]
        for start, ask in zip(starts, asks, strict=True):
            await asyncio.sleep(max(began + start - time.monotonic(), 0))
            self._say(ask)
        deadline = time.monotonic() + REST + self.stage.gemini.delay * len(asks)
        while not all(ask.answered for ask in asks) and time.monotonic() < deadline:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.1)

    def _say(self, ask: Ask) -> None:
        sandbox, self._asks[ask.seat.thread] = self.stage.sandbox, ask
        ask.at = time.time()
        channel = sandbox.world.channel(ask.seat.thread)
        ask.id = sandbox.services.messages.create(channel, ask.seat.member, Form({"content": ask.words})).id
        self.heard.said.add(ask.id)

    def _hear(self, event: Event) -> None:
        """Notice what the bot does; its pictures are let go at once, or the stand-in would hold gigabytes."""
        ask = self._asks.get(int(event.data.get("channel_id", 0)))
        if ask is None or int(event.data.get("author", {}).get("id", event.data.get("user_id", 0))) != BOT:
            return
        now, text = time.time(), event.data.get("content", "")
        if place := PLACE.search(text):
            ask.places.append((now, int(place[1])))
        elif NEXT.search(text):
            ask.places.append((now, 1))
        if event.name == "MESSAGE_CREATE" and not STATUS.match(text):
            ask.answered.append(now)
            ask.painted += bool(event.data["attachments"])
            message = self.stage.sandbox.world.message(ask.seat.thread, int(event.data["id"]))
            asyncio.get_running_loop().call_soon(self.stage.sandbox.world.vault.release, message.attachments)

    async def _see(self, phase: str, seen: Seen) -> None:
        """The first thing that the bot does in a thread is its first sign: mostly that it types."""
        if phase == AFTER and seen.who == "bot" and (found := THREAD.match(seen.path)):
            ask = self._asks.get(int(found[1]))
            if ask is not None:
                ask.reacted = ask.reacted or time.time()

    async def watch(self) -> None:
        """Look at the bot once a second, and at our own loop more often."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._watch_ourselves())
            while True:
                if sample := await self.gauges.read():
                    self.samples.append(sample)
                await asyncio.sleep(1.0)

    async def _watch_ourselves(self) -> None:
        while True:
            due = time.monotonic() + TICK
            await asyncio.sleep(TICK)
            self.late = max(self.late, time.monotonic() - due)


@dataclass
class Outcome:
    """What came of a crowd."""

    course: Course
    asks: list[Ask]
    begun: list[float]  #: when Google was asked, in the order of `asks`
    heartbeat: float  #: seconds past its time, the latest
    before: Sample
    peak: Sample
    after: Sample
    wrong: list[str]
    samples: list[Sample]
    late: float
    others: float  #: processors that others kept busy
    idle: dict[str, tuple[float, float]]  #: what piled up: before, after


async def crowd(folder: Path, course: Course) -> Outcome:
    """Everybody asks once in peace, for a picture to go on from; then all of them together."""
    world, seats = bench_club(course.asks)
    till = Tireless(Restless(await asyncio.to_thread(photograph)))
    sections = {"gemini": {"at_once": course.at_once}}
    async with open_long_stage(folder, world, swift_clock(), till, sections) as (stage, gauges):
        return await _played(Crowd(stage, seats, gauges), course, till)


async def _played(crowd: Crowd, course: Course, till: Till) -> Outcome:
    stage = crowd.stage
    many = (
        len(crowd.seats) * BURST // 100
    )  # those at last in one moment, so that every pool of threads is as full as ever
    for seats, pause in ((crowd.seats[many:], WARM), (crowd.seats[:many], 0.0)):
        await crowd.ask([Ask(seat, f"a house, number {seat.thread}") for seat in seats], len(seats) * pause)
    await asyncio.sleep(course.calm)
    before, since, others = await crowd.gauges.sure(), time.monotonic(), Others()
    stage.gemini.delay = course.painter
    asks = [Ask(seat, f"make it night {seat.thread}") for seat in _seated(crowd.seats, course)]
    watch = asyncio.create_task(crowd.watch())
    try:
        await crowd.ask(asks, course.within)
        after = await _calm(crowd, before, course)
        late, busy = lateness(stage.sandbox, since, time.monotonic()), others.busy()
    finally:
        watch.cancel()
        await asyncio.gather(watch, return_exceptions=True)
    begun = {entry.texts[-1]: entry.when for entry in stage.gemini.ledger.requests if entry.texts}
    return Outcome(
        course,
        asks,
        [_begun(begun, ask) for ask in asks],
        late,
        before,
        max(crowd.samples, key=lambda each: each.memory),
        after,
        _judged(crowd, till),
        crowd.samples,
        crowd.late,
        busy,
        {name: (before.counts[name], after.counts[name]) for name in COUNTED},
    )


async def _calm(crowd: Crowd, before: Sample, course: Course) -> Sample:
    """After the last answer connections are kept for a while, for whoever asks next."""
    deadline = time.monotonic() + course.kept
    await asyncio.sleep(course.calm)
    while True:
        after = await crowd.gauges.sure()
        left = [name for name in COUNTED if after.counts[name] > before.counts[name]]
        if not left or time.monotonic() > deadline:
            return after
        await asyncio.sleep(1.0)


def _seated(seats: Sequence[Seat], course: Course) -> list[Seat]:
    """In the order of asking; in the middle somebody asks in many threads at once."""
    first = len(seats) // 3
    hungry = range(first, first + course.greedy)
    return [Seat(each.thread, seats[first].member) if at in hungry else each for at, each in enumerate(seats)]


def _begun(begun: dict[str, float], ask: Ask) -> float:
    return next((when for text, when in begun.items() if ask.words in text), math.inf)


def _judged(crowd: Crowd, till: Till) -> list[str]:
    stage = crowd.stage
    with open_books(stage.bot.folder / "data") as books:
        unrest = books.unrest(crowd.heard.said)
    return [*judged(stage, till.charged, crowd.heard), *unrest, *stage.bot.troubles()]
