"""Asking and telling the database: SQL with its values, from afar or in the database's own thread."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any, TypeVar

import aiosqlite

from bot.sealing import Keyring
from bot.store.near import Near, at_once
from bot.store.private import bound

Result = TypeVar("Result")
Row = sqlite3.Row


class Query:
    """Asks and tells on one connection; parameters are named."""

    def __init__(self, connection: aiosqlite.Connection | Near, keys: Keyring) -> None:
        self._connection = connection
        self._keys = keys

    async def one(self, sql: str, **values: object) -> Row | None:
        """The first row, or None."""
        rows = await self.all(sql, **values)
        return rows[0] if rows else None

    async def all(self, sql: str, **values: object) -> list[Row]:
        """Every row, fetched in one hop to the database's thread."""
        return list(await self._connection.execute_fetchall(sql, bound(values, self._keys)))

    async def tell(self, sql: str, **values: object) -> int:
        """Change rows; how many were changed."""
        cursor = await self._connection.execute(sql, bound(values, self._keys))
        return cursor.rowcount  # it is done already: closing it would be one more hop

    async def tell_each(self, sql: str, rows: Sequence[Mapping[str, object]]) -> None:
        """The same change for each row of values."""
        if rows:
            await self._connection.executemany(sql, [bound(each, self._keys) for each in rows])

    async def visit(self, talk: Callable[[Query], Coroutine[Any, Any, Result]]) -> Result:
        """All that `talk` asks and tells, in one hop to the database's thread; it waits for nothing else."""
        if isinstance(self._connection, Near):
            return await talk(self)
        return await at_once(self._connection, lambda near: talk(Query(near, self._keys)))
