"""Every rule of the API, over the wire, with Google's own words."""

import base64
import io
from typing import Any

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestClient, TestServer

from bot.sandbox.gemini import CannedPainter, Settings, make_gemini_app
from tests.sandbox.gemini_api import BANANA, KEY, LITE, OLD, PRO, asking, call, jpeg, picture, refused


async def test_a_missing_key_is_refused_as_google_does(api):
    status, answer = await call(api, asking(), headers={})
    assert status == 400
    assert answer["error"]["message"] == "API key not valid. Please pass a valid API key."
    assert answer["error"]["details"][0]["reason"] == "API_KEY_INVALID"


async def test_a_wrong_key_is_refused_where_keys_are_set():
    app = make_gemini_app(CannedPainter(jpeg()), Settings(keys=frozenset({"right"})))
    async with TestClient(TestServer(app)) as api:
        assert (await refused(api, asking()))[0] == 400
        assert (await call(api, asking(), headers={"x-goog-api-key": "right"}))[0] == 200


@pytest.mark.parametrize("version", ["v1", "v1beta"])
async def test_both_versions_answer(api, version):
    assert (await call(api, asking(), version=version))[0] == 200


@pytest.mark.parametrize("model", ["gemini-3.1-flash-image", "gemini-2.0-flash-exp", "no-such-thing"])
async def test_dead_and_unknown_models_are_not_found(api, model):
    status, name, message = await refused(api, asking(), model=model)
    assert (status, name) == (404, "NOT_FOUND")
    assert message.startswith(
        f"models/{model} is not found for API version v1, or is not supported for generateContent."
    )


@pytest.mark.parametrize(
    ("model", "config"),
    [
        (BANANA, {"imageSize": "512"}),
        (BANANA, {"imageSize": "1k"}),
        (LITE, {"imageSize": "2K"}),
        (OLD, {"imageSize": "1K"}),
        (BANANA, {"aspectRatio": "7:5"}),
        (PRO, {"aspectRatio": "1:8"}),
    ],
)
async def test_sizes_and_ratios_outside_the_models_table_are_refused(api, model, config):
    status, name, message = await refused(api, asking(generationConfig={"imageConfig": config}), model=model)
    assert (status, name) == (400, "INVALID_ARGUMENT")
    assert repr(next(iter(config.values()))) in message


@pytest.mark.parametrize(
    "config",
    [
        {"imageConfig": {"aspectRatio": "21:9", "imageSize": "4K"}},
        {"image_config": {"aspect_ratio": "8:1", "image_size": "2K"}},
        {"responseFormat": {"image": {"aspectRatio": "21:9", "imageSize": "1K", "mimeType": "image/jpeg"}}},
        {"thinkingConfig": {"thinking_level": "HIGH", "include_thoughts": False}},
    ],
)
async def test_every_spelling_of_a_good_configuration_is_taken(api, config):
    assert (await call(api, asking(generationConfig=config)))[0] == 200


@pytest.mark.parametrize(
    ("model", "config", "words"),
    [
        (BANANA, {"candidateCount": 2}, "Multiple candidates is not enabled for this model"),
        (BANANA, {"seed": 7}, "Seed is not supported"),
        (BANANA, {"temperature": 2.5}, "temperature must be in the range"),
        (BANANA, {"responseModalities": ["AUDIO"]}, "AUDIO"),
        (BANANA, {"responseFormat": {"image": {"mimeType": "image/png"}}}, "'image/png' is not supported"),
        (BANANA, {"thinkingConfig": {"thinkingLevel": "LOW"}}, "Thinking level LOW"),
        (BANANA, {"thinkingConfig": {"thinkingBudget": 0}}, "only works in thinking mode"),
        (OLD, {"thinkingConfig": {"thinkingLevel": "HIGH"}}, "Thinking is not enabled"),
        (OLD, {"mediaResolution": "MEDIA_RESOLUTION_LOW"}, "Media resolution"),
        (BANANA, {"responseSchema": {"type": "OBJECT"}}, "JSON mode"),
    ],
)
async def test_what_a_model_cannot_do_is_refused(api, model, config, words):
    status, name, message = await refused(api, asking(generationConfig=config), model=model)
    assert (status, name) == (400, "INVALID_ARGUMENT")
    assert words in message


async def test_a_seed_is_taken_by_models_that_take_one(api):
    assert (await call(api, asking(generationConfig={"seed": 7}), model=PRO))[0] == 200


@pytest.mark.parametrize(
    ("model", "more", "words"),
    [
        (BANANA, {"serviceTier": "flex"}, "Service tier flex"),
        (LITE, {"tools": [{"googleSearch": {}}]}, "Search Grounding"),
        (BANANA, {"tools": [{"functionDeclarations": []}]}, "Function calling"),
    ],
)
async def test_tiers_and_tools_of_other_models_are_refused(api, model, more, words):
    assert words in (await refused(api, asking(**more), model=model))[2]


async def test_search_store_labels_and_safety_settings_pass(api):
    tools: list[dict[str, Any]] = [{"googleSearch": {"searchTypes": {"web_search": {}, "image_search": {}}}}]
    safety = [{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "BLOCK_ONLY_HIGH"}]
    body = asking(tools=tools, store=False, labels={"u": "1"}, safetySettings=safety)
    assert (await call(api, body))[0] == 200


async def test_an_unknown_field_is_named_with_its_path(api):
    status, answer = await call(api, asking(generationConfig={"imageConfig": {"foo": 1}}))
    message = (
        """Invalid JSON payload received. Unknown name "foo" at 'generation_config.image_config': Cannot find field."""
    )
    assert status == 400
    assert answer["error"]["message"] == message
    violation = {"field": "generation_config.image_config", "description": message}
    assert answer["error"]["details"][0]["fieldViolations"] == [violation]


async def test_all_unknown_fields_are_named_at_once(api):
    body = {"contents": [{"parts": [{"text": "a", "colour": "red"}]}], "bar": 1}
    _, _, message = await refused(api, body)
    assert """Unknown name "colour" at 'contents[0].parts[0]':""" in message
    assert """Unknown name "bar": Cannot""" in message


async def test_broken_json_is_refused(api):
    async with api.post(f"/v1/models/{BANANA}:generateContent", data=b'{"contents": [', headers=KEY) as response:
        assert response.status == 400
        assert "Invalid JSON payload received." in (await response.json())["error"]["message"]


@pytest.mark.parametrize("data", ["-__-AQ==", "-__-AQ", "+//+AQ=="])
async def test_both_alphabets_of_base64_are_read_but_must_be_a_picture(api, data):
    part = {"inline_data": {"mime_type": "image/png", "data": data}}
    assert "Unable to process input image" in (await refused(api, asking(part)))[2]


@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
async def test_a_picture_passes_in_either_alphabet(api, encode):
    part = {"inline_data": {"mime_type": "image/jpeg", "data": encode(jpeg()).decode()}}
    assert (await call(api, asking(part)))[0] == 200


async def test_bad_base64_is_refused_with_its_path(api):
    part = {"inlineData": {"mimeType": "image/png", "data": "not base64!"}}
    assert (
        "Invalid value at 'contents[0].parts[0].inline_data.data' (TYPE_BYTES)" in (await refused(api, asking(part)))[2]
    )


async def test_a_kind_of_file_nobody_takes_is_refused(api):
    assert (await refused(api, asking(picture(mime="image/gif"))))[2] == "Unsupported MIME type: image/gif"


async def test_a_file_of_somebody_else_is_forbidden(api):
    part = {"fileData": {"fileUri": "https://example.org/v1beta/files/abc", "mimeType": "image/png"}}
    status, name, message = await refused(api, asking(part))
    assert (status, name) == (403, "PERMISSION_DENIED")
    assert message == "You do not have permission to access the File abc or it may not exist."


async def test_more_pictures_than_the_model_takes_are_refused(api):
    assert (await call(api, asking(*[picture()] * 14)))[0] == 200
    assert "Too many input images: 15" in (await refused(api, asking(*[picture()] * 15)))[2]


@pytest.mark.parametrize(
    ("contents", "words"),
    [
        ([], "contents is not specified"),
        ([{"role": "user", "parts": []}], "contents[0].parts: contents.parts must not be empty"),
        ([{"role": "user", "parts": [{}]}], "required oneof field 'data'"),
        ([{"role": "system", "parts": [{"text": "a"}]}], "Please use a valid role: user, model."),
    ],
)
async def test_contents_must_have_a_shape(api, contents, words):
    assert words in (await refused(api, {"contents": contents}))[2]


async def test_a_body_above_a_hundred_megabytes_is_refused():
    async with TestServer(make_gemini_app(CannedPainter(jpeg()))) as server, ClientSession() as session:
        url = server.make_url(f"/v1/models/{BANANA}:generateContent")
        async with session.post(url, data=io.BytesIO(b" " * (100 * 1024 * 1024 + 1)), headers=KEY) as response:
            assert response.status == 400
            assert "Request payload size exceeds the limit" in (await response.json())["error"]["message"]
