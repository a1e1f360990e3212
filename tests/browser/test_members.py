"""Three members in one room: each sees the same, and nobody else's picture is taken."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor, picture

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="package")]

MEMBERS = ("ana", "ben", "cleo")
THREAD = (
    "This thread grew from what Ana said: @Easel a red house by the sea",
    "v1 · “a red house by the sea”",
    "add 2 boats",
    "v2 ← v1 · “add 2 boats”",
    "add 3 boats",
    "v3 ← v2 · “add 3 boats”",
    "add 4 boats",
    "v4 ← v3 · “add 4 boats”",
)


async def test_ana_ben_and_cleo_each_see_the_same_thread_and_may_paint_in_it(visitor: Visitor):
    await visitor.begin("a red house by the sea")
    await visitor.see("v1")
    for number, name in enumerate(MEMBERS, 2):
        await visitor.become(name)
        await expect(visitor.title).to_have_text("a red house by the sea")
        painted = await visitor.ask(f"add {number} boats", f"v{number}")
        await expect(painted).to_contain_text(f"v{number} ← v{number - 1}")
    for name in MEMBERS:
        await visitor.become(name)
        await expect(visitor.messages).to_contain_text(THREAD)
        await expect(visitor.page.locator(".picture img.loaded")).to_have_count(4)


async def test_what_one_member_writes_is_there_for_another_at_once(visit: Visit):
    ana, ben = await visit(), await visit()
    await ben.become("ben")
    await ana.begin("a red house by the sea")
    await ana.see("v1")
    await ben.page.goto(ana.page.url)
    await ben.see("v1")
    await ben.box.press_sequentially("add")
    await expect(ana.typing).to_have_text("Ben is typing…")
    await ben.ask("add two boats", "v2")
    await expect(await ana.see("v2")).to_contain_text("v2 ← v1 · “add two boats”")
    await expect(ana.saying("add two boats").first).to_contain_text("Ben")


async def test_the_one_who_posted_a_picture_may_have_it_edited_by_a_reply(visitor: Visitor):
    await visitor.become("ben")
    await visitor.go("photos")
    await visitor.attach(picture("navy"))
    await visitor.say("the bay")
    await visitor.reply(visitor.saying("the bay"))
    await visitor.say("@Easel make it night")
    await visitor.in_thread()
    await expect(await visitor.see("v2")).to_contain_text("v2 ← v1 “navy.png”")
