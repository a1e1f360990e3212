"""The real bot, unchanged, which writes down every statement that its database runs."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from bot.__main__ import _to_the_end
from bot.app import run
from bot.config import load

END = "\0"  #: of each statement in the file


class Traced(sqlite3.Connection):
    """Tells each statement once."""

    told: set[str]
    file: Path

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        """Run a statement."""
        self._tell(sql)
        return super().execute(sql, *values)

    def executemany(self, sql: str, *values: Any) -> sqlite3.Cursor:
        """Run it for each."""
        self._tell(sql)
        return super().executemany(sql, *values)

    def _tell(self, sql: str) -> None:
        if sql not in self.told:
            self.told.add(sql)
            with self.file.open("a") as file:
                file.write(sql + END)


def told(file: Path) -> Iterator[str]:
    """The questions and changes that were written down."""
    for sql in file.read_text("utf-8").split(END):
        if sql.split(maxsplit=1)[:1] and sql.split()[0] in {"SELECT", "INSERT", "UPDATE", "DELETE", "WITH"}:
            yield sql


if __name__ == "__main__":
    config, statements = map(Path, sys.argv[1:3])
    kind = type("TracedHere", (Traced,), {"told": set(), "file": statements})
    sqlite3.connect = partial(sqlite3.connect, factory=kind)  # type: ignore[assignment]  # aiosqlite asks for it there
    _to_the_end(run(load(config, os.environ)))
