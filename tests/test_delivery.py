import asyncio
import logging
from dataclasses import replace

import pytest

from bot import insistence
from bot.errors import Crowded, Declined, Uncertain
from bot.model import Place
from bot.store import Trouble
from bot.store.turns import Turns
from tests.players import ADA, BOB, CATALOGUE, SETTINGS, png

LOST = Uncertain("uncertain_dropped", dollars=0.05)
NEW_THREAD = Place(70, 7, server=9, title="a cat", ours=True)
REFUSED = Declined("declined_image_safety", reason="IMAGE_SAFETY")


async def test_a_parent_is_not_waited_for_until_it_is_delivered(world):
    async with world.bot() as bot:
        gate = world.discord.block("send")
        await bot.hear(world.ask("a cat"), world.ask("bluer"))
        await bot.until(lambda: len(world.painter.requests) == 2)
        gate.set()
        await bot.settle()


async def test_a_message_whose_answer_was_lost_is_posted_once(world):
    async with world.bot() as bot:
        for _ in range(3):
            world.discord.fail("send", done=True)
        await bot.paint("a cat")
        assert world.discord.receipts() == ["v1 · “a cat”"]
        assert await bot.states() == {101: "posted"}


async def test_while_discord_is_away_the_picture_waits_and_is_posted_when_it_is_back(world):
    async with world.bot() as bot:
        for verb in ("send", "own", "own", "send", "own"):
            world.discord.fail(verb)
        await bot.paint("a cat")
        assert world.discord.receipts() == ["v1 · “a cat”"]
        assert await bot.states() == {101: "posted"}


async def test_what_discord_never_takes_is_given_up_and_nobody_is_kept_waiting(world):
    async with world.bot() as bot:
        world.discord.fail("send", forever=True)
        world.discord.fail("send", forever=True)
        await bot.paint("a cat")
        assert await bot.states() == {101: "posted"}
        await bot.paint("bluer")
        assert world.discord.receipts() == ["v2 ← v1 · “bluer”"]


async def test_a_picture_that_nobody_could_see_is_not_what_the_next_words_edit(world):
    async with world.bot() as bot:
        await bot.paint("a cat")
        world.discord.fail("send", forever=True)
        world.discord.fail("send", forever=True)
        await bot.paint("as seen by nobody")
        await bot.paint("bluer")
        assert world.discord.receipts()[-1] == "v3 ← v1 · “bluer”"


async def test_where_discord_takes_the_words_alone_they_say_that_the_picture_can_not_be_posted(world):
    async with world.bot() as bot:
        world.discord.fail("send", forever=True)
        await bot.paint("a cat")
        [post] = world.discord.thread()
        assert "can't be posted here" in post.text
        assert (post.files, post.letter.reply_to) == ((), 101)
        await bot.paint("bluer")
        assert world.discord.receipts()[-1] == "v2 ← v1 · “bluer”"


async def test_a_story_is_posted_in_its_order_each_picture_a_version(world):
    async with world.bot() as bot:
        world.painter.will(["First, chop.", png("red"), "Then fry.", png("blue"), "Enjoy!"])
        await bot.paint("a recipe")
        assert world.discord.said() == [
            "First, chop.\n-# v1",
            "Then fry.\n-# v2",
            "Enjoy!\n-# v1–v2 · “a recipe” · 6.2 s · $0.04",
        ]
        assert [post.files for post in world.discord.thread()] == [("easel-101-v1.png",), ("easel-101-v2.png",), ()]
        await bot.hear(world.ask("less salt", reply=world.discord.thread()[0].id))
        await bot.settle()
        assert world.discord.receipts()[-1] == "v3 ← v1 · “less salt”"


async def test_a_reply_to_the_end_of_a_story_asks_which_picture_is_meant(world):
    async with world.bot() as bot:
        world.painter.will(["First, chop.", png("red"), "Then fry.", png("blue"), "Enjoy!"])
        await bot.paint("a recipe")
        ask = world.ask("less salt", reply=world.discord.thread()[-1].id)
        await bot.hear(ask)
        question = world.discord.thread()[-1]
        assert question.text == "Which one shall I change?"
        assert [(each.label, each.id) for each in question.letter.buttons] == [
            ("v1", f"pick:50:{ask.id}:0"),
            ("v2", f"pick:50:{ask.id}:1"),
        ]
        picked = [replace(ask, choice=choice) for choice in (1, 0)]
        await bot.hear(*picked)
        await bot.settle()
        assert world.discord.receipts()[-1] == "v3 ← v2 · “less salt”"
        assert len(world.painter.requests) == 2


async def test_of_drafts_only_the_last_is_posted_and_numbered(world):
    async with world.bot() as bot:
        final = png("blue")
        world.painter.will([png("red"), png("green"), final])
        await bot.paint("a cat")
        [post] = world.discord.thread()
        assert post.letter.files[0].data == final
        assert world.discord.receipts() == ["v1 · “a cat”"]
        assert len(await bot.store.turns.parts(101)) == 3


async def test_a_long_answer_is_posted_in_pieces_and_the_last_bears_the_receipt(world):
    async with world.bot() as bot:
        world.painter.will(["A sentence of some length. " * 200, png()])
        await bot.paint("a cat")
        posts = world.discord.thread()
        assert len(posts) == 4
        assert [bool(post.files) for post in posts] == [False, False, False, True]
        assert world.discord.receipts()[-1] == "v1 · “a cat”"


async def test_a_picture_that_does_not_fit_is_posted_smaller_and_kept_as_it_was(world):
    async with world.bot() as bot:
        big = png("red", (400, 400))
        world.discord.limit = len(big) - 1
        world.painter.will([big])
        await bot.paint("a cat")
        [post] = world.discord.thread()
        assert len(post.letter.files[0].data) < len(big)
        assert post.text.endswith("-# Shown smaller to fit Discord's limit; the original is kept.")
        [version] = await bot.store.versions.of_turn(101)
        assert await bot.gallery.get(version.picture.digest) == big


async def test_a_picture_that_discord_finds_too_large_is_posted_smaller(world):
    async with world.bot() as bot:
        big = png("red", (400, 400))
        world.discord.limit = len(big) + 100
        world.discord.fail("send", "too_large")
        world.painter.will([big])
        await bot.paint("a cat")
        [post] = world.discord.thread()
        assert len(post.letter.files[0].data) <= (len(big) + 100) // 2


async def test_a_picture_that_is_gone_is_told_instead_of_left_for_ever(world, caplog):
    async with world.bot() as bot:
        gate = world.discord.block("send")
        await bot.hear(world.ask("a cat"))
        await bot.until(lambda: "send" in world.discord.calls)
        await bot.kill()
        [version] = await bot.store.versions.of_turn(101)
        await bot.gallery.delete(version.picture.digest)
    gate.set()
    async with world.bot() as bot:
        with caplog.at_level(logging.CRITICAL):
            await bot.settle()
        assert "can't be posted here" in world.discord.said()[0]
        assert await bot.states() == {101: "posted"}


async def test_what_was_painted_and_not_posted_is_posted_after_a_crash(world):
    async with world.bot() as bot:
        gate = world.discord.block("send")
        await bot.hear(world.ask("a cat"))
        await bot.until(lambda: "send" in world.discord.calls)
        await bot.kill()
        assert await bot.states() == {101: "painted"}
    gate.set()
    async with world.bot() as bot:
        await bot.settle()
        assert world.discord.receipts() == ["v1 · “a cat”"]
        assert len(world.painter.requests) == 1


async def test_what_was_posted_without_our_hearing_of_it_is_not_posted_again(world):
    async with world.bot() as bot:
        await bot.paint("a cat")
        world.painter.will(REFUSED, ["Which one?"])
        await bot.paint("something", "bigger")
        async with bot.store.write() as desk:
            await desk.query.tell("DELETE FROM messages")
            await desk.query.tell("UPDATE turns SET state = 'painted' WHERE failure IS NULL")
            await desk.query.tell("UPDATE turns SET state = 'failed' WHERE failure IS NOT NULL")
        before = world.discord.said()
    world.discord._nonces.clear()  # Discord keeps them for minutes only
    async with world.bot() as bot:
        await bot.settle()
        assert world.discord.said() == before
        assert await bot.states() == {101: "posted", 102: "posted", 103: "posted"}


async def test_the_rest_of_a_story_is_posted_after_a_crash(world):
    async with world.bot() as bot:
        world.painter.will(["One.", png("red"), "Two.", png("blue"), "Three.", png("green")])
        world.discord.fail("send", done=True)
        gate = world.discord.block("own")
        await bot.hear(world.ask("a story"))
        await bot.until(lambda: "own" in world.discord.calls)
        await bot.kill()
        assert len(world.discord.said()) == 1
    world.discord._nonces.clear()
    gate.set()
    async with world.bot() as bot:
        await bot.settle()
        assert [post.files for post in world.discord.thread()] == [(f"easel-101-v{n}.png",) for n in (1, 2, 3)]


async def test_a_failure_that_was_not_told_is_told_after_a_crash(world):
    async with world.bot() as bot:
        gate = world.discord.block("send")
        world.painter.will(REFUSED)
        await bot.hear(world.ask("a cat"))
        await bot.until(lambda: "send" in world.discord.calls)
        await bot.kill()
        assert await bot.states() == {101: "failed"}
    gate.set()
    async with world.bot() as bot:
        await bot.settle()
        assert world.discord.said() == [CATALOGUE.tell(REFUSED)]


async def test_a_late_failure_that_called_its_asker_by_name_is_recognised(world):
    async with world.bot() as bot:
        world.painter.will(REFUSED)
        await bot.hear(world.ask("a cat", message=None, place=replace(NEW_THREAD, conversation=50)))
        await bot.settle()
        async with bot.store.write() as desk:
            await desk.query.tell("DELETE FROM messages")
            await desk.query.tell("UPDATE turns SET state = 'failed', asked_at = 0")
        [post] = world.discord.thread()
        post.texts.append(f"<@{ADA.id}>\n{post.text}")
    world.discord._nonces.clear()
    async with world.bot() as bot:
        await bot.settle()
        assert len(world.discord.said()) == 1


async def test_discord_away_at_the_start_only_delays_what_is_owed(world):
    async with world.bot() as bot:
        gate = world.discord.block("send")
        await bot.hear(world.ask("a cat"))
        await bot.until(lambda: "send" in world.discord.calls)
        await bot.kill()
    gate.set()
    for _ in range(5):
        world.discord.fail("own")
    async with world.bot() as bot:
        await bot.settle()
        assert world.discord.receipts() == ["v1 · “a cat”"]


async def test_only_a_late_answer_calls_its_asker_and_only_once(world):
    async with world.bot(places=0) as bot:
        await bot.hear(world.ask("a story"))
        async with bot.store.write() as desk:
            await desk.query.tell("UPDATE turns SET asked_at = asked_at - 61")
    world.painter.will(["One.", png("red"), "Two.", png("blue")])
    async with world.bot() as bot:
        await bot.settle()
        assert [post.letter.ping for post in world.discord.thread()] == [ADA.id, None]
        await bot.paint("bluer")
        assert world.discord.thread()[-1].letter.ping is None


async def test_who_is_over_a_limit_does_not_use_up_the_button_for_the_others(world):
    limits = SETTINGS.limits.model_copy(update={"pictures_per_member_hour": 1})
    async with world.bot(settings=SETTINGS.model_copy(update={"limits": limits})) as bot:
        world.painter.will(LOST)
        await bot.hear(world.ask("a cat", member=BOB))
        await bot.settle()
        await bot.paint("a dog")
        [failed, _] = world.discord.thread()
        assert [each.id for each in failed.letter.buttons] == ["again:101"]
        presses = [world.ask(member=each, message=failed.id, again=101) for each in (ADA, BOB, BOB)]
        admitted = [await bot.studio.hear(each) for each in presses]
        await bot.settle()
        assert [(each.turn is not None, each.taken) for each in admitted] == [
            (False, False),
            (True, False),
            (False, True),
        ]
        assert "limit of pictures" in (admitted[0].refusal or "")
        [again] = world.discord.thread()[2:]
        assert "-# Asked by Bob." in again.text.splitlines()


@pytest.mark.parametrize(("failure", "button"), [(LOST, True), (REFUSED, False), (Crowded("crowded_quota"), True)])
async def test_a_button_is_offered_where_the_same_words_may_work_another_time(world, failure, button):
    async with world.bot() as bot:
        world.painter.will(failure)
        await bot.paint("a cat")
        [post] = world.discord.thread()
        assert [each.id for each in post.letter.buttons] == (["again:101"] if button else [])
        assert (await bot.store.turns.get(101)).offer is button


@pytest.fixture
def full(monkeypatch):
    """So many times the disk does not take it that a turn is posted."""
    posted = Turns.posted

    def fill(tries: int, pauses: tuple[float, ...]) -> None:
        errors = iter([Trouble("database or disk is full")] * tries)

        async def tried(turns: Turns, turn: int) -> None:
            if error := next(errors, None):
                raise error
            await posted(turns, turn)

        monkeypatch.setattr(insistence, "PAUSES", pauses)
        monkeypatch.setattr(Turns, "posted", tried)

    return fill


@pytest.mark.parametrize("seen", [True, False])
async def test_that_a_picture_is_posted_is_kept_as_soon_as_the_disk_takes_it(world, full, seen):
    full(tries=3, pauses=(0.01,) * 10)
    async with world.bot() as bot:
        for _ in range(0 if seen else 2):
            world.discord.fail("send", forever=True)
        await bot.paint("a cat")
        assert len(world.discord.said()) == seen
        assert await bot.states() == {101: "posted"}


async def test_a_stop_is_not_held_up_by_a_full_disk_and_the_next_start_keeps_it_without_a_second_message(world, full):
    full(tries=1, pauses=(60.0,))
    async with world.bot() as bot:
        await bot.hear(world.ask("a cat"))
        await bot.until(world.discord.said)
        async with asyncio.timeout(2):
            await bot.stop(0.05)
        assert await bot.states() == {101: "painted"}
    async with world.bot() as bot:
        await bot.settle()
        assert await bot.states() == {101: "posted"}
        assert len(world.discord.said()) == 1


@pytest.mark.parametrize(("answer", "key"), [(png(), "unreachable"), (png(), "unsayable"), ("Words.", "unsayable")])
async def test_what_was_posted_without_its_words_or_its_picture_is_not_posted_again_after_a_crash(world, answer, key):
    async with world.bot() as bot:
        world.painter.will([answer])
        world.discord.fail("send", key, forever=True)
        await bot.paint("a cat")
        before = world.discord.said()
        async with bot.store.write() as desk:
            await desk.query.tell("DELETE FROM messages")
            await desk.query.tell("UPDATE turns SET state = 'painted'")
    world.discord._nonces.clear()
    async with world.bot() as bot:
        await bot.settle()
        assert len(before) == 1
        assert world.discord.said() == before
