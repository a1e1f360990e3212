"""Painting in the page: a newcomer's first press, edits, branches, photographs, commands and buttons."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser import gestures
from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor, picture

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="package")]


async def test_a_newcomer_presses_an_example_and_enter_and_sees_a_picture_in_a_thread(visit: Visit):
    visitor = await visit(reduced_motion="no-preference")
    await expect(visitor.test("empty")).to_be_visible()
    await visitor.test("example").first.click()
    await expect(visitor.box).to_have_value("@Easel a red house by the sea at sunset")
    await visitor.page.keyboard.press("Enter")
    await visitor.in_thread()
    v1 = await visitor.see("v1")
    await expect(visitor.title).to_have_text("a red house by the sea at sunset")
    await expect(v1).to_contain_text(re.compile(r"v1 · “a red house by the sea at sunset” · [\d.]+ s · \$0\.0\d"))


async def test_the_example_with_a_picture_attaches_one_and_paints_from_it(visitor: Visitor):
    await visitor.test("example").nth(1).click()
    await expect(visitor.box).to_have_value("@Easel make it a snowy evening")
    await visitor.page.keyboard.press("Enter")
    await visitor.in_thread()
    await expect(await visitor.see("v2")).to_contain_text(re.compile(r"v2 ← v1 “\S+” · “make it a snowy evening”"))


async def test_words_in_the_thread_edit_the_newest_picture(visitor: Visitor):
    await visitor.begin("a red house by the sea")
    await visitor.see("v1")
    await expect(await visitor.ask("make it night", "v2")).to_contain_text("v2 ← v1 · “make it night”")


async def test_a_reply_to_the_first_picture_makes_a_branch(visitor: Visitor):
    await visitor.begin("a castle on a hill")
    v1 = await visitor.see("v1")
    await visitor.ask("make it night", "v2")
    await visitor.reply(v1)
    await expect(visitor.test("reply-bar")).to_contain_text("v1")
    v3 = await visitor.ask("add a big dog on the left", "v3")
    await expect(v3).to_contain_text("v3 ← v1 · “add a big dog on the left”")


async def test_a_photograph_comes_by_the_file_chooser(visitor: Visitor):
    await visitor.begin("make it snow", [picture("teal")])
    await expect(await visitor.see("v2")).to_contain_text("v2 ← v1 “teal.png”")


async def test_a_photograph_comes_by_dropping_it_on_the_conversation(visitor: Visitor, tmp_path: Path):
    await visitor.begin("a red house by the sea")
    await visitor.see("v1")
    photo = picture("gold")
    (tmp_path / photo["name"]).write_bytes(photo["buffer"])
    await gestures.drop(visitor.messages.last, tmp_path / photo["name"])
    await expect(visitor.test("upload")).to_have_count(1)
    await expect(await visitor.ask("put this on the wall", "v2")).to_contain_text("v2 ← v1 with “gold.png”")


async def test_a_photograph_comes_by_pasting_it(visit: Visit):
    visitor = await visit(permissions=["clipboard-read", "clipboard-write"])
    await visitor.begin("a red house by the sea")
    await visitor.see("v1")
    await gestures.copy(visitor.page, picture("navy")["buffer"])
    await visitor.box.press("Control+v")
    await expect(visitor.test("upload")).to_have_count(1)
    await expect(await visitor.ask("use these colours", "v2")).to_contain_text("v2 ← v1 with “image.png”")


async def test_a_picture_alone_is_the_first_version_and_the_bot_asks_what_to_change(visitor: Visitor):
    await visitor.begin("", [picture("teal")])
    await expect(visitor.saying("v1: got it. What shall I change?")).to_be_visible()
    await expect(await visitor.ask("make it snow", "v2")).to_contain_text("v2 ← v1 · “make it snow”")


async def test_imagine_takes_words_a_shape_a_size_and_a_picture(visitor: Visitor):
    await visitor.go("studio")
    await visitor.box.press_sequentially("/imag")
    await visitor.test("suggestion").filter(has_text="/imagine").click()
    await visitor.test("option-prompt").fill("a lighthouse on a rock")
    await visitor.choose("ratio", "16:9")
    await visitor.choose("size", "2K")
    await visitor.option("image1")
    await visitor.test("option-image1").set_input_files(picture("gold"))
    await visitor.test("slash-run").click()
    await visitor.in_thread()
    v2 = await visitor.see("v2")
    await expect(v2).to_contain_text("v2 ← v1 “gold.png” · “a lighthouse on a rock”")
    size = await v2.locator(".picture img").evaluate("image => [image.naturalWidth, image.naturalHeight]")
    assert size[0] > 2000
    assert size[0] / size[1] == pytest.approx(16 / 9, abs=0.05)


async def test_imagine_needs_its_words_and_escape_leaves_it(visitor: Visitor):
    await visitor.box.fill("/imagine ")
    await visitor.test("option-prompt").press("Enter")
    await expect(visitor.test("slash-form").get_by_role("alert")).to_be_visible()
    await visitor.test("option-prompt").press("Escape")
    await expect(visitor.test("slash-form")).to_have_count(0)
    await expect(visitor.box).to_be_focused()


async def test_the_picker_asks_which_of_two_pictures_is_meant_and_its_button_answers(visitor: Visitor):
    await visitor.begin("", [picture("teal"), picture("gold")])
    both = visitor.saying("v1–v2: got them. What shall I change?")
    await visitor.reply(both)
    await visitor.say("make it snow")
    picker = visitor.saying("Which one shall I change?")
    await picker.get_by_test_id("button").filter(has_text="v2").click()
    await expect(await visitor.see("v3")).to_contain_text("v3 ← v2 · “make it snow”")
    await expect(visitor.saying("Thank you, I paint from v2.").get_by_test_id("button")).to_have_count(0)


async def test_a_picture_alone_is_worked_in_and_a_button_makes_it_the_base_instead(visitor: Visitor):
    await visitor.begin("a red house by the sea")
    await visitor.see("v1")
    await visitor.attach(picture("gold"))
    v2 = await visitor.ask("", "v2")
    await expect(v2).to_contain_text("v2 ← v1 · “gold.png” worked in")
    await v2.get_by_role("button", name="Use the attached picture as the base instead").click()
    await expect(visitor.saying("v3 is the base now. What shall I change?")).to_be_visible()
    await expect(await visitor.ask("make it snow", "v4")).to_contain_text("v4 ← v3 “gold.png” · “make it snow”")


async def test_two_slashes_keep_a_message_among_people(visitor: Visitor):
    await visitor.begin("a red house by the sea")
    await visitor.see("v1")
    await visitor.say("// how lovely")
    await visitor.ask("make it night", "v2")
    note = visitor.saying("// how lovely")
    await expect(note).to_have_class(re.compile(r"\bnote\b"))
    await expect(visitor.painted("v3")).to_have_count(0)
    await expect(visitor.test("reply-quote").filter(has_text="how lovely")).to_have_count(0)


async def test_a_file_put_back_is_not_sent(visitor: Visitor):
    await visitor.begin("a red house by the sea")
    await visitor.see("v1")
    await visitor.attach(picture("gold"), picture("navy"))
    await visitor.test("upload-remove").first.click()
    await expect(await visitor.ask("use these colours", "v2")).to_contain_text("v2 ← v1 with “navy.png”")


async def test_a_post_in_the_forum_that_names_the_bot_is_painted_in(visitor: Visitor):
    await visitor.go("showcase")
    await visitor.test("new-post").click()
    await visitor.test("post-title").fill("My harbour")
    await visitor.test("post-text").fill("@Easel make it night")
    await visitor.test("post-file").set_input_files(picture("teal"))
    await visitor.test("post-submit").click()
    await expect(visitor.title).to_have_text("My harbour")
    await expect(await visitor.see("v2")).to_contain_text("v2 ← v1 “teal.png” · “make it night”")
    await visitor.page.locator("#head a.parent").click()
    await expect(visitor.test("post").filter(has_text="My harbour").locator("img")).to_be_visible()


async def test_alone_with_the_bot_every_word_is_an_ask(visitor: Visitor):
    await visitor.page.get_by_role("region", name="Direct messages").get_by_role("link", name="Easel").click()
    await expect(visitor.title).to_have_text("Easel")
    await visitor.ask("a red house by the sea", "v1")
    await expect(await visitor.ask("make it night", "v2")).to_contain_text("v2 ← v1 · “make it night”")
