"""`/limits` in the page: a moderator sets a limit, on a large window and on a phone, and a member meets it."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Visit
from tests.browser.layout import out_of_reach
from tests.browser.pictures import pick
from tests.browser.test_phone import PHONE, fits
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="package")]


async def open_panel(visitor: Visitor) -> None:
    await visitor.box.fill("/limits ")
    await visitor.test("slash-run").click()
    await expect(visitor.messages.last).to_contain_text("Limits of @everyone")


async def test_a_limit_that_is_written_into_the_form_is_shown_and_what_cant_be_read_is_told(visitor: Visitor):
    await open_panel(visitor)
    await pick(visitor, "limits:role", "Guest")
    await visitor.messages.last.get_by_role("button", name="Pictures and money…").click()
    await visitor.page.locator("[data-testid=modal-input][data-custom-id=pictures_per_day]").fill("ten")
    await visitor.page.locator("[data-testid=modal-input][data-custom-id=dollars_per_day]").fill("$1,50")
    await visitor.test("modal-submit").click()
    await expect(visitor.messages.last).to_contain_text("Money per day · $1.50 · set here")
    await expect(visitor.messages.last).to_contain_text("“ten” is no whole number")
    await visitor.messages.last.get_by_role("button", name="Clear all").click()
    await expect(visitor.messages.last).not_to_contain_text("set here")


async def test_moderators_choose_how_careful_the_filters_are(visitor: Visitor):
    await open_panel(visitor)
    await visitor.messages.last.get_by_role("button", name="Whole server").click()
    await expect(visitor.messages.last).to_contain_text("the strictest everywhere. You may")
    await visitor.messages.last.get_by_role("button", name="Milder filters where age-restricted").click()
    await expect(visitor.messages.last).to_contain_text("milder in age-restricted channels")
    await visitor.messages.last.get_by_role("button", name="Strictest filters everywhere").click()
    await expect(visitor.messages.last).to_contain_text("the strictest everywhere. You may")


async def test_who_does_not_manage_the_server_is_not_offered_the_commands(visitor: Visitor):
    await visitor.become("ben")
    await visitor.box.fill("/")
    await expect(visitor.page.get_by_role("option", name="/imagine")).to_be_visible()
    await expect(visitor.page.get_by_role("option", name="/limits")).to_have_count(0)


async def test_every_page_of_the_panel_fits_a_phone(visit: Visit):
    visitor = await visit(**PHONE)
    await open_panel(visitor)
    for tab, heading in (
        ("Whole server", "The whole server"),
        ("Lists", "Where I paint"),
        ("Who may what", "Choose a"),
    ):
        await fits(visitor)
        assert await out_of_reach(visitor.messages.last) == []
        await visitor.messages.last.get_by_role("button", name=tab).tap()
        await expect(visitor.messages.last).to_contain_text(heading)
    await pick(visitor, "limits:who", "Cleo")
    await expect(visitor.messages.last).to_contain_text("What holds for @Cleo")
    await fits(visitor)
