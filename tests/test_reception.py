import asyncio
import logging
from dataclasses import replace

import pytest
from aiohttp import web

from bot.errors import Refusal
from bot.letters import Pace
from bot.model import Quoted
from bot.reception import TRIES
from tests.players import ADA, BOB, THREAD, late_png, png

AT_ONCE = Pace(quiet=0.0, pause=0.01, longest_pause=0.02)


async def test_asks_that_arrive_in_the_wrong_order_are_painted_in_the_right_one(world):
    async with world.bot() as bot:
        first = world.ask("a cat", world.cdn.holds("a.png", late_png))
        second = world.ask("bluer")
        async with asyncio.TaskGroup() as group:
            for ask in (first, second):
                group.create_task(bot.studio.hear(ask))
        await bot.settle()
        assert world.discord.receipts() == ["v2 ← v1 “a.png” · “a cat”", "v3 ← v2 · “bluer”"]


@pytest.mark.parametrize(("name", "value"), [("hears", "called"), ("asks", "starter")])
async def test_who_is_not_listened_to_any_more_once_their_file_is_there_is_not_painted_for(world, name, value):
    there, done = asyncio.Event(), asyncio.Event()

    async def slow(_):
        there.set()
        await done.wait()
        return web.Response(body=png())

    async with world.bot() as bot:
        await bot.paint("a cat")
        ask = world.ask("bluer", world.cdn.holds("a.png", slow), member=BOB, overheard=True)
        async with asyncio.TaskGroup() as group:
            group.create_task(bot.studio.hear(ask))
            await there.wait()
            await bot.store.change(lambda desk: desk.preferences.wish(THREAD.conversation, name, value))
            done.set()
        await bot.settle()
        assert len(world.painter.requests) == 1


async def test_an_ask_that_fails_before_it_is_a_turn_is_told_and_not_heard_again(world, caplog, monkeypatch):
    async with world.bot() as bot:
        monkeypatch.setattr(type(bot.studio._crew.reception.admission), "fetch", None)
        ask = world.ask("a cat")
        with caplog.at_level(logging.ERROR):
            await bot.hear(ask, ask)
        assert [text[:40] for text in world.discord.said()] == ["Something unexpected went wrong on my si"]


async def test_duplicates_of_an_ask_do_nothing(world):
    async with world.bot() as bot:
        ask = world.ask("a cat", world.cdn.holds("a.png", png()))
        async with asyncio.TaskGroup() as group:
            for _ in range(5):
                group.create_task(bot.studio.hear(ask))
        await bot.hear(ask)
        await bot.settle()
        await bot.hear(ask)
        await bot.settle()
        assert (len(world.painter.requests), len(world.discord.posts)) == (1, 1)
    async with world.bot() as bot:
        await bot.hear(ask)
        await bot.settle()
        assert (len(world.painter.requests), len(world.discord.posts)) == (1, 1)


async def test_a_refusal_is_said_once_and_nothing_is_painted(world):
    async with world.bot() as bot:
        ask = world.ask("x" * 4001)
        world.discord.fail("send", done=True)
        await bot.hear(ask, ask)
        assert len(world.discord.said()) == 1
        assert "4001 characters" in world.discord.said()[0]
        assert world.painter.requests == []


async def test_a_choice_that_leads_to_a_refusal_is_told_though_its_question_was(world):
    async with world.bot() as bot:
        two = (world.cdn.holds("a.png", png()), world.cdn.holds("b.png", 404))
        ask = world.ask("bluer", quoted=Quoted(999, ADA.id, two))
        await bot.hear(ask, replace(ask, choice=1))
        question, refusal = world.discord.said()
        assert question == "Which one shall I change?"
        assert "b.png could not be fetched" in refusal


async def test_where_the_bot_does_not_paint_it_says_so_once(world):
    async with world.bot() as bot:
        ask = world.ask("a cat")
        for _ in range(2):
            await bot.studio.hear(ask, Refusal("no_thread_here"))
        assert [text[:25] for text in world.discord.said()] == ["I can't open threads in t"]
        assert world.painter.requests == []


async def test_a_refusal_that_discord_did_not_take_is_heard_again_later(world):
    async with world.bot() as bot:
        ask = world.ask("x" * 4001)
        for _ in range(TRIES + 1):
            world.discord.fail("send")
        await bot.hear(ask)
        assert world.discord.said() == []
        await bot.hear(ask)
        assert len(world.discord.said()) == 1


async def test_a_deleted_message_cancels_its_waiting_ask_for_free_and_gives_the_head_back(world):
    async with world.bot(pace=AT_ONCE) as bot:
        await bot.paint("a cat")
        gate = world.painter.hold()
        waiting = world.ask("something else")
        await bot.hear(world.ask("bluer"), waiting)
        await bot.until(lambda: len(world.discord.said()) == 3)
        await bot.studio.withdraw(waiting.id)
        await bot.hear(world.ask("bigger"))
        gate.set()
        await bot.settle()
        assert world.discord.receipts() == ["v1 · “a cat”", "v2 ← v1 · “bluer”", "v3 ← v2 · “bigger”"]
        assert len(world.painter.requests) == 3


async def test_a_message_deleted_while_its_pictures_are_fetched_is_never_painted(world):
    async with world.bot(places=0) as bot:
        ask = world.ask("a cat", world.cdn.holds("a.png", late_png))
        hearing = asyncio.create_task(bot.studio.hear(ask))
        await bot.until(lambda: world.cdn.asked)
        await bot.studio.withdraw(ask.id)
        await hearing
        await bot.settle()
        assert (await bot.states())[ask.id] == "cancelled"


async def test_a_message_edited_while_its_pictures_are_fetched_is_painted_as_it_reads_now(world):
    async with world.bot(places=0) as bot:
        ask = world.ask("a cat", world.cdn.holds("a.png", late_png))
        hearing = asyncio.create_task(bot.studio.hear(ask))
        await bot.until(lambda: world.cdn.asked)
        await bot.studio.rewrite(replace(ask, words="a dog"))
        await hearing
        assert (await bot.store.turns.get(ask.id)).words == "a dog"


async def test_a_message_that_is_heard_after_its_edit_or_its_deletion_is_taken_as_it_is_by_now(world):
    async with world.bot(places=0) as bot:
        unsaid, changed = world.ask("a cat"), world.ask("a boat")
        await bot.studio.withdraw(unsaid.id)
        await bot.studio.rewrite(replace(changed, words="a ship"))
        await bot.studio.rewrite(replace(unsaid, words="a dog"))
        await bot.hear(unsaid, changed)
        turns = [await bot.store.turns.get(each.id) for each in (unsaid, changed)]
        assert [turn and turn.words for turn in turns] == [None, "a ship"]


async def test_a_deleted_message_of_an_ask_that_is_being_painted_changes_nothing(world):
    async with world.bot() as bot:
        gate = world.painter.hold()
        ask = world.ask("a cat")
        await bot.hear(ask)
        await bot.until(lambda: world.painter.under_way)
        await bot.studio.withdraw(ask.id)
        gate.set()
        await bot.settle()
        assert world.discord.receipts() == ["v1 · “a cat”"]


async def test_an_edited_message_changes_the_words_and_the_named_pictures_of_its_waiting_ask(world):
    async with world.bot(pace=AT_ONCE) as bot:
        await bot.paint("a cat", "a dog")
        gate = world.painter.hold()
        waiting = world.ask("bluer")
        await bot.hear(world.ask("bigger"), waiting)
        await bot.until(lambda: any("“bluer” waits" in text for text in world.discord.said()))
        await bot.studio.rewrite(replace(waiting, words="like v1"))
        await bot.until(lambda: any("“like v1” waits" in text for text in world.discord.said()))
        gate.set()
        await bot.settle()
        assert world.discord.receipts()[-1] == "v4 ← v3 with v1 · “like v1”"
        assert "bluer" not in "".join(world.painter.words)


async def test_a_reply_to_a_status_changes_the_waiting_ask(world):
    async with world.bot(pace=AT_ONCE) as bot:
        await bot.paint("a cat")
        gate = world.painter.hold()
        await bot.hear(world.ask("bigger"), world.ask("bluer"))
        await bot.until(lambda: any("“bluer” waits" in text for text in world.discord.said()))
        [status] = [post for post in world.discord.thread() if "“bluer” waits" in post.text]
        await bot.hear(world.ask("redder", reply=status.id))
        await bot.until(lambda: "“redder” waits" in status.text)
        gate.set()
        await bot.settle()
        assert world.discord.receipts()[-1] == "v3 ← v2 · “redder”"
        assert len(world.painter.requests) == 3
