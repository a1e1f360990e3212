"""A person reads Discord in another language: the commands do, and so does the bot."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from bot.catalogue import sentences
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="package")]


async def test_who_reads_in_german_finds_commands_forms_and_answers_in_german(visitor: Visitor):
    german = sentences("de")
    await visitor.test("language").select_option("de")
    await visitor.box.fill("/ima")
    await expect(visitor.page.get_by_text(german["command"]["imagine"])).to_be_visible()
    await visitor.box.press("Enter")
    await expect(visitor.test("slash-form")).to_contain_text(german["option"]["prompt"])
    await visitor.test("option-prompt").fill("ein rotes Haus am Meer, im Querformat")
    await visitor.test("slash-run").click()
    painted = await visitor.see("v1")
    await expect(painted.get_by_role("button", name=german["row"]["retry"])).to_be_visible()
    await visitor.page.reload()
    await expect(visitor.test("language")).to_have_value("de")
