"""A hundred threads that ask in the same moment, of a painter who takes three seconds."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace

from bot import memory
from tests.bench.contestant import Contestant, Workshop
from tests.bench.figures import Figure, against_floor, over_time
from tests.bench.sampler import delays

PAINTER = 3.0  #: seconds for one picture
TRAIL = 2.0  #: seconds in which statuses are taken away
PAUSE = memory.PAUSE + 2.0  #: seconds after which the holes that pictures left have gone back to the machine
HEARTBEAT = 20.0  #: seconds; the floor stands still for longer than a short one allows
WALL = 1.3  #: times the floor
DELAY = 50.0  #: ms that the event loop is held up at most, but for one time in a hundred
FLAT = 1.1  #: times the memory after the first round
MIB = 1 << 20


@dataclass
class Rush:
    """One bot's rounds so far."""

    bot: Contestant
    walls: list[float] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)
    cpu: float = 0.0

    async def round(self) -> None:
        """Everybody asks once."""
        since, cpu = time.monotonic(), self.bot.cpu
        self.walls.append(await self.bot.stage.ask_everywhere())
        until = time.monotonic()
        await asyncio.sleep(TRAIL)
        self.cpu += self.bot.cpu - cpu
        assert self.bot.samples is not None
        self.delays += delays(self.bot.samples, since, until)

    @property
    def delay(self) -> float:
        """The event loop's delay in milliseconds at the 99th percentile."""
        return 1000 * sorted(self.delays)[len(self.delays) * 99 // 100]


async def rush(workshop: Workshop, names: Sequence[str], rounds: int) -> Mapping[str, Rush]:
    """The bots take turns."""
    async with AsyncExitStack() as stack:
        bots = [
            await stack.enter_async_context(workshop.enter(name, heartbeat=HEARTBEAT, sampled=True)) for name in names
        ]
        for bot in bots:
            await bot.stage.ask_everywhere()  # the first pictures, from words alone
            bot.stage.painter.delay = PAINTER
        rushes = {bot.name: Rush(bot) for bot in bots}
        for number in range(rounds):
            for each in rushes.values():
                await each.round()
            if number in {0, rounds - 1}:
                await asyncio.sleep(PAUSE)
                for each in rushes.values():
                    each.memory.append(each.bot.memory)
    return rushes


def crowd_figures(rushes: Mapping[str, Rush]) -> Sequence[Figure]:
    """Time, standstill, processor and memory."""
    asks = {name: len(each.walls) * len(each.bot.stage.seats) for name, each in rushes.items()}
    walls = {name: statistics.median(each.walls) for name, each in rushes.items()}
    delay = {name: each.delay for name, each in rushes.items()}
    cpu = {name: 1000 * each.cpu / asks[name] for name, each in rushes.items()}
    held = {name: (each.memory[0] / MIB, each.memory[-1] / MIB) for name, each in rushes.items()}
    return (
        against_floor("wall", "100 asks at once, s", walls, WALL),
        replace(
            against_floor("delay", "event-loop delay in it, 99th percentile, ms", delay, 1.0),
            ceiling=DELAY,
        ),
        against_floor("crowd_cpu", "processor per edit in it, ms", cpu),
        over_time("memory", "MiB in memory half a minute after the last, times those after the first", held, FLAT),
    )
