"""Thought signatures: what the model said must come back as it was, and be this model's."""

import base64
import io
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from PIL import Image

from bot.sandbox.gemini import CannedPainter, make_gemini_app

BANANA, PRO = "gemini-nano-banana-2.1", "gemini-3-pro-image"
OLD = "gemini-2.5-flash-image"
KEY = {"x-goog-api-key": "a-key"}
Client = TestClient[web.Request, web.Application]


def jpeg(colour: str = "teal") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(out, "JPEG")
    return out.getvalue()


def picture(data: bytes | None = None, mime: str = "image/jpeg") -> dict[str, Any]:
    return {"inlineData": {"mimeType": mime, "data": base64.b64encode(data or jpeg()).decode()}}


def asking(*parts: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"contents": [{"role": "user", "parts": [*parts, {"text": "a frog"}]}]} | more


@pytest.fixture
async def api() -> AsyncIterator[Client]:
    async with TestClient(TestServer(make_gemini_app(CannedPainter(jpeg())))) as client:
        yield client


async def call(
    api: Client, body: Any, *, model: str = BANANA, headers: dict[str, str] | None = None, version: str = "v1"
) -> tuple[int, Any]:
    url = f"/{version}/models/{model}:generateContent"
    async with api.post(url, json=body, headers=KEY if headers is None else headers) as response:
        return response.status, await response.json(content_type=None)


async def refused(api: Client, body: Any, **how: Any) -> tuple[int, str, str]:
    status, answer = await call(api, body, **how)
    assert answer["error"]["code"] == status
    return status, answer["error"]["status"], answer["error"]["message"]


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
