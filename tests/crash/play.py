"""Runs: people ask, the bot is killed at a point, started again, comes to rest; then all is checked."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp

from tests.crash.books import open_books
from tests.crash.people import Scene
from tests.crash.points import Places, Point, sorted_out
from tests.crash.till import Till
from tests.crash.verdict import Evidence, violations
from tests.crash.weapon import Weapon
from tests.e2e.stage import Canvas, Stage, open_stage
from tests.ports import free_port

REST = 30.0  #: seconds within which all must be answered
IN_VAIN = 4.0  #: seconds to wait for a point that may never come
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
        self._said: set[int] = set()
        self._kills = 0
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
        people = asyncio.create_task(scene.play())
        await self._kill(run, points[0], scene, people)
        for each in points[1:]:
            self.weapon.load(each)
            await self._start_or_die()
            await self._kill(run, each, scene, people, loaded=True)
        await self.stage.start()
        began = time.monotonic()
        await people
        run.wrong = await self._rests(scene)
        run.seconds = time.monotonic() - began
        run.wrong += self._troubles(since) + await self._judged(scene)
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

    async def _kill(
        self, run: Run, point: Point, scene: Scene, people: asyncio.Task[None], *, loaded: bool = False
    ) -> None:
        if not loaded:
            self.weapon.load(point)
        deadline = time.monotonic() + IN_VAIN
        while self.stage.bot.running and time.monotonic() < deadline:
            if people.done() and not self._unrest(scene):
                break
            await asyncio.sleep(0.01)
        run.points.append(point)
        run.struck.append(self.weapon.unload())
        await self.stage.kill()
        self.stage.sandbox.faults.clear()
        self._kills += 1

    async def _start_or_die(self) -> None:
        """A start that may be the end of it."""
        try:
            await self.stage.start()
        except AssertionError:
            if self.stage.bot.running:
                raise

    def _unrest(self, scene: Scene) -> list[str]:
        self._said |= {each.id for each in scene.said} - scene.taken_back
        with open_books(self._data) as books:
            return books.unrest(self._said)

    @property
    def _data(self) -> Path:
        return self.stage.bot.folder / "data"

    async def _rests(self, scene: Scene) -> list[str]:
        """Wait until nothing is left to do; what is, when it takes too long."""
        deadline = time.monotonic() + REST
        while (left := self._unrest(scene)) and time.monotonic() < deadline:
            if not self.stage.bot.running:
                return ["it ended by itself"]
            await asyncio.sleep(0.05)
        return left

    def _troubles(self, since: int) -> list[str]:
        return [f"log: {line}" for line in self.stage.bot.troubles(since)]

    async def _judged(self, scene: Scene) -> list[str]:
        sandbox = self.stage.sandbox
        interactions = sandbox.services.interactions._by_id.values()
        asking = {each.id for each in interactions if each.acknowledged and _asks(each.data)}
        with open_books(self._data) as books:
            evidence = Evidence(
                books, sandbox.world, self._data, list(self._till.charged), self._kills, set(self._said), asking,
                Counter(each.prompt for each in self.stage.gemini.ledger.requests),
            )  # fmt: skip
            return await asyncio.to_thread(lambda: None) or violations(evidence) + await self._unwell()

    async def _unwell(self) -> list[str]:
        """What /healthz complains of; the gateway may be a moment late."""
        for _ in range(100):
            async with aiohttp.ClientSession() as session, session.get(self._health) as answer:
                if answer.status == 200:
                    return []
                told = await answer.text()
            await asyncio.sleep(0.05)
        return [f"healthz: {told}"]


def _asks(data: dict[str, object]) -> bool:
    """Whether a press or command asks for a picture."""
    verb = str(data.get("custom_id", "")).partition(":")[0]
    return data.get("name") == "imagine" or verb in ("variations", "retry", "edited")


@asynccontextmanager
async def open_play() -> AsyncIterator[Play]:
    """A stage, its bot running under the launcher, two threads to work in."""
    till, port = Till(), free_port()
    sections = {"health": {"listen": f"127.0.0.1:{port}"}, "gemini": {"at_once": 3}}
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
        return [await play.run(number, orders) for number in orders.runs]
