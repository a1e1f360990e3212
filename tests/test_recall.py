"""Who wants to be forgotten waits for nothing any more, and what they said before does not come back."""

import asyncio
import itertools
import time

import pytest
from aiohttp import web

from bot.deleting.erasure import Eraser
from bot.kept import Scope
from bot.moments import ids_until
from bot.recall import Recall
from tests.players import ADA, BOB, Bot, World, png
from tests.test_erasure import eraser, found, told, work


async def recalling(bot: Bot) -> Eraser:
    """An eraser as it is in a process that takes asks."""
    erasing = eraser(bot)
    await Recall(bot.studio._crew, bot.studio, erasing).begin()
    return erasing


async def claims(bot: Bot) -> list[str]:
    return [row["state"] for row in await bot.store.query.all("SELECT state FROM claims ORDER BY turn")]


async def test_what_waits_is_called_off_free_and_what_is_being_painted_is_not_posted(world: World):
    async with world.bot() as bot:
        gate = world.painter.hold()
        erasing = await recalling(bot)
        await bot.hear(world.ask("a house"), world.ask("make it night"), world.ask("a tree", member=BOB))
        await bot.until(lambda: world.painter.under_way == 1)
        await erasing.erase(Scope.MEMBER, ADA.id)
        assert list((await bot.states()).values())[:2] == ["cancelled", "cancelled"]
        assert (await claims(bot))[:2] == ["settled", "returned"]
        gate.set()
        await bot.settle()
        assert world.painter.words == ["a house", "a tree"]
        [answer] = world.discord.said()
        assert "v1 · “a tree”" in answer
        await work(erasing)
        assert await told(erasing, ADA.id)


@pytest.mark.parametrize("forgotten", [True, False])
async def test_where_the_process_died_before_it_called_anything_off_the_next_one_paints_none_of_it(
    world: World, *, forgotten: bool
):
    async with world.bot() as bot:
        gate = world.painter.hold()
        await bot.hear(world.ask("sentinel-house"), world.ask("sentinel-night"))
        await bot.until(lambda: world.painter.under_way)
        if forgotten:
            await eraser(bot).erase(Scope.MEMBER, ADA.id)
        await bot.kill()
    gate.set()
    async with world.bot(resume=False) as bot:
        erasing = await recalling(bot)
        await bot.studio.resume()
        await bot.settle()
        await work(erasing)
        assert len(world.painter.requests) == (1 if forgotten else 3)
        assert bool(found(world, "sentinel")) is not forgotten


async def test_an_ask_that_is_on_its_way_is_waited_for_and_nothing_comes_of_it(world: World):
    arrived, gate = asyncio.Event(), asyncio.Event()

    async def slow(_request: web.Request) -> web.Response:
        arrived.set()
        await gate.wait()
        return web.Response(body=png())

    photo = world.cdn.holds("sentinel.png", slow)
    async with world.bot() as bot:
        erasing = await recalling(bot)
        hearing = asyncio.create_task(bot.hear(world.ask("sentinel-words", photo)))
        await arrived.wait()
        await erasing.erase(Scope.MEMBER, ADA.id)
        await work(erasing, time.time())
        assert await bot.store.erasures.pending(Scope.MEMBER, ADA.id)
        world.ids = itertools.count(ids_until(time.time()))
        await bot.hear(world.ask("a tree", member=BOB))
        gate.set()
        await hearing
        await bot.settle()
        await work(erasing)
        assert await told(erasing, ADA.id)
        assert found(world, "sentinel") == []
        assert await bot.store.messages.heard(101), "and nobody finds it again"
        assert world.painter.words == ["a tree"]


async def test_what_is_asked_afterwards_is_painted_and_stays(world: World):
    async with world.bot() as bot:
        erasing = await recalling(bot)
        await bot.paint("sentinel-house")
        await erasing.erase(Scope.MEMBER, ADA.id)
        world.ids = itertools.count(ids_until(time.time()))
        gate = world.painter.hold()
        await bot.hear(world.ask("a tree"))
        await work(erasing)
        assert await told(erasing, ADA.id)
        gate.set()
        await bot.settle()
        assert world.discord.receipts()[-1].endswith("“a tree”")
        assert found(world, "sentinel") == []
        assert found(world, "a tree")
