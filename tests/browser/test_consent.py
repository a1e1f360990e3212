"""Somebody else's picture: its owner is asked in the open, and answers with a press."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.visitor import Visitor, picture

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="package")]


async def asked(visitor: Visitor) -> Visitor:
    """Ben's photograph in #lounge, Cleo's ask, and Ben reads the question."""
    await visitor.become("ben")
    await visitor.go("lounge")
    await visitor.attach(picture("gold"))
    await visitor.say("my garden this morning")
    await visitor.become("cleo")
    await visitor.go("lounge")
    await visitor.reply(visitor.saying("my garden this morning").last)
    await visitor.say("@Easel add a pond with ducks")
    await visitor.become("ben")
    await visitor.go("lounge")
    await expect(visitor.saying("would like to change your picture")).to_be_visible()
    return visitor


async def test_the_owner_reads_who_asks_and_for_what_and_says_yes_with_a_press(visitor: Visitor):
    await asked(visitor)
    question = visitor.saying("would like to change your picture")
    await expect(question).to_contain_text("add a pond with ducks")
    await question.get_by_role("button", name="Once").click()
    await expect(visitor.saying("said yes to")).to_be_visible()
    await expect(visitor.page.get_by_role("button", name="Once")).to_have_count(0)
    await expect(visitor.page.get_by_role("link", name="add a pond with ducks, thread")).to_be_visible()
    await expect(visitor.title).to_have_text("lounge")  # the thread takes along who asked for it, nobody else


async def test_the_panel_says_what_holds_and_what_waits(visitor: Visitor):
    await asked(visitor)
    await visitor.box.fill("/consent ")
    await visitor.test("slash-run").click()
    panel = visitor.saying("Your pictures in this server")
    await expect(panel).to_contain_text("add a pond with ducks")
    await expect(panel).to_contain_text("As this server has it: Ask me")
