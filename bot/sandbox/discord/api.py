"""The way of a REST call: who is it, how fast, what is asked, and the answer as Discord writes it."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from bot.sandbox.discord import problems
from bot.sandbox.discord.call import Call, Made, Route
from bot.sandbox.discord.problems import Problem, invalid
from bot.sandbox.discord.ratelimits import TooFast
from bot.sandbox.discord.routes import routes
from bot.sandbox.discord.services import Services
from bot.sandbox.discord.wire import VIA, answer

log = logging.getLogger(__name__)
PREFIX = "/api/v10"
_NOBODY = 0
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Api:
    """Discord's REST API v10 over the services."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._world = services.world

    def routes(self) -> list[web.RouteDef]:
        """Every path, and for the rest Discord's 404."""
        known = [web.route(one.method, PREFIX + one.path, self._wrap(one)) for one in routes(self._services)]
        return [*known, web.route("*", "/api/{rest:.*}", self._unknown)]

    async def _unknown(self, _: web.Request) -> web.Response:
        return answer(Problem(problems.NOT_FOUND).body, 404)

    def _wrap(self, route: Route) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            headers: dict[str, str] = {}
            try:
                actor = _NOBODY if route.anonymous else self._actor(request)
                headers = self._count(request, route, actor)
                value = await route.handler(Call(request, self._world, actor))
            except Problem as problem:
                retry = {"Retry-After": str(problem.extra["retry_after"])} if "retry_after" in problem.extra else {}
                return answer(problem.body, problem.kind.status, headers | retry)
            except TooFast as limit:
                return answer(limit.body, 429, headers | limit.headers)
            except web.HTTPException:
                raise
            except ValueError as error:
                # Most of all an id that is no number; Discord checks fields one by one.
                return answer(invalid("", "NUMBER_TYPE_COERCE", str(error)).body, 400, headers)
            except Exception:
                log.exception("%s %s could not be answered", request.method, request.path)
                return answer({"message": "500: Internal Server Error", "code": 0}, 500, headers)
            return _answered(value, headers)

        return handle

    def _actor(self, request: web.Request) -> int:
        actor = self._world.tokens.get(request.headers.get("Authorization", ""))
        if actor is None:
            raise Problem(problems.UNAUTHORIZED)
        return actor

    def _count(self, request: web.Request, route: Route, actor: int) -> dict[str, str]:
        if actor not in (_NOBODY, self._world.application.bot_id):
            return {}
        return self._services.limits.take(route.method, route.path, request.match_info)


def _answered(value: Any, headers: dict[str, str]) -> web.StreamResponse:
    if value is None:
        return web.Response(status=204, headers=headers | VIA)
    if isinstance(value, Made):
        return answer(value.value, value.status, headers)
    return answer(value, 200, headers)
