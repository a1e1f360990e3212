"""Faults of Discord's gateway: the line breaks, comes back too often, goes silent, or carries what nobody can read."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from bot.sandbox.discord import seed, welcome
from bot.sandbox.discord.gateway import INVALID, RECONNECT, RESUME
from bot.sandbox.discord.nouns import Json
from bot.sandbox.discord.session import Raw
from tests.e2e.stage import Stage, numbers

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]


def arrivals(stage: Stage, op: int) -> list[float]:
    """When the bot tried to come in so."""
    return [at for how, at in stage.sandbox.gateway.arrivals if how == op]


def begin(stage: Stage, *turned_away: int | tuple[int, Any]) -> None:
    """Nobody has arrived yet, and this is what the next tries meet."""
    stage.sandbox.gateway.arrivals.clear()
    stage.sandbox.gateway.turned_away.extend(turned_away)


# -- lines that break --------------------------------------------------------------------------------------------------

STORM: list[int | tuple[int, Any]] = [(RECONNECT, None), 4009, (INVALID, True)]


async def test_in_a_storm_it_comes_back_ever_more_slowly_and_hears_what_was_asked_meanwhile(stage: Stage):
    canvas = await stage.canvas()
    begin(stage, *STORM)
    stage.sandbox.gateway.close(4000, seed.BOT)
    ask = await canvas.say("make it night")
    assert numbers(await canvas.answer(ask)) == ["v2"]
    await stage.until(lambda: len(stage.sandbox.gateway.arrivals) == len(STORM) + 1)
    moments = arrivals(stage, RESUME)
    pauses = [later - sooner for sooner, later in pairwise(moments)]
    assert len(pauses) == len(STORM)  # so all of them went on with the old session
    assert pauses == sorted(pauses)
    await stage.meanwhile()
    assert len(stage.requests("make it night")) == 1


async def test_a_gateway_that_closes_the_first_line_of_all_is_tried_again(stage: Stage):
    await stage.bot.stop()
    stage.sandbox.gateway.turned_away.append(4000)
    await stage.start()
    await stage.meanwhile()


async def test_a_line_that_goes_silent_is_given_up_and_what_was_asked_is_heard(stage: Stage):
    canvas = await stage.canvas()
    stage.sandbox.world.rules.heartbeat_interval = 0.3
    stage.sandbox.gateway.close(4000, seed.BOT)
    await stage.until(lambda: stage.sandbox.bot_is_connected)
    begin(stage)
    stage.sandbox.world.rules.heartbeats_answered = False
    await stage.until(lambda: arrivals(stage, RESUME))
    stage.sandbox.world.rules.heartbeats_answered = True
    assert numbers(await canvas.ask("make it night")) == ["v2"]


# -- events that nobody can read ---------------------------------------------------------------------------------------


def event(name: str, **data: Any) -> Callable[[Stage], None]:
    """An event as Discord would number it."""
    return lambda stage: stage.sandbox.gateway.tell(seed.BOT, name, json.dumps(data).encode())


def frame(data: bytes) -> Callable[[Stage], None]:
    """Something that is no event."""
    return lambda stage: stage.sandbox.gateway.garble(seed.BOT, data)


PLACE = {"id": "1", "channel_id": str(seed.STUDIO), "guild_id": str(seed.GUILD)}
UNREADABLE: dict[str, tuple[Callable[[Stage], None], bool]] = {
    # what comes, and whether the line has to be opened anew to go on
    "a message of nothing": (event("MESSAGE_CREATE"), False),
    "a message without an author": (event("MESSAGE_CREATE", **PLACE, author=None, type=0, content="hello"), False),
    "a message of a new type": (
        event("MESSAGE_CREATE", **PLACE, type=987, content=None, attachments=None, embeds=None, author={"id": "2"}),
        False,
    ),
    "a thread without a parent": (event("THREAD_CREATE", id="3", guild_id=str(seed.GUILD), parent_id=None), False),
    "a press without data": (event("INTERACTION_CREATE", id="4", type=3, token="t", version=1), False),
    "a deletion of nothing": (event("MESSAGE_DELETE", id=None), False),
    "an event of tomorrow": (event("PICTURE_LIKED", id="5"), False),
    "an event that is a list": (lambda stage: stage.sandbox.gateway.tell(seed.BOT, "GUILD_UPDATE", b"[1]"), False),
    "an op of tomorrow": (frame(b'{"op":99,"d":null,"s":null,"t":null}'), False),
    "no JSON": (frame(b'{"op":0,"d":'), True),
    "a list": (frame(b"[]"), True),
    "a broken stream": (frame(Raw(b"\x00\xff\x13\x37 no stream \x00\x00\xff\xff")), True),
}


@pytest.mark.parametrize("what", UNREADABLE)
async def test_what_cannot_be_read_is_logged_with_a_number_and_what_comes_next_is_heard(theatre: Stage, what: str):
    stage = theatre  # its log tells of it
    send, anew = UNREADABLE[what]
    if anew:
        await stage.restart()  # a line that broke often before comes back slowly
    begin(stage)
    canvas, since = await stage.canvas(), stage.bot.log.stat().st_size
    send(stage)
    assert numbers(await canvas.ask("make it night")) == ["v2"]
    if anew:
        await stage.until(lambda: arrivals(stage, RESUME))
    assert bool(arrivals(stage, RESUME)) is anew
    told = [line for line in stage.bot.said(since).splitlines() if "could not be read" in line]
    assert len(told) == (0 if "tomorrow" in what else 1)
    assert all(re.search(r"\([0-9a-f]{8}\)$", line) for line in told)


async def test_a_server_with_a_thread_that_cannot_be_read_is_served_as_ever(
    theatre: Stage, monkeypatch: pytest.MonkeyPatch
):
    stage = theatre  # its log tells of it
    canvas = await stage.canvas()
    usual = welcome._guild_create

    def odd(*arguments: Any) -> Json:
        server = usual(*arguments)
        return {**server, "threads": [*server["threads"], {**server["threads"][0], "id": "7", "parent_id": None}]}

    monkeypatch.setattr(welcome, "_guild_create", odd)
    await stage.restart()
    assert numbers(await canvas.ask("make it night")) == ["v2"]
    await stage.meanwhile()
    assert "not all of server" in stage.bot.said()
