"""Long life in small, in the gate; `make soak` has a thousand asks and days."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.soak import crowd, growth, service
from tests.soak.crowd import Course
from tests.soak.day import Calendar, days
from tests.soak.findings import Finding, missed, table

pytestmark = pytest.mark.e2e

COURSE = Course(asks=40, within=2.0, painter=1.0, at_once=15, calm=1.0, kept=1.0, greedy=5)
CALENDAR = Calendar(days=0.25, seconds=7.0, seats=8, restarts=(0.5,), backups=(0.3,), gusts=3.0, sample=0.2)
SPOILT = {
    "kinds",
    "sign",
    "wait_most",
    "there_most",
    "heartbeat",
    "late",
    "rest",
    "memory_grown",
    "blocks_grown",
    "data_grown",
}
POOLS = ("files", "threads")  #: which fill up in a short run
NOISY = {f"{kind}_{name}" for kind in ("more", "left") for name in POOLS} | {"more_waiting"}


def broken(findings: list[Finding]) -> list[tuple[str, object]]:
    """What does not hold, but for what a busy machine or a short run may spoil."""
    unmet = [each for each in missed(findings) if each.key not in SPOILT | NOISY]
    return [(each.title, each.why or each.value) for each in unmet]


async def test_a_crowd_is_answered_to_the_last_in_its_order_and_leaves_nothing_behind(tmp_path: Path):
    outcome = await crowd.crowd(tmp_path, COURSE)
    found = list(service.findings(outcome))
    assert broken(found) == [], table(found)


async def test_a_day_with_restarts_and_bad_weather_leaves_the_books_exact_and_no_task_turn_lane_or_view_behind(
    tmp_path: Path,
):
    report = await days(tmp_path, CALENDAR)
    found = list(growth.findings(report))
    assert broken(found) == [], table(found)
    assert report.asks > 40
