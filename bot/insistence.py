"""What may not be lost is written again and again, while the disk is full or the database is held."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.store import Trouble

Result = TypeVar("Result")

PAUSES = (0.5, 1, 2, 4, 8, 15, 30, *[60] * 60)  #: seconds; about an hour in all

log = logging.getLogger(__name__)


async def insist(write: Callable[[], Awaitable[Result]]) -> Result:
    """Do it until it is done. Raises what it raised after the last pause."""
    for pause in PAUSES:
        try:
            return await write()
        except (OSError, Trouble) as error:
            log.error("what must be kept can't be written (%s): tried again in %s s", error, pause)  # noqa: TRY400 - the reason is all there is to know
        await asyncio.sleep(pause)
    return await write()
