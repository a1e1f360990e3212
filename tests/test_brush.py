import asyncio
import logging
import re
from typing import Any

from bot import insistence
from bot.errors import Declined, Uncertain, Unsigned
from bot.model import Memory
from bot.store import Trouble
from bot.store.turns import Turns
from tests.players import CATALOGUE, SETTINGS, png, with_memory

REFUSED = Declined("declined_image_safety", reason="IMAGE_SAFETY")


async def test_a_reply_to_a_failure_is_the_same_ask_with_new_words(world):
    async with world.bot() as bot:
        await bot.paint("a cat")
        world.painter.will(REFUSED)
        hat = world.cdn.holds("hat.png", png("blue"))
        await bot.hear(world.ask("with this and a gun", hat))
        await bot.settle()
        await bot.hear(world.ask("with this", reply=world.discord.thread()[-1].id))
        await bot.settle()
        assert world.discord.receipts()[-1] == "v2 ← v1 with “hat.png” · “with this”"


async def test_what_nobody_thought_of_is_told_with_a_number_that_the_log_has(world, caplog):
    async with world.bot() as bot:
        world.painter.will(RuntimeError("a bug"))
        with caplog.at_level(logging.ERROR):
            await bot.paint("a cat")
        [told] = world.discord.said()
        number = re.search(r"\b[0-9a-f]{8}$", told)
        assert number
        assert number[0] in caplog.text
        await bot.paint("a dog")
        assert world.discord.receipts()[-1] == "v1 · “a dog”"


async def test_history_that_the_model_does_not_take_is_left_out_once_and_said(world):
    async with world.bot(settings=with_memory(Memory.FULL)) as bot:
        await bot.paint("a cat")
        world.painter.will(Unsigned("unsigned"))
        await bot.paint("bluer")
        assert [len(each.contents) for each in world.painter.requests] == [1, 3, 1]
        assert "-# The model did not accept the thread's history" in world.discord.said()[-1]
        kept = await bot.store.turns.get(102)
        assert (kept.attempts, kept.memory) == (2, Memory.FOCUSED)
        calls = await bot.store.query.all("SELECT outcome, micros FROM calls WHERE turn = 102 ORDER BY attempt")
        assert [tuple(call) for call in calls] == [("unsigned", 0), ("painted", 40_000)]


async def test_a_turn_of_a_model_that_is_gone_is_painted_by_the_configured_one(world):
    async with world.bot(places=0) as bot:
        await bot.hear(world.ask("a cat"))
        async with bot.store.write() as desk:
            await desk.query.tell("UPDATE turns SET model = 'gone'")
    async with world.bot() as bot:
        await bot.settle()
        assert world.painter.requests[0].model.id == SETTINGS.gemini.model
        assert (await bot.store.turns.get(101)).model == SETTINGS.gemini.model


async def test_words_alone_are_answered_with_words_and_plain_words_go_on_from_them(world):
    async with world.bot() as bot:
        await bot.paint("a cat")
        world.painter.will(["Which hat?"])
        hat = world.cdn.holds("hats.png", png("blue"))
        await bot.hear(world.ask("wear one", hat))
        await bot.settle()
        assert world.discord.said()[-1] == (
            "Which hat?\n-# 6.2 s · $0.04 · Reply with a few words and I will paint it."
        )
        await bot.paint("the left one")
        assert "wear one. To that you answered: Which hat?" in world.painter.words[-1]
        assert world.discord.receipts()[-1] == "v2 ← v1 with “hats.png” · “the left one”"


async def test_what_was_being_painted_is_painted_once_more_and_charged_once(world):
    async with world.bot() as bot:
        gate = await bot.crash(world.ask("a cat"))
        assert await bot.states() == {101: "painting"}
    gate.set()
    async with world.bot() as bot:
        await bot.settle()
        [told] = world.discord.said()
        assert told.splitlines() == [
            "-# v1 · “a cat” · 6.2 s · $0.04",
            "-# I was interrupted while painting this and painted it a second time; it is charged once.",
        ]
        calls = await bot.store.query.all("SELECT outcome, micros FROM calls ORDER BY attempt")
        assert [tuple(call) for call in calls] == [("lost", 250_000), ("painted", 40_000)]


async def test_what_was_cut_off_twice_is_not_painted_a_third_time(world):
    async with world.bot() as bot:
        gate = await bot.crash(world.ask("a cat"))
    async with world.bot() as bot:
        gate = await bot.crash()
    gate.set()
    async with world.bot() as bot:
        await bot.settle()
        assert world.discord.said() == [CATALOGUE.tell(Uncertain("interrupted"))]
        assert [each.id for each in world.discord.thread()[0].letter.buttons] == ["again:101"]
        assert len(world.painter.requests) == 2
        calls = await bot.store.query.all("SELECT outcome, micros FROM calls ORDER BY attempt")
        assert [tuple(call) for call in calls] == [("lost", 250_000), ("lost", 250_000)]


async def test_an_answer_that_came_in_the_moment_of_the_stop_is_kept(world, monkeypatch):
    async with world.bot() as bot:
        keep, kept = type(bot.studio._crew.brush)._keep, asyncio.Event()

        async def slow(*args):
            kept.set()
            await asyncio.sleep(0.05)
            await keep(*args)

        monkeypatch.setattr(type(bot.studio._crew.brush), "_keep", slow)
        await bot.hear(world.ask("a cat"))
        await kept.wait()
        await bot.stop(0.0)
        assert await bot.states() == {101: "painted"}


async def test_what_was_paid_is_kept_as_soon_as_the_disk_takes_it(world, monkeypatch):
    monkeypatch.setattr(insistence, "PAUSES", (0.01,) * 10)
    keep, tries = Turns.keep, iter([OSError("No space left on device"), Trouble("database or disk is full")])

    async def full(*args: Any) -> bool:
        if error := next(tries, None):
            raise error
        return await keep(*args)

    async with world.bot() as bot:
        monkeypatch.setattr(Turns, "keep", full)
        await bot.paint("a cat")
        assert world.discord.receipts() == ["v1 · “a cat”"]
        assert len(world.painter.requests) == 1


async def test_what_was_paid_and_could_never_be_kept_counts_for_the_operator(world, monkeypatch):
    async def full(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(insistence, "PAUSES", (0.01,))
    async with world.bot() as bot:
        monkeypatch.setattr(Turns, "keep", full)
        await bot.paint("a cat")
        assert world.discord.said()[0].startswith("Something unexpected went wrong on my side.")
        [call] = await bot.store.query.all("SELECT outcome, micros FROM calls")
        assert tuple(call) == ("unexpected", 40_000)
