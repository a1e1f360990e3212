"""Trouble on demand, and the books of what was asked."""

from __future__ import annotations

import asyncio
import time

import aiohttp
import discord
import pytest

from bot.sandbox import Sandbox
from bot.sandbox.discord import seed
from bot.sandbox.discord.traffic import AFTER, BEFORE, Seen
from tests.sandbox.discord_bot import Bot, picture

MESSAGES = "/channels/{channel_id}/messages"


def texts(sandbox: Sandbox) -> list[str]:
    return [one.content for one in sandbox.world.messages.get(seed.STUDIO, {}).values()]


@pytest.mark.parametrize(("action", "done"), [("drop_before", []), ("drop_after", ["hello"])])
async def test_a_connection_drops_before_or_after_the_work(sandbox: Sandbox, bot: Bot, action: str, done: list[str]):
    fault = sandbox.faults.add(action, "POST", "/channels/*/messages")
    with pytest.raises((aiohttp.ClientError, OSError)):
        await bot.place(seed.STUDIO).send("hello")
    assert texts(sandbox) == done
    assert fault.seen == 1
    await bot.place(seed.STUDIO).send("again")
    assert texts(sandbox) == [*done, "again"]


@pytest.mark.parametrize(("action", "done"), [("hold", []), ("hold_after", ["hello"])])
async def test_a_request_or_its_answer_is_held_until_it_is_released(
    sandbox: Sandbox, bot: Bot, action: str, done: list[str]
):
    fault = sandbox.faults.add(action, "POST", MESSAGES)
    sending = asyncio.create_task(bot.place(seed.STUDIO).send("hello"))
    await bot.until(lambda: fault.seen)
    await asyncio.sleep(0.05)
    assert not sending.done()
    assert texts(sandbox) == done
    fault.release()
    assert (await sending).content == "hello"


async def test_an_answer_can_be_late_or_wrong(sandbox: Sandbox, bot: Bot):
    sandbox.faults.add("delay", "POST", MESSAGES, seconds=0.2)
    began = time.monotonic()
    await bot.place(seed.STUDIO).send("slow")
    assert time.monotonic() - began > 0.2
    sandbox.faults.add("answer", "POST", MESSAGES, status=503)
    with pytest.raises(discord.DiscordServerError):
        await bot.place(seed.STUDIO).send("not done")
    sandbox.faults.add("answer", "POST", MESSAGES, status=403, body={"code": 200000, "message": "Blocked by AutoMod"})
    with pytest.raises(discord.Forbidden) as blocked:
        await bot.place(seed.STUDIO).send("not done either")
    assert blocked.value.code == 200000
    assert texts(sandbox) == ["slow"]


async def test_a_fault_for_the_bot_leaves_members_alone(sandbox: Sandbox, bot: Bot):
    sandbox.faults.add("answer", "POST", MESSAGES, times=None, status=503)
    await sandbox.member("ana").say("studio", "I am fine")
    with pytest.raises(discord.DiscordServerError):
        await bot.http.request(discord.http.Route("POST", MESSAGES, channel_id=seed.STUDIO), json={"content": "x"})


async def test_hooks_stand_right_before_and_after_the_work(sandbox: Sandbox, bot: Bot):
    seen: list[tuple[str, int]] = []

    async def watch(phase: str, one: Seen) -> None:
        if one.route == MESSAGES and one.method == "POST":
            seen.append((phase, len(texts(sandbox))))

    sandbox.world.on_request.append(watch)
    await bot.place(seed.STUDIO).send("hello")
    assert seen == [(BEFORE, 0), (AFTER, 1)]


def test_a_fault_that_does_not_exist_is_refused(sandbox: Sandbox):
    with pytest.raises(ValueError, match="no such fault: explode"):
        sandbox.faults.add("explode")


async def test_a_browser_test_may_close_the_bots_connection(bot: Bot, page: aiohttp.ClientSession):
    await (await page.post("/sandbox/gateway", json={"close": 4000})).read()
    await bot.until(lambda: "resumed" in bot.events)


async def test_a_download_can_fail_as_well(sandbox: Sandbox, bot: Bot):
    await sandbox.member("ana").say("studio", "cat", [("cat.png", picture())])
    heard = await bot.hears("cat")
    sandbox.faults.add("answer", "GET", "/attachments/*/*/*", status=404, body="gone")
    with pytest.raises(discord.NotFound):
        await heard.attachments[0].read()
    assert await heard.attachments[0].read() == picture()
