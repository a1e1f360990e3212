"""Every schema there ever was, with rows in every table, becomes today's: nothing lost, all of it readable."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.kept import TABLES
from bot.model import State, Text
from bot.store import Store, open_store
from bot.store.ailments import AILMENTS
from bot.store.connection import migrations
from bot.store.treatment import treating

NEWEST = len(migrations())
DIGEST, OTHER = "a" * 64, "b" * 64
HERE, SERVER, ADA, BEN = 500, 9, 7, 8
AT = 1_700_000_000.0
HOUR = int(AT // 3600)
PICTURE: dict[str, Any] = {"digest": DIGEST, "mime": "image/png", "width": 8, "height": 6, "bytes": 99}
TURN = {
    "conversation": HERE, "kind": "paint", "member": ADA, "member_name": "Ada", "server": SERVER, "channel": 5,
    "words": "a house", "notes": '["a note"]', "model": "m", "memory": "focused", "offer": 0, "state": "posted",
    "asked_at": AT, "ended_at": AT + 9, "micros": 40_000, "seconds": 9.0, "attempts": 1, "count": 1, "language": "de",
    "wordings": '["milder"]',
}  # fmt: skip

#: What stands in each table: columns that a schema lacks are left out, and a column that must be filled has to be here.
ROWS: dict[str, list[dict[str, Any]]] = {
    "conversations": [
        {"id": HERE, "server": SERVER, "ours": 1, "head": 102, "numbers": 2, "memory": "focused", "created_at": AT},
        {"id": 600, "server": None, "ours": 0, "numbers": 0, "memory": "full", "created_at": AT},
    ],
    "turns": [
        {**TURN, "id": 101},
        {**TURN, "id": 102, "parent": 101, "base": 1, "before": 101, "words": "at night", "recipe": "Night"},
        {**TURN, "id": 103, "parent": 102, "failure": "No.", "reason": "declined", "micros": 0, "ended_at": AT},
        {**TURN, "id": 104, "conversation": 600, "server": None, "member": BEN, "state": "asked", "ended_at": None},
    ],
    "turn_references": [{**PICTURE, "turn": 102, "position": 0, "name": "photo.png", "digest": OTHER, "version": 1}],
    "versions": [
        {**PICTURE, "conversation": HERE, "number": number, "turn": 100 + number, "position": 0}
        | {"message": 200 + number}
        for number in (1, 2)
    ],
    "parts": [
        {"turn": turn, "position": place, "thought": 0, **part}
        for turn in (101, 102)
        for place, part in enumerate([{"text": "Here.", "signature": b"signed"}, PICTURE])
    ],
    "fingerprints": [{"place": SERVER, "conversation": HERE, "number": 1, "bits": b"\1" * 8, "colours": b"\2" * 24}],
    "calls": [
        {"turn": turn, "attempt": 1, "model": "m", "started_at": AT, "ended_at": AT, "outcome": outcome}
        | {"micros": micros}
        for turn, outcome, micros in ((101, "painted", 40_000), (102, "painted", 40_000), (103, "declined", 0))
    ],
    "messages": [
        {"id": 200 + number, "conversation": HERE, "turn": 100 + number, "kind": kind}
        for number, kind in ((1, "answer"), (2, "answer"), (3, "failure"))
    ],
    "heard": [{"ask": 300, "conversation": HERE, "member": BEN, "outcome": "refused", "at": AT, "refused": 1}],
    "claims": [
        {"turn": 101, "member": ADA, "server": SERVER, "at": AT, "pictures": 1, "micros": 40_000, "state": "settled"},
        {"turn": 102, "member": ADA, "server": SERVER, "at": AT, "pictures": 1, "micros": 40_000, "state": "settled"},
        {"turn": 103, "member": ADA, "server": SERVER, "at": AT, "pictures": 0, "micros": 0, "state": "refused"},
        {"turn": 104, "member": BEN, "server": None, "at": AT, "pictures": 1, "micros": 50_000, "state": "held",
         "waiting": 50_000},
    ],
    "hours": [
        {"server": SERVER, "hour": HOUR, "pictures": 2, "micros": 80_000},
        {"server": 0, "hour": HOUR, "pictures": 0, "micros": 80_000},
    ],
    "hearing": [{"id": 1, "since": AT}],
    "handed": [
        {"form": 1, "position": 0, "id": 2, "name": "a.png", "url": "https://x.example/a", "size": 3, "at": AT}
        | {"member": ADA}
    ],
    "preferences": [{"place": HERE, "name": "ratio", "value": "16:9"}],
    "invited": [{"conversation": HERE, "member": BEN}],
    "promises": [{"ask": 301, "member": BEN, "channel": HERE}],
    "rules": [{"server": SERVER, "name": "retention_days", "value": "90"}],
    "role_limits": [{"server": SERVER, "role": 4, "name": "pictures_per_hour", "value": "3"}],
    "stances": [
        {"server": SERVER, "kind": "member", "subject": BEN, "allowed": 0, "reason": "rude", "until": None}
        | {"member": ADA, "at": AT}
    ],
    "audit": [
        {"id": 1, "server": SERVER, "at": AT, "kind": "turn", "turn": 101, "member": ADA, "told": "{}", "message": 400},
        {"id": 2, "server": SERVER, "at": AT, "kind": "change", "turn": None, "member": ADA}
        | {"told": "{}", "message": None},
    ],
    "locales": [{"member": ADA, "locale": "de"}],
    "word_lists": [{"server": SERVER, "digest": "d", "words": "cabbage"}],
    "erasures": [{"kind": "message", "subject": 777, "at": AT, "due": AT}],
    "backlog": [{"turn": 102, "conversation": HERE}],
    "doomed": [{"digest": "c" * 64, "member": -12345}],
    "unposted": [{"message": 555, "channel": 5, "certain": 1}],
    "consents": [{"server": SERVER, "member": ADA, "stance": "always", "at": AT}],
    "petitions": [
        {"ask": 302, "author": ADA, "name": "Ada", "server": SERVER, "channel": 5, "conversation": HERE, "member": BEN}
        | {"picture": 201, "which": 1, "message": 402, "mark": "m", "written": "{}", "at": AT, "granted": 0}
    ],
    "agreements": [{"ask": 302, "author": ADA}],
    "withheld": [{"ask": 303}],
    "alarms": [{"name": "key", "state": "key", "number": "0a1b", "since": AT, "told_at": AT, "over": 0}],
    "brought": [{"turn": 101, "author": BEN, "outside": 1}],
    "keys": [],  # the migration writes what is needed
}  # fmt: skip

Rows = dict[str, list[dict[str, Any]]]


def built(folder: Path, version: int) -> Rows:
    """A database as an Easel of that version left it; what stands in it."""
    with closing(sqlite3.connect(folder / "easel.db")) as database, database:
        database.row_factory = sqlite3.Row
        database.execute("PRAGMA synchronous = OFF")
        database.executescript("\n".join(("BEGIN;", *migrations()[:version], "COMMIT;")))
        for table, rows in ROWS.items():
            columns = {row["name"] for row in database.execute(f"PRAGMA table_info({table})")}
            for row in rows if columns else ():
                known = {name: value for name, value in row.items() if name in columns}
                places = ", ".join(f":{name}" for name in known)
                database.execute(f"INSERT INTO {table} ({', '.join(known)}) VALUES ({places})", known)
        database.execute(f"PRAGMA user_version = {version}")
        return standing(database)


def standing(database: sqlite3.Connection) -> Rows:
    database.row_factory = sqlite3.Row
    found = database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    ).fetchall()
    return {row["name"]: [dict(each) for each in database.execute(f"SELECT * FROM {row['name']}")] for row in found}


async def brought_here(folder: Path) -> Rows:
    """The same, opened by today's Easel."""
    async with open_store(folder):
        pass
    with closing(sqlite3.connect(folder / "easel.db")) as database:
        return standing(database)


def test_every_table_has_its_rows_here():
    assert set(TABLES) <= set(ROWS), "a new table wants rows in ROWS"


@pytest.mark.parametrize("version", range(1, NEWEST + 1))
async def test_what_an_older_easel_wrote_is_all_there_in_todays(tmp_path: Path, version: int):
    before = built(tmp_path, version)
    assert all(before[table] for table, rows in ROWS.items() if rows and table in before)
    after = await brought_here(tmp_path)
    assert set(before) <= set(after) == set(TABLES)
    for table, rows in before.items():
        if table == "keys":
            continue
        assert len(after[table]) == len(rows), table
        kept = set(rows[0]) & set(after[table][0])
        assert counted(after[table], kept) == counted(rows, kept), table
        assert set(rows[0]) - kept <= {"ours"}, table


def counted(rows: list[dict[str, Any]], columns: set[str]) -> Counter[str]:
    return Counter(json.dumps({name: row[name] for name in sorted(columns)}, default=repr) for row in rows)


@pytest.mark.parametrize("version", range(1, NEWEST + 1))
async def test_a_database_that_an_older_easel_wrote_is_sound_and_a_doctor_finds_it_well(tmp_path: Path, version: int):
    built(tmp_path, version)
    await brought_here(tmp_path)
    with closing(sqlite3.connect(tmp_path / "easel.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        assert database.execute("PRAGMA user_version").fetchone() == (NEWEST,)
    with treating(tmp_path / "easel.db", mending=False) as treatment:
        found = {each.name: treatment.find(each) for each in AILMENTS if each.name not in {"waiting", "erasures"}}
    assert {name: rows for name, rows in found.items() if rows} == {}


@pytest.mark.parametrize("version", range(1, NEWEST + 1))
async def test_todays_schema_is_the_same_whichever_it_comes_from(tmp_path: Path, version: int):
    (tmp_path / "old").mkdir()
    (tmp_path / "new").mkdir()
    built(tmp_path / "old", version)
    await brought_here(tmp_path / "old")
    await brought_here(tmp_path / "new")
    assert schema(tmp_path / "old") == schema(tmp_path / "new")


def schema(folder: Path) -> dict[str, Any]:
    with closing(sqlite3.connect(folder / "easel.db")) as database:
        return dict(database.execute("SELECT name, sql FROM sqlite_master").fetchall())


@pytest.mark.parametrize("version", range(1, NEWEST + 1))
async def test_todays_easel_reads_and_goes_on_with_all_that_an_older_one_wrote(tmp_path: Path, version: int):
    tables = set(built(tmp_path, version))
    async with open_store(tmp_path) as store:
        await the_tree(store)
        for table, look in LOOKS.items():
            assert table not in tables or await look(store), table
        async with store.write() as desk:
            assert await desk.turns.cancel(104)
            turn = await desk.turns.get(103)
            assert turn
            [third] = await desk.versions.add(turn, [(await desk.versions.every_of_turn(101))[0].picture])
            assert third.number == 3


async def the_tree(store: Store) -> None:
    last = await store.turns.get(102)
    assert last
    assert (last.words, last.state, last.base, last.notes) == ("at night", State.POSTED, 1, ("a note",))
    assert [each.id for each in await store.turns.ancestors(last, 9)] == [101]
    assert [each.name for each in last.references] == ["photo.png"]
    assert [each.id for each in await store.turns.unfinished()] == [104]
    words, painted = await store.turns.parts(102, DIGEST)
    assert isinstance(words, Text)
    assert words.signature == b"signed"
    assert painted
    assert await store.versions.path(HERE, 2) == [1, 2]
    assert len(await store.nodes.of(HERE)) == 2
    assert (await store.belongings.count(ADA)).asks == 3


async def day(store: Store) -> object:
    return await store.spending.day(SERVER, int(AT // 86_400))


LOOKS: dict[str, Callable[[Store], Awaitable[object]]] = {
    "messages": lambda store: store.messages.get(201),
    "heard": lambda store: store.messages.heard(300),
    "claims": day,
    "hours": day,
    "hearing": lambda store: store.query.one("SELECT since FROM hearing WHERE id = 1"),
    "fingerprints": lambda store: store.prints.of_digest(SERVER, DIGEST),
    "handed": lambda store: store.handed.of_form(1),
    "preferences": lambda store: store.preferences.of(HERE),
    "invited": lambda store: store.preferences.invited(HERE),
    "promises": lambda store: store.promises.broken(),
    "rules": lambda store: store.rules.of(SERVER),
    "role_limits": lambda store: store.rules.roles(SERVER),
    "stances": lambda store: store.rules.stances(SERVER, BEN),
    "audit": lambda store: store.audit.waiting(SERVER, 9),
    "locales": lambda store: store.locales.of(ADA),
    "word_lists": lambda store: store.words.of(SERVER),
    "erasures": lambda store: store.erasures.due(AT, 9),
    "backlog": lambda store: store.backlog.of(HERE),
    "doomed": lambda store: store.erasures.doomed(9),
    "unposted": lambda store: store.erasures.unposted(9),
    "consents": lambda store: store.consent.stance(SERVER, ADA),
    "agreements": lambda store: store.consent.agreed(302),
    "brought": lambda store: store.traces.brought(BEN, 9),
}


async def test_a_migration_that_fails_leaves_the_database_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    before = built(tmp_path, NEWEST)
    broken = [*migrations(), "CREATE TABLE fine (id); INSERT INTO fine VALUES (1); INSERT INTO nowhere VALUES (1);"]
    with monkeypatch.context() as patched:
        patched.setattr("bot.store.connection.migrations", lambda: broken)
        with pytest.raises(Exception, match="database_broken"):
            await brought_here(tmp_path)
    with closing(sqlite3.connect(tmp_path / "easel.db")) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (NEWEST,)
        assert standing(database) == before
