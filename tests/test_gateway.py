"""When the line to Discord's gateway is opened anew."""

from __future__ import annotations

import asyncio
import random

import aiohttp

from bot.moments import DAY, HOUR
from bot.sandbox import open_sandbox
from cogs.gateway import APART, LONGEST, SESSIONS, SOUND, Pacing, Socket


def played(seconds: float, *, anew: bool, lives: float = 0.0) -> int:
    """How often a line is opened in that time, of which each lives so long."""
    pacing, now, opened = Pacing(), 0.0, 0
    while now < seconds:
        pause = pacing.pause(now, anew=anew)
        assert pause >= 0
        now += pause
        if anew:
            pacing.begun.append(now)
        opened += 1
        now += lives
        pacing.ended(lives)
    return opened


def test_a_first_break_is_mended_at_once_and_each_further_one_takes_longer():
    random.seed(4)
    pacing, pauses = Pacing(), []
    for _ in range(12):
        pacing.ended(0.1)
        pauses.append(pacing.pause(0.0, anew=False))
    assert pauses[0] == 0
    assert 0.7 < pauses[1] <= 1.0
    assert all(0.75 * LONGEST <= each <= LONGEST for each in pauses[-3:])
    pacing.ended(SOUND)
    pacing.ended(0.1)
    assert pacing.pause(0.0, anew=False) == 0


def test_a_gateway_that_sends_us_away_for_an_hour_is_asked_about_once_a_minute():
    assert played(3600.0, anew=False) < 100


def test_whatever_happens_to_sessions_discord_is_asked_for_fewer_than_it_allows_in_a_day():
    assert all(played(DAY, anew=True, lives=lives) < 1000 for lives in (0.0, 1.0, SOUND, SOUND + 1, 90.0, 200.0))


def test_two_sessions_are_some_seconds_apart_and_a_new_one_is_not_kept_waiting():
    pacing = Pacing()
    pacing.begun.append(100.0)
    assert pacing.pause(101.0, anew=True) == APART - 1
    assert pacing.pause(200.0, anew=True) == 0
    pacing.begun.extend([100.0 + APART * place for place in range(SESSIONS)])
    assert pacing.pause(300.0, anew=True) == HOUR - 200


async def test_a_line_that_is_given_up_leaves_neither_a_connection_nor_a_thread():
    async with (
        open_sandbox() as sandbox,
        aiohttp.ClientSession() as session,
        session.ws_connect(sandbox.gateway_url) as connection,
    ):
        line = Socket(connection, loop=asyncio.get_running_loop())
        line.shard_id, line.sequence, line._max_heartbeat_timeout = None, None, 60.0
        await line.poll_event()  # how often Discord wants to hear from us
        heart = line._keep_alive
        assert heart
        await asyncio.sleep(0.1)
        await line.poll_event()  # that it did
        waiting = asyncio.create_task(line.poll_event())
        await asyncio.sleep(0.1)
        waiting.cancel()
        await asyncio.wait([waiting])
        assert connection.closed
        await asyncio.to_thread(heart.join, 5)
        assert not heart.is_alive()
