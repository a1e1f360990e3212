"""A database as a whole: copied while somebody works with it, read to its last page, and which pictures it needs."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bot.errors import Unstartable
from bot.store.connection import migrations
from bot.store.erasures import NEEDING

PAGE = 10_000  #: digests read at a time
PATIENCE = 30.0  #: seconds for whoever is writing to be done


def snapshot(source: Path, target: Path) -> None:
    """Write what is committed in this moment into a new file, and see it on the disk. Raises OSError."""
    target.unlink(missing_ok=True)
    try:
        with closing(_read_only(source)) as database:
            database.execute("VACUUM INTO :target", {"target": str(target)})
    except sqlite3.Error as error:
        raise OSError(str(error)) from error
    with target.open("rb+") as file:
        os.fsync(file.fileno())


def settle(path: Path) -> None:
    """Bring what is in the log beside a database into it; nobody may be at work with it. Raises OSError."""
    try:
        with closing(sqlite3.connect(path, timeout=PATIENCE)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            database.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error as error:
        raise OSError(str(error)) from error


def examine(path: Path) -> frozenset[str]:
    """Read all of it; the ids of the keys it may be sealed with. Raises Unstartable where this program can't use it."""
    with _opened(path) as database:
        version, known = database.execute("PRAGMA user_version").fetchone()[0], len(migrations())
        if version > known:
            raise Unstartable("database_newer", version=version, known=known)
        [found] = database.execute("PRAGMA integrity_check(1)").fetchone()
        if found != "ok":
            raise Unstartable("database_broken", path=str(path), detail=" ".join(str(found).split()))
        has_keys = database.execute("SELECT 1 FROM sqlite_master WHERE name = 'keys'").fetchone()
        rows = database.execute("SELECT id FROM keys").fetchall() if has_keys else []
    return frozenset(row[0] for row in rows)


def needed(path: Path) -> Iterator[str]:
    """The digests of all pictures that it speaks of, in order; some are read at a time. Raises Unstartable."""
    sql = " UNION ".join(f"SELECT digest FROM {table} WHERE digest > :after" for table in NEEDING)  # noqa: S608 - our own names
    after = ""
    while found := _page(path, f"{sql} ORDER BY 1 LIMIT {PAGE}", after):
        yield from found
        after = found[-1]


def _page(path: Path, sql: str, after: str) -> list[str]:
    with _opened(path) as database:
        return [row[0] for row in database.execute(sql, {"after": after})]


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    try:
        with closing(_read_only(path)) as database:
            yield database
    except (sqlite3.Error, OSError) as error:
        raise Unstartable("database_broken", path=str(path), detail=str(error)) from error


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=PATIENCE)
