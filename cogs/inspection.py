"""A look at Discord without a gateway: who the bot is there, and where it may do what. For `check`."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import discord

from cogs.client import Client
from cogs.translate import TO_OPEN, TO_PAINT, missing

AT_ONCE = 4  #: servers looked at together; each takes three calls, and Discord takes 50 a second
TO_TELL = ("view_channel", "send_messages")
DEADLINE = 60.0  #: seconds for all of them

Place = discord.TextChannel | discord.ForumChannel
Lacking = Mapping[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True)
class Server:
    """A server as the bot finds it: how many channels it sees that it could work in, and what it lacks in which."""

    name: str
    channels: int
    lacking: Lacking  #: the names of channels, by the permissions that they lack
    quiet: tuple[str, ...] = ()  #: those that lack some where members may not write either: rules, news
    roles: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Inspection:
    """Discord, through a client that is logged in and never connects."""

    client: Client
    adults_only: bool = False  #: only channels that are marked as age-restricted count

    @property
    def name(self) -> str:
        """What the bot is called."""
        assert self.client.user is not None
        return self.client.user.name

    @property
    def gives_content(self) -> bool:
        """Whether the portal's switch for message content is on: fully, or as for bots in few servers."""
        application = self.client.application
        assert application is not None
        return application.flags.gateway_message_content or application.flags.gateway_message_content_limited

    @property
    def elsewhere(self) -> str | None:
        """The address that Discord sends commands and presses to instead, where the portal names one."""
        assert self.client.application is not None
        return self.client.application.interactions_endpoint_url

    @property
    def invitation(self) -> str:
        """Where an owner of a server adds the bot to it, with what it needs there."""
        assert self.client.application_id is not None
        needed = discord.Permissions(**dict.fromkeys(("view_channel", "send_messages", *TO_OPEN), True))
        return discord.utils.oauth_url(self.client.application_id, permissions=needed)

    @property
    def commands(self) -> int:
        """How many commands the bot has."""
        return len(self.client.tree.get_commands())

    async def differing(self) -> list[str]:
        """The names of commands that Discord does not know as they are."""
        return await self.client.untold()

    async def servers(self) -> tuple[list[Server], int]:
        """The servers that could be looked at in time, and how many could not."""
        few = asyncio.Semaphore(AT_ONCE)
        ids = [guild.id async for guild in self.client.fetch_guilds(limit=None, with_counts=False)]
        tasks = [asyncio.create_task(self._server(each, few)) for each in ids]
        try:
            done = (await asyncio.wait(tasks, timeout=DEADLINE))[0] if tasks else set()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        return [task.result() for task in tasks if task in done], len(tasks) - len(done)

    async def lacking(self, channel: int) -> list[str]:
        """What the bot lacks to write in a channel of its operator's."""
        try:
            found = await self.client.fetch_channel(channel)
        except (discord.NotFound, discord.Forbidden):
            return ["view_channel"]
        if not isinstance(found, discord.abc.GuildChannel):
            return []
        guild = await self.client.fetch_guild(found.guild.id, with_counts=False)
        assert self.client.user is not None
        me, places = await guild.fetch_member(self.client.user.id), await guild.fetch_channels()
        return [lack for each in places if each.id == channel for lack in missing(each, me, TO_TELL)]

    async def _server(self, id_: int, few: asyncio.Semaphore) -> Server:
        async with few:
            guild = await self.client.fetch_guild(id_, with_counts=False)
            assert self.client.user is not None
            me = await guild.fetch_member(self.client.user.id)
            channels = await guild.fetch_channels()
        places = [each for each in channels if isinstance(each, Place) and self._is_ours(each, me)]
        lacking: dict[tuple[str, ...], tuple[str, ...]] = defaultdict(tuple)
        quiet: list[str] = []
        for place in places:
            lacks = missing(place, me, _needed(place))
            if lacks and _is_quiet(place):
                quiet.append(place.name)
            elif lacks:
                lacking[tuple(lacks)] += (place.name,)
        return Server(guild.name, len(places), lacking, tuple(quiet), frozenset(each.id for each in guild.roles))

    def _is_ours(self, place: Place, me: discord.Member) -> bool:
        return not missing(place, me, ("view_channel",)) and (place.is_nsfw() or not self.adults_only)


def _is_quiet(place: Place) -> bool:
    """Whether @everyone reads and may not write."""
    everyone = place.permissions_for(place.guild.default_role)
    return everyone.view_channel and not everyone.send_messages


def _needed(place: Place) -> tuple[str, ...]:
    """In a forum people open the posts; in a text channel the bot opens threads, and says there why it does not."""
    return TO_PAINT if isinstance(place, discord.ForumChannel) else ("send_messages", *TO_OPEN)
