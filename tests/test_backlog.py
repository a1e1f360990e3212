"""What a closed thread did not take, and what becomes of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot import backlog as module
from bot.backlog import Backlog
from bot.deleting.erasure import Eraser
from bot.deleting.removal import Removal
from bot.errors import Declined
from bot.kept import WINDOW, Scope
from bot.model import State
from bot.moments import DAY
from bot.openings import Openings
from tests.players import ADA, CATALOGUE, THREAD, Bot, World, png

HERE = THREAD.conversation
STORY: list[str | bytes] = ["The hill.", png("red"), "The sea.", png("blue")]


def backlog(bot: Bot) -> Backlog:
    return Backlog(bot.studio._crew, bot.studio, Eraser(removal(bot)))


def removal(bot: Bot) -> Removal:
    return Removal(bot.store, bot.gallery, bot.world.discord, CATALOGUE)


async def shut_out(bot: Bot, words: str = "a cat") -> int:
    """An ask whose answer the thread does not take; its number."""
    bot.world.discord.fail("send", "closed", forever=True)
    ask = bot.world.ask(words)
    await bot.hear(ask)
    await bot.settle()
    assert ask.id in await bot.store.backlog.of(HERE)
    return ask.id


async def state(bot: Bot, turn: int) -> State:
    found = await bot.store.turns.get(turn)
    assert found
    return found.state


async def head(bot: Bot) -> int | None:
    standing = await bot.store.turns.conversation(HERE)
    assert standing
    return standing.head


@asynccontextmanager
async def at_work(left: Backlog) -> AsyncIterator[None]:
    running = asyncio.create_task(left.run())
    try:
        yield
    finally:
        running.cancel()
        await asyncio.wait([running])


@asynccontextmanager
async def being_sent(bot: Bot) -> AsyncIterator[asyncio.Event]:
    """The backlog is being delivered, and Discord takes it once the event is set."""
    gate, before = bot.world.discord.block("send"), bot.world.discord.calls.count("send")
    delivering = asyncio.create_task(backlog(bot).deliver(HERE))
    await bot.until(lambda: bot.world.discord.calls.count("send") > before)
    try:
        yield gate
    finally:
        gate.set()
        await delivering
        await bot.settle()


async def test_what_a_closed_thread_did_not_take_is_there_once_and_is_what_plain_words_edit(world: World):
    async with world.bot() as bot:
        await bot.paint("a house")
        turn = await shut_out(bot)
        assert world.discord.signed == [turn]
        world.discord.calls.clear()
        left = backlog(bot)
        await left.deliver(HERE)
        await left.deliver(HERE)
        assert world.discord.receipts() == ["v1 · “a house”", "v2 ← v1 · “a cat”"]
        assert world.discord.signed == []
        assert world.discord.calls.count("send") == 1
        await bot.paint("bluer")
        assert world.discord.receipts()[-1] == "v3 ← v2 · “bluer”"


async def test_what_the_bot_was_not_allowed_to_post_is_there_once_it_is_allowed_again(world: World):
    async with world.bot() as bot:
        world.discord.deny("send")  # with its picture
        world.discord.deny("send")
        ask = world.ask("a cat")
        await bot.hear(ask)
        await bot.settle()
        assert world.discord.signed == [ask.id]
        await backlog(bot).deliver(HERE)
        assert world.discord.receipts() == ["v1 · “a cat”"]
        assert world.discord.signed == []
        assert await bot.store.backlog.of(HERE) == []


async def test_a_picture_that_alone_may_not_be_posted_is_missed_in_words_and_waits_for_nothing(world: World):
    async with world.bot() as bot:
        world.discord.deny("send")
        await bot.paint("a cat")
        assert [post.files for post in world.discord.thread()] == [()]
        assert await bot.store.backlog.of(HERE) == []


async def test_where_the_bots_permissions_change_only_threads_of_that_server_are_looked_at(world: World):
    async with world.bot() as bot:
        turn = await shut_out(bot)
        asked = await bot.store.turns.get(turn)
        assert asked
        assert asked.server
        assert await bot.store.backlog.conversations(asked.server) == [HERE]
        assert await bot.store.backlog.conversations(asked.server + 1) == []


async def test_several_of_a_thread_come_in_the_order_of_asking_and_plain_words_go_on_from_the_last(world: World):
    async with world.bot() as bot:
        await bot.paint("a house")
        gate = world.painter.hold()
        await bot.hear(world.ask("a cat"), world.ask("a dog"))
        for _ in range(2):
            world.discord.fail("send", "closed", forever=True)
        gate.set()
        await bot.settle()
        await backlog(bot).deliver(HERE)
        assert world.discord.receipts()[1:] == ["v2 ← v1 · “a cat”", "v3 ← v2 · “a dog”"]
        await bot.paint("bluer")
        assert world.discord.receipts()[-1] == "v4 ← v3 · “bluer”"


async def test_where_what_it_continues_came_to_nothing_plain_words_go_on_from_it_all_the_same(world: World):
    async with world.bot() as bot:
        gate = world.painter.hold()
        world.painter.will(Declined("declined_image_safety", reason="IMAGE_SAFETY"))
        await bot.hear(world.ask("a river"), world.ask("add a bridge"))
        await bot.until(lambda: world.painter.under_way)
        later = world.painter.hold()
        gate.set()
        await bot.until(lambda: len(world.discord.said()) == 1)
        world.discord.fail("send", "closed", forever=True)
        later.set()
        await bot.settle()
        assert await head(bot) is None
        await backlog(bot).deliver(HERE)
        await bot.paint("bluer")
        assert world.discord.receipts()[-1] == "v2 ← v1 · “bluer”"


async def test_where_the_picture_before_it_is_deleted_meanwhile_plain_words_go_on_from_it(world: World):
    async with world.bot() as bot:
        await bot.paint("a house")
        await shut_out(bot)
        assert (await removal(bot).remove(HERE, 1)).done
        await backlog(bot).deliver(HERE)
        await bot.paint("bluer")
        assert world.discord.receipts()[-1] == "v3 ← v2 · “bluer”"


async def test_where_something_was_asked_in_between_plain_words_go_on_from_that(world: World):
    async with world.bot() as bot:
        await bot.paint("a house")
        await shut_out(bot)
        await bot.paint("a tree")
        await backlog(bot).deliver(HERE)
        await bot.paint("bluer")
        assert world.discord.receipts()[1:] == ["v3 ← v1 · “a tree”", "v2 ← v1 · “a cat”", "v4 ← v3 · “bluer”"]


async def test_while_it_is_closed_still_all_of_it_waits_and_plain_words_edit_what_was_there_before(world: World):
    async with world.bot() as bot:
        await bot.paint("a house")
        turn = await shut_out(bot)
        world.discord.fail("send", "closed", forever=True)
        await backlog(bot).deliver(HERE)
        assert await bot.store.backlog.of(HERE) == [turn]
        await bot.paint("bluer")
        assert world.discord.receipts() == ["v1 · “a house”", "v3 ← v1 · “bluer”"]


async def test_what_the_thread_will_never_take_waits_no_more(world: World):
    async with world.bot() as bot:
        await shut_out(bot)
        for _ in range(2):
            world.discord.fail("send", forever=True)
        await backlog(bot).deliver(HERE)
        assert await bot.store.backlog.of(HERE) == []
        assert world.discord.thread() == []


async def test_what_can_not_be_delivered_or_vanished_holds_up_nothing_else(world: World):
    async with world.bot() as bot:
        for words in ("a cat", "a dog"):
            await shut_out(bot, words)
        async with bot.store.write() as desk:
            await desk.query.tell("INSERT INTO backlog (turn, conversation) VALUES (7, :here)", here=HERE)
        for _ in range(2):
            world.discord.fail("send", forever=True)
        await backlog(bot).deliver(HERE)
        assert [post.files for post in world.discord.thread()] == [("easel-102-v2.png",)]
        assert await bot.store.backlog.of(HERE) == []


async def test_after_a_kill_between_posting_it_and_knowing_so_it_is_not_posted_again(world: World):
    async with world.bot() as bot:
        turn = await shut_out(bot)
        await backlog(bot).deliver(HERE)
        async with bot.store.write() as desk:
            await desk.query.tell("DELETE FROM messages")
            await desk.query.tell("UPDATE versions SET message = NULL")
            asked = await desk.turns.get(turn)
            assert asked
            await desk.backlog.add(asked)
    world.discord._nonces.clear()
    async with world.bot() as bot:
        left = backlog(bot)
        await left.missed()
        async with at_work(left):
            while await bot.store.backlog.of(HERE):  # noqa: ASYNC110 - nobody tells of it
                await asyncio.sleep(0.01)
        assert world.discord.receipts() == ["v1 · “a cat”"]


async def test_what_opens_a_thread_and_is_not_told_of_is_found_at_the_next_look(world: World, monkeypatch):
    monkeypatch.setattr(module, "LOOK", 0.01)
    async with world.bot() as bot:
        await shut_out(bot)
        async with at_work(backlog(bot)):
            while await bot.store.backlog.of(HERE):  # noqa: ASYNC110 - nobody tells of it
                await asyncio.sleep(0.01)
        assert world.discord.receipts() == ["v1 · “a cat”"]


async def test_a_picture_that_was_deleted_meanwhile_is_not_posted(world: World):
    async with world.bot() as bot:
        await shut_out(bot)
        assert (await removal(bot).remove(HERE, 1)).done
        await backlog(bot).deliver(HERE)
        assert world.discord.thread() == []


async def test_a_picture_that_is_deleted_while_it_is_posted_late_is_deleted_once_it_is_there(world: World):
    async with world.bot() as bot:
        await shut_out(bot)
        async with being_sent(bot):
            assert (await removal(bot).remove(HERE, 1)).early, "nothing is told to be gone that is there a moment later"
        assert (await removal(bot).remove(HERE, 1)).done
        assert world.discord.thread() == []


async def test_who_wants_to_be_forgotten_while_it_is_posted_late_is_so_once_it_is_there(world: World):
    async with world.bot() as bot:
        await shut_out(bot, "my secret")
        eraser = Eraser(removal(bot))
        async with being_sent(bot):
            await eraser.erase(Scope.MEMBER, ADA.id)
            await eraser.step(time.time())
            assert await bot.store.erasures.pending(Scope.MEMBER, ADA.id)
        later = time.time() + DAY
        while await eraser.step(later):
            pass
        assert not await bot.store.erasures.pending(Scope.MEMBER, ADA.id)
        posted = [post.id for post in world.discord.thread()]
        assert [each.message for each in await bot.store.erasures.unposted(9)] == posted, "it is taken down"


async def test_who_wants_to_be_forgotten_while_the_thread_is_closed_again_reads_no_receipt_later(world: World):
    async with world.bot() as bot:
        await shut_out(bot, "my secret")
        eraser = Eraser(removal(bot))
        async with being_sent(bot):
            world.discord.fail("send", "closed", forever=True)
            await eraser.erase(Scope.MEMBER, ADA.id)
            await eraser.step(time.time())
        later = time.time() + DAY
        while await eraser.step(later):
            pass
        assert await bot.store.backlog.of(HERE) == []
        await backlog(bot).deliver(HERE)
        assert world.discord.thread() == []


async def test_a_turn_that_was_emptied_never_gets_into_the_backlog(world: World):
    async with world.bot() as bot:
        turn = await shut_out(bot)
        asked = await bot.store.turns.get(turn)
        assert asked
        await removal(bot).remove(HERE, 1)
        assert not await bot.store.change(lambda desk: desk.backlog.add(asked))
        assert await bot.store.backlog.of(HERE) == []


async def test_an_ask_that_was_deleted_while_nobody_listened_is_answered_no_more(world: World):
    async with world.bot() as bot:
        turn = await shut_out(bot, "my secret")
        world.discord.unsaid.add(turn)
        left = backlog(bot)
        await left.deliver(HERE)
        assert world.discord.thread() == []
        assert await bot.store.backlog.of(HERE) == []
        while await left.eraser.step(time.time()):
            pass
        asked = await bot.store.turns.get(turn)
        assert asked
        assert not asked.words


async def test_an_ask_that_can_not_be_looked_for_is_taken_to_be_there(world: World):
    async with world.bot() as bot:
        await shut_out(bot)
        world.discord.fail("stands", forever=True)
        await backlog(bot).deliver(HERE)
        assert world.discord.receipts() == ["v1 · “a cat”"]


async def test_a_try_that_is_cut_off_goes_on_with_the_next_start(world: World):
    async with world.bot() as bot:
        await bot.paint("a house")
        turn = await shut_out(bot)
        gate = world.discord.block("send")
        before = world.discord.calls.count("send")
        delivering = asyncio.create_task(backlog(bot).deliver(HERE))
        await bot.until(lambda: world.discord.calls.count("send") > before)
        await bot.kill()
        delivering.cancel()
        await asyncio.wait([delivering])
        assert await state(bot, turn) is State.PAINTED
    gate.set()
    async with world.bot() as bot:
        await bot.settle()
        assert world.discord.receipts() == ["v1 · “a house”", "v2 ← v1 · “a cat”"]
        assert world.discord.signed == []
        assert await head(bot) == turn
        assert await bot.store.backlog.of(HERE) == []


async def test_a_kill_before_the_sign_is_taken_away_leaves_no_sign_and_posts_nothing_again(world: World):
    async with world.bot() as bot:
        turn = await shut_out(bot)
        gate = world.discord.block("unsign")
        delivering = asyncio.create_task(backlog(bot).deliver(HERE))
        await bot.until(lambda: "unsign" in world.discord.calls)
        await bot.kill()
        delivering.cancel()
        await asyncio.wait([delivering])
        assert world.discord.signed == [turn]
    gate.set()
    async with world.bot() as bot:
        await backlog(bot).deliver(HERE)
        assert world.discord.signed == []
        assert world.discord.receipts() == ["v1 · “a cat”"]
        assert await bot.store.backlog.of(HERE) == []


async def test_plain_words_never_edit_what_is_closed_off_again(world: World):
    async with world.bot() as bot:
        await bot.paint("a house")
        before, turn = await head(bot), await shut_out(bot)
        async with being_sent(bot):
            assert await head(bot) == turn
            world.discord.fail("send", "closed", forever=True)
        assert await head(bot) == before


async def test_a_stop_waits_for_what_is_being_delivered(world: World):
    async with world.bot() as bot:
        await shut_out(bot)
        gate, before = world.discord.block("send"), world.discord.calls.count("send")
        left = backlog(bot)
        async with at_work(left):
            left.opened(HERE)
            await bot.until(lambda: world.discord.calls.count("send") > before)
        stopping = asyncio.create_task(bot.stop())
        await asyncio.sleep(0.05)
        gate.set()
        await stopping
        assert world.discord.receipts() == ["v1 · “a cat”"]
        assert await bot.store.backlog.of(HERE) == []


async def test_of_several_pictures_those_that_were_not_deleted_are_posted(world: World):
    world.painter.will(STORY)
    async with world.bot() as bot:
        turn = await shut_out(bot, "a story")
        assert (await removal(bot).remove(HERE, 1)).done
        await backlog(bot).deliver(HERE)
        assert [post.files for post in world.discord.thread()] == [(f"easel-{turn}-v2.png",)]
        assert world.discord.signed == []


async def test_a_picture_is_posted_though_the_one_before_it_was_posted_and_deleted(world: World):
    world.painter.will(STORY)
    async with world.bot() as bot:
        gate, ask = world.discord.block("send"), world.ask("a story")
        await bot.hear(ask)
        await bot.until(lambda: world.discord.calls.count("send") == 1)
        gate.set()
        gate.clear()
        await bot.until(lambda: world.discord.calls.count("send") == 2)
        world.discord.fail("send", "closed", forever=True)
        gate.set()
        await bot.settle()
        assert await bot.store.backlog.of(HERE) == [ask.id]
        assert (await removal(bot).remove(HERE, 1)).done
        await backlog(bot).deliver(HERE)
        assert [post.files for post in world.discord.thread()] == [(f"easel-{ask.id}-v2.png",)]


async def test_a_thread_that_is_closed_still_costs_one_look_and_no_upload(world: World):
    async with world.bot() as bot:
        turn = await shut_out(bot)
        world.discord.closed.add(HERE)
        world.discord.calls.clear()
        await backlog(bot).deliver(HERE)
        assert world.discord.calls == ["is_closed"]
        assert await state(bot, turn) is State.POSTED
        assert await bot.store.backlog.of(HERE) == [turn]


async def test_a_thread_that_waits_to_be_looked_at_waits_once_and_who_is_open_for_certain_goes_first():
    openings = Openings()
    for thread in (1, 2, 1):
        openings.tell(thread, later=True)
    openings.tell(3)
    openings.tell(2)
    assert [await openings.next() for _ in range(3)] == [2, 3, 1]
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await openings.next()


async def test_after_a_month_nothing_comes_any_more(world: World):
    async with world.bot() as bot:
        turn = await shut_out(bot)
        for days, left in ((-DAY, [turn]), (DAY, [])):
            now = time.time() + WINDOW + days
            async with bot.store.write() as desk:
                await desk.remains.tidy(now, 9)
            assert await bot.store.backlog.of(HERE) == left


async def test_a_thread_that_discord_is_away_for_lets_others_go_first_and_gets_its_own_all_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(module, "PATIENCE", 0.05)
    async with world.bot() as bot:
        await shut_out(bot)
        left, gate, looked = backlog(bot), world.discord.block("send"), world.discord.calls.count("is_closed")
        async with at_work(left):
            left.opened(HERE)
            await bot.until(lambda: world.discord.calls.count("is_closed") >= looked + 3)
            gate.set()
            while await bot.store.backlog.of(HERE):  # noqa: ASYNC110 - nobody tells of it
                await asyncio.sleep(0.01)
        assert world.discord.receipts() == ["v1 · “a cat”"]


async def test_a_try_that_is_cut_off_before_it_is_begun_is_begun_with_the_next(world: World):
    async with world.bot() as bot:
        turn = await shut_out(bot)
        assert await bot.store.change(lambda desk: desk.backlog.retake(turn))
        await backlog(bot).deliver(HERE)
        assert world.discord.receipts() == ["v1 · “a cat”"]


async def test_one_that_can_not_be_delivered_ends_nothing(world: World, monkeypatch: pytest.MonkeyPatch, caplog):
    async with world.bot() as bot:
        turn = await shut_out(bot)
        left, deliver, failed = backlog(bot), Backlog.deliver, asyncio.Event()

        async def failing(self: Backlog, thread: int) -> None:
            if not failed.is_set():
                failed.set()
                raise RuntimeError(thread)
            await deliver(self, thread)

        monkeypatch.setattr(Backlog, "deliver", failing)
        async with at_work(left):
            left.opened(HERE)
            await failed.wait()
            left.opened(HERE)
            await bot.until(world.discord.thread)
        assert [post.letter.reply_to for post in world.discord.thread()] == [turn]
        assert [record.id for record in caplog.records if record.levelname == "ERROR"]


async def test_where_nobody_knows_whether_a_thread_is_open_others_are_looked_at(world: World):
    async with world.bot() as bot:
        await shut_out(bot)
        world.discord.fail("is_closed", forever=True)
        left = backlog(bot)
        async with at_work(left):
            left.opened(HERE)
            await bot.until(lambda: "is_closed" in world.discord.calls)
            left.opened(HERE)
            await bot.until(world.discord.thread)
