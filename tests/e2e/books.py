"""What the books say of an ask while the bot runs, read past it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

from bot.sandbox import Post
from tests.e2e.stage import Stage


def counted(stage: Stage, ask: Post) -> tuple[list[tuple[str, str, int]], tuple[str, int, int]]:
    """The calls for an ask: model, outcome, millionths of a dollar. And its claim: state, pictures, the same."""
    with closing(sqlite3.connect(stage.bot.folder / "data" / "easel.db")) as database:
        calls = database.execute(
            "SELECT model, outcome, micros FROM calls WHERE turn = ? ORDER BY take, attempt", (ask.id,)
        ).fetchall()
        [claim] = database.execute("SELECT state, pictures, micros FROM claims WHERE turn = ?", (ask.id,))
    return calls, claim


def state(stage: Stage, ask: Post) -> str | None:
    """How far a turn has come; None where there is none."""
    with closing(sqlite3.connect(stage.bot.folder / "data" / "easel.db")) as database:
        row = database.execute("SELECT state FROM turns WHERE id = ?", (ask.id,)).fetchone()
    return str(row[0]) if row else None


def left(stage: Stage, sql: str, **values: object) -> list[tuple[Any, ...]]:
    """What a question to the database finds."""
    with closing(sqlite3.connect(stage.bot.folder / "data" / "easel.db")) as database:
        return database.execute(sql, values).fetchall()
