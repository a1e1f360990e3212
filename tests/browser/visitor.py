"""Somebody in front of the sandbox's page, and everything the page should not do meanwhile."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Browser, ConsoleMessage, FilePayload, Locator, Page, Request, WebSocket, expect

from tests.browser.chromium import PATIENCE
from tests.e2e.sketches import photo

HOME = "127.0.0.1"
REPORT = """
addEventListener('securitypolicyviolation', event =>
  console.error(`Against the policy: ${event.violatedDirective} ${event.blockedURI}`));
"""


class Visitor:
    """What people do with the page; `trouble` is what went wrong in it."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.trouble: list[str] = []
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.trouble.append(f"error: {error}"))
        page.on("request", self._requested)
        page.on("websocket", self._connected)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.trouble.append(f"console: {message.text} ({message.location.get('url')})")

    def _requested(self, request: Request) -> None:
        if not at_home(request.url, self.url):
            self.trouble.append(f"request: {request.url}")

    def _connected(self, socket: WebSocket) -> None:
        if not at_home(socket.url, self.url):
            self.trouble.append(f"socket: {socket.url}")

    def excuse(self, pattern: str) -> None:
        """This was to be expected."""
        self.trouble = [each for each in self.trouble if not re.search(pattern, each)]

    # -- places ------------------------------------------------------------------------------------------------------

    async def open(self) -> Visitor:
        """The page as it greets."""
        await self.page.goto(self.url)
        await expect(self.title).not_to_be_empty()
        await expect(self.test("composer")).to_be_enabled()
        return self

    async def go(self, name: str) -> None:
        """To a channel."""
        await self.page.locator(f"a.channel[data-name='{name}']").click()
        await expect(self.title).to_have_text(name)

    async def visit(self, thread: str, version: str) -> None:
        """A thread by its address, when this version is there."""
        await self.page.goto(thread)
        await self.see(version)

    async def become(self, name: str) -> None:
        """Another member, whose own view of the conversation has come."""
        radio = self.test(f"member-{name}")
        if await radio.get_attribute("aria-checked") == "true":
            return
        async with self.page.expect_response(lambda each: "/channels/" in each.url and each.request.method == "GET"):
            await radio.click()
        await expect(radio).to_have_attribute("aria-checked", "true")
        await expect(self.box).to_be_enabled()

    async def in_thread(self) -> None:
        """The page went along into the thread that Easel opened."""
        await expect(self.page.locator("#head a.parent")).to_be_visible()

    # -- things ------------------------------------------------------------------------------------------------------

    def test(self, testid: str) -> Locator:
        return self.page.get_by_test_id(testid)

    @property
    def box(self) -> Locator:
        return self.test("composer")

    @property
    def title(self) -> Locator:
        return self.test("channel-title")

    @property
    def messages(self) -> Locator:
        return self.test("message")

    @property
    def typing(self) -> Locator:
        return self.test("typing")

    def saying(self, words: str | re.Pattern[str]) -> Locator:
        """The messages with these words, not those that only quote them."""
        return self.messages.filter(has=self.page.locator(".body", has_text=words))

    def painted(self, version: str) -> Locator:
        """The message with this version in it."""
        badge = self.page.locator(".picture .version", has_text=re.compile(f"^{version}$"))
        return self.messages.filter(has=badge)

    # -- doings ------------------------------------------------------------------------------------------------------

    async def say(self, words: str) -> None:
        await self.box.fill(words)
        await self.box.press("Enter")
        await expect(self.box).to_have_value("")

    async def attach(self, *files: FilePayload) -> None:
        """By the file chooser."""
        await self.test("attach").click()
        async with self.page.expect_file_chooser() as chooser:
            await self.test("choose-files").click()
        await (await chooser.value).set_files(list(files))
        await expect(self.test("tray").get_by_test_id("upload")).to_have_count(len(files))

    async def begin(self, words: str, files: Sequence[FilePayload] = ()) -> None:
        """Ask in #studio, and be in the thread that opens."""
        await self.go("studio")
        if files:
            await self.attach(*files)
        await self.say(f"@Easel {words}".strip())
        await self.in_thread()

    async def ask(self, words: str, version: str) -> Locator:
        """Say it, and see this version come."""
        await self.say(words)
        return await self.see(version)

    async def see(self, version: str) -> Locator:
        """The message with this version, its picture loaded."""
        message = self.painted(version)
        await expect(message).to_have_count(1)
        await expect(message.locator(".picture img.loaded").first).to_be_visible()
        return message

    async def option(self, name: str) -> None:
        """Add an option to the command that is being filled in."""
        await self.page.locator(f"[data-testid=slash-option][data-option={name}]").click()

    async def choose(self, option: str, value: str) -> None:
        """Add an option that is a choice, and choose."""
        await self.option(option)
        await self.test(f"option-{option}").click()
        await self.page.get_by_role("option", name=value, exact=True).click()

    async def reply(self, message: Locator) -> None:
        """Begin a reply by the message's own button."""
        await message.hover()
        await message.get_by_test_id("reply").click()
        await expect(self.test("reply-bar")).to_be_visible()


async def open_visitor(browser: Browser, url: str, **window: Any) -> Visitor:
    """The page in a window of its own, a large one without needless movement unless `window` says otherwise."""
    usual: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce"}
    context = await browser.new_context(**(usual | window))
    context.set_default_timeout(PATIENCE)
    await context.add_init_script(REPORT)
    return await Visitor(await context.new_page(), url).open()


def at_home(url: str, home: str) -> bool:
    """Whether an address is the sandbox's own, or within the page."""
    parts = urlsplit(url)
    return parts.scheme in {"blob", "data"} or (parts.hostname == HOME and parts.port == urlsplit(home).port)


def picture(colour: str, size: tuple[int, int] = (160, 120)) -> FilePayload:
    """A file of one colour, as the file chooser takes it."""
    name, data = photo(colour, size)
    return {"name": name, "mimeType": "image/png", "buffer": data}
