"""Runs: people ask, the bot is killed at a point, started again, comes to rest; then all is checked."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp

from tests.crash.books import open_books
from tests.crash.people import Scene
from tests.crash.points import Places, Point, sorted_out
from tests.crash.till import Till
from tests.crash.verdict import Heard, judged
from tests.crash.weapon import Weapon
from tests.e2e.process import Sections
from tests.e2e.stage import Canvas, Stage, open_stage
from tests.ports import free_port

REST = 30.0  #: seconds within which all must be answered
STARTING = 1.0  #: seconds after a start within which a point may be passed
LINGERING = 0.3  #: seconds that people who pressed in vain are waited for: Discord tells them after three
LOOKS = 0.05  #: seconds between two looks at what is left to do
CALM = 0.3  #: seconds for which nothing must be: what somebody said in the last moment may be on its way
SCENES = 3  #: that people play at most until the point is passed
AGAIN = 0.25  #: of all runs, in which it is killed at its start, too
PAINTING = 0.15  #: seconds that a picture takes at most


@dataclass(frozen=True)
class Orders:
    """What a player plays: numbers of runs, all from one seed; or one run with its points."""

    seed: int
    runs: Sequence[int]
    places: Places
    points: tuple[Point, ...] = ()


@dataclass
class Run:
    """How one went."""

    number: int
    points: list[Point] = field(default_factory=list)
    struck: list[bool] = field(default_factory=list)
    seconds: float = 0.0  #: from the last start until all was answered
    wrong: list[str] = field(default_factory=list)
    log: str = ""


class Play:
    """One stage with all that was ever said on it."""

    def __init__(self, stage: Stage, till: Till, weapon: Weapon, health: str) -> None:
        self.stage = stage
        self._till = till
        self.weapon = weapon
        self._health = health
        self._heard = Heard()
        self._known: set[str] = set()
        self._canvases: tuple[Canvas, ...] = ()

    async def canvases(self) -> None:
        """Two threads to work in."""
        self._canvases = (await self.stage.canvas("a red house"), await self.stage.canvas("a green hill"))
        for each in self._canvases:
            await each.ask("make it day")

    async def rehearse(self) -> Places:
        """What is passed by people's asks, and by a start, while nobody dies."""
        places = Places()
        self.weapon.load(None)
        await self.stage.restart()
        await asyncio.sleep(2.5)
        self.weapon.unload()
        started = self.weapon.passed
        await self.stage.bot.stop()
        places.started = sorted_out(self.weapon.counted()) | started
        await self.stage.start()
        scene = self._scene("rehearsal", random.Random(0))
        self.weapon.load(None)
        await scene.play(everything=True)
        await self._rests(scene)
        self.weapon.unload()
        asked = self.weapon.passed
        await self.stage.bot.stop()
        places.asked = sorted_out(self.weapon.counted()) | asked
        await self.stage.start()
        return places

    async def run(self, number: int, orders: Orders) -> Run:
        """Kill it once, or twice."""
        chance, run = random.Random(f"{orders.seed}:{number}"), Run(number)
        since = self.stage.bot.log.stat().st_size
        scene = self._scene(f"{number}", chance)
        points = orders.points or self._chosen(chance, orders.places)
        self.weapon.load(points[0])
        people = await self._passed(scene)
        await self._kill(run, points[0])
        for each in points[1:]:
            self.weapon.load(each)
            await self._start_or_die()
            await self._dead(STARTING)
            await self._kill(run, each)
        await self.stage.start()
        began = time.monotonic()
        await asyncio.wait([people], timeout=LINGERING)
        people.cancel()
        await asyncio.wait([people])
        run.wrong = await self._rests(scene)
        run.seconds = time.monotonic() - began
        found = [*run.wrong, *self._troubles(since), *await self._judged()]
        run.wrong = [each for each in found if each not in self._known]
        self._known |= set(run.wrong)
        run.log = self.stage.bot.said(since) if run.wrong else ""
        return run

    def _scene(self, name: str, chance: random.Random) -> Scene:
        self.stage.gemini.delay = chance.uniform(0, PAINTING)
        return Scene(self.stage, chance, name, self._canvases)

    def _chosen(self, chance: random.Random, places: Places) -> tuple[Point, ...]:
        first = places.choose(chance, 1.0)
        if chance.random() > AGAIN:
            return (first,)
        return first, places.choose(chance, 2.5, starting=True)

    async def _passed(self, scene: Scene) -> asyncio.Task[None]:
        """People act until the point is passed, and some more where all of theirs has been answered before."""
        for _ in range(SCENES):
            people = asyncio.create_task(scene.play())
            deadline = time.monotonic() + REST
            while self.stage.bot.running and time.monotonic() < deadline:
                if people.done() and not self._unrest(scene):
                    break
                await asyncio.sleep(0.01)
            if not self.stage.bot.running:
                break
        return people

    async def _dead(self, seconds: float) -> None:
        """It was killed, or so many seconds have passed."""
        with suppress(TimeoutError):
            await self.stage.until(lambda: not self.stage.bot.running, seconds)

    async def _kill(self, run: Run, point: Point) -> None:
        """If it is not dead already."""
        run.points.append(point)
        run.struck.append(self.weapon.unload())
        await self.stage.kill()
        self.stage.sandbox.faults.clear()
        self._heard.kills += 1

    async def _start_or_die(self) -> None:
        """A start that may be the end of it."""
        try:
            await self.stage.start()
        except AssertionError:
            if self.stage.bot.running:
                raise

    def _unrest(self, scene: Scene) -> list[str]:
        self._heard.taken_back |= scene.taken_back
        self._heard.said = (self._heard.said | {each.id for each in scene.said}) - self._heard.taken_back
        with open_books(self._data) as books:
            return [each for each in books.unrest(self._heard.said) if each not in self._known]

    @property
    def _data(self) -> Path:
        return self.stage.bot.folder / "data"

    async def _rests(self, scene: Scene) -> list[str]:
        """Wait until nothing is left to do; what is, when it takes too long."""
        deadline, calm = time.monotonic() + REST, 0.0
        while ((left := self._unrest(scene)) or calm < CALM) and time.monotonic() < deadline:
            if not self.stage.bot.running:
                return ["it ended by itself"]
            calm = 0.0 if left else calm + LOOKS
            await asyncio.sleep(LOOKS)
        return left

    def _troubles(self, since: int) -> list[str]:
        return [f"log: {line}" for line in self.stage.bot.troubles(since)]

    async def _judged(self) -> list[str]:
        return judged(self.stage, self._till.charged, self._heard) + await self._unwell()

    async def _unwell(self) -> list[str]:
        """What /healthz complains of; the gateway may be a moment late."""
        for _ in range(100):
            async with aiohttp.ClientSession() as session, session.get(self._health) as answer:
                if answer.status == 200:
                    return []
                told = await answer.text()
            await asyncio.sleep(0.05)
        return [f"healthz: {told}"]


@asynccontextmanager
async def open_play() -> AsyncIterator[Play]:
    """A stage, its bot running under the launcher, two threads to work in."""
    till, port = Till(), free_port()
    sections: Sections = {"health": {"listen": f"127.0.0.1:{port}"}, "gemini": {"at_once": 3}}
    with TemporaryDirectory(prefix="easel-crash-") as folder:
        async with open_stage(Path(folder), sections, till) as stage:
            stage.sandbox.world.rules.rate_limits = False
            await stage.bot.stop()
            play = Play(stage, till, Weapon(stage, Path(folder) / "orders"), f"http://127.0.0.1:{port}/healthz")
            await stage.start()
            await play.canvases()
            yield play


async def rehearsed() -> Places:
    async with open_play() as play:
        return await play.rehearse()


async def played(orders: Orders) -> list[Run]:
    async with open_play() as play:
        return [await _survived(play, number, orders) for number in orders.runs]


async def _survived(play: Play, number: int, orders: Orders) -> Run:
    """The run; where the bot did not even start again, so much for it."""
    try:
        return await play.run(number, orders)
    except (AssertionError, TimeoutError) as error:
        return Run(number, list(orders.points), [False] * len(orders.points), wrong=[repr(error)[:500]])


def played_here(orders: Orders) -> list[Run]:
    """The same in a process of its own."""
    logging.disable()  # the stand-ins are surprised by each connection that ends in the middle of a word
    return asyncio.run(played(orders))
