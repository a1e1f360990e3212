"""One stage for the tests of a module; each test finds it tidy, the bot running, and its log clean at the end.

A module may say `SETTINGS` (sections of config.toml) and `PAINTER` (a function that makes one).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Generator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.sandbox.discord.rules import Rules
from tests.e2e.stage import Stage, open_stage
from tests.e2e.watch import Watch

LOG_SHOWN = 6000


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def theatre(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    folder: Path = tmp_path_factory.mktemp("easel")
    painter = getattr(request.module, "PAINTER", None)
    async with open_stage(folder, getattr(request.module, "SETTINGS", {}), painter and painter()) as stage:
        yield stage


@pytest_asyncio.fixture(loop_scope="module")
async def stage(theatre: Stage) -> AsyncIterator[Stage]:
    await tidy(theatre)
    since, watch = theatre.bot.log.stat().st_size, Watch()
    theatre.sandbox.traffic.hooks.append(watch)
    yield theatre
    theatre.sandbox.faults.clear()
    theatre.sandbox.traffic.hooks.clear()
    assert theatre.bot.troubles(since) == []
    assert watch.complaints == []


async def tidy(stage: Stage) -> None:
    sandbox = stage.sandbox
    sandbox.gateway.duplicates = 0
    for name, value in vars(Rules(rate_limits=False)).items():
        setattr(sandbox.world.rules, name, value)
    stage.gemini.reset()
    stage.painter.begin()
    if not stage.bot.running:
        await stage.start()
    await stage.until(lambda: sandbox.bot_is_connected)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    report = yield
    stage = getattr(item, "funcargs", {}).get("stage")
    if report.failed and isinstance(stage, Stage):
        report.sections.append(("the bot's log", stage.bot.said()[-LOG_SHOWN:]))
    return report
