"""What was deleted while nobody listened: missed where it should stand, believed only once Discord says so."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

import discord

from bot.deleting.erasure import Eraser
from bot.errors import Unreachable
from bot.studio import Studio
from cogs.deletions import unsaid
from cogs.postman import stands
from cogs.telling import located, telling
from cogs.translate import missing

log = logging.getLogger(__name__)

Read = Callable[[], Awaitable[Sequence[discord.Message] | None]]

MOST = 100  #: messages of a place that are asked for, one by one; those beyond at the next start
PAUSE = 0.5  #: seconds between two of them


class Losses:
    """A list of messages can lack one for many reasons; nothing is erased before it was asked for by itself."""

    def __init__(self, client: discord.Client, studio: Studio, eraser: Eraser) -> None:
        self._client = client
        self._studio = studio
        self._eraser = eraser
        self._missed: dict[int, list[int]] = {}

    async def noting(self, place: int, limit: int, read: Read) -> Sequence[discord.Message] | None:
        """The newest messages of a place as they are read; which of those that should be there are not is noted."""
        expected = await self._eraser.expected(place)  # before it is read: what is posted meanwhile is not missed
        found = await read()
        if found is not None and limit:
            first = 0 if len(found) < limit else min(each.id for each in found)
            gone = {each for each in expected if each >= first} - {each.id for each in found}
            self._missed[place] = sorted(gone, reverse=True)[:MOST]
        return found

    @property
    def places(self) -> list[int]:
        """Where something is missed."""
        return [place for place, messages in self._missed.items() if messages]

    async def confirm(self, place: int) -> None:
        """Ask for what is missed there, the newest first; only what Discord does not know any more was deleted.

        Whatever else it answers ends this, and nothing follows from it.
        """
        messages = self._missed.pop(place, [])
        try:
            async with telling("unreachable"):
                if messages and await self._may_read(place):
                    await self._ask_for(place, messages)
        except Unreachable as error:
            log.info("what is missed in %s may be there: %s", place, error)

    async def _ask_for(self, place: int, messages: Sequence[int]) -> None:
        for message in messages:
            if not await stands(self._client, place, message):
                await unsaid(self._studio, self._eraser, message)
            await asyncio.sleep(PAUSE)

    async def _may_read(self, place: int) -> bool:
        """Without the permission Discord lists no messages, as if there were none."""
        found = await located(self._client, place)
        if not isinstance(found, discord.Thread):
            return isinstance(found, discord.DMChannel)
        if found.parent is None or found.guild.me is None:
            return False
        return not missing(found.parent, found.guild.me, ("view_channel", "read_message_history"))
