"""`/settings` and `/help` in the page: by mouse and by keyboard, on a large window and on a phone."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="package")]


async def call(visitor: Visitor, command: str) -> None:
    """Run a command that has no options."""
    await visitor.box.fill(f"/{command} ")
    await visitor.test("slash-run").click()


def menu(visitor: Visitor, name: str) -> Locator:
    return visitor.page.locator(f"[data-testid=select][data-custom-id='set:here:{name}']").last


async def test_a_choice_is_shown_at_once_and_told_in_the_thread(visitor: Visitor):
    await visitor.begin("a red house by the sea")
    await visitor.see("v1")
    await call(visitor, "settings")
    await expect(visitor.saying("Settings of this thread")).to_be_visible()
    await menu(visitor, "model").click()
    await visitor.page.get_by_role("option", name="Nano Banana 2 Lite").click()
    await expect(menu(visitor, "model")).to_have_text("Nano Banana 2 Lite")
    await expect(visitor.saying("Model is “Nano Banana 2 Lite” from now on.")).to_be_visible()
    await visitor.ask("make it night", "v2")


async def test_the_keyboard_alone_is_enough(visitor: Visitor):
    await visitor.begin("a castle on a hill")
    await visitor.see("v1")
    await call(visitor, "settings")
    await menu(visitor, "hears").focus()
    await visitor.page.keyboard.press("ArrowDown")
    await visitor.page.keyboard.press("ArrowDown")
    await visitor.page.keyboard.press("ArrowDown")
    await visitor.page.keyboard.press("Enter")
    await expect(menu(visitor, "hears")).to_have_accessible_name("When I listen: To replies and mentions only")
    await visitor.say("what a day")
    await visitor.ask("@Easel make it night", "v2")


async def test_somebody_else_looks_on_and_is_invited(visitor: Visitor):
    await visitor.become("cleo")
    await visitor.begin("a green hill")
    await visitor.see("v1")
    await call(visitor, "settings")
    await menu(visitor, "asks").click()
    await visitor.page.get_by_role("option", name="Those invited").click()
    await menu(visitor, "invited").click()
    await visitor.page.get_by_role("option", name="Ben").click()
    await visitor.test("select-done").click()
    await expect(visitor.saying("changed who is invited to ask here: @Ben.")).to_be_visible()
    await visitor.become("ben")
    await call(visitor, "settings")
    await expect(visitor.saying("Only @Cleo, who started this thread, and moderators can change them.")).to_be_visible()
    await expect(menu(visitor, "asks")).to_be_disabled()
    await visitor.ask("make it night", "v2")


async def test_the_panel_fits_a_phone(visit: Visit):
    visitor = await visit(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    await call(visitor, "settings")
    panel = visitor.saying("Server defaults").last
    await expect(panel).to_be_visible()
    box = await panel.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390


async def test_help_turns_its_pages(visitor: Visitor):
    await call(visitor, "help")
    await expect(visitor.saying("How to paint with me")).to_contain_text("@Easel a red house by the sea at sunset")
    for page, words in (("Versions and buttons", "put the hat of v2 on him"), ("Commands and limits", "/imagine")):
        await visitor.test("button").filter(has_text=re.compile(f"^{page}$")).click()
        await expect(visitor.messages.last).to_contain_text(words)
