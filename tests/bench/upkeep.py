"""What upkeep costs with a long past: the doctor's visit, the retention sweep, a report of what was used."""

from __future__ import annotations

import asyncio
import io
import json
import os
import statistics
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import cast

from bot.catalogue import load_catalogue
from bot.config import load
from bot.deleting.erasure import Eraser
from bot.deleting.removal import Removal
from bot.doctor.command import Wish, doctor
from bot.gallery import open_gallery
from bot.letters import Postman
from bot.limits.report import gathered, last_days
from bot.moments import DAY
from bot.sandbox.discord.seed import GUILD
from bot.store import Store, open_store
from tests.bench.archive import Archive
from tests.bench.figures import Figure, over_time
from tests.peak import peak

FLAT = 1.3  #: times the cost of a turn where there are few
MEMORY = 300.0  #: MB at most, where not one picture of a million is there
KEPT, PERIOD = 7, 30  #: days that a server keeps words, and of a report
STEPS = 40  #: of a sweep


async def upkeep_figures(few: Archive, lots: Archive) -> Sequence[Figure]:
    """Each with few turns and with many; it is the last that is done with either, for the sweep deletes."""
    against = f"times that with {few.turns:,}"
    visits = [await _visited(each) for each in (few, lots)]
    reports = [await _reported(each) for each in (few, lots)]
    sweeps = [await _swept(each) for each in (few, lots)]
    early, late = (1e6 * seconds / each.turns for (seconds, _), each in zip(visits, (few, lots), strict=True))
    cheap, dear = (1e6 * seconds / each.turns for (seconds, _), each in zip(reports, (few, lots), strict=True))
    (_, memory), (_, wait) = visits[-1], reports[-1]
    title = f"with {lots.turns:,} turns"
    return (
        over_time("age_doctor", f"doctor {title}, µs a turn, {against}", {"easel": (early, late)}, FLAT),
        Figure("age_doctor_memory", f"doctor {title} and no picture, MB at most", {"easel": memory}, ceiling=MEMORY),
        over_time("age_sweep", f"a sweep's step {title}, ms, {against}", {"easel": (sweeps[0], sweeps[1])}, FLAT),
        over_time("age_report", f"usage report {title}, µs a turn, {against}", {"easel": (cheap, dear)}, FLAT),
        Figure("age_report_wait", f"longest that a read waits for it {title}, ms", {"easel": 1000 * wait}),
    )


async def _visited(archive: Archive) -> tuple[float, float]:
    """Seconds and MB that a doctor takes, in a process of its own."""
    command = (sys.executable, "-m", "tests.bench.upkeep", str(archive.folder))
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    told, _ = await process.communicate()
    seconds, memory = json.loads(told)
    return float(seconds), float(memory)


async def _reported(archive: Archive) -> tuple[float, float]:
    """Seconds of a report, and those that somebody who reads meanwhile waits at most."""
    async with open_store(archive.folder) as store:
        waits = asyncio.create_task(_longest_wait(store))
        await asyncio.sleep(0)
        began = time.perf_counter()
        tallies, _ = await gathered(store, GUILD, last_days(PERIOD + 1, time.time()))
        seconds = time.perf_counter() - began
        waits.cancel()
        assert sum(each.asks for each in tallies) >= archive.turns
        return seconds, await waits


async def _longest_wait(store: Store) -> float:
    worst = 0.0
    with suppress(asyncio.CancelledError):
        while True:
            began = time.perf_counter()
            await store.turns.get(1)
            worst = max(worst, time.perf_counter() - began)
            await asyncio.sleep(0.01)
    return worst


async def _swept(archive: Archive) -> float:
    """Milliseconds of a step, of which most of the past is due for many."""
    async with open_store(archive.folder) as store:
        async with store.write() as desk:
            await desk.rules.decide(GUILD, "retention_days", KEPT)
        nobody = cast("Postman", None)  # no picture was reported, so that nothing is said in Discord
        eraser = Eraser(Removal(store, open_gallery(archive.folder / "pictures"), nobody, load_catalogue()))
        took = [await _step(eraser) for _ in range(STEPS)]
        gone = await store.query.all("SELECT id FROM turns WHERE erased_at IS NOT NULL AND asked_at < :old", old=_old())
        assert gone
    return 1000 * statistics.median(took)


def _old() -> float:
    return time.time() - KEPT * DAY


async def _step(eraser: Eraser) -> float:
    began = time.perf_counter()
    assert await eraser.step(time.time())
    return time.perf_counter() - began


def main() -> int:
    """See a doctor about a folder, and tell what that took."""
    config = Path(sys.argv[1], "config.toml")
    config.write_text(f"[storage]\ndirectory = {json.dumps(sys.argv[1])}\n", "utf-8")
    settings = load(config, os.environ | {"DISCORD_TOKEN": "a token", "GEMINI_API_KEY": "a key"})
    began = time.perf_counter()
    asyncio.run(doctor(settings, Wish(), io.StringIO()))
    print(json.dumps([time.perf_counter() - began, peak() / 1e6]))  # noqa: T201 - what it is for
    return 0


if __name__ == "__main__":
    sys.exit(main())
