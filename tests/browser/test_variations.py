"""Variations side by side in one message, and an ask that is cancelled from its status."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.command import Command
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="package")]


async def test_variations_stand_side_by_side_in_one_message_with_one_row_of_buttons(visitor: Visitor):
    await visitor.begin("a red house by the sea")
    first = await visitor.see("v1")
    await first.get_by_role("button", name="Variations", exact=True).click()
    answer = visitor.saying("v2–v4 · “a red house by the sea”")
    await expect(answer).to_have_count(1)
    await expect(answer.locator("img[alt^='AI image:']")).to_have_count(3)
    await expect(answer.get_by_role("button", name="Variations", exact=True)).to_have_count(1)


async def test_a_status_is_cancelled_with_one_press_and_says_before_what_that_costs(visitor: Visitor, sandbox: Command):
    await visitor.begin("a red house by the sea")
    await visitor.see("v1")
    await sandbox.paint_in(20)
    await visitor.say("make it night")
    await visitor.say("add a boat")
    waiting, painting = visitor.saying("waits for the edit before it"), visitor.saying("🎨 Painting “make it night”")
    await expect(painting.get_by_role("button", name="Cancel (counts)")).to_have_count(1)
    await waiting.get_by_role("button", name="Cancel", exact=True).click()
    await expect(visitor.saying("Cancelled. Nothing was charged.")).to_have_count(1)
    await expect(waiting).to_have_count(0)
    await painting.get_by_role("button", name="Cancel (counts)").click()
    await expect(visitor.saying("Cancelled. It counts all the same")).to_have_count(1)
    await expect(painting).to_have_count(0)
