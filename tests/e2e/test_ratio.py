"""The shape of a picture: kept, asked for in plain words, chosen in a form, and told where the model has none such."""

from __future__ import annotations

import pytest

from tests.e2e.sketches import photo
from tests.e2e.stage import BOT, Canvas, Stage, receipt, sentence

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]


def shape(stage: Stage, words: str) -> str | None:
    """The ratio that Google was asked for."""
    found: str | None = (stage.request(words).config.get("imageConfig") or {}).get("aspectRatio")
    return found


async def started(stage: Stage, size: tuple[int, int], words: str) -> Canvas:
    """A canvas begun with a photo of that size."""
    return await stage.opened(await stage.ana.say("studio", f"{BOT} {words}", [photo("teal", size)]))


async def test_a_first_picture_from_words_is_the_models_to_shape_unless_they_say_how(stage: Stage):
    await stage.canvas("a blue frog")
    assert shape(stage, "a blue frog") is None
    await stage.canvas("a blue frog in portrait format")
    assert shape(stage, "a blue frog in portrait format") == "3:4"


async def test_an_edit_keeps_the_shape_of_its_base(stage: Stage):
    stage.painter.size = (160, 90)
    canvas = await stage.canvas("a wide hill")
    stage.painter.size = (96, 64)
    answer = await canvas.ask("make it night")
    assert shape(stage, "make it night") == "16:9"
    assert "shape" not in receipt(answer)


async def test_a_reference_of_another_shape_changes_nothing(stage: Stage):
    canvas = await stage.canvas("a small hill")
    await canvas.ask("put this on the hill", [photo("gold", (60, 160))])
    assert shape(stage, "put this on the hill") == "3:2"


async def test_an_edit_that_asks_for_another_shape_in_plain_words_gets_it_and_the_next_keeps_it(stage: Stage):
    canvas = await stage.canvas("a lake")
    stage.painter.size = (80, 80)
    await canvas.ask("make it square")
    assert shape(stage, "make it square") == "1:1"
    await canvas.ask("add a swan")
    assert shape(stage, "add a swan") == "1:1"


async def test_a_first_picture_from_a_photo_has_the_photos_shape(stage: Stage):
    canvas = await started(stage, (120, 90), "make it a painting")
    answer = await canvas.first()
    assert shape(stage, "make it a painting") == "4:3"
    assert "shape" not in receipt(answer)


async def test_a_shape_that_the_model_has_not_is_told_once_with_what_there_is_instead(stage: Stage):
    canvas = await started(stage, (100, 140), "make it a print")
    told = sentence("receipt.shape", wanted="5:7", nearest="3:4")
    stage.painter.size = (90, 120)
    assert told in receipt(await canvas.first())
    assert shape(stage, "make it a print") == "3:4"
    assert told not in receipt(await canvas.ask("with a frame"))


async def test_words_with_a_shape_of_their_own_are_met_with_the_nearest(stage: Stage):
    canvas = await stage.canvas("a tower")
    answer = await canvas.ask("make it 1:3")
    assert shape(stage, "make it 1:3") == "1:4"
    assert sentence("receipt.shape", wanted="1:3", nearest="1:4") in receipt(answer)


async def test_a_shape_chosen_in_the_form_wins_over_words(stage: Stage):
    canvas = await stage.canvas("a bridge")
    first = await canvas.first()
    form = (await stage.ana.press(first, first.buttons["Edit…"])).form
    assert form is not None
    assert (await stage.ana.submit(form, words="make it square, with fog", ratio=["21:9"])).ok
    await stage.until(lambda: stage.requests("make it square, with fog"))
    assert shape(stage, "make it square, with fog") == "21:9"


async def test_new_words_for_a_waiting_ask_take_the_old_shape_back(stage: Stage):
    canvas = await stage.canvas("a garden")
    async with stage.held() as at_work:
        await canvas.say("add a bench")
        await stage.until(at_work)
        waiting = await canvas.say("make it 16:9")
        await canvas.status(waiting)
        await stage.ana.edit(waiting, "add a gate")
        await canvas.by.wait_for(lambda post: "add a gate" in post.text and post.is_from_bot, canvas.id)
    await canvas.answer(waiting)
    assert shape(stage, "add a gate") == "3:2"
