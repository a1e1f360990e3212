"""What a long past costs: an edit, a start, and upkeep, with a million turns behind them."""

from __future__ import annotations

import asyncio
import shutil
import statistics
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from tests.bench.archive import Archive, made
from tests.bench.contestant import Contestant, Workshop
from tests.bench.figures import Figure, over_time
from tests.bench.upkeep import upkeep_figures
from tests.bench.way import Walk

MANY, FEW = 1_000_000, 1_000
FLAT = 1.2  #: times the cost with few turns
START = 1.3  #: times an empty start
RESTING = 0.03  #: seconds of the processor in one
PATIENCE = 60  #: seconds


async def age_figures(workshop: Workshop, folder: Path, many: int, rounds: int) -> Sequence[Figure]:
    """An archive with many turns beside one with few, edits and starts by turns."""
    few, lots = await made(folder / "few", FEW), await made(folder / "many", many)
    starts = await _starts(workshop, lots, rounds)
    walks = await _walks(workshop, (few, lots), rounds)
    kept = await upkeep_figures(few, lots)
    shutil.rmtree(lots.folder)
    told, against = f"with {many:,} turns", f"times that with {FEW:,}"
    early, late = (1000 * statistics.median(each.seconds) for each in walks)
    cheap, dear = (1000 * each.cpu / len(each.seconds) for each in walks)
    return (
        over_time("age_start", f"start to ready {told}, s, times an empty one", {"easel": starts}, START),
        over_time("age_latency", f"message to picture {told}, ms, {against}", {"easel": (early, late)}, FLAT),
        over_time("age_cpu", f"processor per edit {told}, ms, {against}", {"easel": (cheap, dear)}, FLAT),
        *kept,
    )


async def _starts(workshop: Workshop, archive: Archive, times: int) -> tuple[float, float]:
    """Seconds until the bot is connected, with nothing behind it and with all of it; the best of some."""
    empty, full = list[float](), list[float]()
    for _ in range(times):
        empty.append(await workshop.start())
        full.append(await workshop.start(archive))
    return min(empty), min(full)


async def _rested(bot: Contestant) -> None:
    """What a start looks through goes on for some seconds beside the first edits, and is no part of them."""
    for _ in range(PATIENCE):
        used = bot.cpu
        await asyncio.sleep(1.0)
        if bot.cpu - used < RESTING:
            return
    raise TimeoutError("the bot does not come to rest")


async def _walks(workshop: Workshop, archives: Sequence[Archive], rounds: int) -> list[Walk]:
    async with AsyncExitStack() as stack:
        bots = [await stack.enter_async_context(workshop.enter("easel", each)) for each in archives]
        walks = [Walk(bot) for bot in bots]
        for walk in walks:
            await Walk(walk.bot).round()  # the first pictures, from words alone
            await _rested(walk.bot)
        for _ in range(rounds):
            for walk in walks:
                await walk.round()
        return walks
