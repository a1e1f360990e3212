"""How fast asks are admitted when a thousand come at once: heard, held against every limit, written down, on disk."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from tests.bench.contestant import Workshop
from tests.bench.figures import Figure, against_floor
from tests.bench.room import LOOK, NEVER, each
from tests.crash.books import open_books

PATIENCE = 120.0  #: seconds for all of them
USUAL = 20.0  #: times a bare commit at most, on a usual disk; required of nobody's, for a fast one says little of a bot


async def throughput_figures(workshop: Workshop, asks: int) -> Sequence[Figure]:
    """Beside a bare program that commits a row for each, one after the other, as safely."""
    took = {
        "floor": await asyncio.to_thread(_committed, workshop.folder / "floor.db", asks),
        "easel": await _admitted(workshop, asks),
    }
    title = f"ms to admit each of {asks} asks that come at once; floor: a bare commit"
    return (against_floor("throughput", title, {name: 1000 * seconds / asks for name, seconds in took.items()}),)


async def _admitted(workshop: Workshop, asks: int) -> float:
    """Seconds from the first message in Discord to the last ask in the database."""
    async with workshop.enter("easel", heartbeat=30.0) as bot, asyncio.timeout(PATIENCE):
        stage, data = bot.stage, workshop.data(bot.stage)
        await stage.ask_everywhere()
        await stage.settle()
        stage.painter.delay = NEVER
        before, began = _turns(data), time.perf_counter()
        asking = asyncio.create_task(each(stage, len(stage.seats), asks // len(stage.seats), NEVER))
        while _turns(data) < before + asks:  # noqa: ASYNC110 - the database tells nobody
            await asyncio.sleep(LOOK)
        took = time.perf_counter() - began
        asking.cancel()
        return took


def _committed(path: Path, rows: int) -> float:
    """Seconds for so many rows, each on disk before the next."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("CREATE TABLE asks (id INTEGER PRIMARY KEY, words TEXT)")
        began = time.perf_counter()
        for number in range(rows):
            connection.execute("INSERT INTO asks VALUES (?, ?)", (number, "make it brighter and add a boat"))
        return time.perf_counter() - began


def _turns(data: Path) -> int:
    with open_books(data) as books:
        return int(books.one("SELECT count(*) FROM turns"))
