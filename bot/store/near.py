"""A connection in the hands of its own thread, where a whole conversation with it takes a single hop.

A hop there and back costs twenty times what SQLite takes for a usual answer.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Coroutine, Iterable
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from functools import partial
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


@dataclass(frozen=True)
class Wish:
    """A change that waits for others: its talk, in the context of the task that asks for it, which `done` wakes."""

    talk: Talk[Any]
    done: asyncio.Future[Any]
    context: Context = field(default_factory=copy_context)

    def hold(self, near: Near) -> Callable[[], None]:
        """Hold the talk, in the connection's thread; how to wake who asked for it once it is on disk.

        One that fails is undone alone. Raises where it took all others along, as on a full disk.
        """
        near.connection.execute("SAVEPOINT wish")
        try:
            told = self.hold_alone(near)
        except Exception as error:
            if not near.in_transaction:
                raise
            near.connection.execute("ROLLBACK TO wish")
            told = partial(self.done.set_exception, error)
        near.connection.execute("RELEASE wish")
        return told

    def hold_alone(self, near: Near) -> Callable[[], None]:
        """The same where nothing else shares its commit: whatever it raises, who began the transaction undoes it."""
        return partial(self.done.set_result, self.context.run(_to_its_end, self.talk, near))


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
