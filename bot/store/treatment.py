"""A database in the doctor's hands: looked at as it is in one moment, or mended while nobody else works with it."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.errors import Unstartable
from bot.store.ailments import Ailment, moments

PATIENCE = 30.0  #: seconds for whoever is writing to be done
TRIES = 100  #: a cure that shows what it hid before is tried again


@dataclass(frozen=True)
class Treatment:
    """One connection, and the time at which it was opened."""

    connection: sqlite3.Connection
    now: float

    def find(self, ailment: Ailment) -> list[str]:
        """What has it."""
        return [str(row[0]) for row in self.connection.execute(ailment.find, moments(self.now))]

    def mend(self, ailment: Ailment) -> None:
        """All of it in one transaction."""
        for _ in range(TRIES):
            with self.connection:
                self.connection.execute("BEGIN IMMEDIATE")
                for sql in ailment.mend:
                    self.connection.execute(sql, moments(self.now))
            if not self.find(ailment):
                break


@contextmanager
def treating(path: Path, *, mending: bool) -> Iterator[Treatment]:
    """Open a database of this program's own version. Raises Unstartable where it can't be used."""
    mode = "rw" if mending else "ro"
    try:
        address = f"{path.absolute().as_uri()}?mode={mode}"
        with closing(sqlite3.connect(address, uri=True, timeout=PATIENCE, isolation_level=None)) as connection:
            connection.execute("PRAGMA secure_delete = ON")
            if not mending:
                connection.execute("BEGIN")  # the bot may go on: all is seen as it was in one moment
            yield Treatment(connection, time.time())
    except sqlite3.Error as error:
        raise Unstartable("database_broken", path=str(path), detail=str(error)) from error
