"""What is to be deleted goes for good, and what hangs on it stays usable. Proved by looking for it in every file."""

import asyncio
import itertools
import os
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

import pytest
from aiohttp import web

from bot.deleting.erasure import BATCH, Eraser
from bot.deleting.removal import Removal
from bot.deleting.strays import Strays
from bot.deleting.unposting import Unposting
from bot.errors import Unreachable
from bot.kept import FILES, GRACE, TABLES, WINDOW, Scope
from bot.letters import Postman
from bot.model import Ask, Memory, Place, Quoted, Turn, Version
from bot.moments import DAY, ids_until
from bot.quota import Claim, Fence, Unit, Whose
from bot.rules.rules import Stance, Subject
from bot.sealing import HEAD, Keyring
from bot.store import Entry, Erasure, Trouble
from tests.players import ADA, BOB, CATALOGUE, THREAD, Bot, World, open_cdn, png, with_memory

HERE = THREAD.conversation
PIECE, PIECES = 20, 100  #: bytes of a seal that are looked for, and how many such pieces of it


@pytest.fixture(params=["", "a key of the operator's " * 3], ids=["readable", "sealed"])
async def world(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[World]:
    """Everything holds with a key, and without."""
    async with open_cdn() as cdn:
        yield World(tmp_path, cdn, keys=Telltale(Keyring.of([request.param]).keys))


def eraser(bot: Bot) -> Eraser:
    return Eraser(Removal(bot.store, bot.gallery, bot.world.discord, CATALOGUE))


async def forgotten(bot: Bot, wait: float = 3600) -> Eraser:
    """Ada is, within so many seconds; who saw to it."""
    forgetting = eraser(bot)
    await forgetting.erase(Scope.MEMBER, ADA.id)
    await work(forgetting, time.time() + wait)
    return forgetting


async def work(eraser: Eraser, now: float | None = None) -> int:
    """Every step there is to be made; how many."""
    steps = 0
    while await eraser.step(time.time() + 3600 if now is None else now):
        steps += 1
        assert steps < 1000
    return steps


async def take_down(bot: Bot) -> None:
    while await Unposting(bot.store, bot.world.discord).step():
        pass


def everything(directory: Path) -> dict[str, bytes]:
    return {str(each.relative_to(directory)): each.read_bytes() for each in directory.rglob("*") if each.is_file()}


@dataclass(frozen=True)
class Telltale(Keyring):
    """Remembers what it has sealed, so that a trace is found under its seals, too, or in any piece of them."""

    seals: list[tuple[bytes, bytes]] = field(default_factory=list)

    def seal(self, data: bytes, about: str = "") -> bytes:
        sealed = super().seal(data, about)
        self.seals.append((data, sealed[HEAD:]))
        return sealed

    def seal_words(self, words: str) -> str:
        sealed = super().seal_words(words)
        self.seals.append((words.encode(), sealed[HEAD:].encode()))
        return sealed

    def pieces(self, trace: bytes) -> Iterator[bytes]:
        """Of everything that hid a trace: many, for a page of the database may hold but a part."""
        for data, sealed in self.seals:
            if trace in data:
                step = max(PIECE, len(sealed) // PIECES)
                yield from (sealed[start : start + PIECE] for start in range(0, len(sealed) - PIECE + 1, step))


def found(world: World, *traces: str | bytes) -> list[tuple[str, str | bytes]]:
    """Where any of these can be read still, by anybody or with the key."""
    files, sought = everything(world.directory), list[tuple[str | bytes, bytes]]()
    for each in traces:
        mark = each.encode() if isinstance(each, str) else each
        hidden = world.keys.pieces(mark) if isinstance(world.keys, Telltale) and world.keys.closed else ()
        sought += [(each, one) for one in (mark, *hidden)]
    return list(dict.fromkeys((name, each) for name, data in files.items() for each, mark in sought if mark in data))


async def digests(bot: Bot) -> set[str]:
    """What the pictures that are needed are kept under."""
    rows = await bot.store.query.all(
        "SELECT digest FROM versions UNION SELECT digest FROM turn_references UNION SELECT digest FROM parts"
    )
    return {bot.world.keys.name(row["digest"]) for row in rows if row["digest"]}


async def stored(bot: Bot, number: int) -> bytes:
    version = await bot.store.versions.get(HERE, number)
    assert version is not None
    return await bot.gallery.get(version.picture.digest)


def stands_in(world: World, version: Version | None) -> Path:
    """The file of a version's picture."""
    assert version
    return next((world.directory / "pictures").rglob(world.keys.name(version.picture.digest)))


async def turns(bot: Bot, *asks: Ask) -> list[Turn]:
    return [turn for ask in asks if (turn := await bot.store.turns.get(ask.id))]


def kept_bytes(world: World) -> set[str]:
    return {each.name.partition(".")[0] for each in (world.directory / "pictures").rglob("*") if each.is_file()}


# -- what is kept where ------------------------------------------------------------------------------------------------


async def test_every_table_and_every_column_of_words_or_bytes_is_described(world: World):
    async with world.bot() as bot:
        tables = await bot.store.query.all(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        )
        assert {row["name"] for row in tables} == set(TABLES)
        for name, kept in TABLES.items():
            columns = {row["name"]: row["type"] for row in await bot.store.query.all(f"PRAGMA table_info({name})")}
            said = {*kept.personal, *kept.plain, *kept.members, *kept.goes_with.values()}
            assert said <= set(columns), name
            assert not {each for each, kind in columns.items() if kind in {"TEXT", "BYTEA"}} - said, name
            assert not {each for each in columns if each in {"member", "author", "asker"}} - set(kept.members), name


async def test_every_file_of_the_data_directory_is_described(world: World):
    async with world.bot() as bot:
        await bot.paint("a house")
    assert {each.partition("/")[0] for each in everything(world.directory)} <= set(FILES)


# -- a message ---------------------------------------------------------------------------------------------------------


async def test_an_asks_deleted_message_takes_its_words_and_what_it_brought_and_leaves_what_was_painted(
    world: World,
):
    async with world.bot() as bot:
        brought = world.cdn.holds("sentinel-file.png", png("#123456"))
        await bot.paint("a house")
        ask = world.ask("sentinel-words", brought)
        await bot.hear(ask)
        await bot.settle()
        await eraser(bot).unsaid(ask.id)
        await work(eraser(bot))
        assert found(world, "sentinel-words", "sentinel-file") == []
        assert [each.number for each in await bot.store.versions.of_turn(ask.id)] == [2]
        assert kept_bytes(world) == await digests(bot)
        await bot.paint("make it night")
        assert world.discord.receipts()[-1].startswith("v3 ← v2"), "its branch goes on"


async def test_a_picture_that_is_brought_again_while_its_deleted_message_is_erased_is_there(world: World):
    async with world.bot() as bot:
        first = world.ask("make it blue", world.cdn.holds("mine.png", png("#654321")))
        await bot.hear(first)
        await bot.settle()
        file, arrives = stands_in(world, await bot.store.versions.get(HERE, 1)), asyncio.Event()
        os.utime(file, (0, 0))

        async def slowly(_request: web.Request) -> web.StreamResponse:
            await arrives.wait()
            return web.Response(body=png())

        ahead = world.ask("a cat", world.cdn.holds("slow.png", slowly))
        again = world.ask("make it red", world.cdn.holds("again.png", png("#654321")))
        hearing = asyncio.gather(bot.hear(ahead), bot.hear(again))
        await bot.until(lambda: file.stat().st_mtime)
        await eraser(bot).unsaid(first.id)
        await work(eraser(bot))
        assert not file.exists()
        arrives.set()
        await hearing
        await bot.settle()
        assert [len(each.references) for each in await turns(bot, ahead, again)] == [1, 1]
        assert kept_bytes(world) == await digests(bot)


async def test_a_picture_that_a_deleted_message_showed_is_a_tombstone(world: World):
    async with world.bot() as bot:
        ask = world.ask("make it blue", world.cdn.holds("mine.png", png("#654321")))
        await bot.hear(ask)
        await bot.settle()
        brought = await stored(bot, 1)
        await eraser(bot).unsaid(ask.id)
        await work(eraser(bot))
        first, second = await bot.store.versions.find(HERE, 1), await bot.store.versions.find(HERE, 2)
        assert first is not None
        assert second is not None
        assert (first.gone, second.gone) == (True, False)
        assert found(world, "mine.png", brought) == []


async def test_the_bots_deleted_message_takes_its_picture_along_and_the_head_goes_back(world: World):
    async with world.bot() as bot:
        [_, second] = await bot.paint("a house", "make it night")
        version = await bot.store.versions.get(HERE, 2)
        assert version is not None
        await eraser(bot).unsaid(second)
        await work(eraser(bot))
        assert not await bot.gallery.has(version.picture.digest)
        await bot.paint("add a boat")
        assert world.discord.receipts()[-1].startswith("v3 ← v1")


async def test_most_deleted_messages_are_nothing_to_the_bot(world: World):
    async with world.bot() as bot:
        [first] = await bot.paint("a house")
        await eraser(bot).unsaid(4711)
        assert await bot.store.erasures.due(time.time() + 1, 9) == []
        await eraser(bot).unsaid(first)
        assert len(await bot.store.erasures.due(time.time() + 1, 9)) == 1


async def test_a_message_that_the_bot_itself_takes_down_is_not_erased_twice(world: World):
    async with world.bot() as bot:
        [first] = await bot.paint("a house")
        removal = Removal(bot.store, bot.gallery, world.discord, CATALOGUE)
        listening, gate = Eraser(removal), world.discord.block("erase")
        removing = asyncio.create_task(removal.remove(HERE, 1))
        await bot.until(lambda: removal.under_way)
        await listening.unsaid(first)
        gate.set()
        assert (await removing).done
        assert await bot.store.erasures.due(time.time() + 1, 9) == []


async def test_an_ask_that_is_being_painted_keeps_its_words_until_it_is_answered(world: World):
    async with world.bot() as bot:
        gate, ask = world.painter.hold(), world.ask("sentinel-words")
        await bot.hear(ask)
        await bot.until(lambda: world.painter.under_way)
        listening = eraser(bot)
        await listening.unsaid(ask.id)
        assert await listening.step(time.time() + 1)
        assert await bot.store.erasures.pending(Scope.MESSAGE, ask.id)
        gate.set()
        await bot.settle()
        await work(listening)
        assert found(world, "sentinel-words") == []
        assert len(await bot.store.versions.of_turn(ask.id)) == 1


async def test_why_something_failed_goes_with_the_message_that_said_it(world: World):
    async with world.bot() as bot:
        world.painter.will(RuntimeError("surprise"))
        await bot.hear(world.ask("a house"))
        await bot.settle()
        [post] = world.discord.thread()
        await eraser(bot).unsaid(post.id)
        await work(eraser(bot))
        turn = await bot.store.turns.get(101)
        assert turn is not None
        assert (turn.failure, turn.lost, turn.words) == ("", True, "a house")


# -- a member ----------------------------------------------------------------------------------------------------------


async def test_of_a_forgotten_member_nothing_is_found_in_any_file_and_others_branches_go_on(world: World):
    async with world.bot() as bot:
        mine, theirs = replace(ADA, name="sentinel-name"), BOB
        photo = world.cdn.holds("sentinel-file.png", png("#abcdef"))
        await bot.hear(world.ask("sentinel-first", photo, member=mine))
        await bot.settle()
        await bot.hear(world.ask("make it night", member=theirs, base=2))
        await bot.settle()
        await bot.hear(world.ask("sentinel-second", member=mine))
        await bot.settle()
        before = {each.number: each for number in (2, 3) if (each := await bot.store.versions.get(HERE, number))}
        brought = await stored(bot, 1)
        traces = ("sentinel-name", "sentinel-file", "sentinel-first", "sentinel-second", brought, await stored(bot, 2))
        assert {each for _, each in found(world, *traces)} == set(traces), "they are there to be found"
        forgetting = eraser(bot)
        await forgetting.erase(Scope.MEMBER, mine.id)
        await work(forgetting)
        await take_down(bot)
        assert found(world, "sentinel", *traces, before[2].picture.digest) == []
        assert await bot.gallery.has(before[3].picture.digest)
        assert kept_bytes(world) == await digests(bot)
        assert [post.text for post in world.discord.thread() if "sentinel" in post.text] == []
        for table in ("turns", "claims", "heard"):
            assert not await bot.store.query.all(f"SELECT 1 FROM {table} WHERE member = 1"), table
        await bot.hear(world.ask("add a boat", member=theirs))
        await bot.settle()
        assert world.discord.receipts()[-1].startswith("v5 ← v3")


async def bring(bot: Bot) -> None:
    """Bob brings a picture of Ada's, which is the first version here, and has the second painted from it."""
    photo = bot.world.cdn.holds("sentinel.png", png("#abcdef"))
    await bot.hear(bot.world.ask("make it blue", member=BOB, quoted=Quoted(77, ADA.id, (photo,))))
    await bot.settle()
    async with bot.store.write() as desk:
        await desk.query.tell(
            "INSERT INTO brought (turn, author, outside) VALUES (-101, 1, FALSE) ON CONFLICT DO NOTHING"
        )


async def test_a_picture_of_somebody_forgotten_that_others_brought_goes_too(world: World):
    async with world.bot() as bot:
        await bring(bot)
        brought, painted = await stored(bot, 1), await stored(bot, 2)
        erasing = eraser(bot)
        await erasing.erase(Scope.MEMBER, ADA.id)
        await work(erasing)
        assert found(world, "sentinel", brought) == []
        assert found(world, painted), "what somebody else made of it is theirs"


async def test_a_report_stays_for_moderators_without_the_words_of_who_is_forgotten(world: World):
    async with world.bot() as bot:
        await bot.paint("sentinel-words")
        told = {"asker": ADA.id, "asker_name": "sentinel-name", "words": "sentinel-words", "reason": "sentinel-reason"}
        async with bot.store.write() as desk:
            await desk.audit.note(Entry(9, time.time(), "report", told, turn=101, member=BOB.id))
            await desk.audit.note(Entry(9, time.time(), "turn", {"words": "sentinel-words"}, turn=101, member=ADA.id))
        erasing, mark = eraser(bot), bot.store.marks.of
        await erasing.erase(Scope.MEMBER, ADA.id)
        await work(erasing)
        [report] = await bot.store.audit.waiting(9, 9)
        assert report.told == {"asker": mark(ADA.id), "asker_name": "", "words": "", "reason": "sentinel-reason"}
        await erasing.erase(Scope.MEMBER, BOB.id)
        await work(erasing)
        [report] = await bot.store.audit.waiting(9, 9)
        assert (report.member, report.told["reason"]) == (mark(BOB.id), "")
        assert found(world, "sentinel") == []


async def test_what_a_member_asks_after_being_forgotten_stays(world: World):
    async with world.bot() as bot:
        await bot.paint("a house")
        forgetting = eraser(bot)
        await forgetting.erase(Scope.MEMBER, ADA.id)
        world.ids = itertools.count(ids_until(time.time()))
        await bot.paint("a new house")
        await work(forgetting)
        turns = await bot.store.query.all("SELECT words, member FROM turns ORDER BY id")
        assert [row["words"] for row in turns] == ["", "a new house"]
        assert turns[0]["member"] == bot.store.marks.of(ADA.id) < 0
        assert turns[1]["member"] == ADA.id


async def test_what_was_emptied_before_forgets_its_member_too(world: World):
    async with world.bot() as bot:
        await bot.paint("a house")
        erasing = eraser(bot)
        await erasing.thread_gone(HERE)
        await work(erasing)
        assert [row["member"] for row in await bot.store.query.all("SELECT member FROM turns")] == [ADA.id]
        await erasing.erase(Scope.MEMBER, ADA.id)
        await work(erasing)
        mark = bot.store.marks.of(ADA.id)
        for table in ("turns", "claims"):
            assert [row["member"] for row in await bot.store.query.all(f"SELECT member FROM {table}")] == [mark]


async def test_what_is_being_painted_for_a_forgotten_member_is_waited_for(world: World):
    async with world.bot() as bot:
        gate = world.painter.hold()
        await bot.hear(world.ask("sentinel-words"))
        await bot.until(lambda: world.painter.under_way)
        forgetting = eraser(bot)
        await forgetting.erase(Scope.MEMBER, ADA.id)
        await forgetting.step(time.time() + 1)
        assert await bot.store.traces.unfinished(Erasure(Scope.MEMBER, ADA.id, time.time()))
        gate.set()
        await bot.settle()
        await work(forgetting)
        await take_down(bot)
        assert found(world, "sentinel-words") == []
        assert world.discord.thread() == []


async def test_a_restart_in_the_middle_of_an_erasure_goes_on(world: World):
    async with world.bot() as bot:
        await bot.paint(*(f"sentinel-{number}" for number in range(BATCH + 2)))
        forgetting = eraser(bot)
        await forgetting.erase(Scope.MEMBER, ADA.id)
        await forgetting.step(time.time() + 1)
        left = await bot.store.query.all("SELECT id FROM turns WHERE words <> ''")
        assert len(left) == 2
        await bot.kill()
    async with world.bot() as bot:
        await work(eraser(bot))
        await take_down(bot)
        assert found(world, "sentinel") == []
        assert kept_bytes(world) == set()
        assert world.discord.thread() == []


async def test_forgetting_resets_no_limit(world: World):
    async with world.bot() as bot:
        await bot.paint("a house", "make it night")
        await forgotten(bot)
        rows = await bot.store.query.all("SELECT member, pictures FROM claims ORDER BY turn")
        assert [(row["member"], row["pictures"]) for row in rows] == [(bot.store.marks.of(ADA.id), 1)] * 2
        hour = Fence("over_member_hour", Unit.PICTURES, Whose.MEMBER, 3600, 2)
        used = [await bot.store.ledger.used([hour], Claim(each.id, 9, 1), time.time()) for each in (ADA, BOB)]
        assert used == [[2], [0]]


async def test_a_block_holds_for_who_was_forgotten_and_can_be_lifted(world: World):
    async with world.bot() as bot:
        await bot.paint("a house")
        stance = Stance(Subject.MEMBER, ADA.id, False, "sentinel-reason", None, BOB.id, time.time())
        async with bot.store.write() as desk:
            await desk.rules.stand(9, stance)
        await forgotten(bot)
        assert found(world, "sentinel") == []
        [held] = await bot.store.rules.stances(9, ADA.id)
        assert (held.subject, held.allowed, held.reason) == (ADA.id, False, "")
        [unknown] = await bot.store.rules.stances(9)
        assert unknown.subject < 0
        async with bot.store.write() as desk:
            await desk.rules.lift(9, Subject.MEMBER, ADA.id)
        assert await bot.store.rules.stances(9) == []


async def test_counts_go_when_no_limit_looks_back_so_far(world: World):
    async with world.bot() as bot:
        await bot.paint("a house")
        forgetting = await forgotten(bot)
        await work(forgetting, time.time() + WINDOW + DAY)
        assert await bot.store.query.all("SELECT 1 FROM claims") == []
        [row] = await bot.store.query.all("SELECT member FROM turns")
        assert row["member"] == 0


async def test_of_a_direct_message_in_which_nothing_is_left_the_settings_go_too(world: World):
    async with world.bot() as bot:
        alone = Place(60, 60, ours=True)
        await bot.hear(world.ask("sentinel-words", place=alone))
        await bot.settle()
        async with bot.store.write() as desk:
            await desk.preferences.wish(60, "size", "4K")
        await forgotten(bot)
        assert found(world, "sentinel") == []
        assert await bot.store.query.all("SELECT 1 FROM preferences") == []


async def test_while_discord_is_away_the_bots_messages_wait_to_be_taken_down(world: World):
    async with world.bot() as bot:
        await bot.paint("a house")
        await forgotten(bot)
        world.discord.fail("erase")
        with pytest.raises(Unreachable):
            await take_down(bot)
        assert len(world.discord.thread()) == 1
        await take_down(bot)
        assert world.discord.thread() == []


async def test_a_version_named_in_others_asks_goes_along_no_more(world: World):
    async with world.bot(settings=with_memory(Memory.FULL)) as bot:
        await bot.paint("a house")
        await bot.hear(world.ask("a new tree", fresh=True, member=BOB), world.ask("put v1 into it", member=BOB))
        await bot.settle()
        await forgotten(bot)
        await bot.hear(world.ask("add a boat", member=BOB))
        await bot.settle()
        assert kept_bytes(world) == await digests(bot)
        assert world.discord.receipts()[-1].startswith("v4 ← v3")


async def test_a_history_with_a_gap_goes_along_and_the_receipt_says_so(world: World):
    async with world.bot(settings=with_memory(Memory.FULL)) as bot:
        await bot.paint("a house")
        await bot.hear(world.ask("make it night", member=BOB))
        await bot.settle()
        await forgotten(bot)
        await bot.hear(world.ask("add a boat", member=BOB))
        await bot.settle()
        assert len(world.painter.requests[-1].contents) == 3, "Bob's own turn goes along"
        assert "-# A picture in this thread's history was deleted, so it did not go along." in world.discord.said()[-1]


# -- threads and servers -----------------------------------------------------------------------------------------------


async def test_with_a_deleted_thread_goes_all_that_was_in_it(world: World):
    async with world.bot() as bot:
        await bot.paint("sentinel-words")
        async with bot.store.write() as desk:
            await desk.preferences.wish(HERE, "size", "4K")
            await desk.preferences.invite(HERE, [7])
        going = eraser(bot)
        await going.thread_gone(HERE)
        await going.thread_gone(4711)
        await work(going)
        assert found(world, "sentinel") == []
        assert kept_bytes(world) == set()
        assert await bot.store.preferences.invited(HERE) == []
        await work(going, time.time() + WINDOW + DAY)
        await work(going, time.time() + WINDOW + 2 * DAY)
        for table in ("conversations", "turns", "versions", "messages", "claims", "calls"):
            assert await bot.store.query.all(f"SELECT 1 FROM {table}") == [], table


async def test_a_thread_that_has_still_to_be_opened_is_not_looked_for(world: World):
    async with world.bot() as bot:
        await bot.paint("a house")
        assert await eraser(bot).threads_of(9, 9) == [HERE]
        gate = world.painter.hold()
        await bot.hear(world.ask("make it night"))
        assert await eraser(bot).threads_of(9, 9) == []
        gate.set()
        await bot.settle()
        assert await eraser(bot).threads_of(9, 9) == [HERE]


async def test_a_server_that_takes_the_bot_back_within_a_week_finds_all_as_it_was(world: World):
    async with world.bot() as bot:
        await bot.paint("a house")
        going = eraser(bot)
        await going.server_gone(9)
        await work(going, time.time() + GRACE - DAY)
        assert len(await bot.store.versions.of_turn(101)) == 1
        await going.server_there(9)
        await work(going, time.time() + 2 * GRACE)
        assert len(await bot.store.versions.of_turn(101)) == 1


async def test_a_server_that_does_not_is_forgotten_with_its_rules(world: World):
    async with world.bot() as bot:
        await bot.paint("sentinel-words")
        async with bot.store.write() as desk:
            await desk.rules.decide(9, "audit", 77)
        going = eraser(bot)
        await going.servers_there([4711])
        await going.servers_there([4711])
        await work(going, time.time() + GRACE + DAY)
        assert found(world, "sentinel") == []
        assert (await bot.store.rules.of(9)).audit is None
        assert await bot.store.traces.servers() == []


async def test_what_was_deleted_while_nobody_listened_is_found_by_looking(world: World):
    async with world.bot() as bot:
        [first, second] = await bot.paint("a house", "sentinel-words")
        expected = set(await eraser(bot).expected(HERE))
        assert expected == {101, 102, first, second}
        for message in expected - {101, first, second}:
            await eraser(bot).unsaid(message)
        await work(eraser(bot))
        assert found(world, "sentinel") == []
        turn = await bot.store.turns.get(101)
        assert turn is not None
        assert turn.words == "a house"


async def test_only_messages_that_stood_in_a_thread_are_expected_there(world: World):
    async with world.bot() as bot:
        [first] = await bot.paint("a house")
        photo = world.cdn.holds("a.png", png("#008080"))
        brought = world.ask("look", photo)
        command = world.ask("add a pond", photo, message=None)
        quoting = world.ask("add a boat", quoted=Quoted(77, BOB.id, (photo,)))
        for each in (brought, command, quoting):
            await bot.hear(each)
            await bot.settle()
        shown = [post.id for post in world.discord.thread()]
        assert set(await eraser(bot).expected(HERE)) == {101, brought.id, quoting.id, first, *shown}


# -- what is too old ---------------------------------------------------------------------------------------------------


async def test_what_is_older_than_a_server_keeps_goes(world: World):
    async with world.bot() as bot:
        await bot.paint("sentinel-words", "make it night")
        async with bot.store.write() as desk:
            await desk.rules.decide(9, "retention_days", 3)
            await desk.query.tell("UPDATE turns SET asked_at = asked_at - :days WHERE id = 101", days=4 * DAY)
        await work(eraser(bot), time.time())
        assert found(world, "sentinel") == []
        numbers = [(await bot.store.versions.find(HERE, each)) for each in (1, 2)]
        assert [each.gone for each in numbers if each] == [True, False]
        assert len(world.discord.thread()) == 2, "Discord's own messages are the server's"


async def test_bytes_that_nothing_needs_are_swept_and_what_came_within_a_day_is_not(world: World):
    async with world.bot() as bot:
        await bot.paint("a house")
        stray = await bot.gallery.put(b"sentinel-bytes")
        await bot.gallery.put_small(stray, 320, b"sentinel-small")
        strays = Strays(bot.store, bot.gallery)
        assert await strays.sweep(time.time() - DAY) == 0
        assert await strays.sweep(time.time() + 60) == 2
        assert found(world, "sentinel") == []
        assert kept_bytes(world) == await digests(bot)


async def test_a_picture_that_comes_again_is_new_to_who_sweeps(world: World):
    async with world.bot() as bot:
        digest = await bot.gallery.put(b"a picture")
        file = next((world.directory / "pictures").rglob(world.keys.name(digest)))
        os.utime(file, (0, 0))
        await bot.gallery.put(b"a picture")
        assert await Strays(bot.store, bot.gallery).sweep(time.time() - DAY) == 0


async def test_an_ask_whose_words_were_deleted_is_not_painted_again(world: World):
    async with world.bot() as bot:
        await bot.paint("a house")
        await eraser(bot).unsaid(101)
        await work(eraser(bot))
        admitted = await bot.studio.hear(world.ask(again=101, message=None))
        assert admitted.refusal is not None
        assert admitted.refusal.startswith("The words of that ask were deleted")


@dataclass(frozen=True)
class Stumbling(Removal):
    """Can't delete what was painted for some asks."""

    over: set[int] = field(default_factory=set)

    async def unreport(self, version: Version) -> None:
        if version.turn in self.over:
            raise RuntimeError(version.turn)
        await super().unreport(version)


async def test_what_can_not_be_erased_holds_nothing_else_up_and_is_tried_again_later_and_later(world: World, caplog):
    async with world.bot() as bot:
        first, second = await bot.paint("a house", "a tree")
        removal = Stumbling(bot.store, bot.gallery, world.discord, CATALOGUE, over={101})
        stumbling, now = Eraser(removal), time.time() + 1
        await stumbling.unsaid(first)
        await stumbling.unsaid(second)
        await work(stumbling, now)
        assert await bot.store.erasures.pending(Scope.MESSAGE, first)
        assert not await bot.store.erasures.pending(Scope.MESSAGE, second)
        for wait in (4, 8):
            await stumbling.step(now + wait)
        waits = [record.args[1] for record in caplog.records if record.levelname == "ERROR"]
        assert waits == [2, 4, 8]
        removal.over.clear()
        await work(stumbling, now + 60)
        assert not await bot.store.erasures.pending(Scope.MESSAGE, first)


def block(world: World, version: Version | None) -> Path:
    """The picture's file can't be deleted: a folder stands in its place, with something in it."""
    path = stands_in(world, version)
    path.unlink()
    (path / "in the way").mkdir(parents=True)
    return path


def unblock(path: Path) -> None:
    """The file can be deleted again."""
    (path / "in the way").rmdir()
    path.rmdir()
    path.write_bytes(b"a picture")


async def told(erasing: Eraser, member: int) -> bool:
    """Whether they read at once that everything is gone."""
    with suppress(TimeoutError):
        async with asyncio.timeout(0.2):
            await erasing.outlast(Scope.MEMBER, member)
            return True
    return False


async def test_a_picture_file_that_can_not_be_deleted_holds_back_only_the_word_that_it_is_gone(world: World, caplog):
    async with world.bot() as bot:
        await bot.paint("a house", "a tree", "a boat")
        shown = [await bot.store.versions.get(HERE, number) for number in (1, 2, 3)]
        bad = min((each for each in shown if each), key=lambda each: each.picture.digest)
        path = block(world, bad)
        forgetting = eraser(bot)
        await forgetting.erase(Scope.MEMBER, ADA.id)
        await work(forgetting, time.time())
        assert kept_bytes(world) == set()
        assert [record.id for record in caplog.records if record.levelname == "ERROR"], "told with a number"
        assert await bot.store.erasures.doomed(9) == [bad.picture.digest]
        assert not await bot.store.erasures.pending(Scope.MEMBER, ADA.id), "who it was is known no more"
        assert not await told(forgetting, ADA.id), "not all of it is gone"
        assert await bot.store.query.all("SELECT 1 FROM turns WHERE words <> ''") == []
        unblock(path)
        await work(forgetting)
        assert kept_bytes(world) == set()
        assert await told(forgetting, ADA.id)


async def test_after_a_restart_who_is_forgotten_again_is_told_no_sooner_that_a_stuck_file_is_gone(world: World):
    async with world.bot() as bot:
        await bot.paint("a house")
        path = block(world, await bot.store.versions.get(HERE, 1))
        await forgotten(bot, 0)
    async with world.bot() as bot:
        forgetting = await forgotten(bot, 0)
        assert not await told(forgetting, ADA.id)
        unblock(path)
        await work(forgetting)
        assert await told(forgetting, ADA.id)
        assert await bot.store.erasures.doomed(9) == []


async def test_a_file_that_was_stuck_before_its_owner_asked_to_be_forgotten_is_waited_for_too(world: World):
    async with world.bot() as bot:
        await bot.paint("a house", "a tree")
        path = block(world, await bot.store.versions.get(HERE, 1))
        await Removal(bot.store, bot.gallery, world.discord, CATALOGUE).remove(HERE, 1)
        forgetting = await forgotten(bot, 0)
        assert not await told(forgetting, ADA.id)
        unblock(path)
        await work(forgetting)
        assert await told(forgetting, ADA.id)


async def test_a_picture_file_of_somebody_else_that_can_not_be_deleted_holds_nobody_back(world: World):
    async with world.bot() as bot:
        await bot.paint("a house")
        for words in ("a hill", "a river"):
            await bot.hear(world.ask(words, member=BOB))
            await bot.settle()
        async with bot.store.write() as desk:
            await desk.query.tell("INSERT INTO locales (member, locale) VALUES (:ada, 'de')", ada=ADA.id)
        forgetting, removal = eraser(bot), Removal(bot.store, bot.gallery, world.discord, CATALOGUE)
        block(world, await bot.store.versions.get(HERE, 2))
        await removal.remove(HERE, 2)
        await work(forgetting, time.time())
        await forgetting.erase(Scope.MEMBER, ADA.id)
        block(world, await bot.store.versions.get(HERE, 3))
        await removal.remove(HERE, 3)
        await work(forgetting, time.time())
        assert len(await bot.store.erasures.doomed(9)) == 2
        assert not await bot.store.erasures.pending(Scope.MEMBER, ADA.id)
        assert await told(forgetting, ADA.id)
        assert await bot.store.query.all("SELECT 1 FROM locales") == []


async def test_a_file_that_can_not_be_deleted_is_waited_for_by_whose_picture_it_is_and_not_by_who_brought_it(
    world: World,
):
    async with world.bot() as bot:
        await bring(bot)
        path = block(world, await bot.store.versions.get(HERE, 1))
        forgetting = await forgotten(bot, 0)
        await forgetting.erase(Scope.MEMBER, BOB.id)
        await work(forgetting, time.time())
        assert await told(forgetting, BOB.id)
        assert not await told(forgetting, ADA.id)
        unblock(path)
        await work(forgetting)
        assert await told(forgetting, ADA.id)


async def test_when_who_brought_it_is_forgotten_first_a_file_that_is_stuck_is_still_its_owners(world: World):
    async with world.bot() as bot:
        await bring(bot)
        block(world, await bot.store.versions.get(HERE, 1))
        forgetting = eraser(bot)
        for member in (BOB.id, ADA.id):
            await forgetting.erase(Scope.MEMBER, member)
            await work(forgetting, time.time())
        assert await told(forgetting, BOB.id)
        assert not await told(forgetting, ADA.id)


@dataclass
class Clumsy:
    """A postman who can't delete a message."""

    bot: Bot
    message: int

    async def erase(self, channel: int, message: int) -> None:
        if message == self.message:
            raise RuntimeError(message)
        await self.bot.world.discord.erase(channel, message)


async def test_a_message_that_can_not_be_taken_down_holds_no_other_back(world: World, caplog):
    async with world.bot() as bot:
        first, second = await bot.paint("a house", "a tree")
        await forgotten(bot)
        clumsy = Clumsy(bot, first)
        unposting = Unposting(bot.store, cast("Postman", clumsy))
        assert await unposting.step()
        assert [post.id for post in world.discord.thread()] == [first]
        assert [record.id for record in caplog.records if record.levelname == "ERROR"]
        assert not await unposting.step(), "it is not its time"
        clumsy.message = second
        unposting = Unposting(bot.store, cast("Postman", clumsy))
        await unposting.step()
        assert world.discord.thread() == []


async def test_what_is_to_go_from_a_closed_thread_waits_until_it_is_open_and_holds_no_other_back(world: World, caplog):
    async with world.bot() as bot:
        await bot.paint("a house")
        await bot.hear(world.ask("a tree", place=Place(51, 9)))
        await bot.settle()
        await forgotten(bot)
        world.discord.fail("erase", "closed", forever=True)
        unposting = Unposting(bot.store, world.discord)
        assert await unposting.step()
        assert not await unposting.step()
        assert [len(world.discord.thread(place)) for place in (HERE, 51)] == [1, 0]
        unposting.opened(HERE)
        assert await unposting.step()
        assert world.discord.thread() == []
        assert await bot.store.erasures.unposted(9) == []


async def test_a_read_that_fails_between_two_erasures_ends_nothing(world: World, monkeypatch):
    async with world.bot() as bot:
        [first] = await bot.paint("a house")
        forgetting, waits, failed = eraser(bot), Eraser._waits, asyncio.Event()

        async def failing() -> bool:
            if failed.is_set():
                return await waits(forgetting)
            failed.set()
            raise Trouble("database is locked")

        monkeypatch.setattr(forgetting, "_waits", failing)
        running = asyncio.create_task(forgetting.run())
        await failed.wait()
        await forgetting.unsaid(first)
        async with asyncio.timeout(5):
            await forgetting.outlast(Scope.MESSAGE, first)
        running.cancel()
        await asyncio.wait([running])
        assert running.cancelled()
