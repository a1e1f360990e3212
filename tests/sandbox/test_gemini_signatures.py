"""Thought signatures: what the model said must come back as it was, and be this model's."""

import base64
from typing import Any

import pytest

from tests.sandbox.gemini_api import BANANA, OLD, PRO, Client, asking, call, jpeg, picture, refused


async def painted(api: Client, model: str = BANANA) -> Any:
    _, answer = await call(api, asking(), model=model)
    return answer["candidates"][0]["content"]


def after(content: dict[str, Any]) -> dict[str, Any]:
    first, last = {"role": "user", "parts": [{"text": "a frog"}]}, {"role": "user", "parts": [{"text": "now blue"}]}
    return {"contents": [first, content, last]}


async def test_a_model_turn_that_comes_back_verbatim_is_taken(api):
    assert (await call(api, after(await painted(api))))[0] == 200


async def test_a_picture_without_its_signature_is_refused_with_its_position(api):
    content = await painted(api)
    del content["parts"][0]["thoughtSignature"]
    assert (await refused(api, after(content)))[2] == (
        "Image part is missing a thought_signature in content position 2, part position 1. Please refer to "
        "https://ai.google.dev/gemini-api/docs/thought-signatures for more details."
    )


async def test_a_first_text_without_its_signature_is_refused(api):
    content = {"role": "model", "parts": [{"text": "Here it is."}, *(await painted(api))["parts"]]}
    assert (await refused(api, after(content)))[2].startswith("Text part is missing a thought_signature in content")


async def test_an_altered_signature_is_refused(api):
    content = await painted(api)
    signature = bytearray(base64.b64decode(content["parts"][0]["thoughtSignature"]))
    signature[20] ^= 1
    content["parts"][0]["thoughtSignature"] = base64.b64encode(signature).decode()
    assert (await refused(api, after(content)))[2] == "invalid thought signature for content at index 1"


async def test_a_signature_under_another_picture_is_refused(api):
    content = await painted(api)
    content["parts"][0] |= picture(jpeg("red"))
    assert (await refused(api, after(content)))[2] == "invalid thought signature for content at index 1"


async def test_a_turn_of_another_model_is_refused(api):
    content = await painted(api, PRO)
    assert (await refused(api, after(content)))[2] == "invalid thought signature for content at index 1"


@pytest.mark.parametrize("word", ["context_engineering_is_the_way_to_go", "skip_thought_signature_validator"])
async def test_googles_two_passwords_stand_for_any_signature(api, word):
    for signature in (word, base64.b64encode(word.encode()).decode()):
        content = {"role": "model", "parts": [picture() | {"thoughtSignature": signature}]}
        assert (await call(api, after(content)))[0] == 200


async def test_models_without_thoughts_want_no_signatures(api):
    content = {"role": "model", "parts": [picture()]}
    assert (await call(api, after(content), model=OLD))[0] == 200


async def test_a_request_must_end_with_a_user_turn(api):
    body = after(await painted(api))
    body["contents"].pop()
    assert "end with a user turn" in (await refused(api, body))[2]
