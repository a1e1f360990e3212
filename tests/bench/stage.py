"""The stand-ins, who asks in them, and how long it takes until the picture is there."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Protocol

from bot.sandbox import Sandbox, World, open_sandbox
from bot.sandbox.discord.events import Event
from bot.sandbox.discord.multipart import Form
from bot.sandbox.discord.seed import BOT
from bot.sandbox.gemini import CONTROL, Control, Settings, make_gemini_app
from bot.sandbox.gemini.record import Entry
from tests.bench.club import Seat, bench_club, words_of
from tests.bench.picture import Restless

PATIENCE = 60.0  #: seconds for one picture
QUIET = 0.5  #: seconds without a request, after which a bot has settled


class Furniture(Protocol):
    """What was in the stand-ins before."""

    def furnish(self, world: World) -> None:
        """Put it there."""


class Silence(Exception):
    """No picture came."""


@dataclass
class Stage:
    """One bot's own Discord and Gemini."""

    sandbox: Sandbox
    painter: Control
    seats: Sequence[Seat]
    turns: dict[int, int] = field(default_factory=dict)
    _waiting: dict[int, asyncio.Future[float]] = field(default_factory=dict)

    async def settle(self) -> None:
        """Wait until the bot listens and asks nothing more, but for what was said in old threads, which takes long."""
        async with asyncio.timeout(PATIENCE):
            seen = -1
            while seen != self._asked or not self.sandbox.bot_is_connected:
                seen = self._asked
                await asyncio.sleep(QUIET)

    @property
    def _asked(self) -> int:
        return sum(not (each.method == "GET" and each.path.endswith("/messages")) for each in self.sandbox.traffic)

    async def ask(self, seat: Seat, patience: float = PATIENCE) -> float:
        """A member writes in the thread; seconds until the picture stands in it. Raises Silence."""
        turn = self.turns[seat.thread] = self.turns.get(seat.thread, -1) + 1
        posted: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._waiting[seat.thread] = posted
        channel = self.sandbox.world.channel(seat.thread)
        began = time.perf_counter()
        self.sandbox.services.messages.create(channel, seat.member, Form({"content": words_of(turn)}))
        try:
            return await asyncio.wait_for(posted, patience) - began
        except TimeoutError as error:
            raise Silence(f"no picture in turn {turn}") from error

    async def ask_everywhere(self) -> float:
        """One ask in every thread at once; seconds until the last picture is there."""
        began = time.perf_counter()
        await asyncio.gather(*map(self.ask, self.seats))
        return time.perf_counter() - began

    @property
    def requests(self) -> Sequence[Entry]:
        """What the bot has sent to Gemini, oldest first."""
        return tuple(self.painter.ledger.requests)

    def lateness(self, since: float) -> float:
        """By how many seconds the latest heartbeat since then (on the monotonic clock) was late."""
        return lateness(self.sandbox, since, time.monotonic())

    def hear(self, event: Event) -> None:
        """Notice the bot's pictures; their bytes are let go at once, or the stand-in would hold gigabytes."""
        data: dict[str, Any] = event.data
        if event.name != "MESSAGE_CREATE" or int(data["author"]["id"]) != BOT or not data["attachments"]:
            return
        posted = self._waiting.get(int(data["channel_id"]))
        if posted is not None and not posted.done():
            posted.set_result(time.perf_counter())
        message = self.sandbox.world.message(int(data["channel_id"]), int(data["id"]))
        asyncio.get_running_loop().call_soon(self.sandbox.world.vault.release, message.attachments)


def lateness(sandbox: Sandbox, since: float, until: float) -> float:
    """By how many seconds the bot's latest heartbeat between two moments (on the monotonic clock) was late."""
    beats = [since, *(at for user, at in sandbox.gateway.heartbeats if user == BOT and since < at < until), until]
    longest = max(after - before for before, after in pairwise(beats))
    return max(0.0, longest - sandbox.world.rules.heartbeat_interval)


@asynccontextmanager
async def open_stage(picture: bytes, heartbeat: float, past: Furniture | None = None) -> AsyncIterator[Stage]:
    """Fresh stand-ins on a port of their own; `heartbeat` is how often, in seconds, a bot has to show that it lives."""
    world, seats = bench_club()
    world.rules.heartbeat_interval = heartbeat
    if past:
        past.furnish(world)
    gemini = make_gemini_app(Restless(picture), Settings(kept=10_000))
    async with open_sandbox(world=world, gemini=gemini) as sandbox:
        stage = Stage(sandbox, gemini[CONTROL], seats)
        world.listeners.append(stage.hear)
        yield stage
