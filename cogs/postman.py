"""Carries letters into threads."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import aiohttp
import discord

from bot.forward import Forward
from bot.letters import Button, Letter, Sighting
from bot.model import Turn
from cogs.ajar import Ajar
from cogs.attachment import Attachment
from cogs.forwards import traced
from cogs.telling import NO_HISTORY, THREAD_EXISTS, UNKNOWN_MESSAGE, if_there, located, telling
from cogs.translate import missing

TO_WRITE = ("view_channel", "send_messages_in_threads")  #: permissions, by Discord's names
DEFAULT_LIMIT = 10 * 2**20  #: bytes of one file in a DM or an unboosted server
LOCK = "🔒"
LOOK_BACK = 200  #: messages searched for our own, from either end
PATIENCE = 5.0  #: seconds for Discord to tell of a server

log = logging.getLogger(__name__)


class Row(discord.ui.View):
    """Buttons that the router answers, kept out of the library's own memory of views: they work after any restart."""

    def __init__(self, buttons: Sequence[Button]) -> None:
        super().__init__(timeout=None)
        for button in buttons:
            made = discord.ui.Button[Row](
                style=_style(button),
                label=button.label,
                custom_id=button.id,
                disabled=button.disabled,
                row=button.row,
            )
            self.add_item(made)
        self.stop()


def _style(button: Button) -> discord.ButtonStyle:
    if button.danger:
        return discord.ButtonStyle.danger
    return discord.ButtonStyle.primary if button.primary else discord.ButtonStyle.secondary


@dataclass(frozen=True)
class DiscordPostman:
    """The studio's postman."""

    client: discord.Client
    ajar: Ajar

    async def open(self, turn: Turn) -> None:
        """Open the turn's thread from its message, named right away: a renaming would wait ten minutes."""
        if self.client.get_channel(turn.conversation) is not None:
            return
        assert turn.channel is not None
        assert turn.title is not None
        async with telling("thread_refused"):
            channel = await located(self.client, turn.channel, "thread_refused")
            assert isinstance(channel, discord.TextChannel)
            try:
                await channel.get_partial_message(turn.conversation).create_thread(name=turn.title)
            except discord.HTTPException as error:
                if error.code != THREAD_EXISTS:
                    raise

    async def send(self, letter: Letter) -> int:
        """Post; the message's id."""
        async with telling("unreachable"):
            try:
                return await self._send(letter)
            except discord.HTTPException as error:
                if error.code != NO_HISTORY:
                    raise
                return await self._send(replace(letter, reply_to=None))  # who may not read may not reply, but may write

    async def _send(self, letter: Letter) -> int:
        channel = self.client.get_partial_messageable(letter.channel)
        files = [Attachment(each) for each in letter.files]
        message = await channel.send(_text(letter), files=files, **_options(letter))
        return message.id

    async def type(self, channel: int) -> None:
        """Be seen typing."""
        async with telling("unreachable"):
            await self.client.get_partial_messageable(channel).typing()

    async def edit(self, channel: int, message: int, text: str, buttons: Sequence[Button] = ()) -> None:
        """New words and buttons for a message of ours."""
        async with telling("unreachable"):
            partial = self.client.get_partial_messageable(channel).get_partial_message(message)
            view = Row(buttons) if buttons else None
            await partial.edit(content=text, view=view, allowed_mentions=discord.AllowedMentions.none())

    async def erase(self, channel: int, message: int) -> None:
        """Delete a message of ours."""
        async with telling("unreachable"), if_there():
            partial = self.client.get_partial_messageable(channel).get_partial_message(message)
            await self.ajar.change(channel, partial.delete)

    async def withdraw(self, channel: int, message: int, file: str) -> None:
        """Take a file out of a message of ours."""
        async with telling("unreachable"), if_there():
            found = await self.client.get_partial_messageable(channel).fetch_message(message)
            kept = [each for each in found.attachments if not each.filename.startswith(f"{file}.")]
            if len(kept) < len(found.attachments):
                mute = discord.AllowedMentions.none()
                await self.ajar.change(channel, lambda: found.edit(attachments=kept, allowed_mentions=mute))

    async def sign(self, channel: int, message: int) -> None:
        """Put the sign of a closed place on a member's message."""
        async with telling("unreachable"):
            await self.client.get_partial_messageable(channel).get_partial_message(message).add_reaction(LOCK)

    async def unsign(self, channel: int, message: int) -> None:
        """Take that sign away."""
        assert self.client.user is not None
        async with telling("unreachable"):
            signed = self.client.get_partial_messageable(channel).get_partial_message(message)
            await signed.remove_reaction(LOCK, self.client.user)

    async def own(self, channel: int, after: int) -> list[Sighting]:
        """Our own messages after an id, oldest first."""
        place = self.client.get_partial_messageable(channel)
        assert self.client.user is not None
        found: dict[int, discord.Message] = {}
        async with telling("unreachable"), if_there():
            found = await _read(place, after, oldest_first=True)
            if len(found) == LOOK_BACK:  # a late answer is among the newest
                found |= await _read(place, after, oldest_first=False)
        return [_sighting(found[each]) for each in sorted(found) if found[each].author.id == self.client.user.id]

    async def knows(self, server: int, member: int) -> bool:
        """Whether somebody is a member of the server; while Discord does not say, they are thought to be."""
        route = discord.http.Route("GET", "/guilds/{guild_id}/members/{member_id}", guild_id=server, member_id=member)
        try:
            await self.client.http.request(route)
        except discord.NotFound:
            return False
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            log.info("whether %s is in server %s is not known: %s", member, server, error)
        return True

    async def is_closed(self, thread: int) -> bool:
        """Whether a thread takes no message of the bot's for now; one that rests wakes up with one."""
        found = await located(self.client, thread)
        if not isinstance(found, discord.Thread):
            return False
        parent, me = found.parent, found.guild.me
        return found.locked or bool(parent and me and missing(parent, me, TO_WRITE))

    async def stands(self, channel: int, message: int) -> bool:
        """Whether a message is there; False where it was deleted, and only then."""
        async with telling("unreachable"):
            return await stands(self.client, channel, message)

    async def is_restricted(self, thread: int) -> bool:
        """Whether the channel of a thread is age-restricted now."""
        found = await located(self.client, thread)
        return isinstance(found, discord.Thread) and found.is_nsfw()

    async def trace(self, forward: Forward) -> Forward:
        """The message that is forwarded in the end, and who posted it."""
        return await traced(self.client, forward)

    async def upload_limit(self, server: int | None) -> int:
        """Bytes of the largest file. What a start owes goes out before the gateway tells of any server."""
        guild = self.client.get_guild(server) if server else None
        if server and (guild is None or guild.unavailable):
            guild = await self._server(server)
        return guild.filesize_limit if guild else DEFAULT_LIMIT

    async def _server(self, server: int) -> discord.Guild | None:
        """None where Discord does not tell soon."""
        with suppress(discord.DiscordException, aiohttp.ClientError, OSError):
            async with asyncio.timeout(PATIENCE):
                return await self.client.fetch_guild(server, with_counts=False)
        return None


async def stands(client: discord.Client, channel: int, message: int) -> bool:
    """Whether Discord knows a message; not, only where it says so."""
    try:
        await client.http.get_message(channel, message)
    except discord.NotFound as error:
        if error.code != UNKNOWN_MESSAGE:
            raise
        return False
    return True


async def _read(place: discord.PartialMessageable, after: int, *, oldest_first: bool) -> dict[int, discord.Message]:
    """Messages after an id by their own, from one end."""
    since = discord.Object(after)
    return {each.id: each async for each in place.history(limit=LOOK_BACK, after=since, oldest_first=oldest_first)}


def _options(letter: Letter) -> dict[str, Any]:
    """What only some messages have; the library does not take None for all of it."""
    options: dict[str, Any] = {"allowed_mentions": _mentions(letter), "nonce": letter.nonce, "silent": letter.quiet}
    if letter.buttons:
        options["view"] = Row(letter.buttons)
    if reference := _reference(letter):
        options["reference"] = reference
    return options


def _text(letter: Letter) -> str:
    """Where there is no message to reply to, the asker is called by name."""
    if letter.ping is None or letter.reply_to is not None:
        return letter.text
    return f"<@{letter.ping}>\n{letter.text}"


def _mentions(letter: Letter) -> discord.AllowedMentions:
    if letter.calls:
        called = [discord.Object(letter.calls)]
        return discord.AllowedMentions(everyone=False, roles=False, users=called, replied_user=False)
    users = [discord.Object(letter.ping)] if letter.ping else False
    return discord.AllowedMentions(everyone=False, roles=False, users=users, replied_user=letter.ping is not None)


def _reference(letter: Letter) -> discord.MessageReference | None:
    if letter.reply_to is None:
        return None
    return discord.MessageReference(message_id=letter.reply_to, channel_id=letter.channel, fail_if_not_exists=False)


def _sighting(message: discord.Message) -> Sighting:
    reply_to = message.reference.message_id if message.reference else None
    files = tuple(each.filename for each in message.attachments)
    rows = (row.children for row in message.components if isinstance(row, discord.ActionRow))
    buttons = tuple(each.custom_id for row in rows for each in row if each.custom_id)
    return Sighting(message.id, message.content, files, reply_to, buttons)
