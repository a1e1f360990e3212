"""A message passed on: by the menu, by keys alone, and only where one may write."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.browser.test_everybody import until_focused
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="package")]


async def test_a_picture_goes_to_another_channel_and_one_may_go_after_it(visitor: Visitor, thread: str):
    await visitor.visit(thread, "v4")
    v2 = visitor.painted("v2")
    await v2.hover()
    await v2.get_by_test_id("message-menu").click()
    await visitor.test("menu-forward").click()
    await expect(visitor.test("forward-dialog").locator("img.thumb")).to_be_visible()
    await visitor.test("forward-to").click()
    await visitor.page.get_by_role("option", name="#lounge", exact=True).click()
    await visitor.test("forward-send").click()
    await expect(visitor.test("toast")).to_contain_text("Forwarded to #lounge.")
    await visitor.test("toast").get_by_role("button", name="Go there").click()
    await expect(visitor.title).to_have_text("lounge")
    forwarded = visitor.messages.last.locator(".forwarded")
    await expect(forwarded).to_contain_text("Forwarded")
    await expect(forwarded.locator("img.loaded")).to_be_visible()


async def test_a_picture_of_a_channel_goes_into_a_thread_by_keys_alone_and_easel_works_it_in(visitor: Visitor):
    await visitor.begin("a castle on a hill")
    await visitor.see("v1")
    canvas = await visitor.title.inner_text()
    await visitor.go("photos")
    keys = visitor.page.keyboard
    await visitor.test("attach").click()
    await visitor.test("sample-cat").click()
    await visitor.say("my cat")
    await expect(visitor.saying("my cat").locator("img.loaded")).to_be_visible()
    await until_focused(visitor, "Shift+Tab", visitor.saying("my cat"))
    await keys.press("f")
    await expect(visitor.test("forward-to")).to_be_focused()
    await keys.press("Enter")
    await keys.type(canvas[:12])
    await keys.press("Enter")
    await expect(visitor.test("forward-to")).to_contain_text(canvas)
    await expect(visitor.test("forward-send")).to_be_focused()
    await keys.press("Enter")
    await expect(visitor.test("forward-dialog")).to_have_count(0)
    await visitor.test("toast").get_by_role("button", name="Go there").click()
    await expect(visitor.title).to_have_text(canvas)
    await expect(await visitor.see("v2")).to_contain_text(re.compile("v2 ← v1"))


async def test_only_places_where_one_may_write_are_offered(visitor: Visitor):
    await visitor.become("cleo")
    await visitor.go("lounge")
    await visitor.say("pass it on")
    await visitor.saying("pass it on").focus()
    await visitor.page.keyboard.press("f")
    await visitor.test("forward-send").click()
    await expect(visitor.test("forward-dialog").get_by_role("alert")).to_have_text("Choose where it shall go.")
    await visitor.test("forward-to").click()
    for name, count in (("#studio", 1), ("#announcements", 0), ("#showcase", 0)):
        await expect(visitor.page.get_by_role("option", name=name, exact=True)).to_have_count(count)
