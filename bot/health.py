"""`/healthz` and `/metrics`: whether the bot is at work and how it fares, for whoever keeps it running."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import web

from bot import __version__
from bot.errors import Unstartable
from bot.watch.journal import Google, Journal
from bot.watch.metrics import CONTENT_TYPE

Check = Callable[[], Awaitable[bool]]
DEADLINE = 2.0  #: seconds for one check
SPARING = 10.0  #: seconds that the answer of a check holds which costs something
ROOM = 32 * 2**20  #: bytes: a large picture, and what the database writes meanwhile


@dataclass
class Sparing:
    """A check that costs something, such as a write: however often it is asked, it looks only once in a while."""

    check: Check
    seconds: float = SPARING
    _well: bool = False
    _until: float = 0.0
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def __call__(self) -> bool:
        """What was found last. A look that is given up halfway found nothing good."""
        async with self._turn:
            if time.monotonic() >= self._until:
                self._well, self._until = False, time.monotonic() + self.seconds
                self._well = await _passes(self.check)
            return self._well


def room_in(directory: Path) -> Check:
    """Whether pictures can still be kept there: a full disk may let the database write over what it has already."""

    async def room() -> bool:
        return (await asyncio.to_thread(shutil.disk_usage, directory)).free >= ROOM

    return room


@dataclass(frozen=True)
class Health:
    """What is told of the bot. Only the checks decide whether it is well; Google's troubles are not the bot's."""

    checks: Mapping[str, Check]
    journal: Journal
    rests: Callable[[], float | None] = lambda: None  #: until when Discord lets nobody in, in seconds since the epoch
    began: float = field(default_factory=time.monotonic)

    async def healthz(self, _request: web.Request) -> web.Response:
        """200 where all checks pass, else 503; the body names each."""
        found = dict(zip(self.checks, await asyncio.gather(*map(_passes, self.checks.values())), strict=True))
        told = {
            **found,
            "gateway_rests_until": _moment(self.rests()),
            "gemini": _told(self.journal.google)
            | {"breaker_open": [name for name, each in self.journal.breakers.items() if each.is_open]},
            "version": __version__,
            "uptime_seconds": round(time.monotonic() - self.began),
        }
        return web.json_response(told, status=200 if all(found.values()) else 503)

    async def metrics(self, _request: web.Request) -> web.Response:
        """All numbers, for Prometheus."""
        return web.Response(body=self.journal.metrics.expose(), headers={"Content-Type": CONTENT_TYPE})


@asynccontextmanager
async def open_health(address: tuple[str, int] | None, health: Health) -> AsyncIterator[None]:
    """Answer on host and port until closed; None turns it off. Raises Unstartable where the port is taken."""
    if address is None:
        yield
        return
    app = web.Application()
    app.router.add_get("/healthz", health.healthz)
    app.router.add_get("/metrics", health.metrics)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await _listen(runner, address)
        yield
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, address: tuple[str, int]) -> None:
    host, port = address
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        raise Unstartable("health_port", host=host, port=port, detail=error.strerror) from error


def _told(google: Google) -> dict[str, Any]:
    """Null where nothing was asked of Google yet."""
    return {
        "answered": google.well,
        "last_answer": _moment(google.answered),
        "last_failure": _moment(google.failed),
        "reason": google.reason,
    }


def _moment(seconds: float | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


async def _passes(check: Check) -> bool:
    try:
        async with asyncio.timeout(DEADLINE):
            return await check()
    except Exception:  # noqa: BLE001 - whatever is wrong with it, the part is not well
        return False
