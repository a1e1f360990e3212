"""The page on a phone, 360 by 740."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import FilePayload, expect

from tests.browser.conftest import Visit
from tests.browser.layout import cut_off, out_of_reach, sideways
from tests.browser.visitor import Visitor, picture

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="package")]

PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}
LONG = "x" * 180
TEXT: FilePayload = {"name": f"{LONG}.txt", "mimeType": "text/plain", "buffer": b"words"}


async def fits(visitor: Visitor) -> None:
    """Nothing scrolls sideways, nothing is cut off, and what is there can be touched."""
    assert await sideways(visitor.page) == []
    assert await cut_off(visitor.page) == []
    assert await out_of_reach(visitor.page.locator("#room")) == []


async def test_a_newcomer_gets_to_a_branch_by_touch_alone(visit: Visit):
    visitor = await visit(**PHONE)
    await fits(visitor)
    await visitor.test("example").first.tap()
    await expect(visitor.box).to_have_value("@Easel a red house by the sea at sunset")
    await visitor.test("send").tap()
    await visitor.in_thread()
    v1 = await visitor.see("v1")
    await send(visitor, "make it night")
    await visitor.see("v2")
    await v1.get_by_test_id("reply").tap()
    await expect(visitor.test("reply-bar")).to_contain_text("v1")
    await fits(visitor)
    await send(visitor, "add a dog")
    await expect(await visitor.see("v3")).to_contain_text("v3 ← v1")
    await fits(visitor)


async def send(visitor: Visitor, words: str) -> None:
    await visitor.box.fill(words)
    await visitor.test("send").tap()
    await expect(visitor.box).to_have_value("")


async def test_channels_members_the_studio_and_files_are_within_reach(visit: Visit, thread: str):
    visitor = await visit(**PHONE)
    await visitor.visit(thread, "v4")
    await visitor.test("open-channels").tap()
    await expect(visitor.test("member-ben")).to_be_in_viewport()
    assert await out_of_reach(visitor.page.locator("#channels")) == []
    await visitor.test("member-ben").tap()
    await expect(visitor.test("member-ben")).to_have_attribute("aria-checked", "true")
    await visitor.page.locator("a.channel[data-name=lounge]").tap()
    await expect(visitor.title).to_have_text("lounge")
    await fits(visitor)
    await visitor.visit(thread, "v4")
    await visitor.test("open-studio").tap()
    await expect(visitor.test("painter-seconds")).to_be_in_viewport()
    assert await out_of_reach(visitor.page.locator("#studio")) == []
    await visitor.test("restart").scroll_into_view_if_needed()
    await expect(visitor.test("restart")).to_be_in_viewport()
    await visitor.page.keyboard.press("Escape")
    await visitor.test("attach").tap()
    await expect(visitor.test("choose-files")).to_be_in_viewport()
    await fits(visitor)


async def test_every_kind_of_message_fits_and_so_do_a_command_and_the_light_box(visit: Visit, thread: str):
    visitor = await visit(**PHONE)
    await visitor.visit(thread, "v4")
    for each in await visitor.messages.all():
        await each.scroll_into_view_if_needed()
        await fits(visitor)
    await visitor.painted("v4").locator(".picture").tap()
    await expect(visitor.test("lightbox-caption")).to_be_in_viewport()
    await fits(visitor)
    assert await out_of_reach(visitor.test("lightbox")) == []
    await visitor.test("lightbox").get_by_role("button", name="Close").tap()
    await visitor.box.fill("/imagine ")
    await visitor.choose("ratio", "16:9")
    await visitor.option("image1")
    await fits(visitor)
    await visitor.test("slash-run").scroll_into_view_if_needed()
    await expect(visitor.test("slash-run")).to_be_in_viewport()


async def test_long_words_and_names_break_instead_of_running_out_of_sight(visit: Visit, tmp_path: Path):
    visitor = await visit(**PHONE)
    await send(visitor, f"@Easel {LONG}")
    await visitor.in_thread()
    await visitor.see("v1")
    await visitor.messages.first.scroll_into_view_if_needed()
    await fits(visitor)
    await visitor.attach(picture("gold") | {"name": f"{LONG}.png"}, TEXT)
    await fits(visitor)
    await send(visitor, f"// {LONG}\n> {LONG}\n# {LONG}")
    await expect(visitor.page.locator("a.file")).to_be_visible()
    await fits(visitor)
    await visitor.test("attach").tap()
    async with visitor.page.expect_file_chooser() as chooser:
        await visitor.test("choose-files").tap()
    large = tmp_path / f"{LONG}.txt"
    large.write_bytes(bytes(11 << 20))
    await (await chooser.value).set_files(large)
    await expect(visitor.test("toast")).to_contain_text("10 MB is the most")
    await fits(visitor)
    await visitor.painted("v1").locator(".picture").tap()
    await expect(visitor.test("lightbox").locator("img")).to_be_in_viewport(ratio=1)
    await fits(visitor)
