"""What is deleted in Discord is deleted here: messages, threads, channels, and all of a server that removed the bot."""

from __future__ import annotations

import asyncio

import discord
from discord.ext import commands

from bot.erasure import Eraser
from bot.errors import Unreachable
from bot.studio import Studio
from cogs.postman import telling

LOOKED_FOR = 200  #: threads of a server, the newest
PAUSE = 0.5  #: seconds between two of them
UNKNOWN_CHANNEL = 10003


class Deletions(commands.Cog):
    """Listens, and tells the eraser. What still waits is cancelled before."""

    def __init__(self, client: discord.Client, studio: Studio, eraser: Eraser) -> None:
        self._client = client
        self._studio = studio
        self._eraser = eraser

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """A deleted message."""
        await self._unsaid(payload.message_id)

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Many at once."""
        for message in sorted(payload.message_ids):
            await self._unsaid(message)

    async def _unsaid(self, message: int) -> None:
        await self._studio.withdraw(message)
        await self._eraser.unsaid(message)

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        """A deleted thread."""
        await self._studio.abandon(payload.thread_id)
        await self._eraser.thread_gone(payload.thread_id)

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """A deleted channel: of its archived threads Discord says nothing."""
        await self._eraser.channel_gone(channel.id)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """The bot was removed; of an outage the library tells by another name."""
        await self._eraser.server_gone(guild.id)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """It is there, perhaps again."""
        await self._eraser.server_there(guild.id)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Discord has told of all servers, those of an outage among them, and of the threads that are not archived."""
        await self._eraser.servers_there({guild.id for guild in self._client.guilds})
        for guild in self._client.guilds:
            for thread in await self._eraser.threads_of(guild.id, LOOKED_FOR):
                if guild.get_thread(thread) is None and not guild.unavailable:
                    await self._look_for(thread)
                    await asyncio.sleep(PAUSE)

    async def _look_for(self, thread: int) -> None:
        """It is archived, or was deleted while nobody listened."""
        try:
            async with telling("unreachable"):
                await self._client.fetch_channel(thread)
        except Unreachable as error:
            if isinstance(error.__cause__, discord.NotFound) and error.__cause__.code == UNKNOWN_CHANNEL:
                await self._eraser.thread_gone(thread)
