"""Roles that a message does not bring: asked of Discord, where they matter; what is decided heeds them."""

import asyncio
from dataclasses import replace

import pytest

from bot.errors import Unreachable
from bot.limits.moderation import Moderation
from bot.limits.pauses import Pauses
from bot.limits.roster import PATIENCE
from bot.model import Member, Place
from bot.rules.rules import Stance, Subject
from bot.standing import Standing
from tests.players import ADA, BOB, THREAD, World

SERVER, OTHER, PAINTER = 9, 10, 11
DIRECT = Place(60, 60, ours=True)
UNTOLD = Member(1, "Ada")  # read again by its message, which brings no roles


@pytest.fixture
def world(world: World) -> World:
    world.roster.servers = (SERVER, OTHER)
    return world


async def limit(bot, role: int, server: int = SERVER, **values: object) -> None:
    async with Moderation(bot.store).change(server, BOB) as change:
        for name, value in values.items():
            await change.limit(role, name, value)


async def test_whose_roles_are_not_told_is_looked_up(world):
    world.roster.known[SERVER, 1] = Standing(SERVER, frozenset({PAINTER}))
    async with world.bot() as bot:
        await limit(bot, PAINTER, models=[])
        await bot.hear(world.ask("a cat", member=UNTOLD))
        assert "does not let you paint with" in world.discord.said()[-1]
        await bot.hear(world.ask("a dog", member=replace(ADA, roles=frozenset())))
        await bot.settle()
        assert len(world.painter.requests) == 1
        assert world.roster.asked == [(SERVER, 1)]


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (None, "I paint for members of this server only"),
        (Unreachable("unreachable", forever=False, detail="a test"), "Discord did not tell me what you may do here"),
    ],
)
async def test_without_an_answer_and_for_whoever_has_left_nothing_is_painted(world, found, told):
    world.roster.known[SERVER, 1] = found
    async with world.bot() as bot:
        await bot.hear(world.ask("a cat", member=UNTOLD))
        await bot.settle()
        assert world.discord.said()[-1].startswith(told)
        assert world.painter.requests == []


async def test_discord_is_waited_for_only_so_long(world, monkeypatch):
    async def never(*_: int) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(world.roster, "find", never)
    monkeypatch.setattr("bot.limits.roster.PATIENCE", PATIENCE / 100)
    async with world.bot() as bot:
        await bot.hear(world.ask("a cat", member=UNTOLD))
        assert world.discord.said()[-1].startswith("Discord did not tell me")


async def test_in_direct_messages_the_strictest_shared_server_holds_and_what_is_had_there_counts_in_each(world):
    world.roster.known[OTHER, 1] = Standing(OTHER, frozenset({PAINTER}))
    async with world.bot() as bot:
        await limit(bot, SERVER, pictures_per_day=3)
        await limit(bot, OTHER, server=OTHER, pictures_per_day=1)
        await limit(bot, PAINTER, server=OTHER, pictures_per_day=2)
        await bot.hear(world.ask("a cat", member=UNTOLD, place=DIRECT))
        await bot.hear(world.ask("a dog", member=UNTOLD, place=DIRECT))
        await bot.hear(world.ask("a bird", member=UNTOLD, place=DIRECT))
        await bot.settle()
        shared = "a server that we share gives you here (pictures a day: 2)"
        assert len([said for said in world.discord.said(60) if shared in said]) == 1
        await bot.hear(world.ask("a house", member=replace(ADA, roles=frozenset())))
        await bot.hear(world.ask("a tree", member=replace(ADA, roles=frozenset()), message=1, fresh=True))
        await bot.settle()
        assert any("@everyone gives you here (pictures a day: 3)" in said for said in world.discord.said())
        assert len(world.painter.requests) == 3


async def test_blocked_anywhere_is_blocked_in_direct_messages_even_after_leaving(world):
    world.roster.known[OTHER, 1] = None
    async with world.bot() as bot:
        async with Moderation(bot.store).change(OTHER, BOB) as change:
            await change.stand(Stance(Subject.MEMBER, 1, allowed=False, reason="spam", until=None, member=2, at=0.0))
        await bot.hear(world.ask("a cat", member=UNTOLD, place=DIRECT))
        await bot.settle()
        assert "a server that we share don't let you ask me for pictures (spam)" in world.discord.said(60)[-1]
        assert world.painter.requests == []


async def test_nobody_is_looked_up_for_direct_messages_where_no_server_has_decided_anything(world):
    async with world.bot() as bot:
        await bot.hear(world.ask("a cat", member=UNTOLD, place=DIRECT))
        await bot.settle()
        assert len(world.painter.requests) == 1
        assert world.roster.asked == []


async def test_a_pause_takes_nothing_new_holds_what_waits_and_ends_at_once(world):
    async with world.bot(places=1) as bot:
        crew = bot.studio._crew
        await Pauses(bot.store, crew.turnstile).begin()
        canvas = world.painter.hold()
        elsewhere = Place(61, 61, server=SERVER, ours=True)
        await bot.hear(world.ask("a cat"), world.ask("a dog", member=BOB, place=elsewhere))
        async with Moderation(bot.store).change(SERVER, BOB) as change:
            await change.rule("paused", value=True)
        await bot.hear(world.ask("a bird"))
        canvas.set()
        await asyncio.sleep(0.2)
        assert list((await bot.states()).values()) == ["posted", "asked"]
        assert any("have paused me" in said for said in world.discord.said())
        async with Moderation(bot.store).change(SERVER, BOB) as change:
            await change.rule("paused", value=False)
        await bot.settle()
        assert sorted((await bot.states()).values()) == ["posted", "posted"]
        assert THREAD.server == SERVER
