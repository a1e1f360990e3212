"""What kills: orders for the launcher inside, and a watch on the wire outside."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from pathlib import Path

from bot.sandbox.discord.events import Event
from bot.sandbox.discord.traffic import BEFORE, Seen
from tests.crash.launcher import FOLDER
from tests.crash.points import AWAIT, EVENT, STORE, TIME, WIRE, Point
from tests.e2e.stage import Stage

HEARD = ("MESSAGE_CREATE", "MESSAGE_DELETE", "INTERACTION_CREATE", "THREAD_CREATE", "MESSAGE_UPDATE")


class Weapon:
    """Loaded with one point at a time; `passed` counts what could have been one."""

    def __init__(self, stage: Stage, folder: Path) -> None:
        self._stage = stage
        self._folder = folder
        self._generation = 0
        self._point: Point | None = None
        self._timer: asyncio.TimerHandle | None = None
        self.passed: dict[str, Counter[str]] = {WIRE: Counter(), EVENT: Counter()}
        folder.mkdir()
        (folder / "armed").write_bytes(b"\0")
        stage.bot.program = ("-m", "tests.crash.launcher")
        stage.bot.export(**{FOLDER: str(folder)})
        stage.sandbox.traffic.hooks.append(self._request)
        stage.sandbox.world.listeners.append(self._event)

    def load(self, point: Point | None) -> None:
        """From now on places count; without a point nobody dies."""
        self._point = point
        self.passed = {WIRE: Counter(), EVENT: Counter()}
        (self._folder / "struck").unlink(missing_ok=True)
        inside = point and point.kind in (AWAIT, STORE)
        (self._folder / "order").write_text(json.dumps([point.name, point.nth] if point and inside else ["", 0]))
        self._generation = self._generation % 255 + 1
        self._arm(self._generation)
        if point and point.kind == TIME:
            self._timer = asyncio.get_running_loop().call_later(point.nth / 1000, self._shoot)

    def unload(self) -> bool:
        """Whether it has struck where it was meant to."""
        self._arm(0)
        if self._timer:
            self._timer.cancel()
        struck = self._point is None or (self._folder / "struck").exists()
        self._point = self._timer = None
        return struck

    def counted(self) -> Counter[str]:
        """What the program passed inside, once it has ended in peace."""
        return Counter(json.loads((self._folder / "passed").read_text("utf-8")))

    def _arm(self, value: int) -> None:
        with (self._folder / "armed").open("r+b") as file:  # never made shorter: a process looks at it
            file.write(bytes([value]))

    def _shoot(self) -> None:
        (self._folder / "struck").touch()
        self._stage.bot.kill()

    async def _request(self, phase: str, seen: Seen) -> None:
        if seen.who == "bot" and self._counts(WIRE, f"{phase} {seen.method} {seen.route}"):
            if phase == BEFORE:
                self._stage.sandbox.faults.add("drop_before", seen.method, seen.path)
            self._shoot()

    def _event(self, event: Event) -> None:
        if event.name in HEARD and self._counts(EVENT, event.name):
            self._shoot()

    def _counts(self, kind: str, name: str) -> bool:
        """Whether this is the one."""
        self.passed[kind][name] += 1
        return self._point == Point(kind, name, self.passed[kind][name])
