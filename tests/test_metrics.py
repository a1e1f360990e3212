import asyncio
import re
import time
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.chores import beside
from bot.watch.metrics import Metrics

TABLE = Path(__file__).parents[1] / "docs" / "operating.md"
ROW = re.compile(r"(?m)^\| `((?:easel|process)_\w+)`(?: by ([^|]+))? \| (\w+) \| \S")


def told(metrics: Metrics) -> dict[str, float]:
    """Every series that is not 0, as `name{label}`."""
    return {
        f"{sample.name}{{{','.join(sample.labels.values())}}}" if sample.labels else sample.name: sample.value
        for family in text_string_to_metric_families(metrics.expose().decode())
        for sample in family.samples
        if sample.value and not sample.name.startswith("process_")
    }


async def test_a_loop_that_is_held_up_shows_in_its_delay():
    metrics = Metrics()
    async with beside(watch=metrics.watch_loop()):
        await asyncio.sleep(0.45)
        time.sleep(0.4)  # noqa: ASYNC251 - this is what it must not do
        await asyncio.sleep(0.05)
    found = told(metrics)
    assert found["easel_loop_delay_seconds_count"] == 1
    assert found["easel_loop_delay_seconds_sum"] == pytest.approx(0.35, abs=0.15)


def test_what_may_run_out_is_told_and_a_fence_that_is_not_there_is_not(tmp_path: Path):
    metrics = Metrics()
    metrics.fence(tmp_path, {"day": 50.0, "10 minutes": 0.0})
    found = told(metrics)
    assert found["easel_limit_dollars{day}"] == 50
    assert found["easel_disk_free_bytes"] > 0
    assert not [name for name in found if "10 minutes" in name]
    metrics.fence(tmp_path / "gone", {})
    assert "easel_disk_free_bytes" not in told(metrics), "0"


def test_two_bots_in_one_process_keep_their_numbers_apart():
    one, other = Metrics(), Metrics()
    one.pictures.inc()
    assert told(one)["easel_pictures_total"] == 1
    assert "easel_pictures_total" not in told(other)


def test_the_table_for_operators_is_what_is_told():
    metrics = Metrics()
    metrics.asks.labels("message", "paint")
    metrics.breaker.labels("nano")
    metrics.trouble.labels("key")
    metrics.calls.labels("nano", "answered")
    metrics.dollars.labels("nano")
    metrics.tokens.labels("nano", "words")
    metrics.fence(Path(), {"day": 50.0})
    found = {
        family.name + "_total" * (family.type == "counter"): (family.type, set(family.samples[0].labels) - {"le"})
        for family in text_string_to_metric_families(metrics.expose().decode())
    }
    rows = ROW.findall(TABLE.read_text(encoding="utf-8"))
    assert {name: (kind, set(re.findall(r"`(\w+)`", labels))) for name, labels, kind in rows} == found
