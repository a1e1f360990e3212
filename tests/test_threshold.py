"""The last look before painting: whatever was decided while an ask waited holds it or ends it, by whatever path."""

import asyncio
from dataclasses import replace

import pytest

from bot import sitting
from bot.blocks import Blocks
from bot.errors import Unreachable
from bot.limits.moderation import Moderation
from bot.limits.threshold import FRESH
from bot.model import Ask, Place
from bot.rules.rules import Stance, Subject
from bot.standing import Standing
from tests.players import ADA, BOB, CATALOGUE, FAST, THREAD, Bot, World

SERVER, OTHER, PAINTER = 9, 10, 11
DIRECT = Place(60, 60, ours=True)
WITHDRAWN = "don't let you ask me for pictures any more"
ADA_PAINTS = replace(ADA, roles=frozenset({PAINTER}))


@pytest.fixture
def world(world: World) -> World:
    world.roster.servers = (SERVER, OTHER)
    return world


@pytest.fixture
def stale(monkeypatch):
    """What an ask brought is no news any more."""
    monkeypatch.setattr("bot.limits.threshold.FRESH", FRESH * 0)


async def heeding(bot) -> None:
    """The queue hears of decisions, as in the real program."""
    crew = bot.studio._crew
    await crew.brush.threshold.pauses.begin()
    Blocks(crew.brush.threshold, bot.studio, crew.reception.petitions, CATALOGUE).begin()


def keeps_out(kind: Subject, subject: int) -> Stance:
    return Stance(kind, subject, allowed=False, reason="spam", until=None, member=BOB.id, at=0.0)


async def stand(bot, stance: Stance, server: int = SERVER) -> None:
    async with Moderation(bot.store).change(server, BOB) as change:
        await change.stand(stance)


async def pause(bot, server: int = SERVER, *, on: bool = True) -> None:
    async with Moderation(bot.store).change(server, BOB) as change:
        await change.rule("paused", value=on)


async def painting(world: World, bot: Bot, *waiting: Ask) -> asyncio.Event:
    """One place is taken, and asks wait for it."""
    canvas = world.painter.hold()
    await bot.hear(world.ask("a cat", member=BOB, place=Place(61, 61, server=SERVER, ours=True)))
    await bot.until(lambda: world.painter.under_way)
    await bot.hear(*waiting)
    return canvas


async def spent(bot: Bot) -> int:
    """What still counts, beside the one that is painted."""
    row = await bot.store.query.one("SELECT count(*) AS held FROM claims WHERE pictures > 0 AND state <> 'returned'")
    assert row is not None
    return int(row["held"]) - 1


async def test_a_role_that_is_blocked_loses_what_its_members_have_waiting_and_they_are_told_once(world):
    async with world.bot(places=1) as bot:
        await heeding(bot)
        mine = [world.ask(each, member=ADA_PAINTS) for each in ("a dog", "a hen")]
        canvas = await painting(world, bot, *mine, world.ask("a fox", member=BOB))
        await stand(bot, keeps_out(Subject.ROLE, PAINTER))
        await bot.until(lambda: any(WITHDRAWN in said for said in world.discord.said()))
        canvas.set()
        await bot.settle()
        assert sorted((await bot.states()).values()) == ["cancelled", "cancelled", "posted", "posted"]
        assert len([said for said in world.discord.said() if WITHDRAWN in said]) == 1
        assert not {"a dog", "a hen"} & set(world.painter.words)


async def test_whoever_is_given_a_blocked_role_while_they_wait_is_not_painted_for_and_reads_why_free(world, stale):
    async with world.bot(places=1) as bot:
        await heeding(bot)
        await stand(bot, keeps_out(Subject.ROLE, PAINTER))
        canvas = await painting(world, bot, world.ask("a dog", member=replace(ADA, roles=frozenset())))
        world.roster.known[SERVER, ADA.id] = Standing(SERVER, frozenset({PAINTER}))
        canvas.set()
        await bot.settle()
        assert "let nobody with <@&11> ask me for pictures (spam). Nothing was charged" in world.discord.said()[-1]
        assert len(world.painter.requests) == 1
        assert await spent(bot) == 0


async def test_roles_of_a_moment_ago_are_not_asked_for_again(world):
    async with world.bot() as bot:
        await stand(bot, keeps_out(Subject.ROLE, PAINTER))
        await bot.hear(world.ask("a dog", member=replace(ADA, roles=frozenset())))
        await bot.settle()
        assert len(world.painter.requests) == 1
        assert world.roster.asked == []


async def test_where_discord_does_not_tell_the_roles_those_of_the_asking_hold(world, stale):
    async with world.bot(places=1) as bot:
        await stand(bot, keeps_out(Subject.ROLE, PAINTER))
        world.roster.known[SERVER, ADA.id] = Unreachable("unreachable", forever=False, detail="a test")
        canvas = await painting(world, bot, world.ask("a dog", member=replace(ADA, roles=frozenset({7}))))
        canvas.set()
        await bot.settle()
        assert len(world.painter.requests) == 1 + 1


async def test_after_a_restart_what_waited_meets_the_roles_of_today(world):
    async with world.bot(places=1) as bot:
        await painting(world, bot, world.ask("a dog", member=ADA_PAINTS), world.ask("a hen", member=BOB))
        await bot.kill()
    world.painter._gate = None
    async with world.bot(resume=False) as bot:
        await bot.store.rules.stand(SERVER, keeps_out(Subject.ROLE, PAINTER))
        world.roster.known[SERVER, ADA.id] = Standing(SERVER, frozenset({PAINTER}))
        await bot.studio.resume()
        await bot.settle()
        assert any("let nobody with <@&11> ask" in said for said in world.discord.said())
        assert "a dog" not in world.painter.words


async def test_a_block_takes_back_what_waits_in_direct_messages_too(world):
    async with world.bot(places=1) as bot:
        await heeding(bot)
        canvas = await painting(world, bot, world.ask("a dog", place=DIRECT))
        await stand(bot, keeps_out(Subject.MEMBER, ADA.id), OTHER)
        await bot.until(lambda: any(WITHDRAWN in said for said in world.discord.said(60)))
        canvas.set()
        await bot.settle()
        assert f"a server that we share {WITHDRAWN}" in world.discord.said(60)[-1]
        assert len(world.painter.requests) == 1


async def test_a_role_that_is_blocked_in_a_shared_server_ends_what_waits_in_direct_messages(world):
    world.roster.known[OTHER, ADA.id] = Standing(OTHER, frozenset({PAINTER}))
    async with world.bot(places=1) as bot:
        await heeding(bot)
        canvas = await painting(world, bot, world.ask("a dog", place=DIRECT))
        await stand(bot, keeps_out(Subject.ROLE, PAINTER), OTHER)
        canvas.set()
        await bot.settle()
        assert "that we share don't let you ask me for pictures (spam)" in world.discord.said(60)[-1]
        assert len(world.painter.requests) == 1


UNKNOWN = Unreachable("unreachable", forever=False, detail="a test")


async def unmet(bot: Bot, world: World) -> None:
    """An ask in direct messages comes to its turn while Discord does not tell what its member may do."""
    canvas = await painting(world, bot, world.ask("a dog", place=DIRECT))
    await stand(bot, keeps_out(Subject.ROLE, PAINTER), OTHER)
    world.roster.known[OTHER, ADA.id] = UNKNOWN
    world.roster.asked.clear()
    canvas.set()
    await bot.until(lambda: world.roster.asked.count((OTHER, ADA.id)) > 2)


async def test_an_ask_in_direct_messages_waits_for_a_discord_that_does_not_tell_roles_and_keeps_no_place(
    world, monkeypatch
):
    monkeypatch.setattr(sitting, "SHORTEST", 0.01)
    async with world.bot(places=1) as bot:
        await unmet(bot, world)
        await bot.hear(world.ask("a fox", member=BOB))
        await bot.until(world.discord.said)
        assert "asked" in (await bot.states()).values()
        del world.roster.known[OTHER, ADA.id]
        await bot.settle()
        assert set((await bot.states()).values()) == {"posted"}
        assert "“a dog”" in world.discord.said(60)[-1]


async def test_it_does_not_wait_for_ever_and_costs_nothing(world, monkeypatch):
    monkeypatch.setattr(sitting, "SHORTEST", 0.01)
    monkeypatch.setattr(sitting, "UNMET", 0.1)
    async with world.bot(places=1) as bot:
        await unmet(bot, world)
        await bot.settle()
        assert world.discord.said(60)[-1].startswith("Discord did not tell me what you may do here.")
        assert await spent(bot) == 0


async def test_a_pause_of_a_shared_server_holds_what_waits_in_direct_messages_until_it_ends(world):
    async with world.bot(places=1, pace=replace(FAST, typing=0.0, quiet=0.0, step=0.01)) as bot:
        await heeding(bot)
        canvas = await painting(world, bot, world.ask("a dog", place=DIRECT))
        await pause(bot, OTHER)
        canvas.set()
        held = "waits: the moderators of a server that we share have paused me"
        await bot.until(lambda: any(held in said for said in world.discord.said(60)))
        assert "asked" in (await bot.states()).values()
        assert len(world.painter.requests) == 1
        await pause(bot, OTHER, on=False)
        await bot.settle()
        assert list((await bot.states()).values()) == ["posted", "posted"]


async def test_a_pause_is_met_even_where_the_queue_did_not_hear_of_it(world):
    async with world.bot(places=1) as bot:
        canvas = await painting(world, bot, world.ask("a dog", count=3))
        await bot.store.rules.decide(SERVER, "paused", value=True)
        canvas.set()
        await asyncio.sleep(0.2)
        assert sorted((await bot.states()).values()) == ["asked", "posted"]
        await heeding(bot)
        await pause(bot, on=False)
        await bot.settle()
        assert list((await bot.states()).values()) == ["posted", "posted"]
        assert len(world.painter.requests) == 1 + 3


async def test_what_waits_in_a_channel_that_is_kept_out_is_not_painted_and_its_asker_reads_so(world):
    world.roster.places[THREAD.conversation] = (THREAD.conversation, 5, 6)
    async with world.bot(places=1) as bot:
        canvas = await painting(world, bot, world.ask("a dog"))
        await stand(bot, keeps_out(Subject.CHANNEL, 6))
        canvas.set()
        await bot.settle()
        assert "don't want me to paint in this channel" in world.discord.said()[-1]
        assert len(world.painter.requests) == 1
        assert await spent(bot) == 0


@pytest.mark.parametrize(("around", "painted"), [((THREAD.conversation, 5), 1), ((), 2)])
async def test_what_waits_where_only_other_channels_are_let_in_is_painted_only_if_nobody_knows_where_it_is(
    world, around, painted
):
    world.roster.places[THREAD.conversation] = around
    async with world.bot(places=1) as bot:
        canvas = await painting(world, bot, world.ask("a dog"))
        world.roster.places[61] = (61, 7)
        await stand(bot, replace(keeps_out(Subject.CHANNEL, 7), allowed=True))
        canvas.set()
        await bot.settle()
        assert len(world.painter.requests) == painted


async def test_where_nothing_is_decided_nobody_is_asked(world, stale):
    async with world.bot() as bot:
        await bot.hear(world.ask("a cat", member=ADA_PAINTS), world.ask("a dog", place=DIRECT))
        await bot.settle()
        assert world.roster.asked == []
        assert THREAD.server == SERVER


async def test_what_waits_for_the_edit_before_it_says_so_or_that_all_is_paused(world):
    async with world.bot(places=1, pace=replace(FAST, typing=0.0, quiet=0.0, step=0.01)) as bot:
        await heeding(bot)
        canvas = await painting(world, bot, world.ask("a house"), world.ask("make it blue"))
        waits, paused = "waits for the edit before it", "waits: the moderators have paused me here"
        await bot.until(lambda: any(waits in said and "make it blue" in said for said in world.discord.said()))
        await pause(bot)
        await bot.until(lambda: any(paused in said and "make it blue" in said for said in world.discord.said()))
        await pause(bot, on=False)
        await bot.until(lambda: any(waits in said and "make it blue" in said for said in world.discord.said()))
        canvas.set()
        await bot.settle()
        assert set((await bot.states()).values()) == {"posted"}
