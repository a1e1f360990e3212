"""The database's file: opened, made to fit its keys, and brought up to date by numbered migrations."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from importlib.resources import files
from pathlib import Path

import aiosqlite

from bot.errors import Unstartable
from bot.sealing import Keyring
from bot.store.database import Database
from bot.store.private import check, opening

ZEROED = 14  #: the first schema of a program that overwrites what it deletes


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
