"""What only the sandbox has: its state for the page, the painter's pace, the bot's restart, a gateway that breaks."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import orjson
from aiohttp import web

from bot.sandbox.discord.card import PainterCard
from bot.sandbox.discord.nouns import Guild, Json
from bot.sandbox.discord.services import Services
from bot.sandbox.discord.wire import answer

Controller = Callable[[], Awaitable[object]]  #: restarts the bot
NOBODY = "Nobody controls the bot from here: it was started on its own, so restart it there."
_SHOWN_MEMBERS = 25
_SLOWEST = 600.0  # seconds


@dataclass(frozen=True)
class Levers:
    """Everything under /sandbox."""

    services: Services
    painter: PainterCard
    controller: Controller | None

    def routes(self) -> list[web.RouteDef]:
        """The paths of the levers."""
        return [
            web.get("/sandbox/state", self.state),
            web.post("/sandbox/settings", self.settings),
            web.post("/sandbox/bot/restart", self.restart),
            web.post("/sandbox/gateway", self.gateway),
        ]

    @property
    def _running(self) -> bool:
        return self.services.gateway.is_connected(self.services.world.application.bot_id)

    async def state(self, _: web.Request) -> web.Response:
        """What the page has to know before it logs in as a member."""
        world = self.services.world
        guild = next(iter(world.guilds.values()))
        bot = {
            "user_id": str(world.application.bot_id),
            "application_id": str(world.application.id),
            "running": self._running,
            "controllable": self.controller is not None,
        }
        members = self._members(guild)
        return answer({"guild_id": str(guild.id), "bot": bot, "members": members, "painter": self.painter.as_json})

    def _members(self, guild: Guild) -> list[Json]:
        world = self.services.world
        people = [(token, world.users[user_id]) for token, user_id in list(world.tokens.items())[:_SHOWN_MEMBERS]]
        # The owner may do anything anywhere, which shows nothing of how permissions work.
        shown = [one for one in people if not one[1].bot and one[1].id in guild.members and one[1].id != guild.owner_id]
        return [
            {
                "id": str(user.id),
                "name": user.display or user.name,
                "token": token,
                "locale": user.locale,
                **_rank(guild, user.id),
            }
            for token, user in shown
        ]

    async def settings(self, request: web.Request) -> web.Response:
        """How long a picture takes."""
        fields = await _fields(request)
        if "painter_seconds" in fields:
            self.painter.set_pace(min(max(float(fields["painter_seconds"]), 0.0), _SLOWEST))
        return answer({"painter": self.painter.as_json})

    async def restart(self, _: web.Request) -> web.Response:
        """Stop the bot and start it again, or start one that does not run."""
        if self.controller is None:
            return answer({"message": NOBODY}, 501)
        await self.controller()
        return answer({"running": self._running})

    async def gateway(self, request: web.Request) -> web.Response:
        """Close the bot's connection: `{"close": 4000}`."""
        code = int((await _fields(request)).get("close", 4000))
        self.services.gateway.close(code, self.services.world.application.bot_id)
        return answer({"running": self._running})


def _rank(guild: Guild, user_id: int) -> Json:
    roles = [guild.roles[one] for one in guild.members[user_id].roles]
    colour = max(roles, key=lambda one: one.position).colour if roles else 0
    return {"colour": f"#{colour:06x}", "roles": [one.name for one in roles]}


async def _fields(request: web.Request) -> dict[str, Any]:
    with contextlib.suppress(orjson.JSONDecodeError):
        fields = orjson.loads(await request.read() or b"{}")
        if isinstance(fields, dict):
            return fields
    return {}
