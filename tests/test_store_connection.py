import asyncio
import math
import sqlite3
import time
from collections import Counter
from collections.abc import Coroutine, Iterable
from contextlib import suppress
from functools import partial
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from bot.language import speaking, spoken
from bot.store.connection import open_database
from bot.store.database import IN_A_HOP, TOGETHER, Database
from bot.store.query import Query


@pytest.fixture
async def database(tmp_path):
    async with open_database(tmp_path / "easel.db") as opened:
        async with opened.write() as query:
            await query.tell("CREATE TABLE seen (number BIGINT PRIMARY KEY)")
        yield opened


@pytest.fixture
def commits(database, monkeypatch):
    counted: Counter[str] = Counter()
    commit = database.writer.commit

    async def counting() -> None:
        counted["commits"] += 1
        await commit()

    monkeypatch.setattr(database.writer, "commit", counting)
    return counted


async def note(database: Database, number: int, *, fail: bool = False) -> None:
    async with database.write() as query:
        await query.tell("INSERT INTO seen (number) VALUES (:number)", number=number)
        await asyncio.sleep(0)
        if fail:
            raise RuntimeError(number)


async def seen(database: Database) -> list[int]:
    return [row["number"] for row in await database.read.all("SELECT number FROM seen ORDER BY number")]


async def test_a_change_that_nobody_waits_beside_is_committed_alone(database, commits):
    for number in range(3):
        await note(database, number)
    assert commits["commits"] == 3


async def test_changes_that_wait_for_each_other_share_a_commit(database, commits):
    await asyncio.gather(*(note(database, number) for number in range(50)))
    assert await seen(database) == list(range(50))
    assert commits["commits"] == math.ceil(50 / TOGETHER)


async def test_a_change_is_on_disk_when_it_ends_however_many_share_its_commit(database):
    async def note_and_look(number: int) -> bool:
        await note(database, number)
        return number in await seen(database)

    assert all(await asyncio.gather(*map(note_and_look, range(20))))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(["kept", "failed", "cancelled"]), max_size=20))
def test_whoever_fails_or_gives_up_takes_nobody_along(tmp_path_factory, fates):
    async def live(database: Database, number: int, fate: str) -> None:
        task = asyncio.create_task(note(database, number, fail=fate == "failed"))
        if fate == "cancelled":
            await asyncio.sleep(0)
            task.cancel()
        with suppress(RuntimeError, asyncio.CancelledError):
            await task

    async def all_at_once() -> list[int]:
        async with open_database(tmp_path_factory.mktemp("store") / "easel.db") as database:
            async with database.write() as query:
                await query.tell("CREATE TABLE seen (number BIGINT PRIMARY KEY)")
            await asyncio.gather(*(live(database, number, fate) for number, fate in enumerate(fates)))
            await note(database, 1000)
            return await seen(database)

    there = set(asyncio.run(all_at_once()))
    assert 1000 in there
    for number, fate in enumerate(fates):
        assert fate == "cancelled" or (number in there) is (fate == "kept")


async def test_a_commit_that_fails_is_told_to_all_who_share_it_and_leaves_nothing(database, monkeypatch):
    async def full() -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(database.writer, "commit", full)
        ends = await asyncio.gather(*(note(database, number) for number in range(5)), return_exceptions=True)
    assert [type(end) for end in ends] == [sqlite3.OperationalError] * 5
    await note(database, 9)
    assert await seen(database) == [9]


async def test_a_touch_is_a_real_write_that_changes_nothing(database, tmp_path, monkeypatch):
    await note(database, 1)
    log = next(tmp_path.rglob("*-wal"))
    before = log.stat().st_size
    await database.touch()
    assert log.stat().st_size > before
    assert await seen(database) == [1]


async def test_a_change_that_loses_the_whole_transaction_is_told_to_all_before_and_beside_it(database):
    async def lose() -> None:
        async with database.write() as query:
            await query.tell("ROLLBACK")  # as SQLite does by itself where the disk is full
            raise sqlite3.OperationalError("database or disk is full")

    changes = [note(database, 1), note(database, 2), lose(), note(database, 3)]
    ends = await asyncio.gather(*changes, return_exceptions=True)
    assert [type(end) for end in ends] == [sqlite3.OperationalError] * 4
    await note(database, 9)
    assert await seen(database) == [9]


async def test_closing_waits_for_a_commit_whose_asker_gave_up(tmp_path):
    async with open_database(tmp_path / "easel.db") as database:
        async with database.write() as query:
            await query.tell("CREATE TABLE seen (number BIGINT PRIMARY KEY)")
        task = asyncio.create_task(note(database, 1))
        for _ in range(1000):
            if database._round is None:
                await asyncio.sleep(0.001)
        task.cancel()
        await asyncio.wait([task])
    async with open_database(tmp_path / "easel.db") as database:
        assert await seen(database) == [1]


async def noted(query: Query, number: int, *, fail: bool = False) -> int:
    """The same as `note`, as a talk in the database's thread."""
    await query.tell("INSERT INTO seen (number) VALUES (:number)", number=number)
    if fail:
        raise RuntimeError(number)
    return len(await query.all("SELECT number FROM seen"))


@pytest.fixture
def hops(database, monkeypatch):
    counted: Counter[str] = Counter()
    execute = database.writer._execute

    async def counting(*arguments):
        counted["there"] += 1
        return await execute(*arguments)

    monkeypatch.setattr(database.writer, "_execute", counting)
    return counted


async def test_a_talk_in_the_databases_thread_is_one_change_and_one_hop(database, hops):
    assert await database.change(lambda query: noted(query, 1)) == 1
    assert hops["there"] == 1
    with pytest.raises(RuntimeError):
        await database.change(lambda query: noted(query, 2, fail=True))
    assert await seen(database) == [1]


async def test_talks_and_changes_from_afar_share_commits_and_undo_nobody_else(database, commits):
    talks = (database.change(partial(noted, number=number, fail=number == 7)) for number in range(0, 20, 2))
    others = (note(database, number, fail=number == 9) for number in range(1, 20, 2))
    ends = await asyncio.gather(
        *talks, *others, database.change(lambda query: noted(query, 99)), return_exceptions=True
    )
    lost = [end for end in ends if isinstance(end, BaseException)]
    assert len(lost) == 1
    assert await seen(database) == [*(number for number in range(20) if number != 9), 99]
    assert commits["commits"] <= math.ceil(21 / TOGETHER)


async def together(database: Database, talks: Iterable[Coroutine[Any, Any, Any]]) -> list[Any]:
    """How changes end that wait for each other."""
    async with database.turn:
        tasks = [asyncio.create_task(each) for each in talks]
        await asyncio.sleep(0)
    return await asyncio.gather(*tasks, return_exceptions=True)


async def test_talks_that_wait_for_each_other_are_one_hop_and_one_commit(database, hops):
    await together(database, [database.change(partial(noted, number=number)) for number in range(3 * IN_A_HOP)])
    assert await seen(database) == list(range(3 * IN_A_HOP))
    assert hops["there"] == 3


async def test_a_busy_event_loop_keeps_changes_waiting_for_a_few_of_its_rounds_and_not_for_one_each(database):
    rounds = Counter[str]()

    async def busy() -> None:
        while True:
            time.sleep(0.002)  # noqa: ASYNC251 - as whoever works in the loop does
            rounds["gone"] += 1
            await asyncio.sleep(0)

    working = asyncio.create_task(busy())
    await asyncio.gather(*(database.change(partial(noted, number=number)) for number in range(100)))
    working.cancel()
    assert rounds["gone"] < 100


async def test_of_talks_that_wait_for_each_other_one_that_fails_is_undone_alone(database):
    ends = await together(
        database, [database.change(partial(noted, number=number, fail=number == 2)) for number in range(5)]
    )
    assert [type(end) for end in ends] == [int, int, RuntimeError, int, int]
    assert await seen(database) == [0, 1, 3, 4]


async def test_a_talk_alone_that_fails_leaves_nothing_and_costs_no_savepoint(database):
    said = list[str]()
    await database.writer.set_trace_callback(said.append)
    with pytest.raises(RuntimeError):
        await database.change(partial(noted, number=1, fail=True))
    assert await database.change(partial(noted, number=2)) == 1
    assert await seen(database) == [2]
    assert not [each for each in said if "SAVEPOINT" in each]


async def test_a_talk_that_nobody_waits_for_any_more_is_not_begun_and_keeps_nobody_else_from_theirs(database):
    async with database.turn:
        talks = [asyncio.create_task(database.change(partial(noted, number=number))) for number in range(3)]
        await asyncio.sleep(0)
        talks[1].cancel()
        await asyncio.sleep(0)
    ends = await asyncio.gather(*talks, return_exceptions=True)
    assert [isinstance(end, BaseException) for end in ends] == [False, True, False]
    assert await seen(database) == [0, 2]


async def test_a_talk_that_ends_like_no_error_does_keeps_nobody_waiting_beside_it(database):
    async def end(_query: Query) -> None:
        raise asyncio.CancelledError

    async with asyncio.timeout(5.0):
        ends = await together(database, [database.change(end), database.change(partial(noted, number=1))])
    assert [type(each) for each in ends] == [asyncio.CancelledError] * 2
    assert await database.change(partial(noted, number=9)) == 1


async def test_a_talk_that_loses_the_whole_transaction_is_told_to_all_beside_it(database):
    async def lose(query: Query) -> None:
        await query.tell("ROLLBACK")  # as SQLite does by itself where the disk is full
        raise sqlite3.OperationalError("database or disk is full")

    talks = [
        database.change(partial(noted, number=1)),
        database.change(lose),
        database.change(partial(noted, number=2)),
    ]
    ends = await together(database, talks)
    assert [type(end) for end in ends] == [sqlite3.OperationalError] * 3
    assert await database.change(partial(noted, number=9)) == 1


async def test_a_talk_that_waits_for_something_else_is_refused_and_leaves_nothing(database):
    async def dawdle(query: Query) -> None:
        await noted(query, 1)
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="waits for something else"):
        await database.change(dawdle)
    with pytest.raises(RuntimeError, match="waits for something else"):
        await database.read.visit(lambda query: asyncio.sleep(0))
    assert await seen(database) == []


async def test_a_talk_speaks_the_language_of_whoever_asks_for_it(database):
    async def tongue(query: Query) -> str:
        return spoken()

    with speaking("de"):
        assert await database.read.visit(tongue) == "de"
        german = asyncio.create_task(database.change(tongue))
    assert (await database.change(tongue), await german) == ("en", "de")


async def test_a_change_never_commits_the_round_of_others(database, monkeypatch):
    together, inside = database._together, Counter[bool]()

    async def counted(near, wishes):
        inside[database._round is not None] += 1
        return await together(near, wishes)

    async def talks(first: int) -> None:
        for number in range(first, first + 100):
            await database.change(partial(noted, number=number))

    async def notes(first: int) -> None:
        for number in range(first, first + 100):
            await note(database, number)

    monkeypatch.setattr(database, "_together", counted)
    await asyncio.gather(*map(talks, (0, 100, 200)), *map(notes, (300, 400)))
    assert await seen(database) == list(range(500))
    assert inside[True] == 0
