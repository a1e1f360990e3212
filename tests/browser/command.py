"""`python -m bot sandbox` as a process, in a group of its own like a command in a terminal."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import psutil

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-m", "bot", "sandbox", "--port", "0")
STARTING, STOPPING = 30.0, 20.0


class Command:
    """The sandbox, started, spoken to over its own addresses, and ended by Ctrl-C."""

    def __init__(self, folder: Path) -> None:
        self.temporary = folder / "tmp"
        self._bytecode = folder.parent / "bytecode"  # beside it, for the next one: without, each start takes seconds
        self._log = folder / "sandbox.log"
        self._process: asyncio.subprocess.Process | None = None

    async def start(self, command: tuple[str, ...] = COMMAND) -> None:
        """Start it, and wait until its bot is there."""
        self.temporary.mkdir(parents=True, exist_ok=True)
        environ = os.environ | {"TMPDIR": str(self.temporary), "PYTHONPYCACHEPREFIX": str(self._bytecode)}
        environ.pop("PYTHONDONTWRITEBYTECODE", None)
        with self._log.open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                *command, cwd=ROOT, env=environ, stdin=asyncio.subprocess.DEVNULL,
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        async with asyncio.timeout(STARTING):
            while not await self._ready():
                assert self._process.returncode is None, self.said()
                await asyncio.sleep(0.05)

    async def _ready(self) -> bool:
        return bool(self.addresses) and bool((await self.ask("GET", "state"))["bot"]["running"])

    def said(self) -> str:
        """All that it printed, its bot's words among it."""
        return self._log.read_text("utf-8", "replace")

    @property
    def addresses(self) -> list[str]:
        """The lines that are an address and nothing else, whole ones only."""
        return [line for line in self.said().split("\n")[:-1] if line.startswith("http")]

    @property
    def url(self) -> str:
        return self.addresses[0]

    @property
    def processes(self) -> list[psutil.Process]:
        """It and all that it started."""
        assert self._process is not None
        one = psutil.Process(self._process.pid)
        return [one, *one.children(recursive=True)]

    async def ask(self, method: str, path: str, **fields: Any) -> Any:
        """One of the sandbox's own addresses."""
        async with (
            aiohttp.ClientSession() as session,
            session.request(method, f"{self.url}sandbox/{path}", json=fields or None) as answer,
        ):
            answer.raise_for_status()
            return await answer.json() if answer.content_type == "application/json" else None

    async def paint_in(self, seconds: float) -> None:
        """How long a picture takes from now on."""
        await self.ask("POST", "settings", painter_seconds=seconds)

    def interrupt(self) -> None:
        """Ctrl-C: the terminal tells everybody in the group."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGINT)

    async def ended(self) -> int:
        """Its exit status."""
        assert self._process is not None
        return await asyncio.wait_for(self._process.wait(), STOPPING)

    async def close(self) -> None:
        """End it, and whatever it left behind."""
        if self._process is None or self._process.returncode is not None:
            return
        everybody = self.processes
        self.interrupt()
        try:
            await self.ended()
        finally:
            for each in everybody:
                if each.is_running():
                    each.kill()


@asynccontextmanager
async def open_command(folder: Path) -> AsyncIterator[Command]:
    """A sandbox for as long as this is open."""
    command = Command(folder)
    try:
        await command.start()
        yield command
    finally:
        await command.close()
