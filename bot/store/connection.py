"""SQLite through aiosqlite: one writer, readers apart, numbered migrations. All that is SQLite's own stands here."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import aiosqlite

from bot.errors import Unstartable

Row = sqlite3.Row


class Query:
    """Asks and tells on one connection; parameters are named, so that the SQL runs on PostgreSQL too."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def one(self, sql: str, **values: object) -> Row | None:
        """The first row, or None."""
        rows = await self.all(sql, **values)
        return rows[0] if rows else None

    async def all(self, sql: str, **values: object) -> list[Row]:
        """Every row, fetched in one hop to the database's thread."""
        return list(await self._connection.execute_fetchall(sql, values))

    async def tell(self, sql: str, **values: object) -> int:
        """Change rows; how many were changed."""
        cursor = await self._connection.execute(sql, values)  # done already: closing it would be one more hop
        return cursor.rowcount

    async def tell_each(self, sql: str, rows: Sequence[Mapping[str, object]]) -> None:
        """The same change for each row of values."""
        if rows:
            await self._connection.executemany(sql, rows)


@dataclass(frozen=True)
class Database:
    """An open database: `read` sees what is committed, `write` is one transaction at a time."""

    writer: aiosqlite.Connection
    reader: aiosqlite.Connection
    turn: asyncio.Lock

    @property
    def read(self) -> Query:
        """Questions that change nothing; each sees the last commit."""
        return Query(self.reader)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Query]:
        """One transaction: all of it or nothing. Two tasks on one connection would roll each other back."""
        async with self.turn:
            try:
                await self.writer.execute("BEGIN IMMEDIATE")  # a task cancelled here has begun one all the same
                yield Query(self.writer)
            except BaseException:
                await asyncio.shield(self.writer.rollback())
                raise
            await asyncio.shield(self.writer.commit())


@asynccontextmanager
async def open_database(path: Path) -> AsyncIterator[Database]:
    """Open and migrate. Raises Unstartable where the file is newer than this program or no database at all."""
    async with AsyncExitStack() as stack:
        try:
            await asyncio.to_thread(_make, path)
            writer = await stack.enter_async_context(_connect(path))
            await _prepare(writer)
            reader = await stack.enter_async_context(_connect(path))
        except (sqlite3.Error, OSError) as error:
            raise Unstartable("database_broken", path=str(path), detail=str(error)) from error
        yield Database(writer, reader, asyncio.Lock())


def _make(path: Path) -> None:
    """The file can be opened: aiosqlite's thread would outlive a failure to, and complain at the end of the loop."""
    path.parent.mkdir(parents=True, exist_ok=True)
    sqlite3.connect(path).close()


@asynccontextmanager
async def _connect(path: Path) -> AsyncIterator[aiosqlite.Connection]:
    async with aiosqlite.connect(path, isolation_level=None, timeout=10, cached_statements=256) as connection:
        connection.row_factory = sqlite3.Row
        await connection.execute("PRAGMA foreign_keys = ON")
        yield connection


async def _prepare(writer: aiosqlite.Connection) -> None:
    await writer.execute("PRAGMA journal_mode = WAL")
    await writer.execute("PRAGMA synchronous = FULL")  # a crash of the machine must not take a paid picture back
    known = _migrations()
    version = await _version(writer)
    if version > len(known):
        raise Unstartable("database_newer", version=version, known=len(known))
    for number, script in enumerate(known[version:], start=version + 1):
        await _migrate(writer, number, script)


async def _version(writer: aiosqlite.Connection) -> int:
    rows = list(await writer.execute_fetchall("PRAGMA user_version"))
    return int(rows[0][0])


async def _migrate(writer: aiosqlite.Connection, number: int, script: str) -> None:
    """The script and its number in one transaction: a failure midway leaves both as they were."""
    try:
        await writer.executescript(f"BEGIN IMMEDIATE;\n{script}\nPRAGMA user_version = {number};\nCOMMIT;")
    except BaseException:
        if writer.in_transaction:
            await writer.rollback()
        raise


def _migrations() -> list[str]:
    folder = files("bot.store") / "migrations"
    scripts = (entry for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return [entry.read_text("utf-8") for entry in sorted(scripts, key=lambda each: each.name)]
