"""Every number that `/metrics` tells, and where they are told. No ids: a series is never one member's or one ask's."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from shutil import disk_usage
from time import monotonic

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)

from bot import __version__

CONTENT_TYPE = CONTENT_TYPE_LATEST
STAGES = ("wait", "paint", "keep", "deliver")
ENDS = ("posted", "undelivered", "cancelled")  #: for no other reason
SECONDS = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 240.0)  #: a commit to a deadline
DELAYS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0)
PAUSE = 0.5  #: seconds between two looks at the event loop


class Metrics:
    """Counters, gauges and histograms in a registry of their own."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call] # moments of birth, which nobody plots
        self._registry = own = CollectorRegistry()
        self.asks = Counter("easel_asks", "Asks that became turns", ("origin", "kind"), registry=own)
        self.outcomes = Counter("easel_outcomes", "What became of asks", ("outcome", "reason"), registry=own)
        self.pictures = Counter("easel_pictures", "Pictures posted", registry=own)
        self.seconds = Histogram("easel_stage_seconds", "Seconds of an ask", ("stage",), registry=own, buckets=SECONDS)
        self.calls = Counter("easel_calls", "Calls to Google by how they ended", ("model", "reason"), registry=own)
        self.breaker = Gauge("easel_breaker_open", "1 while a model is not tried again", ("model",), registry=own)
        self.trouble = Gauge("easel_trouble", "1 while the operator has to mend it", ("trouble",), registry=own)
        self.calling = Gauge("easel_calls_under_way", "Calls to Google under way", registry=own)
        self.dollars = Counter("easel_dollars", "Dollars that Google charged or may have", ("model",), registry=own)
        self.tokens = Counter("easel_tokens", "Tokens as Google reports them", ("model", "kind"), registry=own)
        self.waiting = Gauge("easel_waiting", "Asks that wait for a free place to be painted", registry=own)
        self.connected = Gauge("easel_gateway_connected", "1 while Discord's gateway answers", registry=own)
        self.latency = Gauge("easel_gateway_latency_seconds", "Seconds until Discord's gateway answers", registry=own)
        self.room = Gauge("easel_disk_free_bytes", "Bytes that are free where pictures lie", registry=own)
        self.limit = Gauge("easel_limit_dollars", "Dollars that may be spent over everything", ("per",), registry=own)
        self.tasks = Gauge("easel_tasks", "Tasks of the event loop, which go when they are done", registry=own)
        self.delay = Histogram("easel_loop_delay_seconds", "Lateness of the event loop", registry=own, buckets=DELAYS)
        Gauge("easel_info", "Always 1", ("version",), registry=own).labels(__version__).set(1)
        ProcessCollector(registry=own)
        for stage in STAGES:  # there from the start, so that a rate over it is 0 and not missing
            self.seconds.labels(stage)
        for outcome in ENDS:
            self.outcomes.labels(outcome, "")

    def fence(self, directory: Path, limits: Mapping[str, float]) -> None:
        """What there is to run out of: the disk, and dollars per time; 0 is no limit."""
        self.room.set_function(lambda: _free(directory))
        for per, dollars in limits.items():
            if dollars:
                self.limit.labels(per).set(dollars)

    async def watch_loop(self) -> None:
        """For ever, note how much later than asked for the event loop comes round, and count its tasks."""
        loop = asyncio.get_running_loop()
        self.tasks.set_function(lambda: len(asyncio.all_tasks(loop)))
        while True:
            due = monotonic() + PAUSE
            await asyncio.sleep(PAUSE)
            self.delay.observe(max(monotonic() - due, 0.0))

    def expose(self) -> bytes:
        """All of them as Prometheus reads them."""
        return generate_latest(self._registry)


def _free(directory: Path) -> float:
    try:
        return float(disk_usage(directory).free)
    except OSError:
        return 0.0
