"""Google's side of an edit: its memory, its signatures, and models that come and go."""

from __future__ import annotations

import pytest

from tests.e2e.stage import Stage, receipt, sentence

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

LITE, FIRST = "gemini-3.1-flash-lite-image", "gemini-2.5-flash-image"


async def test_words_that_refer_back_bring_the_branch_along_with_its_signatures(stage: Stage):
    canvas = await stage.canvas("a red house")
    await canvas.ask("make it blue")
    await canvas.ask("as it was before")
    asked = stage.request("as it was before")
    assert asked.roles == ("user", "model", "user", "model", "user")
    assert asked.signatures == 2
    assert asked.status == 200
    assert await canvas.saw("as it was before") == ["v1", "v2"]


async def test_a_focused_request_is_one_turn_without_signatures(stage: Stage):
    canvas = await stage.canvas("a red house")
    await canvas.ask("make it blue")
    await canvas.ask("add a boat")
    asked = stage.request("add a boat")
    assert (asked.roles, asked.signatures) == (("user",), 0)
    assert await canvas.saw("add a boat") == ["v2"]
    assert "Earlier in this thread: a red house; make it blue." in asked.texts


async def test_a_history_that_the_model_complains_of_is_left_out_and_the_receipt_says_so(stage: Stage):
    canvas = await stage.canvas("a red house")
    await canvas.ask("make it blue")
    stage.fault("400-signature", "as it was before")
    v3 = await canvas.ask("as it was before")
    refused, accepted = stage.requests("as it was before")
    assert (refused.signatures, accepted.signatures) == (2, 0)
    assert sentence("receipt.unsigned") in receipt(v3)
    assert accepted.pictures[0].sha256 == stage.painter.made[1]


async def test_in_full_memory_every_edit_brings_the_last_turns_verbatim(stage: Stage):
    async with stage.configured(gemini={"memory": "full"}):
        canvas = await stage.canvas("a red house")
        for words in ("make it blue", "add a boat", "add a moon", "add a cat", "add a dog"):
            assert (await canvas.ask(words)).pictures
    asked = stage.request("add a dog")
    assert asked.roles == ("user", "model") * 4 + ("user",)
    assert asked.signatures == 4
    assert {each.status for each in stage.gemini.ledger.requests} == {200}


async def test_a_thread_goes_on_with_another_model_after_the_operator_changed_it(stage: Stage):
    async with stage.configured(gemini={"memory": "full"}):
        canvas = await stage.canvas("a red house")
        await canvas.ask("make it blue")
        for model, words in ((LITE, "add a boat"), (FIRST, "add a cat")):
            await stage.restart(gemini={"model": model})
            assert (await canvas.ask(words)).pictures
            assert stage.request(words).model == model
    assert await canvas.saw("add a cat") == ["v3"]
    assert {each.status for each in stage.gemini.ledger.requests} == {200}


async def test_an_ask_cut_off_before_the_operator_changed_the_model_is_painted_nevertheless(stage: Stage):
    canvas = await stage.canvas("a red house")
    async with stage.held() as is_painting:
        ask = await canvas.say("make it blue")
        await stage.until(is_painting)
        await stage.kill()
    async with stage.configured(gemini={"model": LITE}):
        assert (await canvas.answer(ask)).pictures
        assert (await canvas.ask("add a boat")).pictures
    assert stage.request("add a boat").model == LITE
