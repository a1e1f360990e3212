"""The stage of the end-to-end tests for longer: the bot on a swift clock, looked at from outside all the while."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.sandbox import World
from tests.crash.till import Till
from tests.e2e.process import BotProcess
from tests.e2e.stage import Stage, open_stage
from tests.ports import free_port
from tests.soak.clock import Swift
from tests.soak.gauges import Gauges

HEARTBEAT = 5.0  #: seconds


@asynccontextmanager
async def open_long_stage(
    folder: Path, world: World, clock: Swift, till: Till, sections: Mapping[str, Mapping[str, Any]]
) -> AsyncIterator[tuple[Stage, Gauges]]:
    """Whatever Discord counts in true seconds it still does, though its clock runs faster."""
    rules, port = world.rules, free_port()
    rules.heartbeat_interval = HEARTBEAT
    for name in ("token_lives", "nonce_lives", "session_waits"):
        setattr(rules, name, getattr(rules, name) * clock.times)
    usual: dict[str, Mapping[str, Any]] = {"health": {"listen": f"127.0.0.1:{port}"}, "logging": {"level": "WARNING"}}
    world.clock = clock

    def prepare(bot: BotProcess) -> None:
        bot.program = ("-m", "tests.soak.launcher")
        bot.export(**clock.told)

    async with open_stage(folder, {**usual, **sections}, till, world, prepare) as stage:
        gauges = Gauges(folder / "data", f"http://127.0.0.1:{port}")
        gauges.watch(stage.bot.pid)
        yield stage, gauges
