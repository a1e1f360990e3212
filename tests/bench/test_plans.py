"""How SQLite goes about every statement of a start and of an edit: nothing large is read from end to end, or sorted."""

import asyncio
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.bench.archive import made
from tests.bench.contestant import open_workshop
from tests.bench.traced import told

pytestmark = [pytest.mark.e2e]

SWEEPS = 6.0  #: seconds in which the bot, once it is at rest, looks for what else is to be done
SCAN = re.compile(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?")
STEP = re.compile(r"(?:SCAN|SEARCH) (\w+)")
LARGE = {
    *("turns", "versions", "parts", "messages", "claims", "calls", "hours", "heard", "fingerprints"),
    *("turn_references", "conversations", "audit"),
}
LITTLE = {  # indices of what is under way, or still to be done; of turns that opened a thread
    *("turns_unfinished", "calls_open", "claims_open", "messages_statuses", "versions_to_look_at", "audit_waiting"),
    "turns_by_channel",
}
NARROW = re.compile(r"\b(id|turn|message|parent|digest|number|ask|rowid)=\?")  # with one of these there are a few rows
SORTED = (  # few rows all the same
    "WITH RECURSIVE line",
    "turns.state IN ('asked', 'painting', 'painted', 'failed') ORDER BY",
    "FROM conversations c WHERE server IS NULL",
    "WHERE v.conversation = :id AND v.deleted_at IS NULL UNION SELECT id FROM turns",  # of one thread, at a look at it
    "OR (conversation = :id AND title IS NOT NULL)",  # most messages are no thread
)


def plan(database: sqlite3.Connection, sql: str) -> list[str]:
    values = dict.fromkeys(re.findall(r":(\w+)", sql), 1)
    return [row[3] for row in database.execute(f"EXPLAIN QUERY PLAN {sql}", values)]


def slow(database: sqlite3.Connection, sql: str) -> Iterator[str]:
    steps = plan(database, sql)
    wide = [each for each in steps if (found := STEP.match(each)) and found[1] in LARGE and not NARROW.search(each)]
    for step in steps:
        if (found := SCAN.match(step)) and found[1] in LARGE and found[2] not in LITTLE:
            yield step
        if "TEMP B-TREE" in step and wide and not any(each in sql for each in SORTED):
            yield step


@pytest.fixture
async def statements(tmp_path: Path) -> Path:
    """The database of a bot that has started with a past, and painted; beside it, all that was asked of it."""
    workshop = await asyncio.to_thread(open_workshop, tmp_path)
    archive = replace(await made(tmp_path / "past", 1000), statements=tmp_path / "statements")
    async with workshop.enter("easel", archive) as bot:
        for turn in range(6):
            await bot.stage.ask(bot.stage.seats[turn % 2])
        await asyncio.sleep(SWEEPS)
    return archive.folder / "easel.db"


async def test_no_statement_of_a_start_or_an_edit_reads_or_sorts_a_large_table(statements: Path, tmp_path: Path):
    heard = list(told(tmp_path / "statements"))
    assert len(heard) > 60
    with closing(sqlite3.connect(statements)) as database:
        found = {sql: steps for sql in heard if (steps := list(slow(database, sql)))}
    assert not found


async def test_a_table_that_is_read_from_end_to_end_is_noticed(tmp_path: Path):
    archive = await made(tmp_path, 100)
    with closing(sqlite3.connect(archive.folder / "easel.db")) as database:
        assert list(slow(database, "SELECT id FROM turns WHERE words = :words")) == ["SCAN turns"]
        assert list(slow(database, "SELECT id FROM turns WHERE conversation = :id ORDER BY words"))
