"""One Chromium for all, a sandbox for each module, a fresh window for each test, and no trouble in any of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.browser import chromium
from tests.browser.command import Command, open_command
from tests.browser.visitor import Visitor, open_visitor, picture

Visit = Callable[..., Awaitable[Visitor]]
LOG_SHOWN = 6000


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def browser() -> AsyncIterator[Browser]:
    path = chromium.find()
    if path is None:
        pytest.skip(f"no Chromium here: none of {', '.join(chromium.NAMES)} is on the PATH")
    async with chromium.open_chromium(path) as found:
        yield found


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def sandbox(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> AsyncIterator[Command]:
    """After the browser, so that nothing is started for tests that are skipped."""
    async with open_command(tmp_path_factory.mktemp("sandbox")) as command:
        yield command


@pytest_asyncio.fixture(loop_scope="package")
async def visit(browser: Browser, sandbox: Command) -> AsyncIterator[Visit]:
    """Opens the page in a window of its own; at the end there was no trouble in any."""
    await sandbox.paint_in(0)
    visitors: list[Visitor] = []

    async def one(url: str = sandbox.url, **window: Any) -> Visitor:
        visitors.append(await open_visitor(browser, url, **window))
        return visitors[-1]

    yield one
    for each in visitors:
        await each.page.context.close()
    assert [trouble for each in visitors for trouble in each.trouble] == []


@pytest_asyncio.fixture(loop_scope="package")
async def visitor(visit: Visit) -> Visitor:
    """Ana, in #studio."""
    return await visit()


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def thread(browser: Browser, sandbox: Command) -> str:
    """The address of a thread with one of everything: pictures, a branch, people's words, a photograph; up to v4."""
    await sandbox.paint_in(0)
    visitor = await open_visitor(browser, sandbox.url)
    await visitor.begin("a red house by the sea")
    v1 = await visitor.see("v1")
    await visitor.ask("make it night", "v2")
    await visitor.reply(v1)
    await visitor.ask("add a dog", "v3")
    await visitor.say("// **how** `lovely` this is")
    await visitor.attach(picture("gold"))
    await visitor.ask("use these colours", "v4")
    address = visitor.page.url
    await visitor.page.context.close()
    assert not visitor.trouble
    return address


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    report = yield
    command = getattr(item, "funcargs", {}).get("sandbox")
    if report.failed and isinstance(command, Command):
        report.sections.append(("what the sandbox said", command.said()[-LOG_SHOWN:]))
    return report
