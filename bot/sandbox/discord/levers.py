"""What only the sandbox has: its state for the page, and levers for tests in other processes."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import orjson
from aiohttp import web

from bot.sandbox.discord.nouns import Json
from bot.sandbox.discord.painter import PainterCard
from bot.sandbox.discord.services import Services
from bot.sandbox.discord.traffic import Traffic
from bot.sandbox.discord.wire import answer

Controller = Callable[[str], Awaitable[object]]
ACTIONS = ("restart", "stop", "start")
NOBODY = "Nobody controls the bot from here: it was started on its own, so stop or start it there."
_SHOWN_MEMBERS = 25


@dataclass(frozen=True)
class Levers:
    """Everything under /sandbox."""

    services: Services
    traffic: Traffic
    painter: PainterCard
    controller: Controller | None

    def routes(self) -> list[web.RouteDef]:
        """The paths of the levers."""
        return [
            web.get("/sandbox/state", self.state),
            web.post("/sandbox/settings", self.settings),
            web.post("/sandbox/bot/{action}", self.control),
            web.get("/sandbox/requests", self.requests),
            web.delete("/sandbox/requests", self.forget_requests),
            web.get("/sandbox/faults", self.faults),
            web.post("/sandbox/faults", self.add_fault),
            web.delete("/sandbox/faults", self.clear_faults),
            web.delete("/sandbox/faults/{fault_id:\\d+}", self.remove_fault),
            web.post("/sandbox/faults/{fault_id:\\d+}/release", self.release_fault),
            web.post("/sandbox/gateway", self.gateway),
            web.post("/sandbox/rules", self.rules),
            web.post("/sandbox/clock", self.clock),
        ]

    @property
    def _running(self) -> bool:
        return self.services.gateway.is_connected(self.services.world.application.bot_id)

    async def state(self, _: web.Request) -> web.Response:
        """What the page has to know before it logs in as a member."""
        world = self.services.world
        guild = next(iter(world.guilds.values()), None)
        bot = {
            "user_id": str(world.application.bot_id),
            "application_id": str(world.application.id),
            "running": self._running,
            "controllable": self.controller is not None,
        }
        return answer(
            {
                "guild_id": str(guild.id) if guild else None,
                "bot": bot,
                "members": self._members(),
                "painter": self.painter.as_json,
            }
        )

    def _members(self) -> list[Json]:
        world = self.services.world
        guild = next(iter(world.guilds.values()), None)
        shown = []
        for token, user_id in list(world.tokens.items())[:_SHOWN_MEMBERS]:
            user = world.users[user_id]
            member = guild.members.get(user_id) if guild else None
            # The owner may do anything anywhere, which shows nothing of how permissions work.
            if guild is None or member is None or user.bot or user_id == guild.owner_id:
                continue
            roles = [guild.roles[one] for one in member.roles]
            colour = max(roles, key=lambda one: one.position).colour if roles else 0
            names = [one.name for one in roles]
            name = user.display or user.name
            shown.append({"id": str(user_id), "name": name, "token": token, "colour": f"#{colour:06x}", "roles": names})
        return shown

    async def settings(self, request: web.Request) -> web.Response:
        """How long a picture takes."""
        fields = await _fields(request)
        if "painter_seconds" in fields:
            self.painter.set_pace(min(max(float(fields["painter_seconds"]), 0.0), 600.0))
        return answer({"painter": self.painter.as_json})

    async def control(self, request: web.Request) -> web.Response:
        """Stop, start or restart the bot."""
        action = request.match_info["action"]
        if action not in ACTIONS:
            return answer({"message": f"Choose one of {', '.join(ACTIONS)}."}, 404)
        if self.controller is None:
            return answer({"message": NOBODY}, 501)
        await self.controller(action)
        return answer({"running": self._running})

    async def requests(self, request: web.Request) -> web.Response:
        """The requests so far, all or of one `route` and `method`."""
        wanted = {name: request.query[name] for name in ("method", "route", "who") if name in request.query}
        fits = [one.as_json for one in self.traffic]
        return answer([one for one in fits if all(one[name] == value for name, value in wanted.items())])

    async def forget_requests(self, _: web.Request) -> web.Response:
        """Count from zero."""
        self.traffic.clear()
        return web.Response(status=204)

    async def faults(self, _: web.Request) -> web.Response:
        """The rules in force."""
        return answer([one.as_json for one in self.services.faults.all()])

    async def add_fault(self, request: web.Request) -> web.Response:
        """A new rule."""
        try:
            fault = self.services.faults.add(**await _fields(request))
        except (TypeError, ValueError) as error:
            return answer({"message": str(error)}, 400)
        return answer(fault.as_json, 201)

    async def clear_faults(self, _: web.Request) -> web.Response:
        """No more trouble."""
        self.services.faults.clear()
        return web.Response(status=204)

    async def remove_fault(self, request: web.Request) -> web.Response:
        """One rule gone."""
        self.services.faults.remove(int(request.match_info["fault_id"]))
        return web.Response(status=204)

    async def release_fault(self, request: web.Request) -> web.Response:
        """Let go of what a rule holds."""
        fault = self.services.faults.get(int(request.match_info["fault_id"]))
        if fault is None:
            return answer({"message": "There is no such rule."}, 404)
        fault.release()
        return web.Response(status=204)

    async def gateway(self, request: web.Request) -> web.Response:
        """Trouble on the bot's gateway: `close` with a code, `reconnect`, `invalidate`, `duplicate` so many times."""
        fields = await _fields(request)
        gateway, bot_id = self.services.gateway, self.services.world.application.bot_id
        gateway.duplicates = int(fields.get("duplicate", gateway.duplicates))
        if "close" in fields:
            gateway.close(int(fields["close"]), bot_id)
        if fields.get("reconnect"):
            gateway.reconnect(bot_id)
        if fields.get("invalidate"):
            gateway.invalidate(bot_id, resumable=bool(fields.get("resumable")))
        return answer({"running": self._running, "duplicate": gateway.duplicates})

    async def rules(self, request: web.Request) -> web.Response:
        """Change Discord's numbers, for instance `{"rate_limits": false}`."""
        rules = self.services.world.rules
        for name, value in (await _fields(request)).items():
            if not hasattr(rules, name):
                return answer({"message": f"There is no rule {name}."}, 400)
            setattr(rules, name, value)
        return answer(vars(rules))

    async def clock(self, request: web.Request) -> web.Response:
        """Let time pass: `{"advance": seconds}`."""
        clock = self.services.world.clock
        clock.advance(float((await _fields(request)).get("advance", 0)))
        self.services.threads.rest_idle()
        return answer({"now": clock.now()})


async def _fields(request: web.Request) -> dict[str, Any]:
    with contextlib.suppress(orjson.JSONDecodeError):
        fields = orjson.loads(await request.read() or b"{}")
        if isinstance(fields, dict):
            return fields
    return {}
