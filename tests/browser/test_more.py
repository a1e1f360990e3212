"""`More…` and the two entries in the menu of every message, in the page: by mouse, and on a phone."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor, picture

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="package")]


async def panel(visitor: Visitor, result: Locator) -> Locator:
    await result.get_by_role("button", name="More…").click()
    opened = visitor.saying("What would you like?").last
    await expect(opened).to_be_visible()
    return opened


async def from_menu(visitor: Visitor, message: Locator, entry: str) -> None:
    await message.hover()
    await message.get_by_test_id("message-menu").click()
    await visitor.test("menu-command").filter(has_text=entry).click()


async def test_the_panel_tells_its_prices_and_a_shape_is_one_press(visitor: Visitor):
    await visitor.begin("a red house by the sea")
    opened = await panel(visitor, await visitor.see("v1"))
    await expect(opened.get_by_role("button", name="4K · $0.12")).to_be_visible()
    await opened.get_by_role("button", name="16:9 · $0.04").click()
    await visitor.see("v2")
    await expect(visitor.saying("Extend this picture to 16:9")).to_have_count(1)


async def test_information_and_deletion_are_for_the_presser_and_the_message_goes(visitor: Visitor):
    await visitor.begin("a red house by the sea")
    await visitor.see("v1")
    await visitor.ask("make it night", "v2")
    opened = await panel(visitor, await visitor.see("v2"))
    await opened.get_by_role("button", name="Information").click()
    await expect(visitor.saying("Its branch: v1 → v2")).to_be_visible()
    await opened.get_by_role("button", name="Delete…").click()
    await visitor.saying("Shall I delete v2 for good?").get_by_role("button", name="Delete v2").click()
    await expect(visitor.saying(re.compile("deleted v2: plain words change v1 now"))).to_be_visible()
    await expect(visitor.painted("v2")).to_have_count(0)


async def test_a_photograph_in_a_channel_is_edited_from_its_menu(visitor: Visitor):
    await visitor.attach(picture("gold"))
    await visitor.say("// my garden")
    message = visitor.saying("my garden").last
    await from_menu(visitor, message, "Edit this picture")
    form = visitor.page.get_by_role("dialog")
    await form.get_by_role("textbox").first.fill("add a red house")
    await form.get_by_role("button", name=re.compile("Submit|Send", re.IGNORECASE)).click()
    await visitor.in_thread()
    await visitor.see("v2")


async def test_information_is_in_the_menu_of_every_picture(visitor: Visitor):
    await visitor.begin("a red house by the sea")
    await from_menu(visitor, await visitor.see("v1"), "Picture information")
    await expect(visitor.saying("Asked by Ana").last).to_be_visible()


async def test_the_panel_fits_a_phone(visit: Visit, thread: str):
    visitor = await visit(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    await visitor.visit(thread, "v4")
    opened = await panel(visitor, await visitor.see("v4"))
    for button in await opened.get_by_role("button").all():
        box = await button.bounding_box()
        assert box is None or (box["x"] >= 0 and box["x"] + box["width"] <= 390)
