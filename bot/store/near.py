"""A connection in the hands of its own thread, where a whole conversation with it takes a single hop.

A hop there and back costs twenty times what SQLite takes for a usual answer.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Coroutine, Iterable
from contextvars import copy_context
from dataclasses import dataclass
from typing import Any, TypeVar

import aiosqlite

Result = TypeVar("Result")


@dataclass(frozen=True)
class Near:
    """Asked like one from afar, but nothing is ever waited for."""

    connection: sqlite3.Connection

    async def execute(self, sql: str, parameters: Any = ()) -> sqlite3.Cursor:
        """Run a statement."""
        return self.connection.execute(sql, parameters)

    async def executemany(self, sql: str, parameters: Iterable[Any]) -> sqlite3.Cursor:
        """Run it for each."""
        return self.connection.executemany(sql, parameters)

    async def execute_fetchall(self, sql: str, parameters: Any) -> list[sqlite3.Row]:
        """Run it, and fetch its rows."""
        return self.connection.execute(sql, parameters).fetchall()

    async def commit(self) -> None:
        """See it on the disk."""
        self.connection.commit()

    async def rollback(self) -> None:
        """Undo what is not committed."""
        self.connection.rollback()

    @property
    def in_transaction(self) -> bool:
        """Whether there is something to commit."""
        return self.connection.in_transaction


Talk = Callable[[Near], Coroutine[Any, Any, Result]]


async def at_once(connection: aiosqlite.Connection, talk: Talk[Result]) -> Result:
    """What comes of a talk that is held in the connection's thread, in the context of the task that asks for it."""
    context = copy_context()

    def held() -> Result:
        return context.run(_to_its_end, talk, Near(connection._conn))  # noqa: SLF001 - aiosqlite runs statements alone

    result: Result = await connection._execute(held)  # type: ignore[no-untyped-call]  # noqa: SLF001 - likewise
    return result


def _to_its_end(talk: Talk[Result], near: Near) -> Result:
    """A coroutine that never has to wait needs no event loop."""
    work = talk(near)
    try:
        work.send(None)
    except StopIteration as end:
        result: Result = end.value
        return result
    finally:
        work.close()
    raise RuntimeError("a talk in the database's thread waits for something else")
