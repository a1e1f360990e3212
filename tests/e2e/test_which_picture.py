"""Which picture is edited: the README's table, row by row, by what the painter was shown and what the receipt says."""

from __future__ import annotations

import asyncio

import pytest

from bot.sandbox import Post
from tests.e2e.sketches import photo
from tests.e2e.stage import BOT, DEADLINE, Canvas, Stage, numbers, receipt, sentence

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]


# -- words -------------------------------------------------------------------------------------------------------------


async def test_words_edit_the_head_which_the_last_ask_of_anybody_moved(stage: Stage):
    canvas = await stage.canvas()
    await canvas.ask("make it night")
    v3 = await canvas.seen_by(stage.ben).ask("add a boat")
    assert await canvas.saw("make it night") == ["v1"]
    assert await canvas.saw("add a boat") == ["v2"]
    assert receipt(v3).startswith("v3 ← v2 · “add a boat” · ")


async def test_a_reply_moves_the_head_to_its_branch(stage: Stage):
    canvas = await stage.canvas()
    v1 = await canvas.first()
    await canvas.ask("make it night")
    await canvas.seen_by(stage.ben).ask("make it snow", reply_to=v1)
    await canvas.ask("add a boat")
    assert await canvas.saw("make it snow") == ["v1"]
    assert await canvas.saw("add a boat") == ["v3"]


async def test_a_failed_edit_gives_the_head_back(stage: Stage):
    canvas = await stage.canvas()
    v1 = await canvas.first()
    await canvas.ask("make it night")
    stage.fault("blocked:SAFETY", "something rude")
    assert not (await canvas.ask("something rude", reply_to=v1)).pictures
    await canvas.ask("add a boat")
    assert await canvas.saw("add a boat") == ["v2"]


async def test_words_with_pictures_edit_the_head_and_use_the_pictures(stage: Stage):
    canvas = await stage.canvas()
    v2 = await canvas.ask("put this hat on the roof", [photo("gold"), photo("teal")])
    assert await canvas.saw("put this hat on the roof") == ["v1", "gold", "teal"]
    assert receipt(v2).startswith("v2 ← v1 with “gold.png” and “teal.png” · ")


async def test_words_that_name_a_version_use_it_too(stage: Stage):
    canvas = await stage.canvas()
    v1 = await canvas.first()
    await canvas.ask("make it night", reply_to=v1)
    v3 = await canvas.ask("take the sky of v2", reply_to=v1)
    assert await canvas.saw("take the sky of v2") == ["v1", "v2"]
    assert receipt(v3).startswith("v3 ← v1 with v2 · ")
    assert stage.request("take the sky of v2").texts[0] == (
        "Picture 1 is the picture to edit (v1). Picture 2 is a reference (v2)."
    )


async def test_a_version_that_is_not_there_is_read_as_plain_words_and_the_receipt_says_so(stage: Stage):
    canvas = await stage.canvas()
    v2 = await canvas.ask("like v99999999 but red")
    assert await canvas.saw("like v99999999 but red") == ["v1"]
    assert sentence("receipt.unknown_version", number=99999999, newest=1) in receipt(v2)


# -- pictures alone ----------------------------------------------------------------------------------------------------


async def test_a_picture_alone_becomes_the_first_version_where_there_is_none(stage: Stage):
    thread = await stage.ana.open_thread(await stage.ana.say("studio", "our holidays"), "Holidays")
    canvas = Canvas(stage, thread, stage.ana)
    answer = await canvas.ask(BOT, [photo("teal")])
    assert answer.text == sentence("answer.one", versions="v1")
    assert not stage.gemini.ledger.requests
    await canvas.ask("make it night", reply_to=answer)
    assert await canvas.saw("make it night") == ["teal"]


async def test_a_picture_alone_is_worked_into_the_head_and_a_button_makes_it_the_base_instead(stage: Stage):
    canvas = await stage.canvas()
    v2 = await canvas.ask(pictures=[photo("gold")])
    assert await canvas.saw(sentence("ask.blend")) == ["v1", "gold"]
    assert (await stage.ben.press(v2, v2.buttons[sentence("button.use_as_base")])).ok
    based = sentence("button.based", version="v3")
    await canvas.by.wait_for(lambda post: post.text == based, canvas.id, DEADLINE)
    await canvas.ask("make it night")
    assert await canvas.saw("make it night") == ["gold"]


async def test_the_button_works_after_a_restart_and_pressed_twice_makes_one_version(stage: Stage):
    canvas = await stage.canvas()
    v2 = await canvas.ask(pictures=[photo("gold")])
    await stage.restart()
    press = v2.buttons[sentence("button.use_as_base")]
    assert (await stage.ana.press(v2, press)).ok
    assert (await stage.ana.press(v2, press)).ok
    v4 = await canvas.ask("make it night")
    assert numbers(v4) == ["v4"]
    assert await canvas.saw("make it night") == ["gold"]


# -- replies to the bot ------------------------------------------------------------------------------------------------


async def test_a_reply_to_a_picture_edits_exactly_that_one(stage: Stage):
    canvas = await stage.canvas()
    v2 = await canvas.ask("make it night")
    await canvas.ask("add a boat")
    v4 = await canvas.ask("make it snow", [photo("gold")], reply_to=v2)
    assert await canvas.saw("make it snow") == ["v2", "gold"]
    assert receipt(v4).startswith("v4 ← v2 with “gold.png” · ")


async def test_a_reply_to_several_pictures_edits_the_one_it_names(stage: Stage):
    canvas, both = await two_photos(stage)
    await canvas.ask("make v2 a painting", reply_to=both)
    assert await canvas.saw("make v2 a painting") == ["gold"]


async def test_a_reply_to_several_pictures_asks_which_one(stage: Stage):
    canvas, both = await two_photos(stage)
    ask = await canvas.say("make it a painting", reply_to=both)
    picker = await canvas.answer(ask)
    assert picker.text == sentence("picker.which")
    assert (await stage.ana.press(picker, picker.buttons["v2"])).ok
    v3 = await canvas.by.wait_for(lambda post: post.reply_to == ask.id and bool(post.pictures), canvas.id, DEADLINE)
    assert await canvas.saw("make it a painting") == ["gold"]
    assert receipt(v3).startswith("v3 ← v2 · ")


async def test_a_picker_works_after_a_restart_and_pressed_twice_paints_once(stage: Stage):
    canvas, both = await two_photos(stage)
    ask = await canvas.say("make it a painting", reply_to=both)
    picker = await canvas.answer(ask)
    await stage.restart()
    presses = (stage.ana.press(picker, picker.buttons["v1"]) for _ in range(2))
    assert all(each.ok for each in await asyncio.gather(*presses))
    await canvas.by.wait_for(lambda post: post.reply_to == ask.id and bool(post.pictures), canvas.id, DEADLINE)
    await canvas.ask("add a boat")
    assert await canvas.saw("make it a painting") == ["teal"]
    assert list(await canvas.pictures()) == ["v3", "v4"]


async def test_a_reply_to_a_refusal_asks_the_same_of_the_same_picture_with_the_new_words(stage: Stage):
    canvas = await stage.canvas()
    v1 = await canvas.first()
    await canvas.ask("make it night")
    stage.fault("finish:IMAGE_SAFETY", "add a rude man")
    refusal = await canvas.ask("add a rude man", [photo("gold")], reply_to=v1)
    v3 = await canvas.ask("add a polite man", reply_to=refusal)
    assert await canvas.saw("add a polite man") == ["v1", "gold"]
    assert receipt(v3).startswith("v3 ← v1 with “gold.png” · “add a polite man” · ")


async def test_after_an_answer_of_words_alone_question_and_first_words_go_along(stage: Stage):
    canvas = await stage.canvas()
    stage.fault("text-only", "move the tree", text="The left tree or the right one?")
    question = await canvas.ask("move the tree", [photo("gold")])
    assert question.text.startswith("The left tree or the right one?")
    await canvas.ask("the left one")
    assert await canvas.saw("the left one") == ["v1", "gold"]
    told = " ".join(stage.request("the left one").texts)
    assert "move the tree" in told
    assert "The left tree or the right one?" in told


async def test_a_reply_to_an_answer_of_words_alone_goes_on_from_it_too(stage: Stage):
    canvas = await stage.canvas()
    v1 = await canvas.first()
    stage.fault("text-only", "move the tree", text="The left tree or the right one?")
    question = await canvas.ask("move the tree")
    await canvas.ask("make it night", reply_to=v1)
    await canvas.ask("the left one", reply_to=question)
    assert await canvas.saw("the left one") == ["v1"]
    assert "The left tree or the right one?" in " ".join(stage.request("the left one").texts)


# -- replies to people, and forwards -----------------------------------------------------------------------------------


async def test_a_reply_to_somebodys_picture_that_names_the_bot_edits_that_picture(stage: Stage):
    canvas = await stage.canvas()
    shown = await canvas.seen_by(stage.ben).say("// look at my cat", [photo("teal")])
    v3 = await canvas.ask(f"{BOT} give it a hat", [photo("gold")], reply_to=shown)
    assert await canvas.saw("give it a hat") == ["teal", "gold"]
    assert receipt(v3).startswith("v3 ← v2 “teal.png” with “gold.png” · ")


async def test_outside_the_bots_threads_ones_own_picture_is_edited_and_somebody_elses_waits_for_them(stage: Stage):
    shown = await stage.ben.say("studio", "look at my cat", [photo("teal")])
    await stage.ana.say("studio", f"{BOT} give it a hat", reply_to=shown)
    asked = await stage.ana.wait_for(lambda post: post.reply_to == shown.id and post.is_from_bot, "studio", DEADLINE)
    assert sentence("consent.once") in asked.buttons
    assert not stage.gemini.ledger.requests
    canvas = await stage.opened(await stage.ben.say("studio", f"{BOT} give it a hat", reply_to=shown), stage.ben)
    await canvas.first()
    assert await canvas.saw("give it a hat") == ["teal"]


async def test_a_reply_to_a_message_with_several_pictures_asks_which_one(stage: Stage):
    canvas = await stage.canvas()
    shown = await canvas.seen_by(stage.ben).say("// my cats", [photo("teal"), photo("gold")])
    ask = await canvas.say(f"{BOT} give it a hat", reply_to=shown)
    picker = await canvas.answer(ask)
    assert (await stage.ana.press(picker, picker.buttons["gold.png"])).ok
    await canvas.by.wait_for(lambda post: post.reply_to == ask.id and bool(post.pictures), canvas.id, DEADLINE)
    assert await canvas.saw("give it a hat") == ["gold"]
    chosen = sentence("picker.taken", name="gold.png")
    await canvas.by.wait_for(lambda post: post.id == picker.id and post.text == chosen, canvas.id, DEADLINE)


async def test_a_forwarded_picture_is_used_with_the_head(stage: Stage):
    canvas = await stage.canvas()
    shown = await stage.ana.say("lounge", "look", [photo("teal")])
    forwarded = await stage.ana.forward(shown, canvas.id)
    v2 = await canvas.answer(forwarded)
    assert await canvas.saw(sentence("ask.blend")) == ["v1", "teal"]
    assert receipt(v2).startswith("v2 ← v1 · “teal.png” worked in · ")


async def test_a_reply_to_somebodys_words_that_names_the_bot_is_read_as_plain_words(stage: Stage):
    canvas = await stage.canvas()
    idea = await canvas.seen_by(stage.ben).say("// how about night?")
    await canvas.ask(f"{BOT} yes, make it night", reply_to=idea)
    assert await canvas.saw("yes, make it night") == ["v1"]


async def two_photos(stage: Stage) -> tuple[Canvas, Post]:
    """A canvas that began with two photos, and the bot's one message about both."""
    canvas = await stage.opened(await stage.ana.say("studio", BOT, [photo("teal"), photo("gold")]))
    return canvas, await canvas.first()
