"""What a member's own press or command brings is seen at once; what others say never moves what one reads."""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import Locator, Route, ViewportSize, expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="package")]

ONLY_YOU = "Only you can see this."
SMALL: ViewportSize = {"width": 1280, "height": 560}
LARGE: ViewportSize = {"width": 1280, "height": 800}
MIDDLE = "each => { each.scrollTop = (each.scrollHeight - each.clientHeight) / 2; }"
TOP = "each => each.scrollTop"
BELOW = "each => each.scrollHeight - each.scrollTop - each.clientHeight"


def scroller(visitor: Visitor) -> Locator:
    return visitor.page.locator("#messages .scroll")


def whisper(visitor: Visitor) -> Locator:
    """The newest of what only this member sees."""
    return visitor.messages.filter(has_text=ONLY_YOU).last


async def at_the_end(visitor: Visitor) -> None:
    """The end is in sight and stays there, whatever is still to load."""
    await expect(visitor.page.locator(".picture img:not(.loaded)")).to_have_count(0)
    await expect(visitor.test("to-latest")).to_be_hidden()
    assert await scroller(visitor).evaluate(BELOW) <= 1


async def test_more_under_the_last_picture_shows_its_panel_and_the_keyboard_goes_on_there(visit: Visit, thread: str):
    visitor = await visit(viewport=SMALL)
    await visitor.visit(thread, "v4")
    more = visitor.painted("v4").get_by_role("button", name="More…")
    await more.focus()
    await visitor.page.keyboard.press("Enter")
    await expect(whisper(visitor)).to_be_focused()
    await expect(whisper(visitor).get_by_test_id("dismiss")).to_be_in_viewport()
    await at_the_end(visitor)
    await visitor.page.keyboard.press("Tab")
    await expect(whisper(visitor).get_by_test_id("reply-quote")).to_be_focused()
    await visitor.page.keyboard.press("Tab")
    await expect(whisper(visitor).get_by_test_id("button").first).to_be_focused()
    await whisper(visitor).get_by_test_id("dismiss").press("Enter")
    await expect(visitor.painted("v4")).to_be_focused()


async def test_a_press_far_up_is_answered_in_sight(visit: Visit, thread: str):
    visitor = await visit(viewport=SMALL)
    await visitor.visit(thread, "v4")
    await visitor.painted("v1").get_by_role("button", name="More…").click()
    await expect(whisper(visitor).get_by_test_id("dismiss")).to_be_in_viewport()
    await at_the_end(visitor)


async def test_a_command_is_answered_in_sight_wherever_one_was_reading(visit: Visit, thread: str):
    visitor = await visit(viewport=SMALL)
    await visitor.visit(thread, "v4")
    await scroller(visitor).evaluate(MIDDLE)
    await visitor.page.set_viewport_size(LARGE)
    await visitor.box.fill("/history ")
    await visitor.test("slash-run").click()
    await expect(whisper(visitor).locator(".picture img.loaded")).to_be_visible()
    await expect(whisper(visitor).get_by_test_id("select").first).to_be_in_viewport()
    await at_the_end(visitor)
    await expect(visitor.page.locator("#live")).to_contain_text(re.compile("Easel: .*v4.*Only you can see this"))


async def test_choosing_by_keyboard_keeps_the_focus_and_a_link_to_a_version_stays_in_the_page(
    visit: Visit, thread: str
):
    visitor = await visit()
    await visitor.visit(thread, "v4")
    await visitor.box.fill("/settings ")
    await visitor.test("slash-run").click()
    size = whisper(visitor).get_by_role("combobox", name=re.compile("^Size"))
    await choose(visitor, size, "2K")
    await expect(size).to_be_focused()
    await expect(size).to_contain_text("2K")
    await choose(visitor, size, "As usual")
    await visitor.box.fill("/history ")
    await visitor.test("slash-run").click()
    await choose(visitor, whisper(visitor).get_by_role("combobox", name=re.compile("^Choose a version")), "v1")
    await expect(whisper(visitor)).to_be_focused()
    await whisper(visitor).get_by_test_id("link").press("Enter")
    await expect(visitor.painted("v1").first).to_be_focused()


async def choose(visitor: Visitor, select: Locator, start: str) -> None:
    """Open a select and take the option that begins so, without a mouse."""
    await select.press("Enter")
    option = visitor.page.get_by_role("option", name=re.compile(f"^{start}"))
    await option.press("Enter")
    await expect(option).to_have_count(0)


async def test_an_answer_taller_than_the_window_is_read_from_its_beginning(visit: Visit, thread: str):
    visitor = await visit(viewport=SMALL)
    await visitor.visit(thread, "v4")
    await visitor.box.fill("/settings ")
    await visitor.test("slash-run").click()
    await expect(whisper(visitor).get_by_role("heading", name="Settings of this thread")).to_be_in_viewport()
    await expect(whisper(visitor).get_by_role("combobox", name=re.compile("^Shape"))).to_be_in_viewport()


async def test_the_end_stays_in_sight_when_pictures_load_late(visit: Visit, thread: str):
    visitor = await visit()
    await visitor.visit(thread, "v4")
    loading = asyncio.Event()

    async def late(route: Route) -> None:
        await loading.wait()
        await route.continue_()

    await visitor.page.route("**/*.png*", late)
    await visitor.page.route("**/*.webp*", late)
    await visitor.box.fill("/history ")
    await visitor.test("slash-run").click()
    await expect(whisper(visitor).get_by_test_id("select").first).to_be_in_viewport()
    loading.set()
    await at_the_end(visitor)


async def test_what_others_say_does_not_move_what_one_reads(visit: Visit, thread: str):
    ana, ben = await visit(viewport=SMALL), await visit()
    await ben.become("ben")
    await ana.visit(thread, "v4")
    await ben.visit(thread, "v4")
    await scroller(ana).evaluate(MIDDLE)
    await expect(ana.test("to-latest")).to_be_visible()
    before = await scroller(ana).evaluate(TOP)
    await ben.say("// I was here as well")
    await expect(ana.test("to-latest")).to_have_text("1 new")
    assert await scroller(ana).evaluate(TOP) == before
    await ana.test("to-latest").click()
    await at_the_end(ana)


async def test_where_the_bot_may_not_write_nobody_is_invited_to_call_it(visitor: Visitor):
    await visitor.go("announcements")
    await expect(visitor.page.get_by_text("It paints in the other channels.")).to_be_visible()
    await expect(visitor.test("example")).to_have_count(0)
    await expect(visitor.box).to_have_attribute("placeholder", "Write in #announcements")
    await visitor.test("member-cleo").click()
    await expect(visitor.page.get_by_text("Easel paints in the other channels.")).to_be_visible()
    await expect(visitor.test("example")).to_have_count(0)
