"""A past is one that a start takes as it is: its threads are living, and nothing in them has been deleted."""

import asyncio
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pytest

from bot.sandbox.discord.traffic import Seen
from tests.bench.archive import THREADS, Archive, made
from tests.bench.contestant import open_workshop

pytestmark = [pytest.mark.e2e]

LOOKED_INTO = 6  #: threads, half a second each


def count(archive: Archive, sql: str) -> int:
    with closing(sqlite3.connect(archive.folder / "easel.db")) as database:
        return int(database.execute(f"SELECT count(*) FROM {sql}").fetchone()[0])


def looks(traffic: Iterable[Seen], threads: set[str]) -> int:
    return sum(each.method == "GET" and each.status == 200 and each.path in threads for each in traffic)


async def test_a_start_finds_the_newest_threads_of_a_past_as_they_were(tmp_path: Path):
    workshop = await asyncio.to_thread(open_workshop, tmp_path)
    archive = await made(tmp_path / "past", 4 * THREADS)

    threads = {f"/channels/{archive.first + at * archive.step}/messages" for at in range(archive.turns)}
    async with workshop.enter("easel", archive) as bot, asyncio.timeout(20):
        while looks(bot.stage.sandbox.traffic, threads) < LOOKED_INTO:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.1)
        assert not any(each.method == "POST" and each.path in threads for each in bot.stage.sandbox.traffic)
    assert count(archive, "conversations WHERE gone_at IS NULL") >= THREADS
    assert count(archive, "erasures") == 0
    assert count(archive, "versions WHERE deleted_at IS NULL AND message IS NOT NULL") == archive.turns
    assert count(archive, "turns WHERE words <> ''") == archive.turns
