"""What people said, sealed anew: a few rows at a time, and again from where it stopped, for each row tells its key."""

from __future__ import annotations

from collections.abc import AsyncIterator

from bot.sealing import HEAD, Keyring
from bot.store.database import Database
from bot.store.private import COLUMNS, Private

STEP = 200  #: rows that are changed together


async def reseal(database: Database) -> AsyncIterator[int]:
    """Every private column, as the first key would have it: how many rows were changed, step by step."""
    for table, columns in COLUMNS.items():
        after = -1
        while (step := await _step(database, table, columns, after)) is not None:
            after, changed = step
            yield changed


async def forget_others(database: Database) -> None:
    """No other key is needed from now on; nor is a trace of what was sealed otherwise left in the file or its log."""
    await database.settle()
    await database.writer.execute("VACUUM")
    await database.writer.execute("PRAGMA wal_checkpoint (TRUNCATE)")
    async with database.write() as query:
        await query.tell("DELETE FROM keys WHERE id <> :current", current=database.keys.current)


async def _step(database: Database, table: str, columns: tuple[str, ...], after: int) -> tuple[int, int] | None:
    """The last row of a step and how many there were; None where nothing is left. SQLite numbers rows by itself."""
    marks = _marks(database.keys)
    wrong = " OR ".join(_outdated(each, marks, sealed=database.keys.first is not None) for each in columns)
    find = f"SELECT rowid AS row, {', '.join(columns)} FROM {table} WHERE rowid > :after AND ({wrong})"  # noqa: S608 - our own names
    change = f"UPDATE {table} SET {', '.join(f'{each} = :{each}' for each in columns)} WHERE rowid = :row"  # noqa: S608 - likewise
    async with database.write() as query:
        found = await query.all(f"{find} ORDER BY rowid LIMIT {STEP}", after=after, **marks)
        values = [{each: Private(row[each]) for each in columns} | {"row": row["row"]} for row in found]
        await query.tell_each(change, values)
    return (found[-1]["row"], len(found)) if found else None


def _marks(keys: Keyring) -> dict[str, str]:
    """How that begins which is sealed by the first key; where that is none, by any."""
    marks = [keys.first.mark] if keys.first else [each.mark for each in keys.keys if each]
    return {f"mark{number}": mark for number, mark in enumerate(marks)}


def _outdated(column: str, marks: dict[str, str], *, sealed: bool) -> str:
    named = ", ".join(f":{name}" for name in marks)
    begins = f"CAST(substr({column}, 1, {HEAD}) AS TEXT) {'NOT IN' if sealed else 'IN'} ({named})"
    return f"(length({column}) > 0 AND {begins})"
