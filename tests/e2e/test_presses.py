"""Faults of Discord's around presses and commands: what the presser sees, what is painted, and what it costs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio

from tests.e2e.books import left
from tests.e2e.conftest import tidy
from tests.e2e.deeds import FIRST_WAVE, SECOND_WAVE, Deed, Ready, dismiss_a_report, forget
from tests.e2e.stage import DEADLINE, Stage, numbers, sentence

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

FIRST, LATER, ORIGINAL = "/interactions/*/*/callback", "/webhooks/*/*", "/webhooks/*/*/messages/*"
PAGE = {"status": 429, "body": "<html>Cloudflare</html>"}


def says(status: int, code: int) -> dict[str, Any]:
    """Discord's answer with an error."""
    return {"status": status, "body": {"code": code, "message": "no"}}


TABLE: dict[str, tuple[str, str, str, dict[str, Any], bool, bool]] = {
    # what becomes of which request, whether the presser sees that it worked, and whether something is painted
    "the line drops": ("drop_before", "POST", FIRST, {}, True, True),
    "the answer is lost": ("drop_after", "POST", FIRST, {}, True, True),
    "an error of Discord's": ("answer", "POST", FIRST, says(502, 0), True, True),
    "heard twice": ("hear", "POST", FIRST, {}, True, True),
    "too late": ("answer", "POST", FIRST, says(404, 10062), False, False),
    "banned": ("answer", "POST", FIRST, PAGE, False, False),
    "what follows is too late": ("answer", "*", ORIGINAL, says(401, 50027), True, True),
    "what follows is lost": ("drop_after", "*", ORIGINAL, {}, True, True),
}


@dataclass(frozen=True)
class Played:
    """What became of a row: how the press looked, and the pictures that came of it."""

    ok: bool
    pictures: list[list[str]]
    claims: int


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def played(theatre: Stage) -> AsyncIterator[dict[str, Played]]:
    """Every row, one after the other: whose press it is does not stand in a request's path."""
    await tidy(theatre)
    theatre.sandbox.world.rules.acknowledge_within = 2.0
    since = theatre.bot.log.stat().st_size
    rows = {name: await play(theatre, name) for name in TABLE}
    assert theatre.bot.troubles(since) == []
    yield rows


async def play(stage: Stage, name: str) -> Played:
    action, method, route, answer, _, paints = TABLE[name]
    canvas = await stage.canvas(f"a house, {name}")
    first, before = await canvas.first(), left(stage, "SELECT count(*) FROM claims")[0][0]
    if action == "hear":
        stage.sandbox.gateway.duplicates = 1
    else:
        stage.sandbox.faults.add(action, method, route, **answer)
    pressed = await stage.ana.press(first, first.buttons["Retry"])
    if paints:
        await stage.ana.wait_for(lambda post: numbers(post) == ["v2"], canvas.id, DEADLINE)
    stage.sandbox.gateway.duplicates = 0
    await stage.meanwhile()
    stage.sandbox.faults.clear()
    claims = left(stage, "SELECT count(*) FROM claims")[0][0] - before - 1
    return Played(pressed.ok, [numbers(each) for each in (await canvas.pictures()).values()], claims)


@pytest.mark.parametrize("name", TABLE)
async def test_whatever_becomes_of_a_press_it_is_obeyed_once_or_seen_to_fail(played: dict[str, Played], name: str):
    *_, ok, paints = TABLE[name]
    assert played[name] == Played(ok, [["v1"], ["v2"]] if paints else [["v1"]], int(paints))


COMMANDS: dict[str, tuple[str, dict[str, Any], bool]] = {
    # what becomes of its first answer, and whether something is painted
    "the line drops": ("drop_before", {}, True),
    "the answer is lost": ("drop_after", {}, True),
    "too late": ("answer", says(404, 10062), False),
}


@pytest.mark.parametrize("name", COMMANDS)
async def test_a_command_whose_first_answer_fails_is_announced_once_and_painted_or_neither(stage: Stage, name: str):
    action, answer, paints = COMMANDS[name]
    words = f"a castle, {name}"
    stage.sandbox.faults.add(action, "POST", FIRST, **answer)
    assert (await stage.ana.slash("lounge", "imagine", prompt=words)).ok is paints
    if paints:
        said = await stage.ana.wait_for(lambda post: f"asks: {words}" in post.text, "lounge", DEADLINE)
        canvas = await stage.opened(said)
        assert numbers(await canvas.first()) == ["v1"]
    await stage.meanwhile()
    announced = [each for each in await stage.ana.messages("lounge", 50) if words in each.text]
    assert (len(announced), len(stage.requests(words))) == (int(paints), int(paints))


# -- whatever else is changed ------------------------------------------------------------------------------------------


@pytest.fixture
def undecided(stage: Stage) -> Iterator[Stage]:
    """Nothing is decided in the server, neither before a test nor after it."""
    forget(stage)
    yield stage
    forget(stage)


async def outcome(stage: Stage, deed: Deed) -> tuple[bool, int, int]:
    """Whether it looked as if it worked, how often it was done, and how often whoever did it has heard so."""
    rows, before = deed.rows(stage), dict(deed.by.seen)
    done = await deed.do()
    if done.ok:
        await deed.by.wait_for(lambda post: deed.says(post, before), None, DEADLINE)
        await stage.until(lambda: deed.rows(stage) > rows)
    await stage.meanwhile()
    return done.ok, deed.rows(stage) - rows, sum(deed.says(post, before) for post in deed.by.seen.values())


async def test_a_report_is_closed_once_and_shown_so_though_the_first_answer_breaks_off(undecided: Stage):
    deed = await dismiss_a_report(undecided)
    undecided.sandbox.faults.add("drop_before", "POST", FIRST)
    assert await outcome(undecided, deed) == (True, 1, 1)


@pytest.mark.parametrize("fault", ["drop_before", "drop_after"])
@pytest.mark.parametrize("name", FIRST_WAVE | SECOND_WAVE)
async def test_what_is_changed_is_changed_once_and_told_once_though_the_first_answer_breaks_off(
    undecided: Stage, name: str, fault: str
):
    deed = await (FIRST_WAVE | SECOND_WAVE)[name](undecided)
    undecided.sandbox.faults.add(fault, "POST", FIRST)
    assert await outcome(undecided, deed) == (True, 1, 1)


@pytest.mark.parametrize("wave", [FIRST_WAVE, SECOND_WAVE], ids=["first wave", "second wave"])
async def test_what_is_changed_is_changed_once_and_told_once_though_discord_stumbles(
    undecided: Stage, wave: dict[str, Ready]
):
    undecided.sandbox.world.rules.acknowledge_within = 10.0  # all at once, and whoever is late waits four seconds
    deeds = {name: await ready(undecided) for name, ready in wave.items()}
    undecided.sandbox.faults.add("answer", "POST", FIRST, each=True, **says(502, 0))
    outcomes = await asyncio.gather(*(outcome(undecided, deed) for deed in deeds.values()))
    assert dict(zip(deeds, outcomes, strict=True)) == dict.fromkeys(deeds, (True, 1, 1))


async def test_what_is_changed_at_once_stays_changed_though_its_answer_is_too_late(undecided: Stage):
    undecided.sandbox.world.rules.acknowledge_within = 1.0
    deed = await FIRST_WAVE["undo"](undecided)
    undecided.sandbox.faults.add("answer", "POST", FIRST, **says(404, 10062))
    assert await outcome(undecided, deed) == (False, 1, 0)
    rows = deed.rows(undecided)
    assert (await deed.do()).ok
    told = sentence("row.not_newest", number=2)
    await undecided.ana.wait_for(lambda post: post.is_whisper and told in post.text, None, DEADLINE)
    assert deed.rows(undecided) == rows


async def test_a_whisper_that_is_too_late_or_lost_disturbs_nobody(stage: Stage):
    for action, answer in (("answer", says(401, 50027)), ("answer", says(404, 10015)), ("drop_after", {})):
        stage.sandbox.faults.add(action, "POST", LATER, **answer)
        assert (await stage.ana.slash("studio", "usage")).ok
    await stage.meanwhile()


async def test_a_handler_that_fails_says_so_with_a_number_to_whoever_pressed(theatre: Stage):
    stage = theatre  # its log tells of it
    canvas = await stage.canvas()
    first = await canvas.first()
    stage.sandbox.faults.add("answer", "POST", FIRST, **says(400, 50035))
    await stage.ana.press(first, first.buttons["Edit…"])
    told = await stage.ana.wait_for(lambda post: post.is_whisper and "this number" in post.text, None, DEADLINE)
    number = told.text.rsplit(" ", 1)[-1]
    assert f"failed unexpectedly ({number})" in stage.bot.said()
