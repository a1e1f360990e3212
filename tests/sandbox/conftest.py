"""The stand-ins, opened for one test each: for Discord with a bot and its members, for Gemini alone."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.sandbox import Member, Sandbox, open_sandbox
from bot.sandbox.gemini import CannedPainter, make_gemini_app
from tests.sandbox.discord_bot import Bot, running
from tests.sandbox.gemini_api import Client, jpeg


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """Without rate limits, which make tests wait."""
    async with open_sandbox() as opened:
        opened.world.rules.rate_limits = False
        yield opened


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[Bot]:
    async with running(sandbox) as started:
        yield started


@pytest.fixture
def ana(sandbox: Sandbox) -> Member:
    return sandbox.member("ana")


@pytest.fixture
def ben(sandbox: Sandbox) -> Member:
    return sandbox.member("ben")


@pytest.fixture
async def page(sandbox: Sandbox) -> AsyncIterator[aiohttp.ClientSession]:
    """A browser's plain requests."""
    async with aiohttp.ClientSession(sandbox.page_url) as session:
        yield session


@pytest.fixture
async def raw(sandbox: Sandbox) -> AsyncIterator[aiohttp.ClientSession]:
    """The bot's own requests, without a library between."""
    headers = {"Authorization": f"Bot {sandbox.bot_token}"}
    async with aiohttp.ClientSession(sandbox.page_url, headers=headers) as session:
        yield session


@pytest.fixture
async def api() -> AsyncIterator[Client]:
    async with TestClient(TestServer(make_gemini_app(CannedPainter(jpeg())))) as client:
        yield client
