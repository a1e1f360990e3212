"""Chores: what goes on beside everything else, for as long as something is open."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager


@asynccontextmanager
async def beside(**chores: Coroutine[object, object, None]) -> AsyncIterator[None]:
    """These run under their names until this is left, which cuts them off. A chore that fails ends the rest, too."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(chore, name=name) for name, chore in chores.items()]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
