"""The sandbox opened: one server on this machine, and everything tests want from it."""

from __future__ import annotations

import errno
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

from bot.sandbox.discord.card import PainterCard, card_of
from bot.sandbox.discord.faults import Faults
from bot.sandbox.discord.gateway import Gateway
from bot.sandbox.discord.levers import Controller
from bot.sandbox.discord.link import Addresses
from bot.sandbox.discord.member import Member
from bot.sandbox.discord.seed import BOT_TOKEN, paint_club
from bot.sandbox.discord.server import House, make_app
from bot.sandbox.discord.services import Services, services_for
from bot.sandbox.discord.traffic import Traffic
from bot.sandbox.discord.world import World
from bot.sandbox.gemini import Settings, make_gemini_app

HOST = "127.0.0.1"
_TRIES = 50


@dataclass
class Sandbox:
    """A running sandbox."""

    world: World
    services: Services
    traffic: Traffic
    bot_token: str
    port: int
    _stack: AsyncExitStack
    _members: dict[str, Member] = field(default_factory=dict)

    @property
    def page_url(self) -> str:
        """Where people open it."""
        return f"http://{HOST}:{self.port}/"

    @property
    def api_url(self) -> str:
        """The base of the REST API, for discord.py's `Route.BASE`."""
        return f"http://{HOST}:{self.port}/api/v10"

    @property
    def gateway_url(self) -> str:
        """The websocket, for discord.py's `DEFAULT_GATEWAY`."""
        return f"ws://{HOST}:{self.port}/gateway"

    @property
    def gemini_url(self) -> str:
        """The base url for google-genai."""
        return f"http://{HOST}:{self.port}/gemini"

    @property
    def cdn_host(self) -> str:
        """The host that attachments are fetched from."""
        return HOST

    @property
    def faults(self) -> Faults:
        """Trouble on demand."""
        return self.services.faults

    @property
    def gateway(self) -> Gateway:
        """The gateway, to close, invalidate and repeat."""
        return self.services.gateway

    @property
    def bot_is_connected(self) -> bool:
        """Whether the bot listens to the gateway right now."""
        return self.gateway.is_connected(self.world.application.bot_id)

    def member(self, token: str) -> Member:
        """A member who acts over the same protocol as the page; connects when first used."""
        if token not in self._members:
            member = self._members[token] = Member(Addresses(self.api_url, self.gateway_url), token)
            self._stack.push_async_callback(member.close)
        return self._members[token]


@asynccontextmanager
async def open_sandbox(
    port: int = 0,
    *,
    world: World | None = None,
    bot_token: str = BOT_TOKEN,
    gemini: web.Application | PainterCard | None = None,
    controller: Controller | None = None,
) -> AsyncIterator[Sandbox]:
    """Open a sandbox; a busy port gives way to the next free one, and port 0 takes any."""
    async with AsyncExitStack() as stack:
        listener = listen(port)
        port = listener.getsockname()[1]
        world = paint_club(bot_token) if world is None else world
        world.origin = f"http://{HOST}:{port}"
        painter = make_gemini_app(settings=Settings(variety=True)) if gemini is None else gemini
        house = House(services_for(world), Traffic(world.on_request), card_of(painter), _page_folder(), controller)
        app = make_app(house, painter if isinstance(painter, web.Application) else None)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=2.0)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.SockSite(runner, listener).start()
        yield Sandbox(world, house.services, house.traffic, bot_token, port, stack)


def _page_folder() -> Path:
    return Path(__file__).parents[1] / "page"


def listen(port: int) -> socket.socket:
    """A listening socket on this port or, if it is busy, on one of those right after it."""
    for candidate in range(port, port + (_TRIES if port else 1)):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, candidate))
        except OSError as error:
            listener.close()
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
            continue
        listener.listen(1024)
        return listener
    raise OSError(errno.EADDRINUSE, f"every port from {port} to {port + _TRIES - 1} is busy")
