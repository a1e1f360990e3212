"""Days of a busy server in minutes: people at work, restarts, bad weather, backups, and the bot looked at meanwhile."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.letters import Pace
from bot.sandbox import Member
from bot.sandbox.discord import seed
from bot.sandbox.discord.multipart import Form
from bot.sandbox.gemini.faults import Fault
from tests.bench.club import Seat, bench_club
from tests.crash.books import open_books
from tests.crash.till import Till
from tests.crash.verdict import Heard, judged
from tests.e2e.process import Sections
from tests.e2e.stage import Canvas, Stage
from tests.soak.clock import swift_clock
from tests.soak.gauges import Gauges, Others, Sample
from tests.soak.people import BAD, GOOGLE, Day, Done
from tests.soak.stage import open_long_stage
from tests.soak.trouble import Operator, Pulse, Weather

DAY = 86_400.0
CANVASES = 6  #: threads in which people do all that there is to do
SEEN = 500  #: messages that a member's client remembers
PAINTING = (0.1, 0.8)  #: seconds that a picture takes
CALM = 3.0  #: true seconds of peace, at last
SETTLED = 2 * Pace().longest_pause  #: true seconds in which all must be answered: whatever is tried again is, once
RETENTION = 1  #: days that words and pictures are kept
STATES = "SELECT coalesce(reason, state), count(*) FROM turns GROUP BY 1"
FENCES = {"pictures_per_member_hour": 120, "pictures_per_server_day": 5000}


@dataclass(frozen=True)
class Calendar:
    """So many days in so many true seconds; what happens when is a share of the whole.

    The long calm is a stretch without a restart, in which nothing may grow.
    """

    days: float = 2.0
    seconds: float = 480.0
    seed: int = 1
    seats: int = 40
    scene: float = 1.6  #: true seconds between two scenes
    chat: float = 0.3  #: and between two asks of everybody else
    gusts: float = 12.0  #: and between two changes of the weather
    restarts: tuple[float, ...] = (0.08, 0.16, 0.24, 0.32, 0.40, 0.90, 0.95)
    backups: tuple[float, ...] = (0.12, 0.37, 0.62, 0.87)
    sample: float = 1.0

    @property
    def times(self) -> float:
        """How much faster the clock runs."""
        return self.days * DAY / self.seconds


@dataclass
class Report:
    """What came of it."""

    calendar: Calendar
    samples: list[Sample]
    stops: list[tuple[float, str]]
    began: float
    wrong: list[str] = field(default_factory=list)
    late: float = 0.0  #: seconds past a heartbeat's time, at most
    connections: int = 0
    asks: int = 0
    gusts: int = 0
    away: Sequence[tuple[float, float]] = ()  #: when the bot was, in true seconds
    done: list[Done] = field(default_factory=list)
    states: dict[str, int] = field(default_factory=dict)
    others: float = 0.0  #: processors that others kept busy


class Town:
    """Everybody on the stage, and what was said."""

    def __init__(self, stage: Stage, seats: Sequence[Seat], gauges: Gauges, calendar: Calendar) -> None:
        self.stage = stage
        self.seats = seats
        self.calendar = calendar
        self.heard = Heard()
        self.operator = Operator(stage, gauges, self.heard)
        self.gauges = gauges
        self.pulse = Pulse(stage)
        self.weather = Weather(stage, random.Random(f"weather {calendar.seed}"))
        self.report = Report(calendar, [], self.operator.stops, time.time())
        self._chance = random.Random(calendar.seed)
        self._canvases: tuple[Canvas, ...] = ()
        self._days: list[Day] = []
        self._others = Others()
        self._scenes: set[asyncio.Task[None]] = set()

    async def begin(self) -> None:
        """A look before anybody asks; threads to work in, an audit channel, a time after which everything goes."""
        self.report.samples.append(await self.gauges.sure())
        ana = self.stage.ana
        self._canvases = tuple([await self.stage.canvas(f"a hill, number {each}") for each in range(CANVASES)])
        await ana.slash("studio", "retention", days=RETENTION)
        await ana.slash("studio", "audit", channel=seed.LOUNGE)

    async def live(self) -> None:
        """All of it, to the end of the calendar."""
        calendar = self.calendar
        chores: list[asyncio.Task[None]] = []
        async with asyncio.TaskGroup() as group:
            for pause, act in (
                (calendar.scene, self._scene),
                (calendar.chat, self._chat),
                (calendar.gusts, self.weather.change),
                (calendar.sample, self._sample),
            ):
                chores.append(group.create_task(_again(pause, act)))
            chores.append(group.create_task(self.pulse.watch()))
            await self._calendar()
            for each in chores[:3]:
                each.cancel()
            await self._rest()
            for each in chores[3:]:
                each.cancel()

    async def _calendar(self) -> None:
        """Restarts and backups, each at its time."""
        events: list[tuple[float, Callable[[], Awaitable[None]]]] = [
            (share, self._restart(at)) for at, share in enumerate(self.calendar.restarts)
        ]
        events += [(share, self.operator.backup) for share in self.calendar.backups]
        began = time.monotonic()
        for share, act in sorted(events, key=lambda each: each[0]):
            await asyncio.sleep(max(began + share * self.calendar.seconds - time.monotonic(), 0))
            await act()
        await asyncio.sleep(max(began + self.calendar.seconds - time.monotonic(), 0))

    def _restart(self, number: int) -> Callable[[], Awaitable[None]]:
        return lambda: self.operator.restart(kill=number % 2 == 1)

    async def _scene(self) -> None:
        """People act, and are not waited for."""
        self.stage.gemini.delay = self._chance.uniform(*PAINTING)
        chance = random.Random(self._chance.random())
        day = Day(self.stage, chance, f"{len(self._days)}", self._canvases)
        self._days.append(day)
        task = asyncio.create_task(day.play())
        self._scenes.add(task)
        task.add_done_callback(self._scenes.discard)
        for member in (self.stage.ana, self.stage.ben, self.stage.cleo):
            _forget(member)

    async def _chat(self) -> None:
        """Somebody asks in a thread of their own."""
        seat, sandbox = self._chance.choice(self.seats), self.stage.sandbox
        words = f"make it brighter {len(self.heard.said)}.{self._chance.randrange(1_000_000)}"
        if self._chance.random() < BAD:
            self.stage.gemini.faults.add(Fault(self._chance.choice(GOOGLE), words, wait=0.2))
        form = Form({"content": words})
        channel = sandbox.world.channel(seat.thread)
        self.heard.said.add(sandbox.services.messages.create(channel, seat.member, form).id)

    async def _sample(self) -> None:
        if sample := await self.gauges.read():
            self.report.samples.append(sample)

    async def _rest(self) -> None:
        """Everybody goes home; the bot has some time for what is left."""
        self.stage.sandbox.faults.clear()
        self.stage.sandbox.gateway.duplicates = 0
        if self._scenes:
            await asyncio.wait(self._scenes, timeout=10.0)
        deadline = time.monotonic() + SETTLED
        while (left := self._unrest()) and time.monotonic() < deadline:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.5)
        self.report.wrong += left
        await asyncio.sleep(CALM)

    def _unrest(self) -> list[str]:
        for day in self._days:
            self.heard.said |= {each.id for each in day.said if each.channel_id not in day.lost}
            self.heard.taken_back |= day.taken_back
            self.heard.unshown |= day.unshown
        lost = {thread for day in self._days for thread in day.lost}
        world = self.stage.sandbox.world
        there = {message for channel, found in world.messages.items() if channel not in lost for message in found}
        self.heard.taken_back |= self.heard.said - there
        with open_books(self.stage.bot.folder / "data") as books:
            return books.unrest(self.heard.said - self.heard.taken_back)

    async def end(self, till: Till) -> Report:
        """Look at all that is left; the bot is stopped for the last look."""
        report = self.report
        report.wrong += judged(self.stage, till.charged, self.heard)
        report.wrong += self.stage.bot.troubles()
        await self.stage.bot.stop()
        await self.operator.doctor()
        report.wrong += self.operator.wrong
        report.away, report.others = self.operator.away, self._others.busy()
        report.late, report.connections, report.gusts = self.pulse.late, self.pulse.connections, self.weather.met
        with open_books(self.stage.bot.folder / "data") as books:
            report.asks = books.one("SELECT count(*) FROM turns")
            report.states = {row[0]: row[1] for row in books.rows(STATES)}
        for day in self._days:
            report.done += day.done
        return report


def _forget(member: Member) -> None:
    if len(member.seen) > 2 * SEEN:
        member.seen = dict(sorted(member.seen.items())[-SEEN:])


async def _again(pause: float, act: Callable[[], Awaitable[None]]) -> None:
    while True:
        began = time.monotonic()
        await act()
        await asyncio.sleep(max(pause - (time.monotonic() - began), 0.0))


@asynccontextmanager
async def open_town(folder: Path, calendar: Calendar) -> AsyncIterator[tuple[Town, Till]]:
    """A server with a busy bot."""
    world, seats = bench_club(calendar.seats)
    clock, till = swift_clock(calendar.times), Till()
    # A restart takes seconds, which are hours on this clock; what was asked meanwhile must not be too old for it.
    sections: Sections = {"limits": FENCES, "gemini": {"at_once": 8}, "discord": {"catch_up_hours": 336.0}}
    async with open_long_stage(folder, world, clock, till, sections) as (stage, gauges):
        yield Town(stage, seats, gauges, calendar), till


async def days(folder: Path, calendar: Calendar) -> Report:
    """From the first ask to the doctor's word."""
    async with open_town(folder, calendar) as (town, till):
        await town.begin()
        await town.live()
        return await town.end(till)
