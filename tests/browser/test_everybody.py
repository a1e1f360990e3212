"""The page for everybody: without a mouse, by day and by night, and for those who hear it read aloud."""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import Visit
from tests.browser.contrast import faint
from tests.browser.visitor import Visitor, picture

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="package")]

NAMELESS = """
() => [...document.querySelectorAll("button, a, input, textarea, [role=button], [role=radio]")]
  .filter(each => each.checkVisibility())
  .filter(each => !["aria-label", "aria-labelledby", "title"].some(name => each.getAttribute(name)))
  .filter(each => !each.textContent.trim() && !each.labels?.length)
  .map(each => each.outerHTML.slice(0, 80))
"""
ALTS = "all => all.map(each => [each.getAttribute('alt'), each.closest('.message') !== null, each.className])"


async def test_from_the_start_to_a_branch_without_a_mouse(visitor: Visitor):
    keys = visitor.page.keyboard
    await expect(visitor.box).to_be_focused()
    await keys.type("@eas")
    await expect(visitor.test("suggestion").first).to_contain_text("Easel")
    await keys.press("Enter")
    await keys.type("a red house")
    await keys.press("Enter")
    await visitor.in_thread()
    v1 = await visitor.see("v1")
    await expect(visitor.box).to_be_focused()
    await keys.type("make it night")
    await keys.press("Enter")
    await visitor.see("v2")
    await until_focused(visitor, "Shift+Tab", visitor.painted("v2"))
    await until_focused(visitor, "ArrowUp", v1)
    await keys.press("Enter")
    await expect(visitor.test("lightbox")).to_be_visible()
    await keys.press("Escape")
    await until_focused(visitor, "Shift+Tab", v1)
    await keys.press("r")
    await expect(visitor.test("reply-bar")).to_contain_text("v1")
    await expect(visitor.box).to_be_focused()
    await keys.type("add a dog")
    await keys.press("Enter")
    await expect(await visitor.see("v3")).to_contain_text("v3 ← v1 · “add a dog”")


async def until_focused(visitor: Visitor, key: str, target: Locator) -> None:
    """Press a key until something has the focus."""
    for _ in range(12):
        if await target.evaluate("each => each === document.activeElement"):
            return
        await visitor.page.keyboard.press(key)
    raise AssertionError(f"{key} does not lead to {target}")


async def test_channels_members_and_the_studio_are_reached_without_a_mouse(visitor: Visitor):
    keys = visitor.page.keyboard
    await keys.press("Alt+ArrowDown")
    await expect(visitor.title).not_to_have_text("studio")
    await keys.press("Alt+2")
    await expect(visitor.test("member-ben")).to_have_attribute("aria-checked", "true")
    await expect(visitor.box).to_be_enabled()
    await keys.press("Alt+1")
    await expect(visitor.test("member-ana")).to_have_attribute("aria-checked", "true")
    await until_focused(visitor, "Tab", visitor.test("painter-seconds"))
    await until_focused(visitor, "Tab", visitor.test("restart"))
    await keys.press("Escape")
    await expect(visitor.box).to_be_focused()


async def test_every_key_is_listed_under_a_question_mark(visitor: Visitor, thread: str):
    await visitor.visit(thread, "v4")
    await visitor.messages.last.focus()
    await visitor.page.keyboard.press("?")
    await expect(visitor.test("shortcuts")).to_contain_text("Reply to it")
    assert await faint(visitor.page) == []
    await visitor.page.keyboard.press("Escape")
    await expect(visitor.messages.last).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_all_text_stands_out_by_day_and_by_night(visit: Visit, thread: str, scheme: str):
    visitor = await visit(color_scheme=scheme)
    assert await faint(visitor.page) == [], "the greeting"
    await visitor.visit(thread, "v4")
    assert await faint(visitor.page) == [], "the thread"
    await visitor.messages.last.focus()
    await visitor.page.keyboard.press("m")
    await expect(visitor.test("menu")).to_be_visible()
    assert await faint(visitor.page) == [], "a message's menu"
    await visitor.page.keyboard.press("Escape")
    await visitor.reply(visitor.painted("v4"))
    await visitor.attach(picture("gold"))
    await visitor.box.fill("@")
    await visitor.box.press("End")
    assert await faint(visitor.page) == [], "a reply being written"
    await visitor.box.fill("/imagine ")
    await visitor.test("option-prompt").press("Enter")
    await expect(visitor.test("slash-form").get_by_role("alert")).to_be_visible()
    assert await faint(visitor.page) == [], "a command being filled in"
    await visitor.become("cleo")
    assert await faint(visitor.page) == [], "a note that comes and goes"
    await visitor.go("showcase")
    assert await faint(visitor.page) == [], "the forum"
    await visitor.test("new-post").click()
    assert await faint(visitor.page) == [], "a new post"


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_light_box_stands_out_too(visit: Visit, thread: str, scheme: str):
    visitor = await visit(color_scheme=scheme)
    await visitor.visit(thread, "v4")
    await visitor.painted("v4").locator(".picture").click()
    await expect(visitor.test("lightbox-caption")).to_contain_text("v4")
    assert await faint(visitor.page) == []


async def test_every_picture_says_what_it_shows(visitor: Visitor, thread: str):
    await visitor.visit(thread, "v4")
    for version, words in (("v1", "AI image: a red house by the sea"), ("v2", "AI image: v1 edited: make it night")):
        await expect(visitor.painted(version).locator(".picture img")).to_have_attribute("alt", words)
    alts = await visitor.page.locator("img").evaluate_all(ALTS)
    assert len(alts) > 8
    assert [each for each in alts if each[0] is None] == []
    in_messages = [alt for alt, inside, kind in alts if inside and "avatar" not in kind]
    assert all(in_messages), in_messages


async def test_every_control_has_a_name_and_every_id_is_there_once(visitor: Visitor, thread: str):
    await visitor.visit(thread, "v4")
    await visitor.reply(visitor.painted("v4"))
    await visitor.attach(picture("gold"))
    assert await visitor.page.evaluate(NAMELESS) == []
    ids = await visitor.page.locator("[id]").evaluate_all("all => all.map(each => each.id)")
    assert len(ids) == len(set(ids))


async def test_the_light_box_opens_zooms_and_gives_the_focus_back_after_escape(visitor: Visitor, thread: str):
    await visitor.visit(thread, "v4")
    keys, box = visitor.page.keyboard, visitor.test("lightbox")
    tile = visitor.painted("v1").locator(".picture")
    await tile.click()
    await expect(visitor.test("lightbox-caption")).to_contain_text("v1AI image: a red house by the sea")
    fitted = await width(box)
    await keys.press("+")
    await wide(box, 1.5 * fitted)
    await box.get_by_role("button", name="Larger").click()
    await wide(box, 2 * fitted)
    await keys.press("0")
    await wide(box, fitted)
    await keys.press("1")
    await wide(box, await box.locator("img").evaluate("each => each.naturalWidth"))
    await keys.press("0")
    await wide(box, fitted)
    await keys.press("ArrowRight")
    await expect(visitor.test("lightbox-caption")).to_contain_text("v2AI image: v1 edited: make it night")
    await keys.press("Escape")
    await expect(box).to_have_count(0)
    await expect(tile).to_be_focused()


async def width(box: Locator) -> float:
    measured = await box.locator("img").bounding_box()
    assert measured is not None
    return measured["width"]


async def wide(box: Locator, pixels: float) -> None:
    """The picture has become so wide; it takes a frame or two."""
    async with asyncio.timeout(5):
        while abs(await width(box) - pixels) > 2:  # noqa: ASYNC110 - watches a browser, which tells nobody
            await asyncio.sleep(0.02)


async def test_what_the_bot_says_is_read_aloud(visitor: Visitor):
    await visitor.begin("a red house")
    await visitor.see("v1")
    await expect(visitor.page.locator("#live")).to_contain_text(re.compile("Easel opened the thread a red house"))
    await expect(visitor.page.locator("#live")).to_contain_text(re.compile("Easel: .*Picture: AI image: a red house"))
