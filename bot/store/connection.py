"""SQLite through aiosqlite: one writer, readers apart, numbered migrations. All that is SQLite's own stands here."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite

from bot.errors import Unstartable
from bot.sealing import Keyring
from bot.store.near import Near, Wish, at_once
from bot.store.private import bound, check, opening

Result = TypeVar("Result")
Row = sqlite3.Row
Trouble = sqlite3.OperationalError  #: a full disk, a locked file: the same may work in a moment
EASEL = 0x4561736C  #: written into the file's header, where SQLite leaves room for whose it is
ZEROED = 14  #: the first schema of a program that overwrites what it deletes
TOGETHER = 8  #: changes that share a commit at most; with more, all that wait would go on in the same moment
IN_A_HOP = 32  #: likewise, of those that are one hop: the more wait, the more of them each round of the loop serves


class Query:
    """Asks and tells on one connection; parameters are named, so that the SQL runs on PostgreSQL too."""

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
        ends = [wish.hold(near) for wish in wishes]
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


@asynccontextmanager
async def open_database(path: Path, keys: Keyring | None = None) -> AsyncIterator[Database]:
    """Open and migrate. Raises Unstartable where the file is newer, no database at all, or sealed with another key."""
    keys = keys or Keyring()
    async with AsyncExitStack() as stack:
        try:
            await asyncio.to_thread(_make, path)
            writer = await stack.enter_async_context(_connect(path, keys))
            await _prepare(writer)
            await _agree(writer, keys)
            reader = await stack.enter_async_context(_connect(path, keys))
        except (sqlite3.Error, OSError) as error:
            raise Unstartable("database_broken", path=str(path), detail=str(error)) from error
        database = Database(writer, reader, keys)
        try:
            yield database
        finally:
            await database.settle()


def _make(path: Path) -> None:
    """The file can be opened: aiosqlite's thread would outlive a failure to, and complain at the end of the loop."""
    path.parent.mkdir(parents=True, exist_ok=True)
    sqlite3.connect(path).close()


@asynccontextmanager
async def _connect(path: Path, keys: Keyring) -> AsyncIterator[aiosqlite.Connection]:
    async with aiosqlite.connect(path, isolation_level=None, timeout=10, cached_statements=256) as connection:
        connection.row_factory = opening(keys)
        await connection.execute("PRAGMA foreign_keys = ON")
        await connection.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten with zeros
        await connection.execute("PRAGMA temp_store = MEMORY")  # or each savepoint makes a file, and deletes it
        yield connection


async def _prepare(writer: aiosqlite.Connection) -> None:
    await writer.execute("PRAGMA journal_mode = WAL")
    await writer.execute("PRAGMA wal_autocheckpoint = 2000")  # pages; the same few are written again and again
    await writer.execute("PRAGMA synchronous = FULL")  # a crash of the machine must not take a paid picture back
    known = migrations()
    version = await _version(writer)
    if version > len(known):
        raise Unstartable("database_newer", version=version, known=len(known))
    for number, script in enumerate(known[version:], start=version + 1):
        await _migrate(writer, number, script)
    if 0 < version < ZEROED:
        await writer.execute("VACUUM")  # what was deleted until now left its words in the file's free pages


async def _version(writer: aiosqlite.Connection) -> int:
    rows = list(await writer.execute_fetchall("PRAGMA user_version"))
    return int(rows[0][0])


async def _agree(writer: aiosqlite.Connection, keys: Keyring) -> None:
    """With what it is sealed, and will be from now on. Raises Unstartable where a key is missing."""
    check(keys, (row["id"] for row in await writer.execute_fetchall("SELECT id FROM keys")))
    await writer.execute("INSERT INTO keys (id) VALUES (:id) ON CONFLICT (id) DO NOTHING", {"id": keys.current})


async def _migrate(writer: aiosqlite.Connection, number: int, script: str) -> None:
    """The script and its number in one transaction: a failure midway leaves both as they were."""
    try:
        await writer.executescript(f"BEGIN IMMEDIATE;\n{script}\nPRAGMA user_version = {number};\nCOMMIT;")
    except BaseException:
        if writer.in_transaction:
            await writer.rollback()
        raise


def migrations() -> list[str]:
    """The scripts that make the schema, in order: a database's version is how many of them it has had."""
    folder = files("bot.store") / "migrations"
    scripts = (entry for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return [entry.read_text("utf-8") for entry in sorted(scripts, key=lambda each: each.name)]
