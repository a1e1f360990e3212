"""One aiohttp application: REST, gateway, CDN, levers, page, and the painter next door."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from yarl import URL

from bot.sandbox.discord.api import PREFIX, Api
from bot.sandbox.discord.card import PainterCard
from bot.sandbox.discord.cdn import Cdn
from bot.sandbox.discord.faults import suffer_after, suffer_before
from bot.sandbox.discord.levers import Controller, Levers
from bot.sandbox.discord.page import Page
from bot.sandbox.discord.services import Services
from bot.sandbox.discord.traffic import Seen, Traffic
from bot.sandbox.discord.wire import answer

_WATCHED = ("api", "attachments", "ephemeral-attachments", "gemini")
_LARGEST_BODY = 512 << 20
_IDLE_CHECK = 30.0


@dataclass(frozen=True)
class House:
    """What the application is made of."""

    services: Services
    traffic: Traffic
    painter: PainterCard
    folder: Path
    controller: Controller | None = None


def make_app(house: House, gemini: web.Application | None) -> web.Application:
    """The application, with the painter under /gemini if it is one of ours."""
    world = house.services.world
    app = web.Application(middlewares=[_stay_home, _Watch(house).middleware()], client_max_size=_LARGEST_BODY)
    app.add_routes(Api(house.services).routes())
    app.add_routes(Cdn(world).routes())
    app.add_routes([web.get("/gateway", house.services.gateway.connect)])
    app.add_routes([web.get("/gateway/", house.services.gateway.connect)])
    app.add_routes(Levers(house.services, house.painter, house.controller).routes())
    if gemini is not None:
        app.add_subapp("/gemini", gemini)
    app.add_routes(Page(house.folder, world.origin.replace("http", "ws", 1)).routes())
    app.on_shutdown.append(_Closing(house.services).close)
    app.cleanup_ctx.append(_Closing(house.services).keep_time)
    return app


@web.middleware
async def _stay_home(request: web.Request, handler: Handler) -> web.StreamResponse:
    # Another site open in the same browser has no business here.
    origin = request.headers.get("Origin")
    if origin and URL(origin).authority != request.host:
        return answer({"message": "This sandbox only talks to its own page.", "code": 0}, 403)
    return await handler(request)


class _Watch:
    """Notes every request of the bot and the members, and puts it through the trouble it is in for."""

    def __init__(self, house: House) -> None:
        self._world = house.services.world
        self._faults = house.services.faults
        self._traffic = house.traffic

    def middleware(self) -> Middleware:
        """The middleware for aiohttp."""

        @web.middleware
        async def watch(request: web.Request, handler: Handler) -> web.StreamResponse:
            if request.path.split("/", 2)[1] not in _WATCHED:
                return await handler(request)
            return await self._watched(request, handler)

        return watch

    async def _watched(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        path, who = request.path.removeprefix(PREFIX), self._who(request)
        seen = Seen(request.method, self._route(request), path, who, self._world.clock.now(), request=request)
        try:
            return await self._serve(seen, request, handler)
        finally:
            # The log goes on for long; bodies do not.
            seen.request = seen.response = None

    async def _serve(self, seen: Seen, request: web.Request, handler: Handler) -> web.StreamResponse:
        await self._traffic.begin(seen)
        fault = self._faults.meet(seen.method, seen.path, seen.who)
        early = await suffer_before(fault, request) if fault else None
        response = early if early is not None else await handler(request)
        await self._traffic.end(seen, response)
        return await suffer_after(fault, request, response) if fault else response

    def _who(self, request: web.Request) -> str:
        token = request.headers.get("Authorization", "")
        user = self._world.users.get(self._world.tokens.get(token, 0))
        if user is not None and not user.bot:
            return token
        # Browsers say what they fetch for; the bot's own requests for files carry no name.
        return "browser" if "Sec-Fetch-Mode" in request.headers else "bot"

    @staticmethod
    def _route(request: web.Request) -> str:
        resource = request.match_info.route.resource
        return resource.canonical.removeprefix(PREFIX) if resource else request.path


class _Closing:
    """Ends what is under way, and lets idle threads rest meanwhile."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def close(self, _: web.Application) -> None:
        """Let go of held requests, stop the clocks, hang up."""
        self._services.faults.clear()
        self._services.interactions.close()
        self._services.gateway.close_all()

    async def keep_time(self, _: web.Application) -> AsyncIterator[None]:
        """Archive idle threads as time goes by."""
        task = asyncio.create_task(self._tick())
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(_IDLE_CHECK)
            self._services.threads.rest_idle()
