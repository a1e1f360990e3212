"""What befalls a bot that runs for months: restarts, kills, connections that break; and the operator's own chores."""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass, field

from bot.sandbox.discord.seed import BOT
from bot.sandbox.discord.session import Line
from tests.bench.stage import lateness
from tests.crash.verdict import Heard
from tests.e2e.stage import Stage
from tests.soak.gauges import Gauges

KEPT = "2"  #: backups
LOOK = 0.05  #: seconds between two looks at the connection
BRIEF = 2.0  #: seconds that Discord answers badly, or everything twice


@dataclass
class Pulse:
    """Which connection the bot has, and by how much the latest heartbeat of any was late."""

    stage: Stage
    late: float = 0.0
    connections: int = 0

    async def watch(self) -> None:
        """A heartbeat is due an interval after the one before, on the same connection."""
        line, since, until = self._line, time.monotonic(), time.monotonic()
        while True:
            await asyncio.sleep(LOOK)
            if (now := self._line) is line:
                until = time.monotonic()
                continue
            if line is not None:
                self._note(since, until)
            line, since = now, time.monotonic()

    def _note(self, since: float, until: float) -> None:
        self.connections += 1
        self.late = max(self.late, lateness(self.stage.sandbox, since, until))

    @property
    def _line(self) -> Line | None:
        live = self.stage.sandbox.gateway._live(BOT)
        return live[0].line if live else None


@dataclass
class Operator:
    """Starts the bot again, and does what is to be done by night."""

    stage: Stage
    gauges: Gauges
    heard: Heard
    wrong: list[str] = field(default_factory=list)
    stops: list[tuple[float, str]] = field(default_factory=list)  #: when, and how
    away: list[tuple[float, float]] = field(default_factory=list)  #: from when to when, in true seconds

    async def restart(self, *, kill: bool) -> None:
        """With SIGKILL or SIGTERM, in the middle of everything."""
        began = time.time()
        self.stops.append((began, "SIGKILL" if kill else "SIGTERM"))
        bot = self.stage.bot
        if kill:
            self.heard.kills += 1
            await self.stage.kill()
        elif (status := await bot.stop()) != 0:
            self.wrong.append(f"stopped, it ended with {status}")
        await self.stage.start()
        self.gauges.watch(bot.pid)
        self.away.append((began, time.time()))

    async def backup(self) -> None:
        """While the bot paints."""
        await self._call("backup", "--keep", KEPT)

    async def doctor(self) -> None:
        """What is wrong with all that is left."""
        await self._call("doctor")

    async def _call(self, *command: str) -> None:
        status, said = await self.stage.bot.call(*command)
        if status:
            self.wrong.append(f"{command[0]}: {said}")


@dataclass
class Weather:
    """Discord's, on a bad day."""

    stage: Stage
    chance: random.Random
    met: int = 0

    async def change(self) -> None:
        """One of the things that happen a few times a day."""
        self.met += 1
        await self.chance.choice((self._reconnects, self._hangs_up, self._forgets, self._repeats, self._fails))()

    async def _reconnects(self) -> None:
        self.stage.sandbox.gateway.reconnect(BOT)

    async def _hangs_up(self) -> None:
        self.stage.sandbox.gateway.close(4000, BOT)

    async def _forgets(self) -> None:
        self.stage.sandbox.gateway.invalidate(BOT)

    async def _repeats(self) -> None:
        gateway = self.stage.sandbox.gateway
        gateway.duplicates = 1
        await asyncio.sleep(BRIEF)
        gateway.duplicates = 0

    async def _fails(self) -> None:
        faults = self.stage.sandbox.faults
        for _ in range(5):
            faults.add("answer", "POST", "/channels/*/messages", status=502, times=1)
        await asyncio.sleep(BRIEF)
