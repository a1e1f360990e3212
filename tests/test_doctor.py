"""What a doctor finds in data that people or disks have spoilt, and what of it can be mended."""

from __future__ import annotations

import asyncio
import io
import itertools
import os
import re
import shutil
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.backup.command import Wish as BackupWish
from bot.backup.command import backup
from bot.config import Settings
from bot.deleting.removal import Removal
from bot.doctor.command import Wish, doctor
from bot.errors import Unstartable
from bot.lock import alone
from bot.moments import DAY
from bot.store.ailments import AILMENTS
from bot.store.connection import migrations
from tests.players import CATALOGUE, THREAD, World, open_cdn, png
from tests.test_backup import configured, pictures
from tests.test_erasure import eraser, everything, work

HERE = THREAD.conversation
LONG_AGO = time.time() - 2 * DAY


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return configured(tmp_path, tmp_path / "data")


async def examined(settings: Settings, *, repair: bool = False, backups: Path | None = None) -> tuple[set[str], str]:
    """What is wrong, or wrong still, and all that was said."""
    out = io.StringIO()
    well = await doctor(settings, Wish(repair, backups), out)
    wrong = set(re.findall(r"problem\s+(\w+)", out.getvalue()))
    assert well is not bool(wrong), out.getvalue()
    return wrong, out.getvalue()


def spoil(world: World, *changes: str) -> None:
    with closing(sqlite3.connect(world.directory / "easel.db")) as database, database:
        for each in changes:
            assert database.execute(each, {"long_ago": LONG_AGO}).rowcount > 0, each


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A thread with edits, one that was deleted, and a picture that a member brought."""

    async def play() -> None:
        async with open_cdn() as cdn, World(folder, cdn).bot() as bot:
            brought = cdn.holds("photo.png", png("#123456"))
            await bot.paint("a house", "at night", "with a boat")
            await bot.hear(bot.world.ask("blue", brought))
            await bot.settle()
            await Removal(bot.store, bot.gallery, bot.world.discord, CATALOGUE).remove(HERE, 2)

    folder = tmp_path_factory.mktemp("once")
    asyncio.run(play())
    return folder


@pytest.fixture
async def world(tmp_path: Path, once: Path) -> AsyncIterator[World]:
    shutil.copytree(once, tmp_path / "data")
    async with open_cdn() as cdn:
        yield World(tmp_path / "data", cdn, ids=itertools.count(201))


SPOILT = {
    "threads": [f"DELETE FROM conversations WHERE id = {HERE}"],
    "rows": ["INSERT INTO parts (turn, take, position, text, thought) VALUES (999, 0, 0, 'words', 0)"],
    "parents": ["UPDATE turns SET parent = 103 WHERE id = 101"],
    "bases": ["UPDATE turns SET base = 3 WHERE id = 102"],
    "heads": ["UPDATE conversations SET head = 999"],
    "numbers": ["UPDATE conversations SET numbers = 1"],
    "deleted": ["UPDATE versions SET digest = 'abc' WHERE number = 2"],
    "states": ["UPDATE turns SET state = 'asleep' WHERE id = 101"],
    "waiting": ["UPDATE turns SET state = 'asked', asked_at = :long_ago WHERE id = 101"],
    "calls": [
        "UPDATE calls SET micros = -micros WHERE turn = 101",
        "UPDATE hours SET micros = (SELECT sum(micros) FROM calls) WHERE server = 0",
    ],
    "claims": ["UPDATE claims SET state = 'held', waiting = micros WHERE turn = 101"],
    "sums": ["UPDATE claims SET waiting = 1 WHERE turn = 101"],
    "hours": ["UPDATE hours SET micros = micros + 1 WHERE server <> 0"],
}
HOPELESS = {
    "undelivered": ["UPDATE turns SET state = 'painted', ended_at = :long_ago WHERE id = 101"],
    "erasures": ["INSERT INTO erasures VALUES ('server', 1, 0, 0)"],
}


async def test_data_as_the_bot_leaves_them_are_well_while_it_works_and_after(world, settings):
    assert await examined(settings) == (set(), await said(settings))
    async with world.bot() as bot:
        await bot.paint("with a tower")
        gate = await bot.crash(world.ask("and a mast"))
        assert (await examined(settings))[0] == set()
        gate.set()
    async with world.bot() as bot:
        await bot.settle()
        await work(eraser(bot))
        assert (await examined(settings))[0] == set()


async def said(settings: Settings) -> str:
    return (await examined(settings))[1]


@pytest.mark.parametrize("name", SPOILT)
async def test_what_is_spoilt_is_found_told_with_its_remedy_and_mended_and_the_thread_goes_on(world, settings, name):
    spoil(world, *SPOILT[name])
    before = everything(world.directory)
    wrong, told = await examined(settings)
    assert name in wrong
    assert "→" in told
    assert before["easel.db"] == everything(world.directory)["easel.db"], "looking changes nothing"
    wrong, told = await examined(settings, repair=True)
    assert wrong == set(), told
    assert "mended" in told
    assert (await examined(settings))[0] == set()
    async with world.bot() as bot:
        await bot.settle()
        await bot.paint("with a tower")
        assert (await bot.states()).popitem()[1] == "posted"
    assert (await examined(settings))[0] == set()


@pytest.mark.parametrize("name", HOPELESS)
async def test_what_only_the_bot_or_people_can_mend_is_left_to_them(world, settings, name):
    spoil(world, *HOPELESS[name])
    for repair in (False, True):
        wrong, _ = await examined(settings, repair=repair)
        assert name in wrong


async def test_rows_that_point_nowhere_are_told_though_nobody_knows_a_cure(world, settings):
    with closing(sqlite3.connect(world.directory / "easel.db")) as database, database:
        database.execute("CREATE TABLE more (turn BIGINT REFERENCES turns (id))")
        database.execute("INSERT INTO more VALUES (999)")
    assert (await examined(settings))[0] == {"links"}


def test_every_ailment_is_tried_here():
    assert {each.name for each in AILMENTS} == {*SPOILT, *HOPELESS, "links"}
    assert {each.name for each in AILMENTS if each.mend} == set(SPOILT)


async def test_a_circle_of_turns_is_cut_once_and_what_hangs_on_it_stays(world, settings):
    spoil(world, "UPDATE turns SET parent = 103 WHERE id = 101")
    await examined(settings, repair=True)
    async with world.bot() as bot:
        turn = await bot.store.turns.get(104)
        assert [each.id for each in await bot.store.turns.ancestors(turn, 99)][-3:] == [103, 102, 101]


async def test_hours_older_than_any_limit_looks_back_may_count_what_is_gone(world, settings):
    spoil(world, "INSERT INTO hours (server, hour, pictures, micros) VALUES (9, 1000, 5, 5)")
    assert (await examined(settings))[0] == set()


# -- files -------------------------------------------------------------------------------------------------------------


async def test_a_lost_picture_is_taken_from_the_newest_backup_that_has_it(world, settings, tmp_path):
    first, second, *_ = pictures(world.directory).values()
    first.unlink()
    second.write_bytes(b"damaged")
    wrong, told = await examined(settings)
    assert wrong == {"pictures"}
    assert "damaged: 2" in told
    assert (await examined(settings, repair=True))[0] == {"pictures"}, "there is no backup yet"
    first.write_bytes(b"damaged")
    backup(settings, BackupWish(to=tmp_path / "spoilt"), io.StringIO())
    assert (await examined(settings, repair=True, backups=tmp_path / "spoilt"))[0] == {"pictures"}


async def test_a_backup_gives_back_what_the_disk_has_spoilt(world, settings):
    backup(settings, BackupWish(), io.StringIO())
    before = {name: file.read_bytes() for name, file in pictures(world.directory).items()}
    first, second, *_ = pictures(world.directory).values()
    first.unlink()
    second.write_bytes(b"")
    assert (await examined(settings, repair=True))[0] == set()
    assert {name: file.read_bytes() for name, file in pictures(world.directory).items()} == before


async def test_files_that_nobody_needs_go_once_they_are_a_day_old(world, settings):
    async with world.bot() as bot:
        stray = await bot.gallery.put(b"nobody's")
        await bot.gallery.put_small(stray, 320, b"small")
    odd = [stray, f"{stray}.320", f"{'0' * 64}.800", f"{'1' * 64}#1", "notes.txt"]
    for name in odd:
        (world.directory / "pictures" / stray[:2] / name).write_bytes(b"something")
    assert (await examined(settings))[0] == set(), "they may be on their way in"
    for name in odd:
        os.utime(world.directory / "pictures" / stray[:2] / name, (LONG_AGO, LONG_AGO))
    wrong, told = await examined(settings)
    assert wrong == {"gallery"}
    assert "needs: 5" in " ".join(told.split())
    kept = set(pictures(world.directory)) - set(odd)
    assert (await examined(settings, repair=True))[0] == set()
    assert set(pictures(world.directory)) == kept


# -- where it does not begin -------------------------------------------------------------------------------------------


async def test_nothing_is_mended_while_a_bot_runs(world, settings):
    with alone(world.directory), pytest.raises(Unstartable, match="already_running"):
        await examined(settings, repair=True)


async def test_a_torn_database_one_that_is_not_there_and_an_older_one_are_told(world, settings):
    file = world.directory / "easel.db"
    sound = file.read_bytes()
    file.write_bytes(sound[:8192] + b"\xff" * 8192 + sound[16384:])
    assert "Restore it from a backup" in " ".join((await examined(settings))[1].split())
    file.unlink()
    assert "There is no database" in (await examined(settings))[1]
    with closing(sqlite3.connect(file)) as database:
        database.executescript("\n".join(migrations()[:9]) + "PRAGMA user_version = 9")
    assert "of version 9" in (await examined(settings))[1]
    wrong, _ = await examined(settings, repair=True)
    assert wrong == set()
