"""Backups: made while the bot works, whole, sharing what does not change, gone in time, and put back without loss."""

from __future__ import annotations

import asyncio
import io
import shutil
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bot.backup import making
from bot.backup.command import Wish, backup, restore
from bot.backup.making import House
from bot.backup.series import Series, moment, stamp
from bot.config import Settings, load
from bot.deleting.removal import Removal
from bot.errors import Unstartable
from bot.gallery import open_gallery
from bot.kept import FILES, Scope
from bot.lock import alone
from bot.model import Member
from bot.moments import DAY
from bot.sealing import Keyring
from bot.store import copying
from tests.players import ADA, CATALOGUE, THREAD, World, open_cdn
from tests.test_erasure import eraser, everything, found, work

SECRETS = {"DISCORD_TOKEN": "a token", "GEMINI_API_KEY": "a key"}


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with open_cdn() as cdn:
        yield World(tmp_path / "data", cdn)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return configured(tmp_path, tmp_path / "data")


def configured(folder: Path, data: Path, more: str = "") -> Settings:
    file = folder / "config.toml"
    file.write_text(f'[storage]\ndirectory = "{data}"\n{more}')
    return load(file, SECRETS)


def made(settings: Settings, wish: Wish | None = None) -> tuple[Path, str]:
    """The newest backup, and what was said."""
    out = io.StringIO()
    assert backup(settings, wish or Wish(), out), out.getvalue()
    return newest(settings), out.getvalue()


def newest(settings: Settings) -> Path:
    last = Series(settings.storage.directory.with_name("backups")).newest
    assert last
    return last


def pictures(folder: Path) -> dict[str, Path]:
    return {each.name: each for each in (folder / "pictures").glob("*/*")}


async def put_back(settings: Settings, source: Path, *, replace: bool = False, whole: bool = True) -> str:
    out = io.StringIO()
    assert await restore(settings, source, out, replace=replace) is whole, out.getvalue()
    return out.getvalue()


# -- made --------------------------------------------------------------------------------------------------------------


async def test_a_backup_of_a_working_bot_is_a_data_folder_that_another_bot_goes_on_with(world, settings, tmp_path):
    async with world.bot() as bot:
        await bot.paint("a house", "at night")
        folder, said = made(settings)
        assert "pictures: 2 (new: 2)" in said
        await bot.paint("with a boat")
    shutil.copytree(folder, tmp_path / "elsewhere")
    elsewhere = World(tmp_path / "elsewhere", world.cdn, discord=world.discord, ids=world.ids)
    async with elsewhere.bot() as bot:
        assert [each.number for each in await bot.store.versions.named(THREAD.conversation, [1, 2, 3])] == [1, 2]
        await bot.paint("with a tower")
        assert (await bot.states()).popitem()[1] == "posted"


async def test_what_does_not_change_is_on_the_disk_once(world, settings):
    async with world.bot() as bot:
        await bot.paint("a house")
        first, _ = made(settings)
        await bot.paint("at night")
        second, said = made(settings)
    assert "pictures: 2 (new: 1)" in said
    shared = {name: file.stat().st_ino for name, file in pictures(first).items()}
    assert len(shared) == 1
    assert shared.items() <= {name: file.stat().st_ino for name, file in pictures(second).items()}.items()
    assert not {file.stat().st_ino for file in pictures(world.directory).values()} & set(shared.values()), "own copies"


async def test_small_copies_and_what_nothing_needs_are_left_out(world, settings):
    async with world.bot() as bot:
        await bot.paint("a house")
        version = await bot.store.versions.get(THREAD.conversation, 1)
        await bot.gallery.put_small(version.picture.digest, 320, b"small")
        await bot.gallery.put(b"nobody's")
    folder, _ = made(settings)
    assert set(pictures(folder)) == {version.picture.digest}


async def test_a_picture_that_is_deleted_meanwhile_makes_the_database_a_newer_one(world, settings, monkeypatch):
    taken = []

    def snapshot(source: Path, target: Path) -> None:
        copying.snapshot(source, target)
        taken.append(target)
        if len(taken) == 1:
            asyncio.run_coroutine_threadsafe(remove(), loop).result()

    async def remove() -> None:
        await Removal(bot.store, bot.gallery, world.discord, CATALOGUE).remove(THREAD.conversation, 1)

    loop = asyncio.get_running_loop()
    monkeypatch.setattr(making, "copying", Namespace(copying, snapshot=snapshot))
    async with world.bot() as bot:
        await bot.paint("a house", "at night")
        folder, said = await asyncio.to_thread(made, settings)
    assert len(taken) == 2
    assert "pictures: 1" in said
    assert House(folder, Keyring()).examine() == []


class Namespace:
    """A module with some of its names exchanged."""

    def __init__(self, module: object, **others: object) -> None:
        self.__dict__ |= vars(module) | others


async def test_a_damaged_picture_is_told_and_taken_from_the_backup_before_where_that_has_it(world, settings):
    async with world.bot() as bot:
        await bot.paint("a house")
        made(settings)
        await bot.paint("at night")
    old, new = (file for _, file in sorted(pictures(world.directory).items(), key=lambda each: each[1].stat().st_mtime))
    old.write_bytes(b"damaged")
    new.write_bytes(b"damaged, too")
    out = io.StringIO()
    assert not backup(settings, Wish(keep=1), out)
    assert f"nowhere: 1 ({new.name[:12]})" in out.getvalue()
    assert set(pictures(newest(settings))) == {old.name}
    assert len(Series(newest(settings).parent).all()) == 2, "an older one may have what is lost"


@pytest.mark.parametrize("when", ["snapshot", "needed"])
async def test_what_ends_in_the_middle_leaves_nothing_and_harms_no_other(world, settings, monkeypatch, when):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    async with world.bot() as bot:
        await bot.paint("a house")
    first, _ = made(settings)
    with monkeypatch.context() as broken:
        broken.setattr(making, "copying", Namespace(copying, **{when: full}))
        with pytest.raises(Unstartable, match="backup_failed"):
            made(settings)
    assert [each.name for each in first.parent.iterdir() if each.name != "easel.lock"] == [first.name]
    (first.parent / ".unfinished" / "pictures").mkdir(parents=True)  # as a kill leaves it
    second, _ = made(settings)
    assert House(second, Keyring()).examine() == []
    assert not (first.parent / ".unfinished").exists()


async def test_one_backup_is_made_at_a_time(world, settings, tmp_path):
    async with world.bot():
        pass
    with alone(tmp_path / "backups"), pytest.raises(Unstartable, match="backup_running"):
        made(settings)


def test_where_nothing_is_kept_nothing_is_backed_up(settings, tmp_path):
    with pytest.raises(Unstartable, match="backup_nothing"):
        made(settings)
    assert not (tmp_path / "backups").exists()


async def test_sealed_data_are_read_to_their_end_with_their_key(world, settings, tmp_path):
    keys = Keyring.of(["a secret " * 5])
    async with world.bot() as bot:
        await bot.paint("a house")
    sealed = open_gallery(world.directory / "pictures", keys)
    [name] = pictures(world.directory)
    assert await sealed.renew(name)
    house = House(tmp_path / "copy", keys)
    house.folder.mkdir()
    made = making.Copying(House(world.directory, keys), house, None).run()
    assert (made.pictures, made.lost) == (1, ())
    assert set(pictures(house.folder)) == {keys.name(name)}
    assert House(house.folder, Keyring()).examine() == [name], "without the key nobody can tell"


# -- gone in time ------------------------------------------------------------------------------------------------------


async def test_backups_go_when_there_are_too_many_and_before_they_are_older_than_members_are_told(world, tmp_path):
    settings = configured(tmp_path, world.directory, "[privacy]\nbackup_days = 10\n")
    async with world.bot():
        pass
    now = time.time()
    ages = (1, 2, 3, 8.9, 9.5, 11)
    for age in ages:
        (tmp_path / "backups" / stamp(now - age * DAY)).mkdir(parents=True)
    (tmp_path / "backups" / "my holidays").mkdir()
    _, said = made(settings, Wish(keep=99))
    left = [round((now - (moment(each) or 0)) / DAY, 1) for each in Series(tmp_path / "backups").all()]
    assert left == [0, 1, 2, 3, 8.9]
    assert "deleted: 2" in said
    made(settings, Wish(keep=3))
    assert len(Series(tmp_path / "backups").all()) == 3
    assert (tmp_path / "backups" / "my holidays").exists()


async def test_nobody_keeps_backups_for_longer_than_privacy_tells(world, tmp_path):
    async with world.bot():
        pass
    for told, days in ((10, 11), (0, 0)):
        settings = configured(tmp_path, world.directory, f"[privacy]\nbackup_days = {told}\n")
        with pytest.raises(Unstartable, match="backup_days"):
            made(settings, Wish(days=days))


async def test_old_backups_go_though_a_new_one_fails(world, settings, tmp_path):
    async with world.bot():
        pass
    old = tmp_path / "backups" / stamp(time.time() - 99 * DAY)
    old.mkdir(parents=True)
    (world.directory / "easel.db").write_bytes(b"no database")
    with pytest.raises(Unstartable, match="backup_failed"):
        made(settings)
    assert not old.exists()


# -- put back ----------------------------------------------------------------------------------------------------------


async def test_a_backup_is_put_back_on_another_machine_and_nothing_older_is_painted_again(world, settings, tmp_path):
    async with world.bot() as bot:
        await bot.paint("a house", "at night")
    made(settings)
    before = everything(world.directory)
    shutil.rmtree(world.directory)
    said = await put_back(settings, tmp_path / "backups")
    assert "Done" in said
    after = everything(world.directory)
    assert {name: after[name] for name in before if name.startswith(("pictures", "marks"))}.items() <= before.items()
    assert {each.partition("/")[0] for each in after} <= set(FILES)
    async with world.bot() as bot:
        assert time.time() - await bot.store.hearing.begun() < 60
        await bot.paint("with a boat")
        assert (await bot.store.turns.conversation(THREAD.conversation)).newest == 103, "v3 may have been there"


async def test_data_that_are_there_are_not_touched_unless_they_are_to_be_replaced(world, settings):
    async with world.bot() as bot:
        await bot.paint("a house")
        folder, _ = made(settings)
        with pytest.raises(Unstartable, match="already_running"), alone(world.directory):
            await put_back(settings, folder, replace=True)
        await bot.paint("at night")
    before = everything(world.directory)
    with pytest.raises(Unstartable, match="restore_occupied"):
        await put_back(settings, folder)
    assert everything(world.directory) == before
    said = await put_back(settings, folder, replace=True)
    [aside] = (world.directory / "replaced").iterdir()
    assert str(aside) in said
    assert len(pictures(world.directory)) == 1
    assert len(pictures(aside)) == 2
    assert House(aside, Keyring()).examine() == []
    assert {each.partition("/")[0] for each in everything(world.directory)} <= set(FILES)


async def test_what_was_erased_since_stays_erased_and_what_was_asked_since_is_known(world, settings):
    async with world.bot() as bot:
        await bot.paint("sentinel-one", "sentinel-two", "sentinel-three")
        await bot.hear(world.ask("sentinel-ben", member=ben()))
        await bot.settle()
        async with bot.store.write() as desk:
            await desk.locales.note(ben().id, "de")
        folder, _ = made(settings)
        late = world.ask("asked since")
        await bot.hear(late)
        await bot.settle()
        ended = eraser(bot)
        await ended.removal.remove(THREAD.conversation, 1)
        await ended.erase(Scope.MESSAGE, (await bot.store.turns.of_message(102)).id)
        await ended.erase(Scope.MEMBER, ben().id)
        await work(ended)
    assert not found(world, "sentinel-ben")
    said = await put_back(settings, folder, replace=True)
    assert "deleted again" in said
    shutil.rmtree(world.directory / "replaced")
    async with world.bot() as bot:
        ended = eraser(bot)
        await work(ended)
        assert found(world, "sentinel-ben", "sentinel-two") == []
        assert found(world, "sentinel-three")
        assert await bot.store.versions.get(THREAD.conversation, 1) is None
        assert (await bot.store.turns.conversation(THREAD.conversation)).newest == 5
        assert await bot.store.messages.heard(late.id)
        assert await bot.store.hearing.begun() == 0
        assert (await bot.store.query.all("SELECT * FROM locales")) == []


def ben() -> Member:
    return replace(ADA, id=ADA.id + 77, name="Ben")


@pytest.mark.parametrize("replaced", [False, True])
async def test_what_was_under_way_at_the_backup_and_was_answered_since_is_not_painted_twice(world, settings, replaced):
    async with world.bot() as bot:
        await bot.paint("a house")
        gate = world.painter.hold()
        await bot.hear(world.ask("at night"))
        await bot.until(lambda: world.painter.under_way)
        folder, _ = made(settings)
        gate.set()
        await bot.settle()
    calls = len(world.painter.words)
    if not replaced:
        shutil.rmtree(world.directory)
    await put_back(settings, folder, replace=replaced)
    async with world.bot() as bot:
        await bot.settle()
        assert len(world.painter.words) == calls
        assert set((await bot.states()).values()) == {"posted", "cancelled"}


async def test_where_the_old_database_is_torn_the_backup_takes_its_place_and_says_what_nobody_knows(world, settings):
    async with world.bot() as bot:
        await bot.paint("a house")
    folder, _ = made(settings)
    (world.directory / "easel.db").write_bytes(b"no database " * 999)
    said = await put_back(settings, folder, replace=True)
    assert "could not be read" in said
    async with world.bot() as bot:
        assert await bot.store.versions.get(THREAD.conversation, 1)
        assert await bot.store.hearing.begun() > 0


@pytest.mark.parametrize("step", ["_fetch", "_set_aside", "_move_in", "_clear"])
async def test_whatever_ends_it_the_folder_is_whole_as_before_or_as_after(world, settings, monkeypatch, step):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    async with world.bot() as bot:
        await bot.paint("a house")
        folder, _ = made(settings)
        await bot.paint("at night")
    with monkeypatch.context() as broken:
        broken.setattr(f"bot.backup.restoring.Restoring.{step}", full)
        if step != "_clear":
            with pytest.raises(Unstartable, match="restore_failed"):
                await put_back(settings, folder, replace=True)
        else:
            await put_back(settings, folder, replace=True)
    assert House(world.directory, Keyring()).examine() == []
    await put_back(settings, folder, replace=True)
    assert len(pictures(world.directory)) == 1


async def test_a_torn_backup_and_one_of_a_newer_easel_are_refused(world, settings, tmp_path):
    async with world.bot():
        pass
    folder, _ = made(settings)
    shutil.rmtree(world.directory)
    with closing(sqlite3.connect(folder / "easel.db")) as database:
        database.execute("PRAGMA user_version = 999")
    with pytest.raises(Unstartable, match="database_newer"):
        await put_back(settings, folder)
    (folder / "easel.db").write_bytes((folder / "easel.db").read_bytes()[:5000])
    with pytest.raises(Unstartable, match="database_broken"):
        await put_back(settings, folder)
    with pytest.raises(Unstartable, match="restore_nothing"):
        await put_back(settings, tmp_path / "nowhere")
    assert not world.directory.exists()


async def test_a_backup_that_lacks_a_picture_is_put_back_with_all_the_rest(world, settings):
    async with world.bot() as bot:
        await bot.paint("a house", "at night")
    folder, _ = made(settings)
    shutil.rmtree(world.directory)
    lost = next(iter(pictures(folder).values()))
    lost.write_bytes(b"damaged")
    said = await put_back(settings, folder, whole=False)
    assert f"lacks: 1 ({lost.name[:12]})" in said
    async with world.bot() as bot:
        await bot.paint("with a boat")


@pytest.mark.parametrize("name", ["../../victim", "/etc/passwd", "..", "a/b"])
async def test_a_backup_whose_pictures_are_called_by_paths_brings_nothing_in_from_elsewhere(
    world, settings, tmp_path, name
):
    async with world.bot() as bot:
        await bot.paint("a house")
    folder, _ = made(settings)
    shutil.rmtree(world.directory)
    victim = tmp_path / "victim"
    victim.write_bytes(b"somebody's own")
    with closing(sqlite3.connect(folder / "easel.db")) as database, database:
        database.execute("UPDATE versions SET digest = ?", (name,))
    before = {each for each in tmp_path.rglob("*") if world.directory not in (each, *each.parents)}
    assert "lacks: 1" in await put_back(settings, folder, whole=False)
    assert {each for each in tmp_path.rglob("*") if world.directory not in (each, *each.parents)} == before
    assert victim.read_bytes() == b"somebody's own"
