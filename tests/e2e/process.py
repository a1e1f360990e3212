"""The real program as a process, its words kept in a file."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
STARTING, STOPPING = 60.0, 30.0
TROUBLE = ("Traceback", " ERROR ", " CRITICAL ")

Sections = Mapping[str, Mapping[str, Any]]


class BotProcess:
    """`python -m bot --config …`, started, stopped, killed and started again."""

    def __init__(self, folder: Path, sections: Sections, **environ: str) -> None:
        self.folder = folder
        self.sections: dict[str, dict[str, Any]] = {name: dict(keys) for name, keys in sections.items()}
        self.log = folder / "bot.log"
        self.program: tuple[str, ...] = ("-m", "bot")
        self._environ = os.environ | environ
        self._environ.pop("PYTHONDONTWRITEBYTECODE", None)  # or every start compiles all anew
        self._process: asyncio.subprocess.Process | None = None

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def configure(self, **sections: Mapping[str, Any]) -> None:
        """Change keys of the configuration; the next start reads them."""
        for name, keys in sections.items():
            self.sections.setdefault(name, {}).update(keys)

    def export(self, **environ: str) -> None:
        """Change variables of its environment; the next start reads them."""
        self._environ |= environ

    async def call(self, *command: str) -> tuple[int | None, str]:
        """Another of the program's commands on the same configuration, to its end: the status, and what it said."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", *command, "--config", str(self._configured()),
            cwd=ROOT, env=self._environ, stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        try:
            said, _ = await asyncio.wait_for(process.communicate(), STARTING)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        return process.returncode, said.decode(errors="replace")

    def _configured(self) -> Path:
        config = self.folder / "config.toml"
        config.write_text(written(self.sections), "utf-8")
        return config

    async def start(self, is_ready: Callable[[], bool], **environ: str) -> None:
        config = self._configured()
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, *self.program, "--config", str(config),
                cwd=ROOT, env=self._environ | environ, stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        async with asyncio.timeout(STARTING):
            while not is_ready():
                if self._process.returncode is not None:
                    raise AssertionError(f"the bot ended at its start:\n{self.said()}")
                await asyncio.sleep(0.02)

    def terminate(self) -> None:
        """Ask it to end, and do not wait."""
        assert self._process is not None
        self._process.terminate()

    async def stop(self) -> int | None:
        """Ask it to end; its exit status. Past its time it is killed, and that is a failure."""
        if self.running:
            self.terminate()
        return await self.ended()

    async def ended(self) -> int | None:
        if self._process is None:
            return None
        try:
            return await asyncio.wait_for(self._process.wait(), STOPPING)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
            raise

    def kill(self) -> None:
        """kill -9, in this very moment."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()

    def said(self, since: int = 0) -> str:
        """Its log, from a byte on."""
        return self.log.read_bytes()[since:].decode(errors="replace") if self.log.exists() else ""

    def troubles(self, since: int = 0) -> list[str]:
        """What went wrong in the bot itself; what its sentry tells the operator of is not that."""
        told = [line for line in self.said(since).splitlines() if any(word in line for word in TROUBLE)]
        return [line for line in told if " bot.watch.sentry: trouble " not in line]


def written(sections: Sections) -> str:
    """A configuration as TOML."""
    return "\n".join(
        line
        for name, keys in sections.items()
        for line in (f"[{name}]", *(f"{key} = {_toml(value)}" for key, value in keys.items()))
    )


def _toml(value: Any) -> str:
    """Words, numbers and flags are the same in JSON."""
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{json.dumps(key)} = {_toml(each)}' for key, each in value.items())} }}"
    return json.dumps(value)
