"""What looking at every limit costs an ask, with a million rows in the ledger and with ten thousand."""

from __future__ import annotations

import asyncio
import sqlite3
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.config import Limits
from bot.errors import OverLimit
from bot.limits import gate
from bot.model import Ask, Member, Place
from bot.moments import MONTH
from bot.quota import Claim
from bot.store import Store, open_store
from tests.bench.figures import Figure, over_time
from tests.players import SETTINGS, Roster

SERVER, MEMBERS, ROLES = 9, 2000, range(100, 110)
MANY, FEW = 1_000_000, 10_000
LOOKS = 400
CEILING, FLAT = 5.0, 2.0  #: ms at the 99th percentile; times what it takes with few rows

# A month of one busy server, so that nothing falls out of the longest window.
CLAIMS = """
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :rows)
INSERT INTO claims (turn, member, server, at, pictures, micros, waiting, state)
SELECT i, i % :members, :server, :since + :month * i / :rows, 1, 40000, 0, 'settled' FROM n
"""
CALLS = """
INSERT INTO calls (turn, take, attempt, model, started_at, ended_at, outcome, micros)
SELECT turn, 0, 1, 'm', at, at, 'painted', micros FROM claims
"""
HOURS = """
INSERT INTO hours (server, hour, pictures, micros)
SELECT server, CAST(at / 3600 AS INTEGER), sum(pictures), sum(micros) FROM claims GROUP BY 1, 2
UNION ALL SELECT 0, CAST(started_at / 3600 AS INTEGER), 0, sum(micros) FROM calls GROUP BY 2
"""


@dataclass(frozen=True)
class Looks:
    """How long each took, in ms."""

    passed: Sequence[float]
    refused: Sequence[float]


async def admission_figures(folder: Path, many: int = MANY) -> list[Figure]:
    """The check in the transaction that admits, and what a refusal takes to find out until when."""
    few, lots = [await _looks(folder / f"ledger-{rows}", rows) for rows in (FEW, many)]
    slowest = statistics.quantiles(lots.passed, n=100)[98]
    medians = {"easel": (statistics.median(few.passed), statistics.median(lots.passed))}
    refusals = {"easel": (statistics.median(few.refused), statistics.median(lots.refused))}
    rows = f"{many:,} rows"
    return [
        Figure("admission", f"limits looked at with {rows}, 99th percentile, ms", {"easel": slowest}, ceiling=CEILING),
        over_time("admission_flat", f"the median of it, ms, times that with {FEW:,}", medians, FLAT),
        over_time("refusal_flat", f"until when a limit holds, ms, times that with {FEW:,}", refusals, FLAT),
    ]


async def _looks(folder: Path, rows: int) -> Looks:
    async with open_store(folder) as store, store.write() as desk:
        await _decide(desk.rules.limit)
        for name in ("dollars_per_day", "dollars_per_30_days"):
            await desk.rules.decide(SERVER, name, 1e6)
    await asyncio.to_thread(_fill, folder / "easel.db", rows)
    async with open_store(folder) as store:
        passed = [await _timed(store, each, 1_000_000_000) for each in range(LOOKS)]
        async with store.write() as desk:
            await desk.rules.decide(SERVER, "dollars_per_30_days", rows * 0.02)
        refused = [await _timed(store, each, 0) for each in range(LOOKS // 4)]
    return Looks(passed[LOOKS // 10 :], refused[LOOKS // 40 :])


async def _decide(limit: Callable[..., object]) -> None:
    """Every role sets every window, so that nothing is left out."""
    names = ("pictures_per_hour", "pictures_per_day", "pictures_per_30_days", "dollars_per_day", "dollars_per_30_days")
    for role in ROLES:
        for name in names:
            await limit(SERVER, role, name, 100_000 + role)  # type: ignore[misc]  # it is awaitable


async def _timed(store: Store, member: int, most: int) -> float:
    ana = Member(member % MEMBERS, "Ana", frozenset(ROLES))
    ask = Ask(10**9 + member, Place(50, 50, SERVER, within=(50, 40)), ana, "a cat")
    limits = Limits(pictures_per_member_hour=10**6, pictures_per_server_day=10**9, dollars_per_day=1e9)
    limits = limits.model_copy(update={"dollars_per_10_minutes": 1e9})
    async with store.write() as desk:
        begun = time.perf_counter()
        permit = await gate.permit(desk, limits, ask, Roster(), time.time())
        permit.check(SETTINGS.gemini.model, SETTINGS.gemini.models)
        try:
            await gate.check(desk.ledger, limits, Claim(ana.id, SERVER, 1, 40_000), time.time(), permit)
        except OverLimit:
            assert not most
        else:
            assert most
        return (time.perf_counter() - begun) * 1000


def _fill(path: Path, rows: int) -> None:
    """Straight into the file: a million admissions would take an hour."""
    since = time.time() - MONTH
    with sqlite3.connect(path) as database:
        database.execute(
            CLAIMS, {"rows": rows, "members": MEMBERS, "server": SERVER, "since": since, "month": float(MONTH)}
        )
        database.execute(CALLS)
        database.execute(HOURS)
    database.close()
