"""Discord's many ways of saying no, told apart: for ever or for now, by what it says or by its silence."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import discord

from bot.errors import Unreachable
from cogs.ajar import ARCHIVED

UNKNOWN_CHANNEL, UNKNOWN_MESSAGE = 10003, 10008
NO_HISTORY = 160002
THREAD_EXISTS = 160004
TOO_LARGE = {40005, 50045}
SHUT = {ARCHIVED, 160005}  #: a thread that was archived or locked by somebody who may open it again
DENIED = {50001, 50013}  #: the bot may not see the place, or not do that there
UNSAYABLE = {200000, 200001, 240000}  #: AutoMod, and links that Discord holds for harmful
PASSING = {401, 429}  #: a token that was renewed is with the next start, and what is painted still waits then
BUSY = {40062, 130000}  #: Discord itself is overloaded, whatever the status


@asynccontextmanager
async def telling(key: str) -> AsyncIterator[None]:
    """Whatever keeps us from Discord becomes Unreachable, for ever or for now."""
    try:
        yield
    except discord.HTTPException as error:
        if error.code in TOO_LARGE or error.status == 413:
            raise Unreachable("too_large", forever=False) from error
        if error.code in UNSAYABLE:
            raise Unreachable("unsayable", forever=True) from error
        if error.code in SHUT:
            raise Unreachable("closed", forever=True, detail=_detail(error)) from error
        denied = error.code in DENIED
        raise Unreachable(key, forever=_is_final(error), denied=denied, detail=_detail(error)) from error
    except (discord.RateLimited, aiohttp.ClientError, TimeoutError, OSError, RuntimeError) as error:
        # What aiohttp says of a session that was closed while the library waited for its next try is a RuntimeError.
        raise Unreachable(key, forever=False, detail=type(error).__name__) from error


@asynccontextmanager
async def if_there() -> AsyncIterator[None]:
    """What is gone, be it with the whole thread that it was in, is no error."""
    try:
        yield
    except discord.NotFound as error:
        if error.code not in {UNKNOWN_CHANNEL, UNKNOWN_MESSAGE}:
            raise


async def located(client: discord.Client, channel: int, key: str = "unreachable") -> discord.abc.MessageableChannel:
    """A channel or thread as it is known, else as Discord tells of it. Raises Unreachable, for ever or for now."""
    async with telling(key):
        found = client.get_channel(channel) or await client.fetch_channel(channel)
    assert isinstance(found, discord.abc.Messageable)
    return found


async def fetched(client: discord.Client, channel: int, message: int) -> discord.Message:
    """A message by its ids. Raises Unreachable, for ever or for now."""
    place = await located(client, channel)
    async with telling("unreachable"):
        return await place.fetch_message(message)


def _is_final(error: discord.HTTPException) -> bool:
    """Whether Discord itself says no; a page without a code is somebody's on the way, and says nothing."""
    return 400 <= error.status < 500 and error.status not in PASSING and error.code not in BUSY and not _is_page(error)


def _is_page(error: discord.HTTPException) -> bool:
    return error.response.headers.get("Content-Type") != "application/json"


def _detail(error: discord.HTTPException) -> object:
    return error.status if _is_page(error) or not error.text else error.text
