"""An open database: one writer, readers apart; changes that wait for each other go to disk together."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

import aiosqlite

from bot.sealing import Keyring
from bot.store.near import Near, Wish, at_once
from bot.store.query import Query

Result = TypeVar("Result")
Trouble = sqlite3.OperationalError  #: a full disk, a locked file: the same may work in a moment
EASEL = 0x4561736C  #: written into the file's header, where SQLite leaves room for whose it is
TOGETHER = 8  #: changes that share a commit at most; with more, all that wait would go on in the same moment
IN_A_HOP = 32  #: likewise, of those that are one hop: the more wait, the more of them each round of the loop serves


@dataclass
class Round:
    """Changes that go to disk in one commit, since each costs the disk's own time."""

    done: asyncio.Future[None]
    size: int = 0
    lost: bool = False  #: the disk gave way under a change, and took those before it along

    @property
    def change(self) -> str:
        """What the next change is called, so that undoing it can't undo another."""
        return f"change{self.size}"


@dataclass
class Database:
    """An open database: `read` sees what is committed, `write` makes one change at a time.

    Changes that wait for each other share a commit: the first of them asks for it, behind all that wait already.
    """

    writer: aiosqlite.Connection
    reader: aiosqlite.Connection
    keys: Keyring
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _round: Round | None = None
    _wishes: list[Wish] = field(default_factory=list)
    _commits: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def read(self) -> Query:
        """Questions that change nothing; each sees the last commit."""
        return Query(self.reader, self.keys)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Query]:
        """One change: all of it or nothing, and on disk at the end. Two tasks at once would undo each other's."""
        async with self.turn:
            try:
                await self._begin(self.writer)  # a task cancelled here has begun one all the same
                yield Query(self.writer, self.keys)
            except BaseException:
                await asyncio.shield(self._undo())
                raise
            shared = self._round = self._round or self._open()
            shared.size += 1
            if shared.size == TOGETHER:
                await asyncio.shield(self._commit())
        await asyncio.shield(shared.done)

    async def change(self, talk: Callable[[Query], Coroutine[Any, Any, Result]]) -> Result:
        """One change, all that `talk` asks and tells: in one hop and one commit with whatever waits beside it."""
        wish = Wish(lambda near: talk(Query(near, self.keys)), asyncio.get_running_loop().create_future())
        if not (self._wishes or self._round or self.turn.locked()):
            async with self.turn:
                if not self._round:  # a lock that is free may be promised already, to whoever opens one
                    await self._hold([wish])
        if not wish.done.done():
            self._wishes.append(wish)
            if len(self._wishes) == 1:
                self._soon(self._fulfil())
        result: Result = await wish.done
        return result

    async def _fulfil(self) -> None:
        """However busy the event loop is, what waits for the database costs one round of it together."""
        async with self.turn:
            await self._commit()
            taken, self._wishes = self._wishes[:IN_A_HOP], self._wishes[IN_A_HOP:]
            if self._wishes:
                self._soon(self._fulfil())
            await self._hold([each for each in taken if not each.done.done()])  # who was cancelled wants nothing

    async def _hold(self, wishes: Sequence[Wish]) -> None:
        """Make the changes, and tell everybody how theirs ended."""
        try:
            for wish, end in zip(wishes, await self._ends(wishes), strict=True):
                if not wish.done.done():
                    end()
        finally:
            for wish in wishes:
                wish.done.cancel()  # nobody may wait for ever, whatever it was

    async def _ends(self, wishes: Sequence[Wish]) -> list[Callable[[], None]]:
        """How each is told what came of it."""
        try:
            return await at_once(self.writer, lambda near: self._together(near, wishes))
        except Exception as error:  # noqa: BLE001 - of the talks or of the database's, all who wait are told
            with suppress(sqlite3.Error, ValueError):  # the latter of a connection that was closed
                await self.writer.rollback()
            return [partial(wish.done.set_exception, error) for wish in wishes]

    async def _together(self, near: Near, wishes: Sequence[Wish]) -> list[Callable[[], None]]:
        await self._begin(near)
        alone = len(wishes) == 1  # a savepoint keeps a copy of every page that is changed
        ends = [wish.hold_alone(near) if alone else wish.hold(near) for wish in wishes]
        await near.commit()
        return ends

    async def touch(self) -> None:
        """Write something that changes nothing: only that shows whether the disk takes any more."""
        async with self.write() as query:
            await query.tell(f"PRAGMA application_id = {EASEL}")

    async def scrub(self) -> bool:
        """Write the log back into the database and empty it; False where a reader still needs it."""
        async with self.turn:
            await self._commit()
            [found] = await self.writer.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")
        return not found[0]

    async def settle(self) -> None:
        """Wait until every change is on disk."""
        while self._commits:
            await asyncio.wait(self._commits)

    async def _begin(self, connection: aiosqlite.Connection | Near) -> None:
        if self._round:
            await connection.execute(f"SAVEPOINT {self._round.change}")
            return
        if connection.in_transaction:  # left over from a commit that failed
            await connection.rollback()
        await connection.execute("BEGIN IMMEDIATE")

    async def _undo(self) -> None:
        if self._round and self.writer.in_transaction:
            with suppress(sqlite3.OperationalError):  # it did not even begin
                await self.writer.execute(f"ROLLBACK TO {self._round.change}")
            return
        if self._round:
            self._round.lost = True
        await self.writer.rollback()

    def _open(self) -> Round:
        self._soon(self._commit_in_turn())
        return Round(asyncio.get_running_loop().create_future())

    def _soon(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._commits.add(task)
        task.add_done_callback(self._commits.discard)

    async def _commit_in_turn(self) -> None:
        async with self.turn:
            await self._commit()

    async def _commit(self) -> None:
        """Nothing is left to do where the round was full before its turn came."""
        shared, self._round = self._round, None
        if shared is None:
            return
        try:
            await (self.writer.rollback() if shared.lost else self.writer.commit())
        except (sqlite3.Error, ValueError) as error:  # the latter of a connection that was closed
            shared.done.set_exception(error)
            return
        if shared.lost:
            shared.done.set_exception(sqlite3.OperationalError("undone with another change, which lost them all"))
        else:
            shared.done.set_result(None)
