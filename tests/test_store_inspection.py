import math
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import Unstartable
from bot.store import open_store
from bot.store.inspection import inspect

PATIENCE = 20.0


def made(directory: Path, script: str) -> Path:
    with closing(sqlite3.connect(directory / "easel.db")) as database:
        database.executescript(script)
    return directory / "easel.db"


def test_where_there_is_no_database_there_is_none_afterwards(tmp_path: Path):
    assert inspect(tmp_path, PATIENCE) is None
    assert not list(tmp_path.iterdir())


async def test_a_database_is_told_while_the_bot_writes_to_it(tmp_path: Path):
    async with open_store(tmp_path) as store, store.write() as desk:
        await desk.hearing.note(1.0, hears=False)
        found = inspect(tmp_path, PATIENCE)
    assert found
    assert found.sound
    assert found.version == found.known > 0
    assert found.size > 0


def test_a_newer_database_is_refused(tmp_path: Path):
    made(tmp_path, "PRAGMA user_version = 999")
    with pytest.raises(Unstartable) as caught:
        inspect(tmp_path, PATIENCE)
    assert caught.value.key == "database_newer"


@pytest.mark.parametrize("damage", [b"no database " * 999, b""])
def test_what_is_no_database_is_told_unless_it_is_empty(tmp_path: Path, damage: bytes):
    (tmp_path / "easel.db").write_bytes(damage)
    if not damage:
        found = inspect(tmp_path, PATIENCE)
        assert found
        assert found.version == 0
        return
    with pytest.raises(Unstartable, match="database_broken"):
        inspect(tmp_path, PATIENCE)


def test_a_database_too_large_to_be_read_in_time_is_no_problem(tmp_path: Path):
    rows = "WITH RECURSIVE n (i) AS (SELECT 1 UNION SELECT i + 1 FROM n LIMIT 99999) INSERT INTO x SELECT hex(i) FROM n"
    made(tmp_path, f"CREATE TABLE x (a); {rows}")
    found = inspect(tmp_path, -1.0)
    assert found
    assert not found.sound


# -- since when plain words are heard --------------------------------------------------------------------------------


async def test_plain_words_count_from_when_they_are_heard_again(tmp_path: Path):
    async with open_store(tmp_path) as store, store.write() as desk:
        assert await desk.hearing.note(10.0, hears=True) == 0
        assert await desk.hearing.note(20.0, hears=False) == math.inf
        assert await desk.hearing.note(30.0, hears=False) == math.inf
        assert await desk.hearing.note(40.0, hears=True) == 40
        assert await desk.hearing.note(50.0, hears=True) == 40


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is closed to root")
def test_a_database_that_may_not_be_read_is_told(tmp_path: Path):
    made(tmp_path, "CREATE TABLE x (a)").chmod(0)
    with pytest.raises(Unstartable, match="database_broken"):
        inspect(tmp_path, PATIENCE)
