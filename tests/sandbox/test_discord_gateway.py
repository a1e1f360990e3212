"""The gateway: identify, hear, lose the line, come back."""

from __future__ import annotations

import asyncio
import zlib
from typing import Any

import aiohttp
import discord
import orjson
import pytest
import zstandard

from bot.sandbox import Sandbox
from bot.sandbox.discord import seed
from tests.sandbox.discord_bot import Bot, picture, running


async def test_a_lost_line_is_resumed_and_nothing_is_missed(sandbox: Sandbox):
    ana = sandbox.member("ana")
    await ana.messages("studio")
    async with running(sandbox) as bot:
        sandbox.gateway.close(4000, seed.BOT)
        await ana.say("studio", "while you were away")
        heard = await bot.hears("while you were away")
        assert heard.author.name == "ana"
        await bot.until(lambda: "resumed" in bot.events)
        assert bot.events.count("ready") == 1
        assert [one.content for one in bot.heard] == ["while you were away"]


async def test_op_7_makes_the_bot_reconnect_and_resume(sandbox: Sandbox):
    async with running(sandbox) as bot:
        sandbox.gateway.reconnect(seed.BOT)
        await bot.until(lambda: "resumed" in bot.events)
        assert bot.events.count("ready") == 1


async def test_op_9_makes_the_bot_identify_anew_and_replays_nothing(sandbox: Sandbox):
    ana = sandbox.member("ana")
    await ana.messages("studio")
    async with running(sandbox) as bot:
        sandbox.gateway.close(4000, seed.BOT)
        sandbox.gateway.invalidate(seed.BOT)
        await ana.say("studio", "lost")
        await bot.until(lambda: bot.events.count("ready") == 2, 20)
        await ana.say("studio", "found")
        await bot.hears("found")
        assert [one.content for one in bot.heard] == ["found"]


async def test_events_can_come_twice(sandbox: Sandbox):
    async with running(sandbox) as bot:
        sandbox.gateway.duplicates = 1
        await sandbox.member("ana").say("studio", "twice")
        await bot.until(lambda: len(bot.heard) == 2)
        assert bot.heard[0].id == bot.heard[1].id


async def test_a_wrong_token_is_turned_away(sandbox: Sandbox):
    sandbox.bot_token = "wrong"
    with pytest.raises(discord.LoginFailure):
        async with running(sandbox):
            pass


async def test_the_content_intent_has_to_be_switched_on_in_the_portal(sandbox: Sandbox):
    from dataclasses import replace

    sandbox.world.application = replace(sandbox.world.application, message_content=False)
    with pytest.raises(discord.PrivilegedIntentsRequired):
        async with running(sandbox):
            pass


async def test_without_the_content_intent_only_what_concerns_the_bot_is_readable(sandbox: Sandbox):
    ana = sandbox.member("ana")
    intents = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
    async with running(sandbox, Bot(intents)) as bot:
        own = await bot.place(seed.STUDIO).send("my own words")
        post = await ana.wait_for(lambda one: one.id == own.id, "studio")
        await ana.say("studio", "secret", [("cat.png", picture())])
        await ana.say("studio", f"<@{seed.BOT}> hello", [("cat.png", picture())])
        await ana.say("studio", "a reply with a ping", reply_to=post)
        await ana.say("studio", "a reply without", reply_to=post, ping=False)
        await ana.say("dm", "in private")
        await bot.hears("in private")
        heard = [(one.content, len(one.attachments)) for one in bot.heard]
        own_and_private = heard.pop(0), heard.pop()
        assert own_and_private == (("my own words", 0), ("in private", 0))
        assert heard == [("", 0), (f"<@{seed.BOT}> hello", 1), ("a reply with a ping", 0), ("", 0)]
        assert isinstance(bot.heard[4].reference, discord.MessageReference)
        assert bot.heard[4].reference.resolved.content == "my own words"  # type: ignore[union-attr]


async def test_without_the_members_intent_a_bot_hears_of_its_own_roles(sandbox: Sandbox):
    async with running(sandbox, Bot(discord.Intents(guilds=True))) as bot:
        heard = bot.wait_for("member_update", timeout=5)
        await sandbox.member("june").call("PUT", f"/guilds/{seed.GUILD}/members/{seed.BOT}/roles/{seed.GUEST}")
        before, after = await heard
        assert {each.id for each in after.roles} - {each.id for each in before.roles} == {seed.GUEST}


async def test_members_see_only_their_own_channels(sandbox: Sandbox):
    world = sandbox.world
    from dataclasses import replace

    from bot.sandbox.discord.nouns import Overwrite
    from bot.sandbox.discord.permissions import Permission

    hidden = Overwrite(seed.GUEST, deny=int(Permission.VIEW_CHANNEL))
    world.channels[seed.LOUNGE] = replace(world.channels[seed.LOUNGE], overwrites=(hidden,))
    cleo, ben = sandbox.member("cleo"), sandbox.member("ben")
    with pytest.raises(LookupError):
        await cleo.channel_id("lounge")
    await ben.say("lounge", "psst")
    await ben.say("studio", "all of you")
    await cleo.wait_for(lambda one: one.text == "all of you")
    assert "psst" not in [one.text for one in cleo.seen.values()]


@pytest.mark.parametrize("compress", ["", "zlib-stream", "zstd-stream"])
async def test_frames_travel_plain_or_compressed(sandbox: Sandbox, compress: str):
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{sandbox.gateway_url}?v=10&encoding=json&compress={compress}") as socket,
    ):
        read = reader(compress)
        assert read(await socket.receive())["op"] == 10
        await socket.send_json({"op": 2, "d": {"token": "ana", "properties": {}}})
        ready, guild = read(await socket.receive()), read(await socket.receive())
        assert (ready["t"], guild["t"]) == ("READY", "GUILD_CREATE")
        assert ready["d"]["user"]["username"] == "ana"
        assert len(guild["d"]["members"]) == 5
        await socket.send_json({"op": 1, "d": 2})
        assert read(await socket.receive())["op"] == 11


def reader(compress: str) -> Any:
    if not compress:
        return lambda message: orjson.loads(message.data)
    stream: Any = zlib.decompressobj() if compress == "zlib-stream" else zstandard.ZstdDecompressor().decompressobj()
    return lambda message: orjson.loads(stream.decompress(message.data))


async def first_close(sandbox: Sandbox, *frames: Any) -> int | None:
    async with aiohttp.ClientSession() as session, session.ws_connect(sandbox.gateway_url) as socket:
        await socket.receive()
        for frame in frames:
            await socket.send_json(frame)
        while (await socket.receive()).type is aiohttp.WSMsgType.TEXT:
            pass
        return socket.close_code


@pytest.mark.parametrize(
    ("code", "frames"),
    [
        (4001, [{"op": 99}]),
        (4002, ["nonsense"]),
        (4003, [{"op": 3, "d": {}}]),
        (4004, [{"op": 2, "d": {"token": "nobody"}}]),
        (4005, [{"op": 2, "d": {"token": "ana"}}, {"op": 2, "d": {"token": "ana"}}]),
        (4013, [{"op": 2, "d": {"token": seed.BOT_TOKEN, "intents": 1 << 40}}]),
        (4010, [{"op": 2, "d": {"token": seed.BOT_TOKEN, "intents": 1, "shard": [2, 2]}}]),
        (4014, [{"op": 2, "d": {"token": seed.BOT_TOKEN, "intents": 1 << 1}}]),
    ],
)
async def test_mistakes_close_the_socket_with_their_code(sandbox: Sandbox, code: int, frames: list[Any]):
    assert await first_close(sandbox, *frames) == code


async def test_a_bot_is_told_how_many_sessions_are_left_and_one_too_many_ends_them_all(sandbox: Sandbox):
    sandbox.world.rules.sessions = 2
    async with running(sandbox) as bot:
        *_, limit = await bot.http.get_bot_gateway()
        assert (limit["total"], limit["remaining"]) == (2, 1)
        assert 86_000_000 < limit["reset_after"] <= 86_400_000
        frames = [{"op": 2, "d": {"token": seed.BOT_TOKEN, "intents": 1}}] * 2
        assert await first_close(sandbox, *frames) == 4005
        *_, limit = await bot.http.get_bot_gateway()
        assert limit["remaining"] == 0
        sandbox.world.clock.advance(86_400)
        *_, limit = await bot.http.get_bot_gateway()
        assert limit["remaining"] == 2
        sandbox.world.rules.sessions = 0
        assert await first_close(sandbox, frames[0]) == 4004
        await bot.until(lambda: not sandbox.bot_is_connected)


async def test_a_client_without_a_heartbeat_is_dropped(sandbox: Sandbox):
    sandbox.world.rules.heartbeat_interval = 0.1
    assert await first_close(sandbox) == 4009


async def test_a_session_can_not_be_resumed_once_it_was_closed_for_good(sandbox: Sandbox):
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(sandbox.gateway_url) as socket:
            await socket.receive()
            await socket.send_json({"op": 2, "d": {"token": "ana"}})
            ready = await socket.receive_json()
        await asyncio.sleep(0.05)
        async with session.ws_connect(sandbox.gateway_url) as socket:
            await socket.receive()
            resume = {"token": "ana", "session_id": ready["d"]["session_id"], "seq": 1}
            await socket.send_json({"op": 6, "d": resume})
            assert await socket.receive_json() == {"op": 9, "d": False, "s": None, "t": None}


async def test_another_shard_hears_nothing_of_this_server(sandbox: Sandbox):
    mine = (seed.GUILD >> 22) % 2
    async with aiohttp.ClientSession() as session:
        guilds = []
        for number in (0, 1):
            async with session.ws_connect(sandbox.gateway_url) as socket:
                await socket.receive()
                identify = {"token": seed.BOT_TOKEN, "intents": 513, "shard": [number, 2]}
                await socket.send_json({"op": 2, "d": identify})
                guilds.append(len((await socket.receive_json())["d"]["guilds"]))
        assert guilds == ([1, 0] if mine == 0 else [0, 1])


async def test_a_session_nobody_comes_back_for_is_forgotten(sandbox: Sandbox):
    async with running(sandbox):
        assert len(sandbox.gateway.sessions) == 1
    sandbox.world.clock.advance(301)
    await sandbox.member("ana").say("studio", "anybody?")
    assert [one.user_id for one in sandbox.gateway.sessions.values()] == [seed.ANA]
