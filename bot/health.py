"""`/healthz`: whether the bot is at work, for whoever keeps it running."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

from aiohttp import web

from bot.errors import Unstartable

Check = Callable[[], Awaitable[bool]]
DEADLINE = 2.0  #: seconds for one check


@asynccontextmanager
async def open_health(address: tuple[str, int] | None, checks: Mapping[str, Check]) -> AsyncIterator[None]:
    """Answer on host and port until closed; None turns it off. Raises Unstartable where the port is taken."""
    if address is None:
        yield
        return
    app = web.Application()
    app.router.add_get("/healthz", _healthz(checks))
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


def _healthz(checks: Mapping[str, Check]) -> Callable[[web.Request], Awaitable[web.Response]]:
    """200 where all is well, else 503; the body names each part."""

    async def healthz(_request: web.Request) -> web.Response:
        found = {name: await _passes(check) for name, check in checks.items()}
        return web.json_response(found, status=200 if all(found.values()) else 503)

    return healthz


async def _passes(check: Check) -> bool:
    try:
        return await asyncio.wait_for(check(), DEADLINE)
    except Exception:  # noqa: BLE001 - whatever is wrong with it, the part is not well
        return False
