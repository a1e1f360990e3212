"""The real program on a swift clock, which tells more numbers of itself: whatever could pile up in months.

What the clock tells passes faster, so limits, retention, backups and whatever else looks back for hours or days meet
them. So do the pauses between two rounds of what tidies up (erasure, strays, petitions), and no other pause: deadlines,
heartbeats, back-off, rate limits and retries measure Discord, Google and the machine, which are no faster.
"""

from __future__ import annotations

import asyncio
import functools
import sys
import time
import weakref
from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import discord
from prometheus_client import Gauge

from bot.__main__ import main
from bot.deleting import erasure, strays
from bot.deleting.strays import Strays
from bot.lanes import Lanes
from bot.owners import petitions
from bot.studio import Studio
from bot.turnstile import Turnstile
from bot.watch.metrics import Metrics
from cogs.client import Client
from tests.soak.clock import Swift, told_clock

TIDY = (strays, petitions)  #: whose long pauses lie between two rounds
ROUND = 30.0  #: seconds; a shorter pause is none of these
SHORTEST = 0.5  #: seconds that are left of one


def views(client: discord.Client) -> int:
    """Every view and modal that discord.py keeps."""
    store = client._connection._view_store
    return sum(map(len, store._views.values())) + len(store._synced_message_views) + len(store._modals)


THINGS: dict[str, tuple[type, Callable[[Any], int]]] = {
    "turns": (Studio, lambda studio: len(studio._lives)),
    "chores": (Studio, lambda studio: len(studio._chores)),
    "lanes": (Lanes, lambda lanes: len(lanes._lanes) + len(lanes._arrivals)),
    "places": (Turnstile, lambda stile: len(stile._inside)),
    "views": (Client, views),
    "waiters": (Client, lambda client: sum(map(len, client._listeners.values()))),
}


def hasten(clock: Swift) -> None:
    """Put the clock in the place of the true one."""
    time.time = clock.now
    discord.utils.utcnow = lambda: datetime.fromtimestamp(clock.now(), UTC)
    sweep: Callable[..., Any] = Strays.sweep

    async def swept(strays: Strays, before: float) -> int:
        return int(await sweep(strays, clock.truly(before)))  # files have true times

    setattr(Strays, "sweep", swept)  # noqa: B010 - no other method
    shorten(clock.times)


def shorten(times: float) -> None:
    """Let rounds of tidying up follow each other so many times as fast; whoever else pauses does so as long as ever."""

    async def brief(seconds: float, result: Any = None) -> Any:
        return await asyncio.sleep(max(seconds / times, SHORTEST) if seconds >= ROUND else seconds, result)

    hasty = SimpleNamespace(**vars(asyncio) | {"sleep": brief})
    for each in TIDY:
        setattr(each, "asyncio", hasty)  # noqa: B010 - a module has no such attribute for mypy
    erasure.PAUSE = max(erasure.PAUSE / times, SHORTEST)


def tell_more() -> None:
    """Numbers that no operator needs, beside the others."""
    known: dict[type, weakref.ReferenceType[Any]] = {}
    for kind in {kind for kind, _ in THINGS.values()}:
        _after_birth(kind, lambda born, kind=kind: known.__setitem__(kind, weakref.ref(born)))  # type: ignore[misc]

    def count(kind: type, counted: Callable[[Any], int]) -> int:
        found = known[kind]() if kind in known else None
        return counted(found) if found is not None else 0

    def register(metrics: Metrics) -> None:
        gauge = Gauge("soak_things", "What could pile up", ("what",), registry=metrics._registry)
        for name, (kind, counted) in THINGS.items():
            gauge.labels(name).set_function(functools.partial(count, kind, counted))
        gauge.labels("blocks").set_function(sys.getallocatedblocks)

    _after_birth(Metrics, register)


def _after_birth(kind: type, act: Callable[[Any], None]) -> None:
    init = kind.__init__  # type: ignore[misc]

    @functools.wraps(init)
    def born(self: Any, *arguments: Any, **named: Any) -> None:
        init(self, *arguments, **named)
        act(self)

    kind.__init__ = born  # type: ignore[misc]


if __name__ == "__main__":
    hasten(told_clock())
    tell_more()
    sys.exit(main())
