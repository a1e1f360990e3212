"""Discord's pace, kept for the bot and not for members."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import aiohttp
import discord
import pytest

from bot.sandbox import Sandbox, open_sandbox
from bot.sandbox.discord import seed
from tests.sandbox.discord_bot import running


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with open_sandbox() as opened:
        yield opened


async def send(sandbox: Sandbox, raw: aiohttp.ClientSession, channel_id: int = seed.STUDIO) -> aiohttp.ClientResponse:
    answer = await raw.post(f"{sandbox.api_url}/channels/{channel_id}/messages", json={"content": "x"})
    await answer.read()
    return answer


async def test_the_sixth_message_in_five_seconds_has_to_wait(sandbox: Sandbox, raw: aiohttp.ClientSession):
    answers = [await send(sandbox, raw) for _ in range(6)]
    assert [one.headers["X-RateLimit-Remaining"] for one in answers] == ["4", "3", "2", "1", "0", "0"]
    assert [one.status for one in answers] == [200] * 5 + [429]
    refused = answers[-1]
    body = await refused.json()
    assert refused.headers["Via"]
    assert refused.headers["X-RateLimit-Scope"] == "user"
    assert 0 < body["retry_after"] <= 5
    assert body["global"] is False
    assert (await send(sandbox, raw, seed.LOUNGE)).status == 200
    sandbox.world.clock.advance(5)
    assert (await send(sandbox, raw)).status == 200


async def test_fifty_requests_a_second_is_the_most_over_all(sandbox: Sandbox, raw: aiohttp.ClientSession):
    async def ask() -> aiohttp.ClientResponse:
        answer = await raw.get(f"{sandbox.api_url}/users/@me")
        await answer.read()
        return answer

    answers = await asyncio.gather(*(ask() for _ in range(60)))
    refused = [one for one in answers if one.status == 429]
    assert len(refused) >= 10
    assert refused[0].headers["X-RateLimit-Global"] == "true"


async def test_discord_py_waits_as_it_is_told(sandbox: Sandbox):
    async with running(sandbox) as bot:
        channel = bot.place(seed.STUDIO)
        message = await channel.send("a fox")
        began = time.monotonic()
        for emoji in ("🎨", "🦊", "🖌️"):
            await message.add_reaction(emoji)
        assert time.monotonic() - began > 0.4


async def test_a_third_name_within_ten_minutes_is_too_many(sandbox: Sandbox):
    async with running(sandbox) as bot:
        bot.http.max_ratelimit_timeout = 30
        thread = await (await bot.place(seed.STUDIO).send("a fox")).create_thread(name="one")
        await thread.edit(name="two")
        await thread.edit(name="three")
        await thread.edit(archived=False)
        with pytest.raises(discord.RateLimited) as limited:
            await thread.edit(name="four")
        assert limited.value.retry_after > 500


async def test_old_messages_take_three_edits(sandbox: Sandbox, raw: aiohttp.ClientSession):
    sent = await (await send(sandbox, raw)).json()
    sandbox.world.clock.advance(3700)
    url = f"{sandbox.api_url}/channels/{seed.STUDIO}/messages/{sent['id']}"
    statuses = []
    for i in range(4):
        async with raw.patch(url, json={"content": str(i)}) as answer:
            statuses.append((answer.status, (await answer.json()).get("code")))
    assert statuses[:3] == [(200, None)] * 3
    assert statuses[3] == (429, 30046)


async def test_members_and_callbacks_have_no_limit(sandbox: Sandbox):
    ana = sandbox.member("ana")
    for i in range(8):
        await ana.say("studio", str(i))
    sandbox.world.rules.rate_limits = False
    async with running(sandbox) as bot:
        for i in range(8):
            await bot.place(seed.STUDIO).send(str(i))
