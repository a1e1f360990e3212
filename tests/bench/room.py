"""The room that an ask takes in memory: while it waits, and while it is painted."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

from tests.bench.contestant import Contestant, Workshop
from tests.bench.figures import Figure
from tests.bench.stage import Stage

PAINTING = 40  #: at once
EARLIER = 2  #: edits in each thread before that, one after the other
PAINTER = 3.0  #: seconds for one picture
NEVER = 3600.0  #: seconds; nobody waits for the end
LOOK = 0.02  #: seconds between looks
KIB = 1024
MOST_WAITING = 50.0  #: KB
MOST_PAINTING = 3.0  #: pictures


@dataclass
class Peak:
    """The most memory that a process had while it was looked at."""

    bot: Contestant
    most: int = field(default=0)

    @contextlib.asynccontextmanager
    async def looked_at(self) -> AsyncIterator[None]:
        """Look again and again while this is open."""
        task = asyncio.create_task(self._look())
        try:
            yield
        finally:
            task.cancel()

    async def _look(self) -> None:
        while True:
            self.most = max(self.most, self.bot.memory)
            await asyncio.sleep(LOOK)


async def room_figures(workshop: Workshop, waiting: int) -> Sequence[Figure]:
    """Bytes more in memory, divided by the asks that they are for."""
    painting = {name: await _painting(workshop, name) for name in ("floor", "easel")}
    size = len(workshop.picture)
    return (
        Figure(
            "room_waiting",
            f"KB in memory for each of {waiting} asks that wait",
            {"easel": await _waiting(workshop, waiting) / KIB},
            ceiling=MOST_WAITING,
        ),
        Figure(
            "room_painting",
            "MB in memory for each picture being painted, in pictures",
            {name: room / 1e6 for name, room in painting.items()},
            {name: room / size for name, room in painting.items()},
            MOST_PAINTING,
        ),
    )


async def _painting(workshop: Workshop, name: str) -> float:
    """At the worst moment, from the asks to the last picture."""
    async with workshop.enter(name, heartbeat=30.0) as bot:
        for _ in range(EARLIER):
            for seat in bot.stage.seats[:PAINTING]:
                await bot.stage.ask(seat)
        await asyncio.sleep(1.0)
        bot.stage.painter.delay = PAINTER
        before, peak = bot.memory, Peak(bot)
        async with peak.looked_at():
            await each(bot.stage, PAINTING, 1)
        return (peak.most - before) / PAINTING


async def _waiting(workshop: Workshop, asks: int) -> float:
    """In threads where one is being painted already."""
    async with workshop.enter("easel", heartbeat=30.0) as bot:
        stage = bot.stage
        await stage.ask_everywhere()
        stage.painter.delay = NEVER
        asked = [asyncio.create_task(each(stage, len(stage.seats), 1, NEVER))]
        await _at_rest(stage)
        before = bot.memory
        asked += [asyncio.create_task(each(stage, len(stage.seats), asks // len(stage.seats), NEVER))]
        await _at_rest(stage)
        after = bot.memory
        for task in asked:
            task.cancel()
        return (after - before) / asks


async def each(stage: Stage, seats: int, times: int, patience: float = 60.0) -> None:
    """Some seats ask so often at once, and wait so many seconds for their pictures."""
    await asyncio.gather(*(stage.ask(seat, patience) for seat in stage.seats[:seats] for _ in range(times)))


async def _at_rest(stage: Stage) -> None:
    """Every status is shown, and nothing more is said."""
    await asyncio.sleep(2.0)
    await stage.settle()
