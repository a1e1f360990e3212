"""The plain bot: a chat per thread and a file for each answer, as the guides of both libraries show it."""

from __future__ import annotations

import asyncio
import io

import discord
import yarl
from google import genai
from google.genai import types
from google.genai.chats import AsyncChat

from tests.bench.orders import MODEL, Orders, read_orders
from tests.bench.sampler import sampling


class Plain(discord.Client):
    """Sends what it hears to the thread's chat, and what it gets to the thread."""

    def __init__(self, client: genai.Client) -> None:
        super().__init__(intents=discord.Intents(guilds=True, guild_messages=True, message_content=True))
        self.genai = client
        self.chats: dict[int, AsyncChat] = {}

    async def on_message(self, message: discord.Message) -> None:
        """A member's words."""
        if message.author.bot:
            return
        answer = await self._chat(message.channel.id).send_message(message.content)
        for part in answer.parts or []:
            if part.inline_data and part.inline_data.data:
                picture = discord.File(io.BytesIO(part.inline_data.data), "picture.jpg")
                await message.channel.send(file=picture)

    def _chat(self, thread: int) -> AsyncChat:
        if thread not in self.chats:
            config = types.GenerateContentConfig(response_modalities=["TEXT", "IMAGE"])
            self.chats[thread] = self.genai.aio.chats.create(model=MODEL, config=config)
        return self.chats[thread]


async def _main(orders: Orders) -> None:
    discord.http.Route.BASE = orders.api_url
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(orders.gateway_url)
    client = genai.Client(api_key="bench", http_options=types.HttpOptions(base_url=orders.gemini_url))
    async with sampling(orders.sampled), Plain(client) as bot:
        await bot.start(orders.token)


if __name__ == "__main__":
    asyncio.run(_main(read_orders()))
