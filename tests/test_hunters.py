"""Two hundred asks at once for a limit of ten, from one process and from two."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from bot.store import open_store
from tests.hunters import SERVER, hunt

ROOT = Path(__file__).parents[1]


@pytest.fixture
async def limited(tmp_path: Path) -> Path:
    async with open_store(tmp_path) as store, store.write() as desk:
        await desk.rules.limit(SERVER, SERVER, "pictures_per_day", 10)
    return tmp_path


async def counted(folder: Path) -> int:
    async with open_store(folder) as store:
        [row] = await store.query.all("SELECT sum(pictures) AS pictures, count(*) AS claims FROM claims")
        [hours] = await store.query.all("SELECT sum(pictures) AS pictures FROM hours WHERE server <> 0")
    assert row["pictures"] == row["claims"] == hours["pictures"]
    return int(row["claims"])


async def test_two_hundred_asks_at_once_on_a_limit_of_ten_give_exactly_ten(limited: Path):
    async with open_store(limited) as store:
        got = await asyncio.gather(*(hunt(store, turn) for turn in range(1, 201)))
    assert sum(got) == await counted(limited) == 10


async def test_so_do_two_processes_on_one_database(limited: Path):
    processes = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.hunters", str(limited), str(first), "100"),
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
        )
        for first in (1, 1001)
    ]
    async with asyncio.timeout(60):
        while not all((limited / f"ready-{first}").exists() for first in (1, 1001)):  # noqa: ASYNC110 - likewise
            await asyncio.sleep(0.01)
        (limited / "go").touch()
        told = [int((await each.communicate())[0]) for each in processes]
    assert sum(told) == await counted(limited) == 10
    assert [each.returncode for each in processes] == [0, 0]
