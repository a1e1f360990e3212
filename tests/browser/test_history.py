"""`/history`, `/compare` and `/timelapse` in the page: seen, turned, chosen from, on a large window and on a phone."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="package")]


async def call(visitor: Visitor, command: str, **options: str) -> None:
    """Run a command."""
    await visitor.box.fill(f"/{command} ")
    for name, value in options.items():
        await visitor.test(f"option-{name}").fill(value)
    await visitor.test("slash-run").click()


async def drawn(message: Locator) -> Locator:
    """A message's drawing, once it is to be seen."""
    image = message.locator("img.loaded").first
    await expect(image).to_be_visible()
    return image


async def test_a_version_is_found_on_the_sheet_and_gone_on_from(visit: Visit, thread: str):
    visitor = await visit()
    await visitor.visit(thread, "v4")
    await call(visitor, "history")
    sheet = visitor.saying("Choose a version to see it").last
    image = await drawn(sheet)
    await expect(image).to_have_attribute(
        "alt", re.compile(r"^AI image: 4 versions as a tree\. v1: a red house by the sea")
    )
    await sheet.get_by_test_id("select").click()
    await visitor.page.get_by_role("option", name=re.compile("v2 · make it night")).click()
    version = visitor.saying("make it night").last
    await drawn(version)
    await expect(version.get_by_role("link", name="Show me")).to_be_visible()
    await version.get_by_role("button", name="Edit from v2").click()
    await expect(visitor.saying(re.compile("Ana goes on from"))).to_be_visible()


async def test_two_versions_are_compared_and_wiped(visit: Visit, thread: str):
    visitor = await visit()
    await visitor.visit(thread, "v4")
    await call(visitor, "compare", first="v1", second="v2")
    compared = visitor.saying("of the picture changed").last
    await drawn(compared)
    await compared.get_by_role("button", name="Wipe").click()
    await drawn(visitor.saying("v1 ↔ v2").last)


async def test_a_timelapse_is_shown_to_everybody(visit: Visit, thread: str):
    visitor = await visit()
    await visitor.visit(thread, "v4")
    await call(visitor, "timelapse")
    film = visitor.saying("picture by picture").last
    await drawn(film)
    await film.get_by_role("button", name="Show everybody").click()
    await drawn(visitor.saying("shows how v").last)


async def test_the_sheet_fits_a_phone(visit: Visit, thread: str):
    visitor = await visit(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    await visitor.visit(thread, "v4")
    await call(visitor, "history")
    box = await (await drawn(visitor.saying("Choose a version to see it").last)).bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
