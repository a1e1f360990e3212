"""The bot as whoever keeps it running sees it: its log, its health, its numbers."""

from __future__ import annotations

import asyncio
import json
import resource
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.sandbox.discord import seed
from bot.sandbox.discord.sandbox import listen
from tests.e2e.conftest import tidy
from tests.e2e.stage import BOT, DEADLINE, PAINTING, Stage
from tests.ports import free_port

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]


PORT = free_port()
WHERE = f"http://127.0.0.1:{PORT}"
KEY = "AIzaSy-a-key-of-the-operators"
SETTINGS = {
    "health": {"listen": f"127.0.0.1:{PORT}"},
    "logging": {"format": "json", "level": "INFO"},
}
PRIVATE = ("lighthouse", "Nothing raw", KEY)


# -- the log ---------------------------------------------------------------------------------------------------------


@asynccontextmanager
async def said(stage: Stage) -> AsyncIterator[Callable[[], list[dict[str, Any]]]]:
    """What the log says from here on."""
    since = stage.bot.log.stat().st_size
    yield lambda: [json.loads(line) for line in stage.bot.said(since).splitlines() if line.endswith("}")]


async def test_every_step_of_an_ask_is_a_line_that_bears_its_id(stage: Stage):
    async with said(stage) as lines:
        canvas = await stage.canvas("a lighthouse")
        await stage.until(lambda: [each for each in lines() if each.get("event") == "posted"])
    steps = [each for each in lines() if each.get("ask") == str(canvas.id) and "event" in each]
    assert [each["event"] for each in steps] == ["asked", "painted", "posted"]
    assert steps[1]["dollars"] > 0
    assert (steps[1]["model"], steps[2]["pictures"]) == ("gemini-nano-banana-2.1", 1)


async def test_asks_that_are_painted_side_by_side_keep_their_lines_apart(stage: Stage):
    async with said(stage) as lines:
        asks = [await stage.ana.say("studio", f"{BOT} a lighthouse, {number}") for number in range(4)]
        for each in asks:
            await (await stage.opened(each)).first()
        await stage.until(lambda: sum(each.get("event") == "posted" for each in lines()) == 4)
    for each in asks:
        events = [line["event"] for line in lines() if line.get("ask") == str(each.id) and "event" in line]
        assert events == ["asked", "painted", "posted"]


async def test_a_failure_is_a_line_with_its_reason(stage: Stage):
    stage.fault("blocked:PROHIBITED_CONTENT")
    async with said(stage) as lines:
        canvas = await stage.canvas("a lighthouse")
        await stage.until(lambda: [each for each in lines() if each.get("event") == "told"])
    [failed] = [each for each in lines() if each.get("event") == "failed"]
    assert failed["ask"] == str(canvas.id)
    assert failed["reason"].startswith("declined")


async def test_a_refusal_is_a_line_with_its_reason(stage: Stage):
    async with said(stage) as lines:
        ask = await stage.ana.say("studio", BOT)
        await stage.ana.wait_for(lambda post: post.reply_to == ask.id, "studio", DEADLINE)
    [refused] = [each for each in lines() if each.get("event") == "refused"]
    assert (refused["ask"], refused["reason"]) == (str(ask.id), "nothing_asked")


async def test_the_number_that_a_member_reads_finds_the_line_with_all_that_went_wrong(theatre: Stage):
    stage = theatre  # whose log is not clean after this
    await tidy(stage)
    stage.sandbox.faults.add("answer", "POST", PAINTING, status=418, body={"error": "teapot"})
    async with said(stage) as lines:
        canvas = await stage.canvas("a lighthouse")
        answer = await canvas.first()
        await stage.until(lambda: [each for each in lines() if each.get("event") == "told"])
    stage.sandbox.faults.clear()
    number = answer.text.rpartition(": ")[2]
    [line] = [each for each in lines() if each.get("id") == number]
    assert line["ask"] == str(canvas.id)
    assert line["level"] in {"WARNING", "ERROR"}


async def test_nothing_is_logged_but_json_and_neither_words_nor_secrets(stage: Stage):
    await (await stage.canvas("a lighthouse. Nothing raw")).ask("add a Nothing raw boat")
    text = stage.bot.said()
    assert len([json.loads(line) for line in text.splitlines()]) > 10
    for each in (*PRIVATE, stage.sandbox.bot_token):
        assert each not in text
    assert {"discord.gateway", "bot.watch.journal"} <= {json.loads(line)["logger"] for line in text.splitlines()}


async def test_what_keeps_it_from_starting_is_a_line_of_json_too(stage: Stage):
    await stage.bot.stop()
    since = stage.bot.log.stat().st_size
    with listen(0) as taken:
        stage.bot.configure(health={"listen": f"127.0.0.1:{taken.getsockname()[1]}"})
        with pytest.raises(AssertionError, match="the bot ended at its start"):
            await stage.bot.start(lambda: False)
    stage.bot.configure(**SETTINGS)
    *_, last = [json.loads(line) for line in stage.bot.said(since).splitlines()]
    assert last["message"].startswith("The health page can't listen on")


# -- health ----------------------------------------------------------------------------------------------------------


async def healthz() -> tuple[int, dict[str, Any]]:
    async with aiohttp.ClientSession(WHERE) as session, session.get("/healthz") as answer:
        return answer.status, await answer.json()


async def becomes(status: int) -> dict[str, Any]:
    """What it says once it is well, or no longer."""
    async with asyncio.timeout(DEADLINE):
        while (found := await healthz())[0] != status:  # noqa: ASYNC110 - as whoever watches it would ask
            await asyncio.sleep(0.05)
    return found[1]


async def test_a_bot_at_work_is_healthy_and_says_since_when(stage: Stage):
    told = await becomes(200)
    assert (told["gateway"], told["database"], told["disk"]) == (True, True, True)
    assert told["uptime_seconds"] >= 0


async def test_a_gateway_that_no_longer_answers_makes_it_unhealthy_until_it_does(stage: Stage):
    rules = stage.sandbox.world.rules
    rules.heartbeat_interval = 0.4
    await stage.restart()
    assert await becomes(200)
    rules.heartbeats_answered = False
    told = await becomes(503)
    assert (told["gateway"], told["database"]) == (False, True)
    assert (await numbers())["easel_gateway_connected"] == 0
    rules.heartbeats_answered = True
    assert await becomes(200)


async def test_a_gateway_that_is_gone_makes_it_unhealthy_until_it_is_back(stage: Stage):
    stage.sandbox.gateway.turned_away.extend([4000, 4000])
    stage.sandbox.gateway.close(4000, seed.BOT)
    assert not (await becomes(503))["gateway"]
    assert await becomes(200)


def used_up(stage: Stage, seconds: float) -> None:
    """The bot has begun every session that Discord gives it; there are new ones in so long."""
    rules, starts = stage.sandbox.world.rules, stage.sandbox.gateway.starts
    rules.sessions = starts.used
    rules.sessions_last += seconds - starts.told()["reset_after"] / 1000


async def test_a_bot_that_has_used_up_its_sessions_waits_for_new_ones_and_says_until_when(stage: Stage):
    await stage.bot.stop()
    used_up(stage, 8.0)
    stage.sandbox.gateway.arrivals.clear()
    async with said(stage) as lines:
        await stage.bot.start(lambda: any("no new session before" in each["message"] for each in lines()))
        told = await becomes(503)
        assert not told["gateway"]
        assert 0 < datetime.fromisoformat(told["gateway_rests_until"]).timestamp() - time.time() < 10
        assert stage.sandbox.gateway.arrivals == []
        assert (await becomes(200))["gateway_rests_until"] is None
    assert len(stage.sandbox.gateway.arrivals) == 1


async def test_one_that_loses_its_session_when_they_are_used_up_does_the_same_and_hears_what_it_missed(stage: Stage):
    canvas = await stage.canvas("a lighthouse")
    used_up(stage, 8.0)
    async with said(stage) as lines:
        stage.sandbox.gateway.invalidate(seed.BOT)
        ask = await canvas.say("a second lighthouse")
        await stage.until(lambda: [each for each in lines() if "no new session before" in each["message"]])
        assert (await becomes(503))["gateway_rests_until"]
        await canvas.answer(ask)


async def test_where_discord_does_not_say_how_many_sessions_are_left_one_is_begun(stage: Stage):
    await stage.bot.stop()
    stage.sandbox.faults.add("answer", "GET", "/gateway/bot", status=404, body={"message": "no such page", "code": 0})
    await stage.start()
    assert await becomes(200)


async def test_a_disk_that_takes_nothing_makes_it_unhealthy_until_it_does(theatre: Stage):
    stage = theatre  # its log can't be written either, or only halfway
    await tidy(stage)
    await stage.restart()  # with nothing found yet that would still hold
    await shows("easel_gateway_connected", 1)
    usual = resource.prlimit(stage.bot.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(stage.bot.pid, resource.RLIMIT_FSIZE, (100, usual[1]))
    told = await becomes(503)
    assert (told["gateway"], told["database"]) == (True, False)
    resource.prlimit(stage.bot.pid, resource.RLIMIT_FSIZE, usual)
    assert (await becomes(200))["database"]
    await stage.canvas("a lighthouse")


async def test_a_google_that_is_away_is_told_and_does_not_make_the_bot_unhealthy(stage: Stage):
    stage.fault("400-key")
    await stage.canvas("a lighthouse")
    status, told = await healthz()
    assert (status, told["gemini"]["answered"], told["gemini"]["reason"]) == (200, False, "misconfigured_key")
    await stage.canvas("a lighthouse")
    _, told = await healthz()
    assert told["gemini"]["answered"]


# -- numbers ---------------------------------------------------------------------------------------------------------


async def numbers() -> dict[str, float]:
    """Every series, as `name{label}`."""
    async with aiohttp.ClientSession(WHERE) as session, session.get("/metrics") as answer:
        text = await answer.text()
    return {
        f"{sample.name}{{{','.join(sample.labels.values())}}}" if sample.labels else sample.name: sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def shows(name: str, value: float) -> dict[str, float]:
    """All numbers, once that one is there."""
    async with asyncio.timeout(DEADLINE):
        while (found := await numbers()).get(name) != value:  # noqa: ASYNC110 - as Prometheus would ask
            await asyncio.sleep(0.05)
    return found


async def test_the_numbers_tell_what_was_asked_and_what_became_of_it(stage: Stage):
    await stage.restart()
    canvas = await stage.canvas("a lighthouse")
    stage.fault("blocked:PROHIBITED_CONTENT", "add a boat")
    await canvas.ask("add a boat")
    await canvas.ask("add a moon")
    await stage.ana.say("studio", BOT)
    await shows("easel_outcomes_total{refused,nothing_asked}", 1)
    found = await shows("easel_pictures_total", 2)
    assert found["easel_asks_total{paint,message}"] == 3
    assert found["easel_outcomes_total{posted,}"] == 2
    assert sum(value for name, value in found.items() if name.startswith("easel_outcomes_total{failed")) == 1
    assert found["easel_calls_total{gemini-nano-banana-2.1,answered}"] == 2
    assert found["easel_dollars_total{gemini-nano-banana-2.1}"] > 0
    for stage_name, times in {"wait": 3, "paint": 2, "keep": 2, "deliver": 3}.items():
        assert found[f"easel_stage_seconds_count{{{stage_name}}}"] == times


async def test_the_queue_shows_who_waits_and_what_is_under_way(stage: Stage):
    async with stage.configured(gemini={"at_once": 1}):
        async with stage.held() as is_painting:
            asks = [await stage.ana.say("studio", f"{BOT} a lighthouse, {number}") for number in range(3)]
            await stage.until(is_painting)
            found = await shows("easel_waiting", 2)
            assert found["easel_calls_under_way"] == 1
        for each in asks:
            await (await stage.opened(each)).first()
        found = await shows("easel_calls_under_way", 0)
        assert found["easel_waiting"] == 0


async def test_a_command_that_meets_a_limit_counts_among_the_refusals(stage: Stage):
    await stage.canvas("a lighthouse")
    async with stage.configured(limits={"pictures_per_member_hour": 1}):
        await stage.ana.slash("studio", "imagine", prompt="a green dragon")
        found = await shows("easel_outcomes_total{refused,over_member_hour}", 1)
    assert not [name for name in found if name.startswith("easel_asks_total")]
