"""A small discord.py bot on the sandbox, for the tests of its Discord stand-in."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import discord
import yarl
from discord import app_commands
from PIL import Image

from bot.sandbox import Sandbox


def picture(colour: str = "teal", size: tuple[int, int] = (64, 48), kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()


class Bot(discord.Client):
    """Remembers what it hears; tests hang their own behaviour on it."""

    def __init__(self, intents: discord.Intents | None = None) -> None:
        wanted = intents or discord.Intents(
            guilds=True, guild_messages=True, dm_messages=True, message_content=True, guild_reactions=True
        )
        super().__init__(
            intents=wanted,
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            guild_ready_timeout=0.05,
        )
        self.tree = app_commands.CommandTree(self)
        self.heard: list[discord.Message] = []
        self.events: list[str] = []
        self.presses: asyncio.Queue[Any] = asyncio.Queue()

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        self.events.append(event)
        super().dispatch(event, *args, **kwargs)

    async def on_message(self, message: discord.Message) -> None:
        self.heard.append(message)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        self.presses.put_nowait(interaction)

    async def until(self, found: Callable[[], Any], seconds: float = 10.0) -> Any:
        async with asyncio.timeout(seconds):
            while not (value := found()):  # noqa: ASYNC110 - whatever changes inside discord.py, it tells nobody
                await asyncio.sleep(0.01)
            return value

    async def hears(self, content: str) -> discord.Message:
        heard: discord.Message = await self.until(
            lambda: next((one for one in self.heard if one.content == content), None)
        )
        return heard

    def place(self, channel_id: int) -> Any:
        """A channel or thread the bot knows."""
        return self.get_channel(channel_id)


@asynccontextmanager
async def running(sandbox: Sandbox, bot: Bot | None = None) -> AsyncIterator[Bot]:
    """Log the bot in, and out again at the end."""
    bot = bot or Bot()
    discord.http.Route.BASE = sandbox.api_url
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(sandbox.gateway_url)
    task = asyncio.create_task(bot.start(sandbox.bot_token))
    try:
        ready = asyncio.create_task(bot.until(bot.is_ready))
        await asyncio.wait([task, ready], return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            ready.cancel()
            await task
        yield bot
    finally:
        await bot.close()
        await asyncio.wait([task])
