"""The way of one edit: from a member's message to the picture in the thread, while nobody else asks."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from tests.bench.contestant import Contestant, Workshop
from tests.bench.figures import Figure, against_floor

THREADS = 5
BREATH = 0.03  #: seconds between an answer and the next ask
TRAIL = 0.3  #: seconds in which a bot ends what it does after posting
LATE = 0.5  #: seconds past its time; the gateway hangs up on a bot that is later
NEAR, SLOWEST = 2.5, 3.5  #: times the floor, at the median and at the 95th percentile
CHEAP = 3.0  #: times the floor's processor time


@dataclass
class Walk:
    """One bot's edits so far."""

    bot: Contestant
    since: float = field(default_factory=time.monotonic)
    seconds: list[float] = field(default_factory=list)
    cpu: float = 0.0

    async def round(self) -> None:
        """One edit in each of a few threads, one after the other."""
        stage, cpu = self.bot.stage, self.bot.cpu
        for seat in stage.seats[:THREADS]:
            self.seconds.append(await stage.ask(seat))
            await asyncio.sleep(BREATH)
        await asyncio.sleep(TRAIL)
        self.cpu += self.bot.cpu - cpu


async def walk(workshop: Workshop, names: Sequence[str], rounds: int) -> Sequence[Figure]:
    """The bots take turns, so that whatever else the machine does slows all of them."""
    async with AsyncExitStack() as stack:
        bots = [await stack.enter_async_context(workshop.enter(name)) for name in names]
        for bot in bots:
            await Walk(bot).round()  # the first pictures, from words alone
        walks = {bot.name: Walk(bot) for bot in bots}
        for _ in range(rounds):
            for each in walks.values():
                await each.round()
        return _figures(walks)


def _figures(walks: Mapping[str, Walk]) -> Sequence[Figure]:
    median = {name: 1000 * statistics.median(each.seconds) for name, each in walks.items()}
    slow = {name: 1000 * statistics.quantiles(each.seconds, n=20)[18] for name, each in walks.items()}
    cpu = {name: 1000 * each.cpu / len(each.seconds) for name, each in walks.items()}
    late = {name: 1000 * each.bot.stage.lateness(each.since) for name, each in walks.items()}
    return (
        against_floor("latency", "message to picture, median ms", median, NEAR),
        against_floor("latency_95", "95th percentile of it, ms", slow, SLOWEST),
        against_floor("cpu", "processor per edit, ms", cpu, CHEAP),
        Figure("heartbeat", "latest heartbeat, ms past its time", late, ceiling=1000 * LATE),
    )
