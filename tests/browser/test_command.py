"""The command itself, as `make sandbox` runs it: what it prints, where it listens, and how all of it ends."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import psutil
import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.browser.command import COMMAND, ROOT, STOPPING, Command
from tests.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="package")]

ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/")
ANY_ADDRESS = re.compile(r"\w+://\S+")


@pytest_asyncio.fixture(loop_scope="package")
async def another(tmp_path: Path) -> AsyncIterator[Command]:
    """One that is not started yet."""
    command = Command(tmp_path)
    yield command
    await command.close()


def port(command: Command) -> int:
    return urlsplit(command.url).port or 0


async def test_the_pages_address_is_the_first_of_all_addresses_and_alone_on_its_line(sandbox: Command):
    first, rest = sandbox.said().split("\n", 1)
    assert ADDRESS.fullmatch(first)
    assert ANY_ADDRESS.findall(sandbox.said())[0] == first
    assert rest.startswith("\nOpen this page. Ctrl-C ends the sandbox; nothing of it is kept.\n")


async def test_a_busy_port_gets_the_next_free_one(sandbox: Command, another: Command):
    busy = port(sandbox)
    await another.start((*COMMAND[:-1], str(busy)))
    assert busy < port(another) < busy + 50


async def test_ctrl_c_in_the_middle_of_a_painting_ends_all_of_it(visit: Visit, sandbox: Command, another: Command):
    await another.start()
    visitor = await visit(url=another.url)
    await another.paint_in(2)
    await visitor.begin("a red house by the sea")
    await expect(visitor.saying("🎨 Painting")).to_have_count(1)
    everybody = another.processes
    assert len(everybody) >= 2, "the sandbox and the bot, and its workers"
    assert next(each.name for each in another.temporary.iterdir()).startswith("easel-sandbox-")
    another.interrupt()
    assert await another.ended() == 0
    assert not [each for each in everybody if each.is_running()]
    assert list(another.temporary.iterdir()) == []
    assert another.said().endswith("\nThe sandbox has ended.\n")
    assert "Traceback" not in another.said()
    with pytest.raises(aiohttp.ClientConnectionError):
        await another.ask("GET", "state")
    await expect(visitor.page.locator("#connection")).to_have_text("The connection was lost. Reconnecting…")
    visitor.excuse("ERR_CONNECTION_REFUSED")


async def test_make_sandbox_runs_it_and_ctrl_c_leaves_nothing_of_it(another: Command):
    make = shutil.which("make")
    if make is None or not (ROOT / ".venv/bin/python").exists():
        pytest.skip("no make, or no .venv made by it")
    await another.start((make, "--old-file=.venv/.running", "sandbox", "ARGS=--port 0"))
    assert ANY_ADDRESS.findall(another.said())[0] == another.url
    everybody = another.processes
    another.interrupt()
    await another.ended()
    await asyncio.to_thread(psutil.wait_procs, everybody, STOPPING)
    assert not [each for each in everybody if each.is_running()]
    assert list(another.temporary.iterdir()) == []
    assert "The sandbox has ended." in another.said()
