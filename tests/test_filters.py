"""Milder filters: only where operator, moderators and the channel all allow it, at the moment of painting."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.config import Settings, load
from bot.limits.moderation import Moderation
from bot.model import Ask
from tests.players import ADA, THREAD, Bot, World, open_cdn

SERVER = THREAD.server or 0
AFTER_DARK = replace(THREAD, restricted=True)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "config.toml").write_text('[gemini]\nrelaxed_safety = "BLOCK_ONLY_HIGH"\n')
    return load(tmp_path / "config.toml", {"DISCORD_TOKEN": "t", "GEMINI_API_KEY": "k"})


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with open_cdn() as cdn:
        world = World(tmp_path, cdn)
        world.discord.restricted.add(THREAD.conversation)
        yield world


async def relaxes(bot: Bot) -> None:
    async with Moderation(bot.store).change(SERVER, ADA) as change:
        await change.rule("relaxed", True)


async def painted(bot: Bot, ask: Ask) -> bool:
    """Whether it was painted with the milder ones."""
    await bot.hear(ask)
    await bot.settle()
    return bot.world.painter.requests[-1].relaxed


async def test_all_three_have_to_allow_it(world, settings):
    async with world.bot(settings=settings) as bot:
        assert not await painted(bot, world.ask("a cat", place=AFTER_DARK))
        await relaxes(bot)
        assert await painted(bot, world.ask("a dog", place=AFTER_DARK))
    async with world.bot() as bot:
        assert not await painted(bot, world.ask("a hen", place=AFTER_DARK))


async def test_a_channel_without_the_flag_keeps_the_strictest(world, settings):
    world.discord.restricted.clear()
    async with world.bot(settings=settings) as bot:
        await relaxes(bot)
        assert not await painted(bot, world.ask("a cat"))


async def test_what_waited_is_painted_as_its_channel_is_by_then(world, settings):
    async with world.bot(settings=settings, places=1) as bot:
        await relaxes(bot)
        gate = world.painter.hold()
        await bot.hear(world.ask("a cat", place=AFTER_DARK))
        await bot.until(lambda: world.painter.under_way)
        await bot.hear(world.ask("a dog", place=AFTER_DARK))
        world.discord.restricted.clear()
        gate.set()
        await bot.settle()
    assert [each.relaxed for each in world.painter.requests] == [True, False]


async def test_a_flag_that_cant_be_looked_at_is_none(world, settings):
    async with world.bot(settings=settings) as bot:
        await relaxes(bot)
        world.discord.fail("is_restricted")
        assert not await painted(bot, world.ask("a cat", place=AFTER_DARK))


async def test_a_thread_that_was_age_restricted_once_stays_known_as_such(world, settings):
    async with world.bot(settings=settings) as bot:
        await painted(bot, world.ask("a cat", place=AFTER_DARK))
        await painted(bot, world.ask("a dog"))
        conversation = await bot.store.turns.conversation(THREAD.conversation)
    assert conversation is not None
    assert conversation.restricted
