"""What the page needs: its files, the state, the settings, and its way to the bot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.sandbox import PainterCard, Sandbox, open_sandbox
from bot.sandbox.discord import seed
from bot.sandbox.gemini import CONTROL, make_gemini_app
from tests.sandbox.discord_bot import running
from tests.sandbox.gemini_api import BANANA, KEY, asking


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with open_sandbox(gemini=PainterCard("A tin of paint", "It stays shut.")) as opened:
        yield opened


async def test_the_state_tells_who_is_there(sandbox: Sandbox, page: aiohttp.ClientSession):
    async with page.get("/sandbox/state") as answer:
        state = await answer.json()
    assert state["guild_id"] == str(seed.GUILD)
    assert state["bot"]["running"] is False
    assert [(one["name"], one["token"], one["roles"]) for one in state["members"]] == [
        ("Ana", "ana", ["Moderator"]), ("Ben", "ben", ["Painter"]), ("Cleo", "cleo", ["Guest"])
    ]  # fmt: skip
    assert state["painter"] == {"name": "A tin of paint", "note": "It stays shut.", "seconds": 0.0}
    async with running(sandbox), page.get("/sandbox/state") as answer:
        assert (await answer.json())["bot"]["running"] is True


async def test_the_painters_pace_is_set(page: aiohttp.ClientSession):
    async with page.post("/sandbox/settings", json={"painter_seconds": 3}) as answer:
        assert (await answer.json())["painter"]["seconds"] == 3.0


async def test_the_stand_in_for_gemini_is_next_door_and_takes_the_pace():
    app = make_gemini_app()
    async with open_sandbox(gemini=app) as sandbox, aiohttp.ClientSession() as session:
        async with session.post(f"{sandbox.page_url}sandbox/settings", json={"painter_seconds": 2}) as answer:
            assert (await answer.json())["painter"]["seconds"] == 2.0
        assert app[CONTROL].delay == 2.0
        async with session.get(f"{sandbox.gemini_url}/v1beta/models", headers={"x-goog-api-key": "any"}) as answer:
            assert (await answer.json())["models"]


async def test_who_asks_for_the_same_again_gets_another_picture():
    async with open_sandbox() as sandbox, aiohttp.ClientSession(headers=KEY) as session:
        pictures = []
        for _ in range(2):
            url = f"{sandbox.gemini_url}/v1/models/{BANANA}:generateContent"
            async with session.post(url, json=asking()) as answer:
                pictures.append((await answer.json())["candidates"][0]["content"]["parts"][-1]["inlineData"])
    assert pictures[0] != pictures[1]


async def test_the_bot_is_controlled_only_where_somebody_can(page: aiohttp.ClientSession):
    async with page.post("/sandbox/bot/restart") as answer:
        assert answer.status == 501
        assert "Nobody controls the bot" in (await answer.json())["message"]
    done: list[str] = []

    async def control() -> None:
        done.append("restarted")

    async with (
        open_sandbox(controller=control) as other,
        aiohttp.ClientSession(other.page_url) as session,
        session.post("/sandbox/bot/restart") as answer,
    ):
        assert (answer.status, await answer.json()) == (200, {"running": False})
    assert done == ["restarted"]


async def test_pages_are_never_cached_and_load_nothing_from_elsewhere(page: aiohttp.ClientSession):
    async with page.get("/") as answer:
        assert answer.headers["Cache-Control"] == "no-store"
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    for path in ("/../discord/seed.py", "/%2e%2e/discord/seed.py", "/nothing.js"):
        assert (await page.get(path)).status == 404


async def test_other_sites_are_kept_out(sandbox: Sandbox, page: aiohttp.ClientSession):
    foreign = {"Origin": "https://example.org"}
    assert (await page.post("/sandbox/settings", json={}, headers=foreign)).status == 403
    own = {"Origin": sandbox.page_url.rstrip("/")}
    assert (await page.post("/sandbox/settings", json={}, headers=own)).status == 200
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await page.ws_connect("/gateway", headers=foreign)


async def test_a_page_opened_as_localhost_goes_where_the_pictures_are(sandbox: Sandbox, page: aiohttp.ClientSession):
    headers = {"Host": f"localhost:{sandbox.port}"}
    async with page.get("/", headers=headers, allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (302, sandbox.page_url)


async def test_a_busy_port_gives_way_to_the_next(sandbox: Sandbox):
    async with open_sandbox(sandbox.port) as second:
        assert second.port > sandbox.port


async def test_unknown_paths_of_the_api_are_refused_in_discords_words(page: aiohttp.ClientSession):
    async with page.get("/api/v10/nothing") as answer:
        assert (answer.status, await answer.json()) == (404, {"message": "404: Not Found", "code": 0})


async def test_closing_hangs_up_on_everybody_at_once():
    async with asyncio.timeout(5):
        async with open_sandbox() as sandbox:
            await sandbox.member("ana").messages("studio")
            sandbox.faults.add("hold", "GET", "*", who="any")
            held = asyncio.create_task(sandbox.member("ben").messages("studio"))
            await asyncio.sleep(0.1)
        await asyncio.wait([held])
        held.exception()
