"""The operator's fence: what a member reads at it, and what the painter never receives."""

from __future__ import annotations

import asyncio
import re
import time
from pathlib import Path

import pytest

from tests.e2e.stage import BOT, DEADLINE, Canvas, Stage, sentence

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]


async def test_over_the_hourly_limit_a_member_reads_when_and_another_goes_on(stage: Stage):
    canvas = await stage.canvas()
    async with stage.configured(limits={"pictures_per_member_hour": 1}):
        told = await canvas.ask("add a moon")
        assert told.text.startswith("You are at the limit of pictures for one member in an hour (1).")
        [moment] = re.findall(r"<t:(\d+):R>", told.text)
        assert 3400 < int(moment) - time.time() < 3610
        assert stage.requests("add a moon") == []
        await canvas.seen_by(stage.ben).ask("add a boat")
        assert await canvas.saw("add a boat") == ["v1"]


async def test_the_limit_holds_through_a_kill(stage: Stage):
    async with stage.configured(limits={"pictures_per_member_hour": 1}):
        canvas = await stage.canvas(by=stage.cleo)
        await stage.kill()
        await stage.revive()
        assert sentence("error.over_member_hour") in (await canvas.seen_by(stage.cleo).ask("make it night")).text


async def test_a_command_over_the_limit_is_answered_to_its_presser_alone(stage: Stage):
    await stage.canvas(by=stage.ben)
    async with stage.configured(limits={"pictures_per_member_hour": 1}):
        before = await stage.ben.messages("studio", 50)
        assert (await stage.ben.slash("studio", "imagine", prompt="a dog")).ok
        told = await stage.ben.wait_for(lambda post: post.is_whisper, None, DEADLINE)
        assert sentence("error.over_member_hour") in told.text
        assert len(await stage.ben.messages("studio", 50)) == len(before)


async def test_forty_asks_in_one_moment_paint_as_many_as_the_limit_allows(stage: Stage, tmp_path: Path):
    async with stage.configured(limits={"pictures_per_server_day": 5}, storage={"directory": str(tmp_path)}):
        asks = await asyncio.gather(*(stage.ana.say("studio", f"{BOT} cat number {number}") for number in range(40)))
        await stage.ana.wait_for(lambda post: "pictures in a day" in post.text, "studio")
        await stage.until(lambda: sum(ask.id in stage.ana.channels for ask in asks) == 5)
        await asyncio.gather(
            *[Canvas(stage, ask.id, stage.ana).first() for ask in asks if ask.id in stage.ana.channels]
        )
    assert len(stage.gemini.ledger.requests) == 5


async def test_at_the_spending_gate_nothing_more_is_asked_of_google(stage: Stage):
    canvas = await stage.canvas()
    async with stage.configured(limits={"dollars_per_10_minutes": 0.06}):
        told = await canvas.ask("make it night")
        assert "spending limit for ten minutes" in told.text
        assert stage.requests("make it night") == []
