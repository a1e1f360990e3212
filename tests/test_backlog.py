"""What a closed thread did not take, and what becomes of it."""

from __future__ import annotations

import asyncio

import pytest

from bot import backlog as module
from bot.backlog import Backlog
from bot.deleting.removal import Removal
from bot.watch.journal import Journal
from tests.players import CATALOGUE, THREAD, Bot, World

HERE = THREAD.conversation


def backlog(bot: Bot) -> Backlog:
    return Backlog(bot.studio._crew.delivery, CATALOGUE, Journal())


async def shut_out(bot: Bot, words: str = "a cat") -> int:
    """An ask whose answer the thread does not take; its number."""
    bot.world.discord.fail("send", "closed", forever=True)
    ask = bot.world.ask(words)
    await bot.hear(ask)
    await bot.settle()
    assert await bot.store.backlog.of(HERE) == [ask.id]
    return ask.id


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


async def test_after_a_kill_between_posting_it_and_knowing_so_it_is_not_posted_again(world: World):
    async with world.bot() as bot:
        turn = await shut_out(bot)
        await backlog(bot).deliver(HERE)
        async with bot.store.write() as desk:
            await desk.query.tell("DELETE FROM messages")
            asked = await desk.turns.get(turn)
            assert asked
            await desk.backlog.add(asked)
    world.discord._nonces.clear()
    async with world.bot() as bot:
        left = backlog(bot)
        await left.missed()
        running = asyncio.create_task(left.run())
        while await bot.store.backlog.of(HERE):  # noqa: ASYNC110 - nobody tells of it
            await asyncio.sleep(0.01)
        running.cancel()
        await asyncio.wait([running])
        assert world.discord.receipts() == ["v1 · “a cat”"]


async def test_a_picture_that_was_deleted_meanwhile_is_not_posted(world: World):
    async with world.bot() as bot:
        await shut_out(bot)
        removal = Removal(bot.store, bot.gallery, world.discord, CATALOGUE)
        assert (await removal.remove(HERE, 1)).done
        await backlog(bot).deliver(HERE)
        assert world.discord.thread() == []


async def test_a_thread_that_discord_is_away_for_lets_others_go_first_and_is_tried_again(world: World, monkeypatch):
    monkeypatch.setattr(module, "PATIENCE", 0.05)
    async with world.bot() as bot:
        await shut_out(bot)
        left, gate, tried = backlog(bot), world.discord.block("send"), world.discord.calls.count("send")
        running = asyncio.create_task(left.run())
        left.opened(HERE)
        while world.discord.calls.count("send") < tried + 2:  # noqa: ASYNC110 - nobody tells of it
            await asyncio.sleep(0.01)
        monkeypatch.setattr(module, "PATIENCE", 10.0)
        gate.set()
        while await bot.store.backlog.of(HERE):  # noqa: ASYNC110 - nobody tells of it
            await asyncio.sleep(0.01)
        running.cancel()
        await asyncio.wait([running])
        assert world.discord.receipts() == ["v1 · “a cat”"]


async def test_one_that_can_not_be_delivered_ends_nothing(world: World, monkeypatch: pytest.MonkeyPatch, caplog):
    async with world.bot() as bot:
        turn = await shut_out(bot)
        left, deliver, failed = backlog(bot), Backlog.deliver, asyncio.Event()

        async def failing(self: Backlog, conversation: int) -> None:
            if not failed.is_set():
                failed.set()
                raise RuntimeError(conversation)
            await deliver(self, conversation)

        monkeypatch.setattr(Backlog, "deliver", failing)
        running = asyncio.create_task(left.run())
        left.opened(HERE)
        await failed.wait()
        left.opened(HERE)
        while not world.discord.thread():  # noqa: ASYNC110 - nobody tells of it
            await asyncio.sleep(0.01)
        running.cancel()
        await asyncio.wait([running])
        assert [post.letter.reply_to for post in world.discord.thread()] == [turn]
        assert [record.id for record in caplog.records if record.levelname == "ERROR"]
