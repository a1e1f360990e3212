"""What can be told of a database from outside, while the bot works with it: its version, its size, its health."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bot.errors import Unstartable
from bot.store.connection import migrations

OFTEN = 10_000  #: instructions of SQLite's between two looks at the clock


@dataclass(frozen=True)
class Condition:
    """A database that this program can work with; `size` in bytes. Not `sound` where there was no time to read it.

    `keys` are the ids of those that something in it may be sealed with.
    """

    version: int
    known: int
    size: int
    sound: bool
    keys: frozenset[str] = frozenset()


def inspect(directory: Path, seconds: float) -> Condition | None:
    """The condition of the database in the directory, None where there is none; nothing is changed.

    Blocks for up to `seconds`. Raises Unstartable for one that is newer than this program, or damaged.
    """
    path = directory / "easel.db"
    if not path.exists():
        return None
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=seconds)) as database:
            return _condition(database, path, time.monotonic() + seconds)
    except (sqlite3.Error, OSError) as error:
        raise Unstartable("database_broken", path=str(path), detail=str(error)) from error


def _condition(database: sqlite3.Connection, path: Path, until: float) -> Condition:
    version, known = database.execute("PRAGMA user_version").fetchone()[0], len(migrations())
    if version > known:
        raise Unstartable("database_newer", version=version, known=known)
    complaint = _complaint(database, until)
    if complaint:
        raise Unstartable("database_broken", path=str(path), detail=complaint)
    return Condition(version, known, path.stat().st_size, complaint is not None, _keys(database))


def _keys(database: sqlite3.Connection) -> frozenset[str]:
    if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'keys'").fetchone():
        return frozenset()  # it is from before there were any
    return frozenset(row[0] for row in database.execute("SELECT id FROM keys"))


def _complaint(database: sqlite3.Connection, until: float) -> str | None:
    """What SQLite finds wrong: nothing (an empty word), or None where it had no time to look at everything."""
    database.set_progress_handler(lambda: int(time.monotonic() > until), OFTEN)
    try:
        [found] = database.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.OperationalError:
        if time.monotonic() > until:
            return None
        raise
    return "" if found == "ok" else " ".join(str(found).split())
