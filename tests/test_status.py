import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from bot.config import Limits
from bot.letters import Button, Pace
from bot.model import Memory, Place, Turn
from bot.status import APART, SHORTEST, Estimates, Promise, Queue, Span, Status
from bot.store import open_store
from tests.players import ADA, CATALOGUE, MODEL, SETTINGS, THREAD, World

AT_ONCE = Pace(quiet=0.0, pause=0.01, longest_pause=0.02)


async def test_a_quick_answer_has_no_status(world):
    async with world.bot() as bot:
        await bot.paint("a cat")
        assert world.discord.statuses() == []
        assert world.discord.calls == ["send"]


async def test_a_status_tells_how_far_an_ask_has_come_and_is_gone_at_the_end(world):
    async with world.bot() as bot:
        await bot.paint("a cat")
    async with world.bot(pace=AT_ONCE) as bot:
        gate = world.painter.hold()
        await bot.hear(world.ask("bluer"), world.ask("bigger"))
        await bot.until(lambda: [post.text[0] for post in world.discord.statuses()] in (["🎨", "🕰"], ["🕰", "🎨"]))
        painting, waiting = sorted(world.discord.statuses(), key=lambda post: post.letter.reply_to)
        times = r" · expected <t:\d+:R>, at the latest <t:\d+:R>"
        assert re.fullmatch(r"🎨 Painting “bluer” from v1" + times, painting.text)
        assert re.fullmatch(r"🕰️ “bigger” waits for the edit before it" + times, waiting.text)
        assert painting.letter.buttons == (Button("Cancel (counts)", "cancel:102"),)
        assert waiting.letter.buttons == (Button("Cancel", "cancel:103"),)
        assert (waiting.letter.reply_to, waiting.letter.ping) == (103, None)
        gate.set()
        await bot.settle()
        assert len(world.discord.erased) == 2
        assert await bot.store.messages.statuses() == []


async def test_a_status_that_was_posted_without_our_hearing_of_it_is_taken_away(world):
    async with world.bot(pace=AT_ONCE) as bot:
        world.discord.fail("send", done=True)
        gate = world.painter.hold()
        await bot.hear(world.ask("a cat"))
        await bot.until(world.discord.statuses)
        world.discord._nonces.clear()
        gate.set()
        await bot.settle()
        assert len(world.discord.erased) == 1
        assert world.discord.receipts() == ["v1 · “a cat”"]


async def test_a_status_is_taken_away_even_where_discord_failed_in_between(world):
    async with world.bot(pace=AT_ONCE) as bot:
        gate = world.painter.hold()
        await bot.hear(world.ask("a cat"))
        await bot.until(world.discord.statuses)
        world.discord.fail("edit", forever=True)
        for _ in range(3):
            world.discord.fail("erase")
        await bot.hear(world.ask("bluer"))
        gate.set()
        await bot.settle()
        assert [post for post in world.discord.statuses() if post.id in world.discord.posts] == []


async def test_a_status_that_somebody_deleted_stops_nothing(world):
    async with world.bot(pace=AT_ONCE) as bot:
        await bot.paint("a cat")
        gate = world.painter.hold()
        await bot.hear(world.ask("bluer"), world.ask("bigger"))
        await bot.until(lambda: len(world.discord.statuses()) == 3)
        for post in world.discord.statuses():
            world.discord.posts.pop(post.id, None)
        gate.set()
        await bot.settle()
        assert world.discord.receipts() == ["v1 · “a cat”", "v2 ← v1 · “bluer”", "v3 ← v2 · “bigger”"]


async def test_a_status_is_left_at_a_stop_and_taken_over_by_the_next_start(world):
    async with world.bot(pace=AT_ONCE) as bot:
        gate = world.painter.hold()
        await bot.hear(world.ask("a cat"), world.ask("bluer"))
        await bot.until(lambda: len(world.discord.statuses()) == 2)
        await bot.stop(0.0)
        assert len(world.discord.posts) == 2
    async with world.bot(pace=AT_ONCE) as bot:
        await bot.until(lambda: any("once more" in post.text for post in world.discord.statuses()))
        assert len(world.discord.posts) == 2
        gate.set()
        await bot.settle()
        assert [post.files for post in world.discord.thread()] == [("easel-101-v1.png",), ("easel-102-v2.png",)]


async def test_statuses_left_by_a_killed_process_are_swept_away(world):
    async with world.bot(pace=AT_ONCE) as bot:
        gate = world.painter.hold()
        world.discord.block("erase")
        await bot.hear(world.ask("a cat"))
        await bot.until(world.discord.statuses)
        gate.set()
        await bot.until(lambda: "erase" in world.discord.calls)
        await bot.until(lambda: not bot.studio._lives)
        await bot.kill()
    world.discord._gates.clear()
    for _ in range(3):
        world.discord.fail("erase")
    async with world.bot() as bot:
        await bot.settle()
        assert [post for post in world.discord.statuses() if post.id in world.discord.posts] == []
        assert world.discord.receipts() == ["v1 · “a cat”"]


async def test_a_status_goes_though_its_ask_is_withdrawn_in_the_first_moment_of_the_next_start(world):
    there = Place(70, 7, server=9, title="a cat", ours=True)
    async with world.bot(places=1, pace=AT_ONCE) as bot:
        world.painter.hold()
        await bot.hear(world.ask("a dog"))
        await bot.until(lambda: world.painter.under_way)
        await bot.hear(world.ask("a cat", id=70, place=there, message=None))
        await bot.until(lambda: any(post.letter.channel == 70 for post in world.discord.statuses()))
        await bot.stop(0.0)
    opened = world.discord.block("open")
    async with world.bot(places=1, pace=AT_ONCE) as bot:
        await bot.studio.withdraw(70)
        opened.set()
        await bot.until(lambda: not world.discord.thread(70))


async def test_a_status_goes_though_the_disk_was_full_when_it_was_to_be_noted(world):
    async with world.bot(pace=AT_ONCE) as bot:
        sent, painted = world.discord.block("send"), world.painter.hold()
        await bot.hear(world.ask("a cat"))
        await bot.until(lambda: "send" in world.discord.calls)
        await bot.store._database.writer.execute("PRAGMA query_only = ON")
        sent.set()
        await bot.until(world.discord.statuses)
        await asyncio.sleep(0.05)
        await bot.store._database.writer.execute("PRAGMA query_only = OFF")
        painted.set()
        await bot.settle()
        assert world.discord.receipts() == ["v1 · “a cat”"]


async def test_a_status_whose_ask_was_deleted_before_it_was_noted_is_swept_away_after_a_kill(world):
    async with world.bot(pace=AT_ONCE) as bot:
        gate = world.painter.hold()
        await bot.hear(world.ask("a cat"))
        await bot.until(world.discord.statuses)
        await bot.kill()
        async with bot.store.write() as desk:
            await desk.query.tell("DELETE FROM messages WHERE kind = 'status' AND id > 0")
    [status] = world.discord.statuses()
    status.letter = replace(status.letter, reply_to=None)  # as Discord posts it when there is nothing to reply to
    gate.set()
    async with world.bot(pace=AT_ONCE) as bot:
        await bot.settle()
        assert [post for post in world.discord.statuses() if post.id in world.discord.posts] == []


async def test_an_answer_in_words_that_looks_like_a_status_is_never_taken_away(world):
    async with world.bot() as bot:
        world.painter.will(["🎨 Which colour?"])
        await bot.paint("a cat")
        async with bot.store.write() as desk:
            await desk.query.tell("UPDATE turns SET state = 'painted'")
    async with world.bot() as bot:
        await bot.settle()
        assert world.discord.said()[0].startswith("🎨 Which colour?")


async def test_a_pause_that_google_asks_for_is_told(world):
    async with world.bot(pace=AT_ONCE) as bot:
        world.painter.pause = 30.0
        gate = world.painter.hold()
        await bot.hear(world.ask("a cat"))
        await bot.until(lambda: any(post.text.startswith("⏳") for post in world.discord.statuses()))
        gate.set()
        await bot.settle()


async def test_a_status_that_never_arrived_is_not_looked_for_again(world):
    async with world.bot(pace=AT_ONCE) as bot:
        world.discord.fail("send")
        gate = world.painter.hold()
        await bot.hear(world.ask("a cat"))
        await bot.until(lambda: "send" in world.discord.calls)
        gate.set()
        await bot.settle()
        assert await bot.store.messages.statuses() == []


async def test_the_bot_is_seen_typing_before_it_says_what_it_does(world):
    async with world.bot(pace=Pace(typing=0.01, quiet=30.0, pause=0.01)) as bot:
        gate = world.painter.hold()
        await bot.hear(world.ask("a cat"))
        await bot.until(lambda: world.discord.typed == [50])
        gate.set()
        await bot.settle()
        assert world.discord.statuses() == []


@asynccontextmanager
async def painting(world: World, pace: Pace = AT_ONCE) -> AsyncIterator[Status]:
    """A turn's status, shown at once."""
    async with open_store(world.directory) as store, asyncio.TaskGroup() as group:
        turn = Turn(101, 50, ADA, "a cat", MODEL.id, 0.0, message=101)
        async with store.write() as desk:
            await desk.turns.open(THREAD, Memory.FOCUSED)
            await desk.turns.add(turn)
        status = Status(turn, store, world.discord, CATALOGUE, pace)
        group.create_task(status.run())
        yield status
        status.close()


async def said(world: World, words: str) -> None:
    async with asyncio.timeout(10):
        while not (world.discord.said() and words in world.discord.said()[0]):  # noqa: ASYNC110 - another task's doing
            await asyncio.sleep(0.001)


async def test_a_painting_that_takes_longer_than_it_was_told_gets_another_time_and_few_of_them(world):
    async with painting(world) as status:
        status.show("painting", Span(0.02, 0.05))
        await said(world, "it takes longer than usual · expected <t:")
        await asyncio.sleep(0.1)
        [post] = world.discord.thread()
        assert len(post.texts) == 2


async def test_after_a_pause_that_google_asked_for_the_status_says_that_it_is_painted_again(world):
    async with painting(world) as status:
        status.show("painting", Span(30.0, 40.0))
        await said(world, "🎨 Painting")
        status.show("held", Span(0.05, 0.05))
        await said(world, "⏳")
        await said(world, "🎨 Painting “a cat” · expected")


async def test_a_status_says_its_place_in_the_queue_and_is_edited_only_where_that_changed(world):
    async with painting(world, Pace(typing=0.0, quiet=0.0, step=0.01)) as status:
        place = 12
        status.queue(Queue(Span(60.0, 90.0), 4, lambda: place))
        await said(world, "“a cat” is number 12 in the queue · expected <t:")
        await asyncio.sleep(0.1)
        [post] = world.discord.thread()
        assert len(post.texts) == 1
        place = 1
        await said(world, "“a cat” is next in the queue")
        assert [each.label for each in post.letter.buttons] == ["Cancel"]
        status.show("painting", Span(60.0, 90.0))
        await said(world, "🎨 Painting")
        assert [each.label for each in post.letter.buttons] == ["Cancel (counts)"]
        assert len(post.texts) == 3


def test_what_is_expected_of_a_queue_is_everybody_ahead_and_ones_own_time():
    promise = Queue(Span(60.0, 90.0), 4, lambda: 8).promise()
    assert (promise.until - promise.since, promise.latest - promise.since) == pytest.approx((180.0, 270.0))


def test_each_promise_that_was_not_kept_is_followed_by_one_twice_as_late():
    told = Promise("painting", 100.0, 110.0, 120.0)
    assert told.at(119.0) is told
    assert [told.at(now) for now in (120.0, 139.0)] == [Promise("slow", 100.0, 130.0, 140.0)] * 2
    assert Promise("slow", 100.0, 130.0, 140.0).at(141.0) == Promise("slow", 100.0, 160.0, 180.0)
    assert Promise("queued", 100.0, 110.0, 120.0, 3).at(150.0) == Promise("queued", 100.0, 160.0, 180.0, 3)
    assert Promise("painting", 100.0, 100.0, 100.0).at(100.0).latest > 100.0


async def test_what_is_expected_is_learnt_from_the_last_thirty_pictures_of_a_model_and_size(world):
    boundless = SETTINGS.model_copy(update={"limits": Limits(pictures_per_member_hour=0)})
    async with world.bot(settings=boundless) as bot:
        estimates, size = Estimates(bot.store, awhile=0), MODEL.sizes[0]
        before = await estimates.span(MODEL, size)
        assert before.usual == MODEL.seconds < before.late
        await bot.paint(*(f"cat {number}" for number in range(34)))
        for seconds, turns in ((900.0, "id <= 104"), (20.0, "id BETWEEN 105 AND 130"), (70.0, "id > 130")):
            async with bot.store.write() as desk:
                await desk.query.tell(f"UPDATE turns SET seconds = :seconds WHERE {turns}", seconds=seconds)
        assert await estimates.span(MODEL, size) == Span(20.0, 70.0)
        assert (await estimates.span(MODEL, "2K")).usual == MODEL.seconds * 1.4
        async with bot.store.write() as desk:
            await desk.query.tell("UPDATE turns SET seconds = 0.1")
        assert await estimates.span(MODEL, size) == Span(SHORTEST, SHORTEST * APART)
