"""A page that keeps to itself: nothing is loaded from elsewhere, nothing against its policy, and the watch notices."""

from __future__ import annotations

import pytest
from playwright.async_api import Route, expect

from tests.browser.visitor import Visitor, at_home, picture

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="package")]

LOAD = """
address => new Promise(done => {
  const image = new Image();
  image.onload = image.onerror = done;
  image.src = address;
})
"""


async def test_no_request_of_the_page_leaves_this_machine(visitor: Visitor):
    asked: list[str] = []

    async def meet(route: Route) -> None:
        asked.append(route.request.url)
        if at_home(route.request.url, visitor.url):
            await route.continue_()
        else:
            await route.abort()

    await visitor.page.route("**/*", meet)
    await visitor.open()
    await visitor.begin("make it night", [picture("teal")])
    await visitor.see("v2")
    await visitor.say("see https://example.org/cat.png and ![it](https://example.org/dog.png)")
    await visitor.see("v3")
    assert len(asked) > 50
    assert [each for each in asked if not at_home(each, visitor.url)] == []


async def test_the_pages_own_policy_allows_nothing_from_elsewhere_and_no_script_within(visitor: Visitor):
    answer = await visitor.page.goto(visitor.url)
    assert answer is not None
    policy = dict(each.strip().split(" ", 1) for each in answer.headers["content-security-policy"].split(";"))
    assert policy["default-src"] == policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["connect-src"] == f"'self' {visitor.url.rstrip('/').replace('http', 'ws', 1)}"
    assert await visitor.page.locator("script:not([src]), style, [style*='url('], [onclick]").count() == 0


async def test_the_watch_on_every_page_notices_errors_strangers_and_what_is_against_the_policy(visitor: Visitor):
    await visitor.page.evaluate("console.error('on purpose')")
    await visitor.page.evaluate("setTimeout(() => { throw new Error('thrown on purpose'); })")
    await visitor.page.evaluate(LOAD, "https://example.org/cat.png")
    await visitor.page.evaluate("fetch('https://example.org/').catch(() => 0)")
    await expect(visitor.title).to_be_visible()
    kinds = {each.split(":")[0] for each in visitor.trouble}
    assert {"console", "error"} <= kinds
    assert any("Against the policy: img-src https://example.org/cat.png" in each for each in visitor.trouble)
    visitor.excuse("on purpose|example.org|Content Security Policy")


async def test_markup_in_messages_stays_words(visitor: Visitor):
    words = "<img src=x onerror=\"console.error('ran')\"> <script>console.error('ran')</script>"
    await visitor.go("lounge")
    await visitor.say(words)
    await expect(visitor.saying(words)).to_have_count(1)
    await expect(visitor.messages.locator("script, img[src=x]")).to_have_count(0)
