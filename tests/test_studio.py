import asyncio
import logging
import random
import sqlite3
import time
from collections import Counter
from contextlib import closing
from dataclasses import replace
from typing import Any

import aiosqlite
import pytest

from bot.errors import Crowded, Declined
from bot.letters import Pace
from bot.model import Ask, Painted, Place
from bot.moments import DAY
from bot.quota import Claim, Fence, Unit, Whose
from bot.studio import open_studio
from tests.players import ADA, BOB, CATALOGUE, Answer, Bot, World, late_png, png

AT_ONCE = Pace(quiet=0.0, pause=0.01, longest_pause=0.02)
NEW_THREAD = Place(70, 7, server=9, title="a cat", ours=True)
REFUSED = Declined("declined_image_safety", reason="IMAGE_SAFETY")


# -- one edit after the other


async def test_an_ask_is_painted_and_posted_once_with_its_receipt(world):
    async with world.bot() as bot:
        await bot.hear(world.ask("a red house"))
        await bot.settle()
        assert world.discord.said() == ["-# v1 · “a red house” · 6.2 s · $0.04"]
        [post] = world.discord.thread()
        assert (post.files, post.letter.reply_to, post.letter.ping) == (("easel-101-v1.png",), 101, None)
        assert post.letter.files[0].alt == "AI image: a red house"
        assert await bot.states() == {101: "posted"}


async def test_an_edit_asks_the_database_in_no_more_than_nine_trips(world, monkeypatch):
    trips = list[Any]()
    there: Any = aiosqlite.Connection._execute

    async def counted(connection, talk, *values, **named):
        trips.append(talk)
        return await there(connection, talk, *values, **named)

    async with world.bot() as bot:
        await bot.paint("a cat", "bluer")
        monkeypatch.setattr(aiosqlite.Connection, "_execute", counted)
        await bot.hear(world.ask("bigger", overheard=True))
        await bot.until(lambda: len(world.discord.receipts()) == 3)
        await bot.settle()
        assert len(trips) <= 9


async def test_plain_words_are_painted_one_after_the_other_each_from_the_one_before(world):
    gate = world.painter.hold()
    async with world.bot() as bot:
        await bot.hear(*(world.ask(words) for words in ("a cat", "bluer", "bigger")))
        await bot.until(lambda: world.painter.requests)
        gate.set()
        await bot.settle()
        assert world.painter.most == 1
        assert world.discord.receipts() == ["v1 · “a cat”", "v2 ← v1 · “bluer”", "v3 ← v2 · “bigger”"]


async def test_people_who_reply_to_different_pictures_paint_side_by_side(world):
    async with world.bot() as bot:
        first, second = await bot.paint("a cat", "a dog")
        gate = world.painter.hold()
        await bot.hear(world.ask("bluer", reply=first), world.ask("redder", reply=second, member=BOB))
        await bot.until(lambda: world.painter.under_way == 2)
        gate.set()
        await bot.settle()
        assert sorted(line[3:] for line in world.discord.receipts()[2:]) == ["← v1 · “bluer”", "← v2 · “redder”"]


async def test_a_reply_to_an_older_picture_branches_from_exactly_that_one(world):
    async with world.bot() as bot:
        posts = await bot.paint("a cat", "bluer", "bigger")
        await bot.hear(world.ask("greener", reply=posts[0]))
        await bot.settle()
        request = world.painter.requests[-1]
        [base] = [part.picture for part in request.contents[0].parts if isinstance(part, Painted)]
        [v1] = await bot.store.versions.of_turn(101)
        assert base == v1.picture
        await bot.paint("and smaller")
        assert world.discord.receipts()[-2:] == ["v4 ← v1 · “greener”", "v5 ← v4 · “and smaller”"]


async def test_no_more_are_painted_at_once_than_there_are_places(world):
    async with world.bot(places=2) as bot:
        gate = world.painter.hold()
        asks = [world.ask("a cat", place=Place(number, number, ours=True)) for number in range(60, 66)]
        await bot.hear(*asks)
        await bot.until(lambda: world.painter.under_way == 2)
        gate.set()
        await bot.settle()
        assert (world.painter.most, len(world.painter.requests)) == (2, 6)


async def test_nothing_is_kept_in_memory_of_what_is_done(world):
    async with world.bot() as bot:
        world.painter.will(["words"], REFUSED, RuntimeError())
        await bot.paint("a cat", "bluer", "bigger", "greener")
        studio = bot.studio
        assert not studio._lives
        assert not studio._chores
        assert not studio._crew.reception.lanes._lanes
        assert not studio._crew.reception.lanes._arrivals
        assert not studio._crew.reception.lanes._whose
        assert studio._crew.turnstile._free == 100


# -- failures


async def test_a_failure_says_why_and_costs_nothing_and_the_next_edit_works(world):
    async with world.bot() as bot:
        await bot.paint("a cat")
        world.painter.will(REFUSED)
        await bot.paint("something else")
        assert world.discord.said()[-1] == CATALOGUE.tell(REFUSED)
        failed = await bot.store.turns.get(102)
        assert failed.dollars == 0
        await bot.paint("bluer")
        assert world.discord.receipts()[-1] == "v2 ← v1 · “bluer”"


async def test_a_child_of_a_failed_edit_falls_back_and_its_receipt_says_so(world):
    async with world.bot() as bot:
        await bot.paint("a cat")
        gate = world.painter.hold()
        world.painter.will(REFUSED)
        await bot.hear(world.ask("something else"), world.ask("bluer"))
        gate.set()
        await bot.settle()
        assert world.discord.said()[-1].splitlines() == [
            "-# v2 ← v1 · “bluer” · 6.2 s · $0.04",
            "-# The edit before this one came to nothing, so I started from v1.",
        ]


async def test_a_child_of_a_first_picture_that_failed_starts_on_a_blank_canvas_and_says_so_once(world):
    async with world.bot() as bot:
        gate = world.painter.hold()
        world.painter.will(REFUSED)
        await bot.hear(world.ask("something"), world.ask("a cat"))
        await bot.until(lambda: world.painter.under_way)
        gate.set()
        await bot.settle()
        assert world.discord.said()[-1].count("so I started from a blank canvas") == 1


async def test_after_a_failed_branch_plain_words_edit_what_was_the_head_before_it(world):
    async with world.bot() as bot:
        posts = await bot.paint("a cat", "bluer")
        world.painter.will(REFUSED)
        await bot.hear(world.ask("something else", reply=posts[0]))
        await bot.settle()
        await bot.paint("bigger")
        assert world.discord.receipts()[-1] == "v3 ← v2 · “bigger”"


# -- cancelled and changed


async def test_a_child_whose_parent_is_cancelled_waits_for_the_edit_before_that(world):
    async with world.bot() as bot:
        await bot.paint("a cat")
        gate = world.painter.hold()
        first, second, third = (world.ask(words) for words in ("bluer", "bigger", "greener"))
        await bot.hear(first, second, third)
        await bot.studio.withdraw(second.id)
        gate.set()
        await bot.settle()
        assert world.discord.receipts()[-2:] == [
            "v2 ← v1 · “bluer”",
            "The edit before this one came to nothing, so I started from v2.",
        ]


async def test_in_a_thread_that_was_deleted_nothing_more_is_painted(world):
    async with world.bot() as bot:
        gate = world.painter.hold()
        first, waiting = world.ask("a cat"), world.ask("bluer")
        await bot.hear(first, waiting, world.ask("a dog", place=Place(60, 60, server=9, ours=True)))
        late = world.ask("redder", world.cdn.holds("late.png", late_png))
        hearing = asyncio.create_task(bot.studio.hear(late))
        await bot.until(lambda: len(world.painter.requests) == 2)
        await bot.studio.abandon(50)
        gate.set()
        await hearing
        await bot.settle()
        assert await bot.states() == {101: "posted", 102: "cancelled", 103: "posted", 104: "cancelled"}


async def test_an_ask_withdrawn_in_its_first_moment_keeps_nobody_waiting(world):
    async with world.bot() as bot:
        for moment in range(8):
            first = world.ask("bluer")
            await bot.hear(first)
            life = bot.studio._lives[first.id]
            await bot.hear(world.ask("bigger"))
            for _ in range(moment):
                await asyncio.sleep(0)
            life.cancel()
            await bot.settle()
            assert life.painted.is_set()


# -- pictures that members bring


async def test_an_uploaded_picture_is_a_version_at_once_and_words_edit_it(world):
    async with world.bot() as bot:
        await bot.hear(world.ask("", world.cdn.holds("cat.png", png())))
        await bot.settle()
        assert world.discord.said() == ["v1: got it. What shall I change?"]
        assert world.painter.requests == []
        await bot.paint("bluer")
        assert world.discord.receipts()[-1].startswith("v2 ← v1")


async def test_of_several_uploads_words_edit_the_first_and_a_reply_the_one_it_names(world):
    async with world.bot() as bot:
        await bot.hear(world.ask("", world.cdn.holds("a.png", png()), world.cdn.holds("b.png", png("blue"))))
        await bot.settle()
        [greeting] = world.discord.thread()
        assert greeting.text.startswith("v1–v2: got them.")
        await bot.hear(world.ask("v2 bluer", reply=greeting.id))
        await bot.settle()
        assert world.discord.receipts()[-1].startswith("v3 ← v2")


async def test_pictures_that_cannot_be_used_are_named_in_the_receipt(world):
    async with world.bot() as bot:
        await bot.hear(world.ask("a cat", world.cdn.holds("a.png", png()), world.cdn.holds("b.txt", b"words")))
        await bot.settle()
        assert world.discord.receipts()[-1] == "Left out: b.txt is not a picture that I can read."


async def test_a_picture_alone_is_worked_in_and_can_be_made_the_base_instead(world):
    async with world.bot() as bot:
        await bot.paint("a cat")
        hat = world.ask("", world.cdn.holds("hat.png", png("blue")))
        await bot.hear(hat)
        await bot.settle()
        *row, button = world.discord.thread()[-1].letter.buttons
        assert button.id == f"base:{hat.id}"
        assert {each.id.partition(":")[2] for each in row} == {"2"}
        based = [await bot.studio.use_as_base(hat.id) for _ in range(2)]
        assert [version.number for version in based] == [3, 3]
        await bot.paint("bluer")
        assert world.discord.receipts()[-1] == "v4 ← v3 “hat.png” · “bluer”"
        assert sum(turn["micros"] for turn in await bot.store.query.all("SELECT micros FROM turns")) == 120_000


async def test_only_a_turn_with_a_brought_picture_has_one_to_offer(world):
    async with world.bot() as bot:
        await bot.paint("a cat")
        assert await bot.studio.use_as_base(101) is None
        assert await bot.studio.use_as_base(999) is None


# -- after a stop


async def test_what_was_asked_and_not_begun_is_painted_after_a_crash(world):
    async with world.bot(places=0) as bot:
        await bot.hear(world.ask("a cat"), world.ask("bluer"))
        await bot.kill()
        assert await bot.states() == {101: "asked", 102: "asked"}
    async with world.bot() as bot:
        await bot.settle()
        assert world.discord.receipts() == ["v1 · “a cat”", "v2 ← v1 · “bluer”"]


async def test_a_stop_finishes_what_is_being_painted_and_keeps_the_rest_for_the_next_start(world):
    async with world.bot() as bot:
        gate = world.painter.hold()
        await bot.hear(world.ask("a cat"), world.ask("bluer"))
        await bot.until(lambda: world.painter.under_way)
        stopping = asyncio.create_task(bot.stop())
        await asyncio.sleep(0.01)
        await bot.hear(world.ask("too late"))
        gate.set()
        await stopping
        assert await bot.states() == {101: "posted", 102: "asked"}
        assert world.discord.receipts() == ["v1 · “a cat”"]
    async with world.bot() as bot:
        await bot.settle()
        assert world.discord.receipts() == ["v1 · “a cat”", "v2 ← v1 · “bluer”"]
        assert len(world.painter.requests) == 2


async def test_a_stop_does_not_wait_longer_than_it_is_told(world):
    async with world.bot() as bot:
        gate = world.painter.hold()
        await bot.hear(world.ask("a cat"))
        await bot.until(lambda: world.painter.under_way)
        began = time.monotonic()
        await bot.stop(0.05)
        assert time.monotonic() - began < 1
        assert await bot.states() == {101: "painting"}
    gate.set()


async def test_a_stop_is_not_held_up_by_a_discord_that_does_not_answer(world):
    async with world.bot(pace=AT_ONCE) as bot:
        world.painter.hold()
        gate = world.discord.block("send")
        await bot.hear(world.ask("a cat"))
        await bot.until(lambda: "send" in world.discord.calls)
        began = time.monotonic()
        await bot.stop(0.05)
        assert time.monotonic() - began < 1
        gate.set()


async def test_an_ask_admitted_while_the_bot_stops_is_painted_by_the_next(world):
    async with world.bot() as bot:
        hearing = asyncio.create_task(bot.studio.hear(world.ask("a cat", world.cdn.holds("a.png", late_png))))
        await bot.until(lambda: world.cdn.asked)
        await bot.studio.drain(5)
        await hearing
        assert (await bot.states())[101] == "asked"
    async with world.bot() as bot:
        await bot.settle()
        assert len(world.discord.said()) == 1


async def test_leaving_the_studio_drains_it(world):
    async with world.bot() as bot:
        async with open_studio(bot.studio._crew, 5.0) as studio:
            await studio.hear(world.ask("a cat"))
            await bot.until(lambda: world.painter.requests)
        assert world.discord.receipts() == ["v1 · “a cat”"]


async def test_a_chore_that_comes_after_the_end_is_none(world):
    begun: list[str] = []

    async def chore() -> None:
        begun.append("chore")

    async with world.bot() as bot:
        async with open_studio(bot.studio._crew, 5.0) as studio:
            studio.do(chore, "a chore")
        studio.do(chore, "a late chore")
        assert begun == ["chore"]


# -- threads that are still to be opened


async def test_a_thread_is_opened_before_anything_is_said_in_it(world):
    async with world.bot() as bot:
        await bot.hear(world.ask("a cat", id=NEW_THREAD.conversation, place=NEW_THREAD, message=None))
        await bot.settle()
        assert world.discord.calls[:2] == ["open", "send"]
        assert world.discord.opened == [70]
        assert world.discord.said(70) == ["-# v1 · “a cat” · 6.2 s · $0.04"]


async def test_the_bot_is_seen_typing_where_its_thread_is_there_and_not_before(world):
    async with world.bot(pace=AT_ONCE) as bot:
        opened, painted = world.discord.block("open"), world.painter.hold()
        await bot.hear(world.ask("a cat", place=NEW_THREAD, message=None))
        await asyncio.sleep(0.05)
        assert world.discord.calls == ["open"]
        opened.set()
        await bot.until(lambda: world.discord.typed == [70])
        painted.set()
        await bot.settle()


async def test_a_thread_that_discord_could_not_open_at_once_is_opened_later(world):
    async with world.bot() as bot:
        for _ in range(3):
            world.discord.fail("open")
        await bot.hear(world.ask("a cat", place=NEW_THREAD, message=None))
        await bot.settle()
        assert len(world.discord.said(70)) == 1


@pytest.mark.parametrize("alone", [False, True])
async def test_where_no_thread_may_be_opened_the_asker_reads_why_once_and_pays_nothing(world, alone):
    async with world.bot() as bot:
        world.discord.fail("open", "thread_refused", forever=True)
        files = [world.cdn.holds("a.png", png())] if alone else []
        await bot.hear(world.ask("" if alone else "a cat", *files, place=NEW_THREAD, message=None))
        await bot.settle()
        assert world.discord.said(7)[0].startswith("I can't open a thread from this message")
        assert world.discord.thread(7)[0].letter.reply_to == 70
        assert await bot.store.turns.unfinished() == []
        assert (await bot.store.turns.conversation(70)).head is None
    async with world.bot() as bot:
        await bot.settle()
        assert (len(world.discord.posts), world.painter.requests) == (1, [])


async def test_a_bug_in_a_chore_takes_nobodys_picture_with_it(world, caplog, monkeypatch):
    async with world.bot(pace=AT_ONCE) as bot:

        async def broken(*_):
            raise RuntimeError

        monkeypatch.setattr(world.discord, "erase", broken)
        gate = world.painter.hold()
        await bot.hear(world.ask("a cat"))
        await bot.until(world.discord.statuses)
        gate.set()
        with caplog.at_level(logging.CRITICAL):
            await bot.settle()
            await bot.paint("bluer")
        assert [post.files for post in world.discord.thread() if post.files] == [
            ("easel-101-v1.png",),
            ("easel-102-v2.png",),
        ]


# -- whatever happens


class Chaos:
    """People, a model and a Discord without any manners, over several lives of the bot; the seed decides."""

    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.chance = random.Random(seed)
        self.asks: list[Ask] = []

    async def live(self) -> None:
        """One process, from its start to a stop or a kill."""
        self.world.painter.answers.extend(self.answer() for _ in range(6))
        async with self.world.bot(places=self.chance.choice([1, 2, 100]), pace=AT_ONCE) as bot:
            async with asyncio.TaskGroup() as group:
                for _ in range(8):
                    group.create_task(self.happen(bot))
                    await asyncio.sleep(self.chance.choice([0, 0, 0.002, 0.01]))
            await (bot.kill() if self.chance.random() < 0.6 else bot.stop(self.chance.choice([0.0, 0.01, 1.0])))
        if self.chance.random() < 0.5:
            self.world.discord._nonces.clear()

    async def happen(self, bot: Bot) -> None:
        chance, studio = self.chance, bot.studio
        match chance.choice(["ask", "ask", "ask", "reply", "again", "withdraw", "cancel", "rewrite", "fault"]):
            case "fault":
                self.world.discord.fail(chance.choice(["send", "own", "edit", "erase"]), done=chance.random() < 0.5)
            case "again" if self.asks:
                await studio.hear(chance.choice(self.asks))
            case "withdraw" if self.asks:
                await studio.withdraw(chance.choice(self.asks).id)
            case "cancel" if self.asks:
                await studio.cancel(chance.choice(self.asks).id)
            case "rewrite" if self.asks:
                await studio.rewrite(replace(chance.choice(self.asks), words="other words"))
            case "reply" if posts := [*self.world.discord.posts]:
                await self.ask(bot, reply=chance.choice(posts))
            case _:
                await self.ask(bot)

    async def ask(self, bot: Bot, **others: object) -> None:
        files = [self.world.cdn.holds("a.png", png())] if self.chance.random() < 0.2 else []
        count = self.chance.choice([None, None, 3])
        self.asks.append(self.world.ask("v1 and other words", *files, count=count, **others))
        await bot.studio.hear(self.asks[-1])

    def answer(self) -> Answer:
        answers: list[Answer] = [[png("red")], ["Which one?"], REFUSED, Crowded("crowded_quota"), RuntimeError("a bug")]
        answers += [["One.", png("red"), "Two.", png("blue")], [png("red"), png("blue")]]
        return self.chance.choice(answers)


@pytest.mark.parametrize("seed", range(20))
async def test_whatever_happens_each_ask_is_painted_at_most_twice_and_answered_exactly_once(world, seed, caplog):
    caplog.set_level(logging.CRITICAL)
    chaos = Chaos(world, seed)
    for _ in range(4):
        await chaos.live()
    world.discord._faults.clear()
    async with world.bot() as bot:
        await bot.hear(*chaos.asks)  # as the catch-up does
        await bot.settle()
        assert set((await bot.states()).values()) <= {"posted", "cancelled"}
        assert [post for post in world.discord.statuses() if post.id in world.discord.posts] == []
        files = Counter(name for post in world.discord.thread() for name in post.files)
        turns = await bot.store.query.all("SELECT id, failure, kind, state, attempts, count FROM turns WHERE id > 0")
        for turn in (each for each in turns if (each["kind"], each["state"]) == ("paint", "posted")):
            versions = await bot.store.versions.of_turn(turn["id"])
            nonce = f"{turn['id']}-v{versions[0].number}" if versions else f"{turn['id']}-0"
            shown = [post for post in world.discord.thread() if post.letter.nonce == nonce]
            assert len(shown) == 1
            assert [files[f"easel-{turn['id']}-v{each.number}.png"] for each in versions] == [1] * len(versions)
            assert turn["attempts"] <= 2
        for ask in chaos.asks:
            assert await bot.store.messages.heard(ask.id)
        claimed = {row["turn"]: row for row in await bot.store.query.all("SELECT * FROM claims")}
        assert claimed.keys() == {turn["id"] for turn in turns if turn["kind"] == "paint"}
        outcomes: dict[int, list[str]] = {}
        for call in await bot.store.query.all("SELECT turn, outcome FROM calls"):
            outcomes.setdefault(call["turn"], []).append(call["outcome"])
        for turn in (each for each in turns if each["kind"] == "paint"):
            called = turn["state"] == "cancelled" and "cancelled" in outcomes.get(turn["id"], [])
            painted = turn["state"] == "posted" and turn["failure"] is None
            assert claimed[turn["id"]]["state"] == "settled" or not (painted or called)
            assert (claimed[turn["id"]]["micros"] > 0) == (painted or called)
            assert claimed[turn["id"]]["pictures"] <= turn["count"]
            assert claimed[turn["id"]]["waiting"] == 0
        taken = await bot.store.query.all("SELECT count(*) AS calls FROM calls GROUP BY turn, take")
        assert all(row["calls"] <= 2 for row in taken)


# -- claims that nothing would end


@pytest.mark.parametrize("state", ["held", "called"])
@pytest.mark.parametrize("lost", ["the turn", "its end"])
async def test_a_claim_without_a_turn_that_lives_is_given_back_by_the_next_start(world, state, lost):
    """A call of its that may be charged stays in the operator's money, and is nobody's."""
    operators = Fence("over_budget", Unit.MONEY, Whose.EVERYBODY, DAY, 10**9)
    members = Fence("over_member_hour", Unit.PICTURES, Whose.MEMBER, DAY, 10**9)
    async with world.bot() as bot:
        await bot.paint("a house")
        with closing(sqlite3.connect(world.directory / "easel.db", isolation_level=None)) as database:
            database.execute(
                "UPDATE claims SET state = ?, pictures = 1, micros = 40000, waiting = 40000 WHERE turn = 101", (state,)
            )
            changed = {
                "called": "UPDATE calls SET outcome = NULL, ended_at = NULL",
                "held": "DELETE FROM calls; DELETE FROM hours",
            }
            database.executescript(changed[state])
            database.execute("DELETE FROM parts")
            if lost == "the turn":
                database.execute("PRAGMA foreign_keys = OFF")
                database.execute("DELETE FROM turns")
    async with world.bot() as bot:
        claim = await bot.store.query.one("SELECT state, pictures, micros, waiting FROM claims")
        assert tuple(claim) == ("returned", 0, 0, 0)
        asked = Claim(ADA.id, 9, 1, 1)
        micros, pictures = await bot.store.ledger.used([operators, members], asked, time.time())
        assert (micros > 0, pictures) == (state == "called", 0)
