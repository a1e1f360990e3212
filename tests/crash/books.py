"""What the bot's database says, read from outside while it runs."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

UNFINISHED = "SELECT id, state FROM turns WHERE state IN ('asked', 'painting', 'painted', 'failed')"


@dataclass(frozen=True)
class Books:
    """An open look at the database; each question sees the last commit."""

    database: sqlite3.Connection

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        return self.database.execute(sql, values).fetchall()

    def column(self, sql: str, *values: Any) -> list[Any]:
        return [row[0] for row in self.rows(sql, *values)]

    def one(self, sql: str, *values: Any) -> Any:
        return self.rows(sql, *values)[0][0]

    def unrest(self, asks: set[int]) -> list[str]:
        """What is still to be done for these asks, and for any."""
        known = {*self.column("SELECT id FROM turns"), *self.column("SELECT ask FROM heard")}
        return [
            *(f"ask {ask} was never heard" for ask in sorted(asks - known)),
            *(f"turn {row['id']} is still {row['state']}" for row in self.rows(UNFINISHED)),
            *(f"ask {ask} is owed a word" for ask in self.column("SELECT ask FROM promises")),
            *(f"turn {it} waits for its thread" for it in self.column("SELECT turn FROM backlog")),
            *(f"turn {it} has a status" for it in self.column("SELECT turn FROM messages WHERE kind = 'status'")),
        ]


@contextmanager
def open_books(data: Path) -> Iterator[Books]:
    with closing(sqlite3.connect(f"file:{data / 'easel.db'}?mode=ro", uri=True, timeout=10)) as database:
        database.row_factory = sqlite3.Row
        yield Books(database)
