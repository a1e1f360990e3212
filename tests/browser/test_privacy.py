"""`/privacy` and `/my-data` in the page: read, confirm, and see one's pictures go."""

import pytest
from playwright.async_api import expect

from tests.browser.test_settings import call
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="package")]


async def test_what_is_kept_is_told_handed_out_and_deleted(visitor: Visitor):
    await visitor.begin("a red house by the sea")
    await visitor.see("v1")
    await call(visitor, "privacy")
    await expect(visitor.saying("What I keep:")).to_be_visible()
    await call(visitor, "my-data export")
    await expect(visitor.saying("That is all (asks: 1")).to_be_visible()
    await expect(visitor.saying("part 1")).to_contain_text("my-data-1.zip")
    await call(visitor, "my-data delete")
    await visitor.page.get_by_role("button", name="Delete all of it").click()
    await expect(visitor.saying("no trace of them is left in my files")).to_be_visible()
    await expect(visitor.painted("v1")).to_be_hidden()
