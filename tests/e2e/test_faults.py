"""Faults of Google's that last: what members see, how often Google is asked, what ledger and operator are told."""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
import time
from contextlib import closing

import pytest

from bot.sandbox.discord import seed
from tests.e2e.books import counted
from tests.e2e.stage import DEADLINE, Stage, numbers, receipt, sentence

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

MODEL, LITE = "gemini-nano-banana-2.1", "gemini-3.1-flash-lite-image"
SECONDS = 3  #: that Google has for an answer
SETTINGS = {
    "gemini": {"deadline_seconds": SECONDS},
    "discord": {"operator_channel": str(seed.LOUNGE)},
}


def spent(stage: Stage) -> float:
    """Dollars that all calls have cost by now, as far as is known."""
    with closing(sqlite3.connect(stage.bot.folder / "data" / "easel.db")) as database:
        [(micros,)] = database.execute("SELECT sum(micros) FROM calls")
    return float(micros) / 1_000_000


async def alarms(stage: Stage) -> list[str]:
    """What the operator's channel was told in this test, without moments and numbers."""
    posts = [each for each in await stage.ana.messages(seed.LOUNGE, 100) if each.is_from_bot]
    return [re.sub(r"<t:\d+:R>|\b[0-9a-f]{8}\b", "…", each.text) for each in posts]


async def alarmed(stage: Stage, said: str, before: list[str]) -> str:
    """What the operator is told next that begins so."""
    async with asyncio.timeout(DEADLINE):
        while not (new := [each for each in (await alarms(stage))[len(before) :] if each.startswith(said)]):  # noqa: ASYNC110 - as somebody who reads there
            await asyncio.sleep(0.1)
    return new[0]


# -- 503 for minutes ---------------------------------------------------------------------------------------------------


async def test_while_the_model_is_overloaded_everybody_has_one_try_and_the_bot_is_back_as_soon_as_it_is(stage: Stage):
    await stage.restart()
    people = [stage.ana, stage.ben, stage.cleo]
    canvases = await asyncio.gather(*(stage.canvas(by=each) for each in (people * 4)))
    since = len(stage.gemini.ledger.requests)
    stage.fault("503", times=None)
    asks = [await canvas.say(f"make it night {place}") for place, canvas in enumerate(canvases)]
    told = await asyncio.gather(*(canvas.answer(ask) for canvas, ask in zip(canvases, asks, strict=True)))
    assert all(each.text.startswith(sentence("error.overloaded", tries="{tries}").split(";")[0]) for each in told)
    assert len(stage.gemini.ledger.requests) - since <= len(asks) + 10
    for ask in asks:
        calls, claim = counted(stage, ask)
        assert (calls, claim) == ([(MODEL, "overloaded", 0)], ("returned", 0, 0))
    for place in range(5):
        before = len(stage.gemini.ledger.requests)
        again = await canvases[0].ask(f"a quiet sea {place}")
        assert "I asked it 1×" in again.text
        assert len(stage.gemini.ledger.requests) - before == 1
    stage.gemini.faults.clear()
    assert numbers(await canvases[1].ask("add a boat")) == ["v2"]
    stage.fault("503", "add a moon", times=2)
    assert numbers(await canvases[1].ask("add a moon")) == ["v3"]
    assert len(stage.requests("add a moon")) == 3


async def test_a_limit_per_minute_that_many_meet_at_once_is_waited_out_by_each_of_them(stage: Stage):
    canvases = await asyncio.gather(*(stage.canvas() for _ in range(12)))
    stage.fault("429-minute", times=12, wait=1.0)
    asks = [await canvas.say(f"make it night {place}") for place, canvas in enumerate(canvases)]
    told = await asyncio.gather(*(canvas.answer(ask) for canvas, ask in zip(canvases, asks, strict=True)))
    assert [numbers(each) for each in told] == [["v2"]] * 12


# -- what the operator is told -----------------------------------------------------------------------------------------


async def test_a_key_that_is_revoked_is_told_to_the_operator_once_and_every_member_reads_whose_turn_it_is(stage: Stage):
    canvas, before = await stage.canvas(), await alarms(stage)
    stage.fault("400-key", "make it night", times=3)
    for _ in range(3):
        told = await canvas.ask("make it night")
        assert told.text == sentence("error.misconfigured_key")
    assert await alarmed(stage, "🔴 Google does not accept the key", before) == (
        "🔴 Google does not accept the key in GEMINI_API_KEY.\nCopy it anew from Google AI Studio (Get API key).\n"
        "-# Trouble …, since …. I say when it is over, and every six hours that it is not."
    )
    await stage.restart()
    assert numbers(await canvas.ask("make it night")) == ["v2"]
    await alarmed(stage, "🟢 ~~Google does not accept the key", before)
    assert len(await alarms(stage)) == len(before) + 2


async def test_a_model_that_is_retired_while_the_bot_runs_is_told_to_members_and_to_the_operator(stage: Stage):
    canvas, before = await stage.canvas(), await alarms(stage)
    stage.fault("404", "make it night")
    ask = await canvas.say("make it night")
    told = await canvas.answer(ask)
    assert f"Google has no image model “{MODEL}” (any more). Nothing was charged." in told.text
    assert counted(stage, ask) == ([(MODEL, "misconfigured_model", 0)], ("returned", 0, 0))
    await alarmed(stage, f"🔴 Google has no model {MODEL}", before)
    await canvas.ask("add a boat")
    await alarmed(stage, f"🟢 ~~Google has no model {MODEL}", before)


async def test_nothing_that_a_member_said_is_in_what_the_operator_reads(stage: Stage):
    canvas, before = await stage.canvas(), await alarms(stage)
    secret = "my aunt Ottilie"
    error = {"error": {"code": 402, "message": f"Nobody paid for {secret}.", "status": ""}}
    stage.fault("raw", secret, status=402, text=json.dumps(error))
    await canvas.ask(f"paint {secret}")
    said = await alarmed(stage, "🔴 Google wants the billing of the key's project looked at (the log has more", before)
    assert "Ottilie" not in said
    await canvas.ask("add a boat")
    await alarmed(stage, "🟢 ~~Google wants the billing", before)


# -- answers that are lost or odd --------------------------------------------------------------------------------------


async def test_answers_that_are_too_late_count_against_the_fence_around_the_money_and_not_against_members(stage: Stage):
    canvas, before = await stage.canvas(), await alarms(stage)
    async with stage.configured(limits={"dollars_per_10_minutes": spent(stage) + 0.12}):
        lost = []
        began = time.monotonic()
        for place in range(2):
            stage.fault("hang", f"make it night {place}")
            lost.append(await canvas.say(f"make it night {place}"))
            told = await canvas.answer(lost[-1])
            assert told.text.startswith(f"Google did not answer within {SECONDS} seconds")
        assert time.monotonic() - began < 2 * (SECONDS + 5)
        for ask in lost:
            [(_, outcome, micros)], claim = counted(stage, ask)
            assert outcome == "uncertain_deadline"
            assert micros > 30_000
            assert claim == ("returned", 0, 0)
        refused = await canvas.ask("add a boat")
        assert "spending limit for ten minutes" in refused.text
        assert stage.requests("add a boat") == []
        await alarmed(stage, "🔴 [limits] dollars_per_10_minutes is reached", before)


def of_60_mb(part: str) -> str:
    """An answer of 60 MB, with this in it 60 million times."""
    return part * (60 * 2**20 // len(part))


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ([{"inlineData": {"mimeType": "image/png", "data": of_60_mb("QUJD")}}], "picture arrived from Google damaged"),
        ([{"text": of_60_mb("a house ")}], "arrived damaged"),
        (None, "arrived damaged"),
    ],
    ids=["a picture that is none", "words", "no JSON"],
)
async def test_an_answer_of_60_mb_that_makes_no_sense_is_told_and_nobody_else_notices(stage: Stage, parts, said):
    canvas, other = await stage.canvas(), await stage.canvas(by=stage.ben)
    body = of_60_mb("x") if parts is None else json.dumps({"candidates": [{"content": {"parts": parts}}]})
    stage.gemini.delay = 0.5
    stage.fault("raw", "make it night", text=body)
    ask = await canvas.say("make it night")
    beside = await other.ask("add a boat")
    assert numbers(beside) == ["v2"]
    assert said in (await canvas.answer(ask)).text
    [(_, _, micros)], claim = counted(stage, ask)
    assert micros > 30_000
    assert claim == ("returned", 0, 0)


# -- another model -----------------------------------------------------------------------------------------------------


STEPS_IN = {
    "503": "Nano Banana 2.1 was overloaded.",
    "429-day": "Google's limit for Nano Banana 2.1 was reached.",
    "429-bare": "Google's limit for Nano Banana 2.1 was reached.",
    "404": "Google has no Nano Banana 2.1 any more.",
}


async def test_where_another_model_may_step_in_it_paints_and_the_receipt_says_why_but_never_what_was_declined(
    stage: Stage,
):
    async with stage.configured(gemini={"fallback": LITE}):
        canvases = await asyncio.gather(*(stage.canvas() for _ in STEPS_IN))
        for kind in STEPS_IN:
            stage.fault(kind, f"make it night, {kind}", times=3 if kind == "503" else 1)
        asks = [await canvas.say(f"make it night, {kind}") for canvas, kind in zip(canvases, STEPS_IN, strict=True)]
        for canvas, ask, (kind, why) in zip(canvases, asks, STEPS_IN.items(), strict=True):
            painted = await canvas.answer(ask)
            assert numbers(painted) == ["v2"]
            assert receipt(painted).splitlines()[1:] == [f"Painted by Nano Banana 2 Lite, because {why}"]
            calls, claim = counted(stage, ask)
            assert [(model, micros > 0) for model, _, micros in calls] == [(MODEL, False), (LITE, True)]
            assert claim == ("settled", 1, calls[-1][2])
            assert stage.requests(f"make it night, {kind}")[-1].model == LITE
        stage.fault("blocked:PROHIBITED_CONTENT", "a gun")
        assert not (await canvases[0].ask("a gun")).pictures
        assert len(stage.requests("a gun")) == 1
