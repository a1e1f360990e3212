"""Painting in the page, from a newcomer's first press to branches, photographs and commands."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor, picture

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="package")]


async def test_a_newcomer_presses_an_example_and_enter_and_sees_a_picture_in_a_thread(visit: Visit):
    visitor = await visit(reduced_motion="no-preference")
    await expect(visitor.test("empty")).to_be_visible()
    await visitor.test("example").first.click()
    await expect(visitor.box).to_have_value("@Easel a red house by the sea at sunset")
    await visitor.page.keyboard.press("Enter")
    await visitor.in_thread()
    v1 = await visitor.see("v1")
    await expect(visitor.title).to_have_text("a red house by the sea at sunset")
    await expect(v1).to_contain_text(re.compile(r"v1 · “a red house by the sea at sunset” · [\d.]+ s · \$0\.0\d"))


async def test_words_in_the_thread_edit_the_newest_picture(visitor: Visitor):
    await visitor.begin("a red house by the sea")
    await visitor.see("v1")
    v2 = await visitor.ask("make it night", "v2")
    await expect(v2).to_contain_text("v2 ← v1 · “make it night”")


async def test_a_reply_to_the_first_picture_makes_a_branch(visitor: Visitor):
    await visitor.begin("a castle on a hill")
    v1 = await visitor.see("v1")
    await visitor.ask("make it night", "v2")
    await visitor.reply(v1)
    await expect(visitor.test("reply-bar")).to_contain_text("v1")
    v3 = await visitor.ask("add a big dog on the left", "v3")
    await expect(v3).to_contain_text("v3 ← v1 · “add a big dog on the left”")


async def test_a_photograph_comes_by_the_file_chooser(visitor: Visitor):
    await visitor.begin("make it snow", [picture("teal")])
    await expect(await visitor.see("v2")).to_contain_text("v2 ← v1 (teal.png)")
