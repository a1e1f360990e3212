"""`python -m tests.browser.pictures` takes the pictures in docs/pictures anew, of the sandbox's page as it is now."""

from __future__ import annotations

import asyncio
import io
import sys
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.async_api import Browser, expect

from tests.browser import chromium
from tests.browser.command import ROOT, Command, open_command
from tests.browser.month import remember
from tests.browser.test_consent import asked
from tests.browser.visitor import Visitor, open_visitor

FOLDER = ROOT / "docs" / "pictures"
LARGEST = 300_000  #: bytes that a reader of the README should have to load for one picture
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}, "locale": "en-GB"}
LARGE: dict[str, Any] = {
    "viewport": {"width": 1840, "height": 1150},
    "device_scale_factor": 1280 / 1840,
    "locale": "en-GB",
}
TALL: dict[str, Any] = {"viewport": {"width": 1280, "height": 1040}, "locale": "en-GB"}
PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "has_touch": True,
    "is_mobile": True,
    "locale": "en-GB",
}


async def take(browser: Browser, sandbox: Command) -> None:
    """All of them, from an empty server to threads that several people paint in."""
    await shoot(await open_visitor(browser, sandbox.url, **DESK), "start")
    await shoot(await reported(await audited(await open_visitor(browser, sandbox.url, **DESK))), "audit")
    visitor = await open_visitor(browser, sandbox.url, **DESK)
    house, castle = await paint_house(visitor), await paint_castle(visitor)
    await visitor.page.context.close()
    await shoot(await entered(browser, house, LARGE), "thread")
    await shoot(await entered(browser, castle, DESK | {"color_scheme": "dark"}), "dark")
    await shoot(await entered(browser, castle, PHONE), "phone")
    await shoot(await answered(await entered(browser, house, DESK), "history"), "history")
    await shoot(await panel(await entered(browser, house, DESK | {"color_scheme": "dark"})), "more")
    await shoot(await answered(await entered(browser, castle, PHONE), "settings"), "settings")
    await shoot(await asked(await open_visitor(browser, sandbox.url, **DESK)), "consent")
    await shoot(await limited(await open_visitor(browser, sandbox.url, **TALL)), "limits")
    await shoot(await previewed(await open_visitor(browser, sandbox.url, **PHONE)), "preview")
    await asyncio.to_thread(remember, sandbox.temporary)
    window = PHONE | {"color_scheme": "dark", "device_scale_factor": 2}
    await shoot(await answered(await entered(browser, castle, window), "report usage"), "report")


async def audited(visitor: Visitor) -> Visitor:
    """Ana has the audit log told in #lounge."""
    await visitor.go("lounge")
    await visitor.box.fill("/audit ")
    await visitor.option("channel")
    await visitor.test("option-channel").click()
    await visitor.page.get_by_role("option", name="#lounge").click()
    await visitor.test("slash-run").click()
    await visitor.page.get_by_role("button", name="Choose it all the same").click()
    await expect(visitor.saying("From now on")).to_be_visible()
    return visitor


async def reported(visitor: Visitor) -> Visitor:
    """Ben paints, Cleo reports it and forgets to say what she wants, and Ana reads of all that."""
    await visitor.become("ben")
    await imagine(visitor, "a sailing boat at sunset", "16:9")
    await visitor.become("cleo")
    await visitor.painted("v1").get_by_role("button", name="More…").click()
    await visitor.saying("What would you like?").get_by_role("button", name="Report…").click()
    form = visitor.page.get_by_role("dialog")
    await form.get_by_role("textbox").fill("That boat is mine, and nobody asked me.")
    await form.get_by_role("button", name="Submit").click()
    await expect(visitor.saying("Thank you.")).to_be_visible()
    await visitor.go("studio")
    await visitor.say("@Easel")
    await visitor.become("ana")
    await visitor.go("lounge")
    await expect(visitor.saying("turned away")).to_be_visible(timeout=30_000)
    await visitor.page.get_by_role("button", name="Put the hint away").click()
    await visitor.page.mouse.move(0, 0)
    await visitor.page.evaluate("document.activeElement.blur()")
    return visitor


async def paint_house(visitor: Visitor) -> str:
    """Ana's picture, her edit, and Ben's branch from the first; the thread's address."""
    await imagine(visitor, "a red house by the sea at sunset", "4:1")
    await visitor.ask("make it night", "v2")
    await visitor.become("ben")
    await visitor.reply(await visitor.see("v1"))
    await visitor.ask("add two boats", "v3")
    return visitor.page.url


async def paint_castle(visitor: Visitor) -> str:
    """Ben's picture, a word of Cleo's, and Ana's edit; the thread's address."""
    await imagine(visitor, "a castle by a lake at night", "16:9")
    await visitor.become("cleo")
    await visitor.see("v1")
    await visitor.say("// oh, how quiet it is there")
    await visitor.become("ana")
    await visitor.see("v1")
    await visitor.ask("add a boat", "v2")
    return visitor.page.url


async def imagine(visitor: Visitor, words: str, ratio: str) -> None:
    """A first picture of this shape, in a thread of its own."""
    await visitor.go("studio")
    await visitor.box.fill("/imagine ")
    await visitor.test("option-prompt").fill(words)
    await visitor.choose("ratio", ratio)
    await visitor.test("slash-run").click()
    await visitor.in_thread()
    await visitor.see("v1")


async def entered(browser: Browser, thread: str, window: dict[str, Any]) -> Visitor:
    """Ana's window with the thread open, nothing else in the way."""
    visitor = await open_visitor(browser, thread, **window)
    await visitor.see("v2")
    await visitor.page.get_by_role("button", name="Put the hint away").click()
    await visitor.page.mouse.move(0, 0)
    await visitor.page.evaluate("document.activeElement.blur()")
    return visitor


async def answered(visitor: Visitor, command: str) -> Visitor:
    """The window with a command's answer in it."""
    await visitor.box.fill(f"/{command} ")
    await visitor.test("slash-run").click()
    return await settled(visitor)


async def panel(visitor: Visitor) -> Visitor:
    """The window with what `More…` under the newest picture offers."""
    await visitor.painted("v3").get_by_role("button", name="More…").click()
    return await settled(visitor)


async def limited(visitor: Visitor) -> Visitor:
    """The window with the limits of a role, some of them set."""
    await answered(visitor, "limits")
    await pick(visitor, "limits:role", "Guest")
    await visitor.messages.last.get_by_role("button", name="Pictures and money…").click()
    for name, amount in (("pictures_per_hour", "5"), ("pictures_per_day", "20"), ("dollars_per_30_days", "10")):
        await visitor.page.locator(f"[data-testid=modal-input][data-custom-id={name}]").fill(amount)
    await visitor.test("modal-submit").click()
    await expect(visitor.messages.last).to_contain_text("$10.00")
    return await settled(visitor)


async def pick(visitor: Visitor, menu: str, name: str) -> None:
    """Choose from a menu of the newest message."""
    await visitor.messages.last.locator(f"[data-testid=select][data-custom-id='{menu}']").click()
    await visitor.page.get_by_role("option", name=name).click()


async def previewed(visitor: Visitor) -> Visitor:
    """The window with what holds for a member."""
    await answered(visitor, "limits")
    await visitor.messages.last.get_by_role("button", name="Who may what").click()
    await pick(visitor, "limits:who", "Cleo")
    await expect(visitor.messages.last).to_contain_text("What holds for @Cleo")
    return await settled(visitor)


async def settled(visitor: Visitor) -> Visitor:
    """An answer has come with all its pictures, and nothing has the focus."""
    await expect(visitor.messages.last).to_contain_text("Only you can see this.")
    await expect(visitor.page.locator(".thinking, .picture img:not(.loaded)")).to_have_count(0)
    await visitor.page.mouse.move(0, 0)
    await visitor.page.evaluate("document.activeElement.blur()")
    return visitor


async def shoot(visitor: Visitor, name: str) -> None:
    """Take the picture and close the window."""
    await visitor.page.evaluate("document.fonts.ready")
    await expect(visitor.test("toast")).to_have_count(0, timeout=15_000)
    data = await visitor.page.screenshot()
    await visitor.page.context.close()
    small = await asyncio.to_thread(shrunk, data)
    assert len(small) <= LARGEST, f"{name}.png has {len(small)} bytes"
    (FOLDER / f"{name}.png").write_bytes(small)
    print(f"{name}.png: {len(small) // 1000} kB")  # noqa: T201 - whoever takes them looks on


def shrunk(png: bytes) -> bytes:
    """The same in as few bytes as it takes, with fewer colours only if there is no other way."""
    with Image.open(io.BytesIO(png)) as image:
        whole = image.convert("RGB")
    small = encoded(whole)
    return small if len(small) <= LARGEST else encoded(whole.quantize(256))


def encoded(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


async def main() -> None:
    """Needs a Chromium, as the browser tests do."""
    path = chromium.find()
    if path is None:
        sys.exit(f"No Chromium here: none of {', '.join(chromium.NAMES)} is on the PATH.")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        async with chromium.open_chromium(path) as browser, open_command(Path(folder) / "sandbox") as sandbox:
            await take(browser, sandbox)


if __name__ == "__main__":
    asyncio.run(main())
