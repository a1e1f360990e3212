"""`python -m bot sandbox`: the stand-ins, the page, and the real bot as a process of its own beside them."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.sandbox.discord.card import PainterCard
from bot.sandbox.discord.sandbox import Sandbox, open_sandbox

ROOT = Path(__file__).parents[2]
STOPPING = 15.0  #: seconds a bot has to end by itself

CONFIG = """
[discord]
api_url = "{api_url}"
gateway_url = "{gateway_url}"
cdn_hosts = ["{cdn_host}"]
direct_messages = true

[gemini]
{gemini}

[storage]
directory = "{directory}"

[health]
listen = ""

[logging]
level = "{level}"
"""
OFFLINE = """base_url = "{url}"
relaxed_safety = "BLOCK_ONLY_HIGH"
"""  #: #after-dark is age-restricted, and what its moderators may choose there can be tried
FREE = """
[limits]
pictures_per_member_hour = 0
pictures_per_server_day = 0
dollars_per_10_minutes = 0.0
dollars_per_day = 0.0
"""  #: the offline painter costs nothing, and whoever tries Easel wants to go on


class BotProcess:
    """The bot, started, stopped and started again."""

    def __init__(self, config: Path) -> None:
        self._config = config
        self._environ = dict(os.environ)
        self._process: asyncio.subprocess.Process | None = None

    def furnish(self, config: str, **environ: str) -> None:
        """Give it its configuration and its secrets."""
        self._config.write_text(config, "utf-8")
        self._environ |= environ

    async def restart(self) -> None:
        """Stop it if it runs, and start it."""
        await self.stop()
        await self.start()

    async def start(self) -> None:
        """Start it unless it runs."""
        if self._process is not None and self._process.returncode is None:
            return
        command = [sys.executable, "-m", "bot", "--config", str(self._config)]
        self._process = await asyncio.create_subprocess_exec(
            *command, cwd=ROOT, env=self._environ, stdin=asyncio.subprocess.DEVNULL, start_new_session=True
        )

    async def stop(self) -> None:
        """Ask it to end, and wait; past its time it is ended."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(STOPPING):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()


async def serve(port: int, *, real_gemini: bool) -> None:
    """Stay until Ctrl-C. The page's address is printed first, alone on its line."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    with tempfile.TemporaryDirectory(prefix="easel-sandbox-") as directory:
        bot = BotProcess(Path(directory) / "config.toml")
        card = _real_card() if real_gemini else None
        async with open_sandbox(port, gemini=card, controller=bot.restart) as sandbox:
            _say(f"{sandbox.page_url}\n\nOpen this page. Ctrl-C ends the sandbox; nothing of it is kept.")
            key = {} if real_gemini else {"GEMINI_API_KEY": "sandbox"}
            config = config_for(sandbox, Path(directory) / "data", real_gemini=real_gemini)
            bot.furnish(config, DISCORD_TOKEN=sandbox.bot_token, **key)
            async with _running(bot):
                await stop.wait()
            _say("\nThe sandbox has ended.")


@asynccontextmanager
async def _running(bot: BotProcess) -> AsyncIterator[None]:
    try:
        await bot.start()
        yield
    finally:
        await bot.stop()


def config_for(sandbox: Sandbox, directory: Path, *, real_gemini: bool = False, level: str = "WARNING") -> str:
    """A config.toml that points the bot at a sandbox."""
    config = CONFIG if real_gemini else CONFIG + FREE
    return config.format(
        api_url=sandbox.api_url,
        gateway_url=sandbox.gateway_url,
        cdn_host=sandbox.cdn_host,
        gemini="" if real_gemini else OFFLINE.format(url=sandbox.gemini_url),
        directory=directory,
        level=level,
    )


def _real_card() -> PainterCard:
    if not os.environ.get("GEMINI_API_KEY"):
        sys.exit("--gemini paints with the real Gemini: set GEMINI_API_KEY first. A picture costs about $0.04.")
    return PainterCard("Gemini", "These pictures are painted by the real Gemini. Each costs about $0.04.")


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - the person at the terminal reads it
