"""A slow painter: what is seen meanwhile, asks that change or go while they wait, and a bot that is restarted."""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import WebSocketRoute, expect

from tests.browser.command import Command
from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="package")]

PAINTING = re.compile(r"🎨 Painting “make it night” from v1 · expected (in|now|\d)")
WAITING = "waits for the edit before it"


async def slow_canvas(visitor: Visitor, sandbox: Command, seconds: float = 2.5) -> None:
    """A thread with a first picture in it, and a painter that takes its time from now on."""
    await visitor.begin("a red house by the sea")
    await visitor.see("v1")
    await sandbox.paint_in(seconds)


async def test_the_slider_slows_the_painter_down(visitor: Visitor, sandbox: Command):
    slider = visitor.test("painter-seconds")
    await slider.focus()
    for seconds in (1, 2, 3):
        async with visitor.page.expect_response("**/sandbox/settings") as told:
            await slider.press("ArrowRight")
        assert (await (await told.value).json())["painter"]["seconds"] == seconds
    await expect(visitor.test("painter")).to_contain_text("3 seconds")
    assert (await sandbox.ask("GET", "state"))["painter"]["seconds"] == 3


async def test_while_it_paints_the_bot_is_seen_at_work_and_a_status_says_so_until_the_picture_is_there(
    visitor: Visitor, sandbox: Command
):
    await slow_canvas(visitor, sandbox)
    await visitor.say("make it night")
    await expect(visitor.typing).to_have_text("Easel is at work…")
    status = visitor.saying(PAINTING)
    await expect(status).to_have_count(1)
    await visitor.see("v2")
    await expect(status).to_have_count(0)
    await expect(visitor.typing).to_have_text("")


async def test_editing_a_waiting_message_changes_what_is_painted(visitor: Visitor, sandbox: Command):
    await slow_canvas(visitor, sandbox)
    await visitor.say("make it night")
    await visitor.say("add a boat")
    await expect(visitor.saying(WAITING)).to_have_count(1)
    ask = visitor.saying(re.compile("^add a boat"))
    await ask.hover()
    await ask.get_by_test_id("edit").click()
    await visitor.test("edit-box").fill("add a castle")
    await visitor.test("edit-box").press("Enter")
    await expect(visitor.saying(re.compile(f"“add a castle” {WAITING}"))).to_have_count(1)
    await expect(visitor.saying("(edited)")).to_have_count(1)
    await expect(await visitor.see("v3")).to_contain_text("v3 ← v2 · “add a castle”")


async def test_deleting_a_waiting_message_takes_the_ask_back(visitor: Visitor, sandbox: Command):
    await slow_canvas(visitor, sandbox)
    await visitor.say("make it night")
    await visitor.say("add a boat")
    await expect(visitor.saying(WAITING)).to_have_count(1)
    ask = visitor.saying(re.compile("^add a boat$"))
    await ask.focus()
    await ask.press("Delete")
    await visitor.test("confirm").click()
    await expect(visitor.saying(WAITING)).to_have_count(0)
    await visitor.see("v2")
    await sandbox.paint_in(0)
    await expect(await visitor.ask("add a moon", "v3")).to_contain_text("v3 ← v2 · “add a moon”")


async def test_a_bot_restarted_in_the_middle_of_a_painting_brings_the_picture_all_the_same_and_once(
    visitor: Visitor, sandbox: Command
):
    await slow_canvas(visitor, sandbox, 2)
    await visitor.say("make it night")
    await visitor.say("add a boat")
    await expect(visitor.saying(PAINTING)).to_have_count(1)
    await visitor.test("restart").click()
    await expect(visitor.test("bot-status")).to_have_text("Restarting…")
    await expect(visitor.test("toast").filter(has_text="The bot is back.")).to_be_visible()
    await expect(visitor.test("bot-status")).to_have_attribute("data-running", "true")
    await expect(await visitor.see("v2")).to_contain_text("v2 ← v1 · “make it night”")
    await expect(await visitor.see("v3")).to_contain_text("v3 ← v2 · “add a boat”")
    await expect(visitor.page.locator(".picture")).to_have_count(3)
    await expect(visitor.saying(WAITING)).to_have_count(0)


async def test_after_its_gateway_is_closed_the_page_comes_back_by_itself_with_what_was_said_meanwhile(visit: Visit):
    ana, ben = await visit(), await visit()
    await ben.become("ben")
    sockets: list[WebSocketRoute] = []
    open_again = asyncio.Event()

    async def through(socket: WebSocketRoute) -> None:
        sockets.append(socket)
        if len(sockets) > 1:
            await open_again.wait()
        socket.connect_to_server()

    await ana.page.route_web_socket(re.compile("/gateway"), through)
    await ana.open()
    await ana.go("lounge")
    await ben.go("lounge")
    await sockets[0].close(code=4000)
    await expect(ana.page.locator("#connection")).to_have_text("The connection was lost. Reconnecting…")
    await ben.say("while you were away")
    await expect(ana.saying("while you were away")).to_have_count(0)
    open_again.set()
    await expect(ana.page.locator("#connection")).to_be_hidden()
    await expect(ana.saying("while you were away")).to_have_count(1)


async def test_after_the_bots_own_gateway_is_closed_it_goes_on_answering(visitor: Visitor, sandbox: Command):
    await visitor.begin("a red house by the sea")
    await visitor.see("v1")
    await sandbox.ask("POST", "gateway", close=4000)
    await expect(await visitor.ask("make it night", "v2")).to_contain_text("v2 ← v1")
    await expect(visitor.painted("v3")).to_have_count(0)
