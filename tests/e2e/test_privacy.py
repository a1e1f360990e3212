"""What people delete is gone from every file of the data directory; what is kept of them they may have."""

from __future__ import annotations

import asyncio
import io
import json
import sqlite3
import time
import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox import Member, Post
from bot.sandbox.discord import seed
from bot.sandbox.discord.events import Event
from tests.e2e.books import state
from tests.e2e.sketches import photo
from tests.e2e.stage import DEADLINE, Canvas, Stage, sentence

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

UNKNOWN: dict[str, Any] = {"status": 404, "body": {"message": "Unknown Webhook", "code": 10015}}
CLOSED: dict[str, Any] = {"status": 403, "body": {"message": "Cannot send messages to this user", "code": 50007}}
FAULTS: dict[str, tuple[str, dict[str, Any]]] = {
    "the line drops": ("drop_before", {}),
    "the answer is lost": ("drop_after", {}),
    "it is too late": ("answer", {"status": 404, "body": {"message": "Unknown interaction", "code": 10062}}),
}
SETTINGS = {"privacy": {"contact": "privacy@example.com", "backup_days": 12}}


def data(stage: Stage) -> Path:
    return stage.bot.folder / "data"


def traces(stage: Stage, *sought: str | bytes) -> list[str]:
    """The files in which any of these can be read still."""
    marks = [each.encode() if isinstance(each, str) else each for each in sought]
    files = [each for each in data(stage).rglob("*") if each.is_file()]
    return [each.name for each in files if any(mark in _read(each) for mark in marks)]


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:  # deleted in this very moment
        return b""


def query(stage: Stage, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(data(stage) / "easel.db", timeout=10)) as database, database:
        return database.execute(sql, values).fetchall()


def stored(stage: Stage, canvas: Canvas, number: int) -> bytes:
    """The bytes of a version as they are kept."""
    [(digest,)] = query(stage, "SELECT digest FROM versions WHERE conversation = ? AND number = ?", canvas.id, number)
    return Path(data(stage), "pictures", digest[:2], digest).read_bytes()


async def gone(stage: Stage, *sought: str | bytes) -> None:
    await stage.until(lambda: not traces(stage, *sought) and not query(stage, "SELECT 1 FROM erasures"))


async def whisper(member: Member, words: str) -> Post:
    return await member.wait_for(lambda post: post.is_whisper and words in post.text, None, DEADLINE)


async def ask_to_be_forgotten(member: Member, place: int | str) -> Post:
    newest = max(member.seen, default=0)
    assert (await member.slash(place, "my-data delete")).ok
    return await member.wait_for(lambda post: post.is_whisper and post.id > newest, None, DEADLINE)


# -- messages and threads ----------------------------------------------------------------------------------------------


async def test_a_deleted_message_takes_its_words_and_files_along_and_leaves_what_was_painted(stage: Stage):
    canvas = await stage.canvas("a house", by=stage.cleo)
    said = await canvas.say("sentinel-words", [("sentinel-file.png", photo("blue")[1])])
    answer = await canvas.answer(said)
    assert traces(stage, "sentinel")
    await stage.cleo.delete(said)
    await gone(stage, "sentinel")
    again = await canvas.ask("make it night", reply_to=answer)
    assert again.pictures[0].name.endswith("-v3.png")
    assert await canvas.saw("make it night") == ["v2"]


async def test_the_bots_message_deleted_by_a_moderator_takes_its_picture_along(stage: Stage):
    canvas = await stage.canvas("a house", by=stage.cleo)
    second = await canvas.ask("make it night")
    brought = stored(stage, canvas, 2)
    assert traces(stage, brought)
    await stage.ana.delete(second)
    await gone(stage, brought)
    await canvas.ask("add a boat")
    assert await canvas.saw("add a boat") == ["v1"]


async def test_many_messages_deleted_at_once(stage: Stage):
    canvas = await stage.canvas("a house", by=stage.ana)
    posts = [await canvas.say(f"sentinel-{number}") for number in range(2)]
    for post in posts:
        await canvas.answer(post)
    ids = {"messages": [str(post.id) for post in posts]}
    await stage.ana.call("POST", f"/channels/{canvas.id}/messages/bulk-delete", ids)
    await gone(stage, "sentinel")


async def test_with_a_deleted_thread_goes_all_that_was_in_it(stage: Stage):
    canvas = await stage.canvas("sentinel-house", by=stage.cleo)
    await canvas.ask("sentinel-night", [("sentinel.png", photo("green")[1])])
    bytes_of_both = stored(stage, canvas, 1), stored(stage, canvas, 2)
    await stage.ana.call("DELETE", f"/channels/{canvas.id}")
    await gone(stage, "sentinel", *bytes_of_both)


async def test_what_was_deleted_while_the_bot_was_away_is_found_missing(stage: Stage):
    canvas = await stage.canvas("a house", by=stage.cleo)
    said = await canvas.say("sentinel-words")
    await canvas.answer(said)
    await stage.bot.stop()
    await stage.cleo.delete(said)
    await stage.start()
    await gone(stage, "sentinel")


async def test_a_thread_that_was_deleted_while_the_bot_was_away_is_looked_for(stage: Stage):
    canvas = await stage.canvas("sentinel-house", by=stage.cleo)
    await stage.bot.stop()
    await stage.ana.call("DELETE", f"/channels/{canvas.id}")
    await stage.start()
    await gone(stage, "sentinel")


# -- a member ----------------------------------------------------------------------------------------------------------


async def test_who_wants_to_be_forgotten_is_and_others_branches_go_on(stage: Stage):
    canvas = await stage.canvas("sentinel-house", by=stage.cleo)
    mine = await canvas.ask("sentinel-night", [("sentinel.png", photo("blue")[1])])
    theirs = canvas.seen_by(stage.ben)
    await theirs.ask("add a boat", reply_to=mine)
    pictures = [stored(stage, canvas, number) for number in (1, 2)]
    sure = await ask_to_be_forgotten(stage.cleo, canvas.id)
    assert "This deletes" in sure.text
    assert (await stage.cleo.press(sure, f"forget:{seed.CLEO}")).ok
    await whisper(stage.cleo, "no trace of them is left")
    assert traces(stage, "sentinel", *pictures) == []
    for table in ("turns", "claims", "heard"):
        assert query(stage, f"SELECT 1 FROM {table} WHERE member = ?", seed.CLEO) == [], table
    await stage.until(lambda: not query(stage, "SELECT 1 FROM unposted"))
    assert [each for each in await canvas.posts() if "sentinel" in each.text] == []
    await theirs.ask("add a moon")
    assert await canvas.saw("add a moon") == ["v3"]


@asynccontextmanager
async def waiting(stage: Stage) -> AsyncIterator[Post]:
    """Somebody's edit is held at the painter's door and another of theirs waits for it: the button to be forgotten."""
    canvas = await stage.canvas("sentinel-house", by=stage.cleo)
    async with stage.held() as is_painting:
        await canvas.say("sentinel-night")
        await stage.until(is_painting)
        waits = await canvas.say("sentinel-boat")
        await stage.until(lambda: state(stage, waits))
        yield await ask_to_be_forgotten(stage.cleo, canvas.id)


@pytest.mark.parametrize(("fault", "how"), FAULTS.values(), ids=FAULTS)
async def test_what_waits_is_called_off_though_the_first_answer_to_the_press_breaks(
    stage: Stage, fault: str, how: dict[str, Any]
):
    async with waiting(stage) as sure:
        stage.sandbox.faults.add(fault, "POST", "/interactions/*/*/callback", **how)
        pressed = await stage.cleo.press(sure, f"forget:{seed.CLEO}")
        await gone(stage, "sentinel")
        if not how:
            assert pressed.ok
            await stage.cleo.wait_for(
                lambda post: post.id == sure.id and "no trace of them" in post.text, None, DEADLINE
            )
    await stage.meanwhile()
    assert not stage.requests("sentinel-boat")


async def test_what_waits_is_called_off_though_the_process_dies_before_it_answers_the_press(stage: Stage):
    async with waiting(stage) as sure:
        answer = stage.sandbox.faults.add("hold", "POST", "/interactions/*/*/callback")
        pressing = asyncio.create_task(stage.cleo.press(sure, f"forget:{seed.CLEO}"))
        await stage.until(lambda: answer.seen)
        await stage.kill()
        answer.release()
        await pressing
    await stage.revive()
    await gone(stage, "sentinel")
    assert not stage.requests("sentinel-boat")


async def test_what_waits_is_called_off_by_the_next_start_where_the_process_died_as_it_was_to_be(stage: Stage):
    async with waiting(stage):
        await stage.kill()
        now = time.time()
        query(stage, "INSERT INTO erasures (kind, subject, at, due) VALUES ('member', ?, ?, ?)", seed.CLEO, now, now)
    await stage.revive()
    await gone(stage, "sentinel")
    assert not stage.requests("sentinel-night"), "not once more"
    assert not stage.requests("sentinel-boat")


async def test_an_ask_that_was_on_its_way_is_gone_too_and_what_is_asked_afterwards_stays(stage: Stage):
    canvas = await stage.canvas("a house", by=stage.cleo)
    file = stage.sandbox.faults.add("hold", "GET", "/attachments/*/*/*", who="any")
    early = await canvas.say("sentinel-words", [photo("gold")])
    await stage.until(lambda: file.seen)
    sure = await ask_to_be_forgotten(stage.cleo, canvas.id)
    assert (await stage.cleo.press(sure, f"forget:{seed.CLEO}")).ok
    late = await stage.canvas("a later house", by=stage.cleo)
    file.release()
    await whisper(stage.cleo, "no trace of them is left")
    assert traces(stage, "sentinel") == []
    assert state(stage, early) is None
    assert query(stage, "SELECT words FROM turns WHERE id = ?", late.id) == [("a later house",)]
    assert not stage.requests("sentinel-words")


async def rest(canvas: Canvas, **how: bool) -> None:
    await canvas.stage.ana.call("PATCH", f"/channels/{canvas.id}", how)


def rests(canvas: Canvas) -> bool:
    thread = canvas.stage.sandbox.world.channels[canvas.id].thread
    assert thread is not None
    return thread.archived


async def forgotten_at_rest(stage: Stage) -> Canvas:
    """A thread that rested when Cleo, whose it is, asked to be forgotten."""
    canvas = await stage.canvas("sentinel-house", by=stage.cleo)
    for words in ("sentinel-night", "sentinel-boat"):
        await canvas.ask(words)
    await rest(canvas, archived=True)
    sure = await ask_to_be_forgotten(stage.cleo, "studio")
    await stage.cleo.press(sure, f"forget:{seed.CLEO}")
    return canvas


async def test_what_was_painted_for_who_is_forgotten_goes_from_a_thread_that_rests_too_and_it_rests_again(stage: Stage):
    canvas = await forgotten_at_rest(stage)
    await gone(stage, "sentinel")
    await stage.until(lambda: not query(stage, "SELECT 1 FROM unposted"))
    assert [each for each in await canvas.posts() if each.pictures] == []
    await stage.until(lambda: rests(canvas))


async def test_a_stop_leaves_no_thread_open_that_rested(stage: Stage):
    canvas = await forgotten_at_rest(stage)
    await stage.until(lambda: not query(stage, "SELECT 1 FROM unposted") and not query(stage, "SELECT 1 FROM erasures"))
    assert not rests(canvas), "whoever deletes one message deletes more"
    assert await stage.bot.stop() == 0
    assert rests(canvas)
    await stage.start()


async def test_a_stop_in_the_moment_in_which_a_thread_is_opened_leaves_it_at_rest(stage: Stage):
    opening = stage.sandbox.faults.add("hold_after", "PATCH", "/channels/*")
    canvas = await forgotten_at_rest(stage)
    await stage.until(lambda: opening.seen and not rests(canvas))
    assert await stage.bot.stop() == 0
    assert rests(canvas)
    await stage.start()
    await stage.until(lambda: not query(stage, "SELECT 1 FROM unposted"))
    await stage.until(lambda: rests(canvas))


async def test_what_is_to_go_from_a_locked_thread_waits_until_it_is_open(stage: Stage):
    canvas = await stage.canvas("sentinel-house", by=stage.cleo)
    await canvas.lock()
    sure = await ask_to_be_forgotten(stage.cleo, "studio")
    await stage.cleo.press(sure, f"forget:{seed.CLEO}")
    await gone(stage, "sentinel")
    waits = f"what is to be deleted in {canvas.id} waits"
    await stage.until(lambda: waits in stage.bot.said())
    assert [each for each in await canvas.posts() if each.pictures], "the bot may not open it"
    await rest(canvas, locked=False)
    await stage.until(lambda: not query(stage, "SELECT 1 FROM unposted"))
    assert [each for each in await canvas.posts() if each.pictures] == []


async def test_a_process_that_is_killed_in_the_middle_of_forgetting_goes_on(stage: Stage):
    canvas = await stage.canvas("sentinel-house", by=stage.cleo)
    for number in range(12):
        await canvas.ask(f"sentinel-{number}")
    sure = await ask_to_be_forgotten(stage.cleo, canvas.id)
    await stage.restart()
    assert traces(stage, "sentinel"), "asking is not doing"
    began = time.time()
    await stage.cleo.press(sure, f"forget:{seed.CLEO}")
    await stage.until(lambda: query(stage, "SELECT 1 FROM turns WHERE erased_at > ?", began))
    await stage.kill()
    await stage.revive()
    await gone(stage, "sentinel")
    await stage.until(lambda: not query(stage, "SELECT 1 FROM unposted"))


async def test_what_is_kept_of_somebody_is_theirs_to_have_in_a_zip(stage: Stage):
    canvas = await stage.canvas("a green house", by=stage.ben)
    await canvas.ask("with this roof", [("roof.png", photo("red")[1])])
    await canvas.seen_by(stage.cleo).ask("not theirs")
    assert (await stage.ben.slash(canvas.id, "my-data export")).ok
    part = await whisper(stage.ben, sentence("privacy.part", number=1))
    await whisper(stage.ben, "That is all")
    [file] = part.pictures
    with zipfile.ZipFile(io.BytesIO(await stage.ben.fetch(file))) as packed:
        names, asks = packed.namelist(), json.loads(packed.read("asks.json"))
        here = [each for each in asks if str(canvas.id) in each["where"]]
        assert {"a green house", "with this roof"} <= {each["words"] for each in here}
        assert "not theirs" not in packed.read("asks.json").decode()
        assert packed.read(f"pictures/{canvas.id}/v1.png") == stored(stage, canvas, 1)
        assert any(name.startswith(f"pictures/{canvas.id}/") and "roof" in name for name in names), names
        assert f"pictures/{canvas.id}/v3.png" not in names
        assert packed.read("ledger.csv").decode().startswith("ask,kind,at,state,pictures,dollars,model")
        assert json.loads(packed.read("member.json"))["member"] == seed.BEN


async def test_a_zip_that_the_command_takes_no_more_comes_as_a_direct_message(stage: Stage):
    canvas = await stage.canvas("a late house", by=stage.ben)
    late = stage.sandbox.faults.add("answer", "POST", "/webhooks/*/*", **UNKNOWN)
    assert (await stage.ben.slash(canvas.id, "my-data export")).ok
    part = await stage.ben.wait_for(lambda post: bool(post.pictures) and not post.is_whisper, "dm", DEADLINE)
    assert part.text == sentence("privacy.part", number=1)
    assert late.seen == 1
    with zipfile.ZipFile(io.BytesIO(await stage.ben.fetch(part.pictures[0]))) as packed:
        assert "a late house" in packed.read("asks.json").decode()


async def test_where_direct_messages_are_closed_too_it_ends_calmly_and_can_be_asked_for_again(stage: Stage):
    canvas = await stage.canvas("a shut house", by=stage.ben)
    stage.sandbox.faults.add("answer", "POST", "/webhooks/*/*", **UNKNOWN)
    dm = await stage.ben.channel_id("dm")
    shut = stage.sandbox.faults.add("answer", "POST", f"/channels/{dm}/messages", **CLOSED)
    newest = max(stage.ben.seen)
    assert (await stage.ben.slash(canvas.id, "my-data export")).ok
    await stage.until(lambda: "part 1 of an export can't be handed over" in stage.bot.said())
    assert shut.seen == 1
    assert "Traceback" not in stage.bot.said()
    assert (await stage.ben.slash(canvas.id, "my-data export")).ok
    part = await stage.ben.wait_for(lambda post: post.id > newest and bool(post.pictures), None, DEADLINE)
    assert part.is_whisper


# -- telling and keeping -----------------------------------------------------------------------------------------------


async def test_anybody_hears_what_is_kept_in_a_server_and_in_a_direct_message(stage: Stage):
    for place in ("lounge", "dm"):
        assert (await stage.cleo.slash(place, "privacy")).ok
        told = await whisper(stage.cleo, sentence("privacy.no_days"))
        assert "privacy@example.com" in told.text
        assert "after 12 days" in told.text
        assert len(told.text) <= 2000
        stage.cleo.seen.pop(told.id)


async def test_moderators_say_how_long_words_and_pictures_are_kept(stage: Stage):
    canvas = await stage.canvas("sentinel-house", by=stage.cleo)
    await canvas.ask("make it night")
    kept, newer = stored(stage, canvas, 1), stored(stage, canvas, 2)
    query(stage, "UPDATE turns SET asked_at = asked_at - 400000 WHERE words = 'sentinel-house'")
    assert (await stage.ana.slash("lounge", "retention", days=4)).ok
    sure = await whisper(stage.ana, "What is older than 4 days")
    assert traces(stage, kept), "asking is not doing"
    await stage.ana.press(sure, "retain:4")
    await stage.until(lambda: not traces(stage, "sentinel-house", kept))
    assert traces(stage, newer)
    assert (await stage.cleo.slash("lounge", "privacy")).ok
    await whisper(stage.cleo, sentence("privacy.days", days=4))
    assert (await stage.ana.slash("lounge", "retention", days=1)).ok
    await whisper(stage.ana, sentence("privacy.day"))
    assert (await stage.ana.slash("lounge", "retention")).ok
    await whisper(stage.ana, sentence("privacy.set_days"))
    assert (await stage.ana.slash("lounge", "retention", days=0)).ok
    await whisper(stage.ana, sentence("privacy.no_days"))
    assert query(stage, "SELECT 1 FROM rules WHERE name = 'retention_days'") == []


# -- a server ----------------------------------------------------------------------------------------------------------


@asynccontextmanager
async def removed(stage: Stage) -> AsyncIterator[None]:
    """The bot is not in the server while this is open."""
    world = stage.sandbox.world
    guild = world.guilds[seed.GUILD]
    gone = {"id": str(seed.GUILD)}
    me = guild.members.pop(seed.BOT)
    world.publish(Event("GUILD_DELETE", gone, only=frozenset({seed.BOT})))
    try:
        yield
    finally:
        guild.members[seed.BOT] = replace(me)


async def test_an_outage_deletes_nothing(stage: Stage):
    outage = {"id": str(seed.GUILD), "unavailable": True}
    canvas = await stage.canvas("a house")
    stage.sandbox.world.publish(Event("GUILD_DELETE", outage, only=frozenset({seed.BOT})))
    await canvas.ask("make it night")
    assert query(stage, "SELECT 1 FROM erasures") == []
    await stage.restart()
    assert query(stage, "SELECT 1 FROM erasures") == []


async def test_a_server_that_removes_the_bot_has_a_week_to_take_it_back(stage: Stage):
    canvas = await stage.canvas("sentinel-house")
    async with removed(stage):
        [(due,)] = await stage.until(lambda: query(stage, "SELECT due FROM erasures WHERE kind = 'server'"))
        assert 6.9 < (due - time.time()) / 86_400 <= 7
    await stage.restart()
    await stage.until(lambda: not query(stage, "SELECT 1 FROM erasures"))
    await canvas.ask("make it night")
    assert await canvas.saw("make it night") == ["v1"]


async def test_after_that_week_all_that_was_in_it_is_gone(stage: Stage):
    await stage.canvas("sentinel-house")
    async with removed(stage):
        await stage.until(lambda: query(stage, "SELECT 1 FROM erasures WHERE kind = 'server'"))
        await stage.bot.stop()
        query(stage, "UPDATE erasures SET due = due - 700000")
        await stage.start()
        await gone(stage, "sentinel")
        assert query(stage, "SELECT 1 FROM turns WHERE words <> ''") == []
    await stage.restart()
    canvas = await stage.canvas("a new house")
    await canvas.ask("make it night")
