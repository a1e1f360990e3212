"""What is deleted in Discord is deleted here: messages, threads, channels, and all of a server that removed the bot."""

from __future__ import annotations

from functools import partial

import discord
from discord.ext import commands

from bot.deleting.erasure import Eraser
from bot.deleting.unposting import Unposting
from bot.insistence import insist
from bot.studio import Studio


class Deletions(commands.Cog):
    """Listens, and tells the eraser. What still waits is cancelled before."""

    def __init__(self, client: discord.Client, studio: Studio, eraser: Eraser, unposting: Unposting) -> None:
        self._client = client
        self._studio = studio
        self._eraser = eraser
        self._unposting = unposting

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """A deleted message."""
        await self._unsaid(payload.message_id, payload.channel_id)

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Many at once: none of them is painted while the first are erased."""
        self._studio.tidings.gone(payload.message_ids)
        for message in sorted(payload.message_ids):
            await self._unsaid(message, payload.channel_id)

    async def _unsaid(self, message: int, channel: int) -> None:
        """A picture may be deleted before we hear that it is there, so we look again when we have heard."""
        self._studio.once_posted(channel, partial(insist, partial(self._eraser.unsaid, message)))
        await unsaid(self._studio, self._eraser, message)

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        """A deleted thread."""
        self._studio.tidings.thread_gone(payload.thread_id)
        await insist(partial(self._studio.abandon, payload.thread_id))
        await insist(partial(self._eraser.thread_gone, payload.thread_id))

    @commands.Cog.listener()
    async def on_raw_thread_update(self, payload: discord.RawThreadUpdateEvent) -> None:
        """A thread is not as it was; of one that is locked no more, what is to go can go."""
        if not payload.data["thread_metadata"].get("locked"):
            self._unposting.opened(payload.thread_id)

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """A deleted channel: of its archived threads Discord says nothing."""
        await insist(partial(self._eraser.channel_gone, channel.id))

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
        """Discord has told of all servers, those of an outage among them."""
        await self._eraser.servers_there({guild.id for guild in self._client.guilds})


async def unsaid(studio: Studio, eraser: Eraser, message: int) -> None:
    """A message was deleted, which Discord tells only once."""
    await insist(partial(studio.withdraw, message))
    await insist(partial(eraser.unsaid, message))
