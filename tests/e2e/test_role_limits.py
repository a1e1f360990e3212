"""Limits per role, over the wire: three members with different roles, limits of the file and of the moderators'."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.limits.moderation import Moderation
from bot.model import Member as Moderator
from bot.rules.rules import Stance, Subject
from bot.sandbox import Member, Post
from bot.sandbox.discord import seed
from bot.store import open_store
from tests.e2e.stage import BOT, DEADLINE, Canvas, Stage, receipt, sentence
from tests.e2e.test_moderation_panel import panel, press

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

EVERYONE, JUNE = seed.GUILD, Moderator(seed.JUNE, "june")


@asynccontextmanager
async def decided(
    stage: Stage,
    limits: Mapping[int, Mapping[str, Any]] | None = None,
    rules: Mapping[str, Any] | None = None,
    stances: tuple[Stance, ...] = (),
) -> AsyncIterator[None]:
    """What moderators have set, while this is open; the running bot heeds it from the next ask on."""
    await written(stage, limits or {}, rules or {}, stances)
    try:
        yield
    finally:
        async with open_store(data(stage)) as store, store.write() as desk:
            for table in ("role_limits", "rules", "stances"):
                await desk.query.tell(f"DELETE FROM {table}")


async def written(
    stage: Stage, limits: Mapping[int, Mapping[str, Any]], rules: Mapping[str, Any], stances: tuple[Stance, ...] = ()
) -> None:
    async with open_store(data(stage)) as store, Moderation(store).change(seed.GUILD, JUNE) as change:
        for before in (
            "UPDATE claims SET at = 0",
            "DELETE FROM hours WHERE server <> 0",
            "UPDATE heard SET at = at - 7200",
        ):
            await change.desk.query.tell(before)  # nobody has had anything, or has been told so
        for role, values in limits.items():
            for name, value in values.items():
                await change.limit(role, name, value)
        for name, value in rules.items():
            await change.rule(name, value)
        for stance in stances:
            await change.stand(stance)


def data(stage: Stage) -> Path:
    return Path(stage.bot.sections["storage"]["directory"])


def keeps(kind: Subject, subject: int, *, until: float | None = None) -> Stance:
    return Stance(kind, subject, allowed=False, reason="spam", until=until, member=seed.JUNE, at=0.0)


async def whisper(member: Member, words: str) -> Post:
    return await member.wait_for(lambda post: post.is_whisper and words in post.text, None, DEADLINE)


async def refused(stage: Stage, by: Member, words: str = "a boat") -> str:
    """What a mention in a channel is answered with, no thread being opened."""
    asked = await by.say("studio", f"{BOT} {words}")
    told = await by.wait_for(lambda post: post.is_from_bot and post.reply_to == asked.id, "studio", DEADLINE)
    assert stage.requests(words) == []
    return told.text


# -- each dimension ----------------------------------------------------------------------------------------------------


async def test_pictures_are_counted_for_each_role_and_the_role_that_has_more_is_named(stage: Stage):
    limits = {EVERYONE: {"pictures_per_day": 1}, seed.PAINTER: {"pictures_per_day": 2}}
    async with decided(stage, limits):
        canvas = await stage.canvas(by=stage.cleo)
        told = (await canvas.ask("make it night")).text
        assert told.startswith("You are at the limit that @everyone gives you here (pictures a day: 1).")
        assert f"<@&{seed.PAINTER}> has 2." in told
        [moment] = re.findall(r"<t:(\d+):R>", told)
        assert 86_000 < int(moment) - time.time() < 86_410
        ben = canvas.seen_by(stage.ben)
        await ben.ask("add a boat")
        await ben.ask("add a moon")
        assert f"<@&{seed.PAINTER}> gives you here (pictures a day: 2)." in (await ben.ask("add a star")).text
        assert stage.requests("make it night") == stage.requests("add a star") == []


async def test_money_is_counted_too_and_so_is_the_servers_budget(stage: Stage):
    async with decided(stage, {seed.GUEST: {"dollars_per_30_days": 0.001}}):
        told = await refused(stage, stage.cleo)
        assert told.startswith(f"This needs more than <@&{seed.GUEST}> gives you here (money in 30 days: <$0.01).")
        await stage.canvas("a lighthouse", by=stage.ben)
    async with decided(stage, rules={"dollars_per_day": 0.001}):
        assert "This may cost more than this server's budget (money a day: <$0.01)." in await refused(stage, stage.ben)


async def test_a_size_that_is_too_large_is_refused_and_the_usual_one_made_smaller(stage: Stage):
    limits = {EVERYONE: {"largest_size": "1K"}, seed.PAINTER: {"largest_size": "2K"}}
    async with decided(stage, limits):
        assert (await stage.cleo.slash("studio", "imagine", prompt="a huge boat", size="2K")).ok
        told = await stage.cleo.wait_for(lambda post: "up to 1K, and this would be 2K" in post.text, "studio", DEADLINE)
        assert f"<@&{seed.PAINTER}> has 2K." in told.text
        assert stage.requests("a huge boat") == []
        assert (await stage.ben.slash("studio", "imagine", prompt="a large boat", size="2K")).ok
        await stage.until(lambda: stage.requests("a large boat"))


async def test_a_model_that_is_not_allowed_is_refused_with_those_that_are(stage: Stage):
    canvas = await stage.canvas()
    async with decided(stage, {EVERYONE: {"models": ["gemini-3.1-flash-lite-image"]}}):
        async with open_store(data(stage)) as store, store.write() as desk:
            await desk.preferences.wish(canvas.id, "model", "gemini-nano-banana-2.1")
        told = (await canvas.seen_by(stage.cleo).ask("add a kite")).text
        assert told.startswith("@everyone does not let you paint with")
        assert "`/settings`" in told
        elsewhere = await stage.canvas("a canoe", by=stage.cleo)
        assert "Painted with Nano Banana 2 Lite:" in receipt(await elsewhere.first())
        assert stage.request("a canoe").model == "gemini-3.1-flash-lite-image"


async def test_variations_are_as_many_as_are_allowed(stage: Stage):
    canvas = await stage.canvas()
    first = await canvas.first()
    async with decided(stage, {EVERYONE: {"variations": 0}, seed.PAINTER: {"variations": 2}}):
        assert (await stage.cleo.press(first, first.buttons["Variations"])).ok
        await whisper(stage.cleo, sentence("error.no_variations", role="@everyone"))
        assert (await stage.ben.press(first, first.buttons["Variations"])).ok
        last = await canvas.by.wait_for(lambda post: len(post.pictures) == 2, canvas.id, DEADLINE)
        assert "2 of 3: more at once you may not have here." in receipt(last)


async def test_whoever_may_not_start_threads_paints_in_those_that_are_there(stage: Stage):
    async with decided(stage, {seed.GUEST: {"may_start_threads": False}}):
        assert (await refused(stage, stage.cleo)).startswith(f"<@&{seed.GUEST}> lets you paint in threads")
        assert (await stage.cleo.slash("studio", "imagine", prompt="a dog")).ok
        await whisper(stage.cleo, "lets you paint in threads that are there already")
        canvas = await stage.canvas(by=stage.ben)
        await canvas.seen_by(stage.cleo).ask("add a kite")
        assert await canvas.saw("add a kite") == ["v1"]


async def test_a_role_paints_in_its_channels_and_categories_alone(stage: Stage):
    async with decided(stage, {seed.GUEST: {"channels": [seed.PHOTOS]}, seed.PAINTER: {"channels": [seed.CLUB]}}):
        assert f"only in <#{seed.PHOTOS}>." in await refused(stage, stage.cleo)
        canvas = await stage.canvas("a lighthouse", by=stage.ben)
        await canvas.seen_by(stage.ben).ask("add a kite")
        assert (await stage.cleo.slash("photos", "imagine", prompt="a canoe")).ok
        await stage.until(lambda: stage.requests("a canoe"))


async def test_asks_at_once_wait_and_are_never_refused(stage: Stage):
    canvas = await stage.canvas(by=stage.ben)
    async with decided(stage, {seed.PAINTER: {"at_once": 1}}), stage.held() as reached:
        first = await canvas.say("make it night", reply_to=await canvas.first())
        await stage.until(reached)
        second = await canvas.say("add a boat", reply_to=await canvas.first())
        told = await canvas.status(second)
        assert "waits for what you asked before" in told.text
        await canvas.seen_by(stage.cleo).ask("add a moon", reply_to=await canvas.first())
        assert stage.requests("add a boat") == []
    await asyncio.gather(canvas.answer(first), canvas.answer(second))
    assert len(stage.requests("add a boat")) == 1


# -- the file, and rows that grant nothing -----------------------------------------------------------------------------


async def test_the_files_limits_hold_until_moderators_set_others(stage: Stage):
    rows = [{"role": str(EVERYONE), "pictures_per_hour": 1}, {"role": str(seed.PAINTER), "blocked": True}]
    rows.append({"role": "77", "pictures_per_hour": 9})
    await written(stage, {}, {})
    async with stage.configured(limits={"role": rows}):
        canvas = await stage.canvas(by=stage.cleo)
        assert "(pictures an hour: 1)" in (await canvas.ask("make it night")).text
        await stage.until(lambda: "no server has the role 77" in stage.bot.said())
        assert f"let nobody with <@&{seed.PAINTER}> ask me" in await refused(stage, stage.ben, "a canoe")
        async with decided(stage, {EVERYONE: {"pictures_per_hour": 2}, seed.PAINTER: {"blocked": False}}):
            await canvas.ask("add a boat")
            await canvas.seen_by(stage.ben).ask("add a kite")
        assert await canvas.saw("add a kite") == ["v2"]


async def test_a_deleted_role_grants_nothing_and_neither_does_a_row_that_can_not_be_read(stage: Stage):
    june = stage.sandbox.member("june")
    artist = int((await june.call("POST", f"/guilds/{seed.GUILD}/roles", {"name": "Artist"}))["id"])
    await june.call("PUT", f"/guilds/{seed.GUILD}/members/{seed.CLEO}/roles/{artist}")
    async with decided(stage, {EVERYONE: {"pictures_per_day": 1}, artist: {"pictures_per_day": 9}}):
        canvas = await stage.canvas(by=stage.cleo)
        await canvas.ask("add a boat")
        await june.call("DELETE", f"/guilds/{seed.GUILD}/roles/{artist}")
        told = (await canvas.ask("add a moon")).text
        assert told.startswith("You are at the limit that @everyone gives you here")
        assert "has 9" not in told
    async with decided(stage, {EVERYONE: {"pictures_per_day": "many"}}):
        assert "@everyone gives you here (pictures a day: 0)" in await refused(stage, stage.ben)


# -- who is kept out ---------------------------------------------------------------------------------------------------


async def test_a_blocked_member_reads_it_and_everybody_else_goes_on(stage: Stage):
    canvas = await stage.canvas()
    async with decided(stage, {EVERYONE: {"pictures_per_day": 99}}, stances=(keeps(Subject.MEMBER, seed.CLEO),)):
        told = (await canvas.seen_by(stage.cleo).ask("add a boat")).text
        assert told.startswith("The moderators of this server have blocked you from asking me for pictures (spam).")
        assert (await stage.cleo.slash("studio", "imagine", prompt="a dog")).ok
        await whisper(stage.cleo, "have blocked you")
        await canvas.seen_by(stage.ben).ask("add a moon")
    assert stage.requests("add a boat") == stage.requests("a dog") == []


async def test_in_a_paused_server_nothing_is_taken_and_what_waited_goes_on_later(stage: Stage):
    canvas = await stage.canvas()
    async with stage.held() as reached:
        await canvas.say("make it night")
        await stage.until(reached)
        waiting = await canvas.say("add a boat")
        await canvas.status(waiting)
        await stage.kill()
    async with decided(stage, rules={"paused": True}):
        await stage.revive()
        told = await canvas.seen_by(stage.ben).ask("add a moon")
        assert told.text.startswith("The moderators of this server have paused me.")
        await canvas.by.wait_for(lambda post: "the moderators have paused me here" in post.text, canvas.id, DEADLINE)
        assert stage.requests("add a boat") == []
    await stage.restart()
    await canvas.answer(waiting)
    assert len(stage.requests("add a boat")) == 1


# -- whose roles are not told ------------------------------------------------------------------------------------------


async def test_what_was_asked_while_the_bot_was_away_falls_under_its_members_roles(stage: Stage):
    canvas = await stage.canvas()
    async with decided(stage, {seed.PAINTER: {"models": []}}):
        await stage.bot.stop()
        bens = await canvas.seen_by(stage.ben).say("add a kite")
        cleos = await canvas.seen_by(stage.cleo).say("add a swan")
        await stage.start()
        assert f"<@&{seed.PAINTER}> does not let you paint" in (await canvas.answer(bens)).text
        await canvas.answer(cleos)
    assert stage.requests("add a kite") == []
    assert len(stage.requests("add a swan")) == 1


async def test_direct_messages_fall_under_the_server_that_is_shared(stage: Stage):
    dm = Canvas(stage, await stage.cleo.channel_id("dm"), stage.cleo)
    async with decided(stage, {seed.GUEST: {"pictures_per_day": 1}}):
        await dm.ask("a lighthouse")
        told = (await dm.ask("a windmill")).text
        assert told.startswith("You are at the limit that a server that we share gives you here (pictures a day: 1).")
        assert (await stage.cleo.slash("studio", "imagine", prompt="a dog")).ok
        await whisper(stage.cleo, "(pictures a day: 1)")
    async with decided(stage, stances=(keeps(Subject.MEMBER, seed.CLEO, until=time.time() + 3600),)):
        assert "that we share don't let you ask" in (await dm.ask("a mill")).text
    async with decided(stage, rules={"paused": True}):
        assert "that we share have paused me" in (await dm.ask("a watermill")).text
    assert (await stage.ana.slash("studio", "words add", words="dragon")).ok
    assert "rules on words of a server that we share" in (await dm.ask("a dragon")).text
    assert (await stage.ana.slash("studio", "words remove", word="dragon")).ok
    for words in ("a windmill", "a mill", "a watermill", "a dragon"):
        assert stage.requests(words) == []


async def test_what_waits_in_a_direct_message_is_held_by_a_pause_of_a_shared_server(stage: Stage):
    dm = Canvas(stage, await stage.cleo.channel_id("dm"), stage.cleo)
    shown = await press(stage.ana, await panel(stage.ana), "Whole server")
    async with stage.held() as there:
        first = await dm.say("a snowed-in cabin")
        await stage.until(there)
        waiting = await dm.say("make it a castle")
        await dm.status(waiting)
        shown = await press(stage.ana, shown, "Pause me")
    try:
        await dm.answer(first)
        await stage.cleo.wait_for(lambda post: "that we share have paused me. Asked" in post.text, dm.id, DEADLINE)
        assert stage.requests("make it a castle") == []
    finally:
        await press(stage.ana, shown, "Let me go on")
    await dm.answer(waiting)


async def test_usage_does_not_deny_what_another_model_paints(stage: Stage):
    lite = "gemini-3.1-flash-lite-image"
    async with decided(stage, {EVERYONE: {"models": [lite], "pictures_per_day": 5}}):
        canvas = await stage.canvas("a lighthouse in lite", by=stage.cleo)
        before = max(stage.cleo.seen)
        assert (await stage.cleo.slash(canvas.id, "usage")).ok
        told = await stage.cleo.wait_for(lambda post: post.id > before and "of 5 left" in post.text, None, DEADLINE)
    assert "does not let you paint" not in told.text
