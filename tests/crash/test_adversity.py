"""The machine turns against the bot: a full disk, a locked database, lost pictures, a clock that is set back."""

from __future__ import annotations

import asyncio
import os
import resource
import shutil
import signal
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager

import aiohttp
import pytest

from tests.crash.books import open_books
from tests.crash.clock import BACK, BEHIND
from tests.e2e.conftest import tidy
from tests.e2e.stage import DEADLINE, Canvas, Stage, numbers, sentence
from tests.ports import free_port

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

PORT = free_port()
SETTINGS = {"health": {"listen": f"127.0.0.1:{PORT}"}}
LOCKED = 20.0  #: seconds


@pytest.fixture
async def stage(theatre: Stage) -> AsyncIterator[Stage]:
    await tidy(theatre)
    yield theatre
    theatre.sandbox.faults.clear()
    with open_books(theatre.bot.folder / "data") as books:
        assert books.column("PRAGMA integrity_check") == ["ok"]
        assert not books.rows("PRAGMA foreign_key_check")


async def healthy() -> bool:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{PORT}/healthz") as answer:
        return answer.status == 200


async def becomes(well: bool) -> None:
    async with asyncio.timeout(DEADLINE):
        while await healthy() != well:  # noqa: ASYNC110 - as whoever watches it would ask
            await asyncio.sleep(0.1)


@contextmanager
def full_disk(stage: Stage) -> Iterator[None]:
    """No file of the bot's grows any more."""
    usual = resource.prlimit(stage.bot.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(stage.bot.pid, resource.RLIMIT_FSIZE, (100, usual[1]))
    try:
        yield
    finally:
        resource.prlimit(stage.bot.pid, resource.RLIMIT_FSIZE, usual)


@contextmanager
def locked(stage: Stage) -> Iterator[None]:
    """This process writes in the bot's database, and does not come to an end."""
    with closing(sqlite3.connect(stage.bot.folder / "data" / "easel.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@asynccontextmanager
async def without_pictures(stage: Stage) -> AsyncIterator[None]:
    """The pictures' folder is somewhere else."""
    folder = stage.bot.folder / "data" / "pictures"
    away = folder.rename(folder.with_name("away"))
    try:
        yield
    finally:
        shutil.copytree(away, folder, dirs_exist_ok=True)
        shutil.rmtree(away)


async def answered_once(canvas: Canvas, *asks: object) -> None:
    replies = [post.reply_to for post in await canvas.posts()]
    assert [replies.count(ask.id) for ask in asks] == [1] * len(asks)  # type: ignore[attr-defined]


async def test_what_is_painted_while_the_disk_is_full_is_kept_and_delivered_once_there_is_room(stage: Stage):
    canvas = await stage.canvas()
    await stage.restart()  # with nothing found yet that /healthz would still tell
    async with stage.held() as is_painting:
        ask = await canvas.say("make it night")
        await stage.until(is_painting)
        full = full_disk(stage)
        full.__enter__()
    await becomes(well=False)
    full.__exit__(None, None, None)
    assert numbers(await canvas.answer(ask)) == ["v2"]
    await becomes(well=True)
    assert len(stage.requests("make it night")) == 1
    await answered_once(canvas, ask)


async def test_who_asks_while_the_disk_is_full_is_told_and_can_ask_again_once_there_is_room(stage: Stage):
    canvas = await stage.canvas()
    with full_disk(stage):
        ask = await canvas.say("add a boat")
        told = await canvas.answer(ask)
        assert not told.pictures
        assert sentence("error.asked_amiss") in told.text
    assert numbers(await canvas.ask("add a moon")) == ["v2"]
    await stage.restart()
    await stage.meanwhile()
    await answered_once(canvas, ask)


async def test_what_is_deleted_while_the_disk_is_full_is_erased_once_there_is_room(stage: Stage):
    canvas = await stage.canvas()
    asks = [await canvas.say(words) for words in ("add a boat", "add a moon")]
    shown = [await canvas.answer(ask) for ask in asks]
    with full_disk(stage):
        await stage.ana.delete(asks[0])
        await stage.ana.delete(shown[1])
        await asyncio.sleep(2)
    with open_books(stage.bot.folder / "data") as books:
        await stage.until(lambda: not books.rows("SELECT 1 FROM turns WHERE words = 'add a boat'"))
        await stage.until(lambda: not books.rows("SELECT 1 FROM versions WHERE number = 3 AND deleted_at IS NULL"))


@pytest.mark.slow
async def test_while_another_process_holds_the_database_for_twenty_seconds_everybody_waits_and_nobody_is_lost(
    stage: Stage,
):
    canvas = await stage.canvas()
    async with stage.held() as is_painting:
        first = await canvas.say("make it night")
        await stage.until(is_painting)
        lock = locked(stage)
        lock.__enter__()
    second = await canvas.say("add a boat")
    await asyncio.sleep(LOCKED)
    lock.__exit__(None, None, None)
    assert numbers(await canvas.answer(first)) == ["v2"]
    await canvas.answer(second)
    third = await canvas.ask("add a moon")
    assert third.pictures
    assert len(stage.requests("make it night")) == 1
    await answered_once(canvas, first, second)


async def test_without_the_pictures_folder_an_edit_says_so_and_new_pictures_go_on(stage: Stage):
    canvas = await stage.canvas()
    await stage.restart()  # or it would have the picture at hand
    async with without_pictures(stage):
        told = await canvas.ask("make it night")
        assert not told.pictures
        assert numbers(await (await stage.canvas("a blue house")).first()) == ["v1"]
    assert numbers(await canvas.ask("add a boat")) == ["v2"]
    assert await canvas.saw("add a boat") == ["v1"]


async def test_started_without_the_pictures_folder_it_paints_and_says_what_is_gone(stage: Stage):
    canvas = await stage.canvas()
    await stage.bot.stop()
    async with without_pictures(stage):
        await stage.start()
        assert not (await canvas.ask("make it night")).pictures
        assert numbers(await (await stage.canvas("a blue house")).first()) == ["v1"]
        await becomes(well=True)
    assert numbers(await canvas.ask("add a boat")) == ["v2"]


async def test_a_clock_that_is_set_back_lets_nobody_past_a_limit_and_keeps_nobody_waiting(stage: Stage):
    await stage.bot.stop()
    stage.bot.program = ("-m", "tests.crash.clock")
    stage.bot.configure(limits={"pictures_per_member_hour": 3})
    try:
        await stage.start()
        canvas = await stage.canvas(by=stage.cleo)
        await canvas.ask("make it night")
        assert numbers(await canvas.ask("add a boat")) == ["v3"]
        assert sentence("error.over_member_hour") in (await canvas.ask("add a moon")).text
        os.kill(stage.bot.pid, signal.SIGUSR1)
        assert sentence("error.over_member_hour") in (await canvas.ask("add a star")).text
        assert numbers(await canvas.seen_by(stage.ben).ask("add a cloud")) == ["v4"]
        await stage.kill()
        stage.bot.export(**{BEHIND: str(BACK)})
        await stage.start()
        await canvas.say("add a sun")
        assert numbers(await canvas.seen_by(stage.ben).ask("add a tree")) == ["v5"]
        assert not stage.requests("add a sun")
    finally:
        await stage.bot.stop()
        stage.bot.program = ("-m", "bot")
        stage.bot.export(**{BEHIND: "0"})
        stage.bot.configure(limits={"pictures_per_member_hour": 0})
