"""A bot as a process of its own, at work on its own stage: started, watched and stopped by its id."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import psutil

from bot.sandbox.command import ROOT, config_for
from tests.bench.orders import Orders
from tests.bench.picture import photograph
from tests.bench.stage import Furniture, Stage, open_stage

NAMES = ("floor", "easel", "plain")


class Past(Furniture, Protocol):
    """A data folder that something lies in."""

    @property
    def folder(self) -> Path:
        """Where it is."""

    @property
    def statements(self) -> Path | None:
        """Where to write down every statement that the database runs, if at all."""


@dataclass(frozen=True)
class Contestant:
    """One of the three, ready to be asked."""

    name: str
    stage: Stage
    process: psutil.Process
    samples: Path | None

    @property
    def cpu(self) -> float:
        """Seconds of processor time used so far."""
        times = self.process.cpu_times()
        return float(times.user + times.system)

    @property
    def memory(self) -> int:
        """Bytes in memory now."""
        return int(self.process.memory_info().rss)


@dataclass(frozen=True)
class Workshop:
    """What every contestant works with: one picture, and a folder that is gone afterwards."""

    folder: Path
    picture: bytes

    @property
    def file(self) -> Path:
        """Where the picture lies."""
        return self.folder / "picture.jpg"

    @asynccontextmanager
    async def enter(self, name: str, past: Past | None = None, **how: Any) -> AsyncIterator[Contestant]:
        """Start one; it has settled when this yields. `heartbeat` in seconds, `sampled`: its loop is looked at."""
        samples = self.folder / f"{name}.samples" if how.get("sampled") else None
        async with open_stage(self.picture, how.get("heartbeat", 1.0), past) as stage:
            command = self._easel(stage, samples, past) if name == "easel" else self._other(name, stage, samples)
            async with _running(command) as process:
                await stage.settle()
                yield Contestant(name, stage, psutil.Process(process.pid), samples)

    async def start(self, past: Past | None = None) -> float:
        """Seconds that Easel needs until Discord has heard of it."""
        async with open_stage(self.picture, 30.0, past) as stage:
            command, began = self._easel(stage, None, past), time.perf_counter()
            async with _running(command):
                while not stage.sandbox.bot_is_connected:  # noqa: ASYNC110 - a look each 2 ms is all that is needed
                    await asyncio.sleep(0.002)
                took = time.perf_counter() - began
                await stage.settle()
                return took

    def data(self, stage: Stage) -> Path:
        """Easel's data folder on this stage."""
        return self.folder / f"data-{stage.sandbox.port}"

    def _easel(self, stage: Stage, samples: Path | None, past: Past | None) -> Sequence[str]:
        config = self.folder / f"easel-{stage.sandbox.port}.toml"
        data = past.folder if past else self.data(stage)
        config.write_text(config_for(stage.sandbox, data), "utf-8")
        if past and past.statements:
            return ["-m", "tests.bench.traced", str(config), str(past.statements)]
        if samples is None:
            return ["-m", "bot", "--config", str(config)]
        return ["-m", "tests.bench.easel", str(config), str(samples)]

    def _other(self, name: str, stage: Stage, samples: Path | None) -> Sequence[str]:
        box = stage.sandbox
        orders = Orders(box.api_url, box.gateway_url, box.gemini_url, box.bot_token, str(self.file), str(samples or ""))
        return ["-m", f"tests.bench.{name}", orders.words]


def open_workshop(folder: Path) -> Workshop:
    """A workshop in a folder, with a picture painted for it."""
    workshop = Workshop(folder, photograph())
    workshop.file.write_bytes(workshop.picture)
    return workshop


@asynccontextmanager
async def _running(command: Sequence[str]) -> AsyncIterator[asyncio.subprocess.Process]:
    secrets = {"DISCORD_TOKEN": "sandbox-bot-token", "GEMINI_API_KEY": "bench"}
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, cwd=ROOT, env=os.environ | secrets, stdin=asyncio.subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
            try:
                await asyncio.wait_for(process.wait(), 10.0)
            except TimeoutError:
                process.kill()
                await process.wait()
