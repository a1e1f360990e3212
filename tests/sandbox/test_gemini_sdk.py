"""The stand-in as google-genai sees it: the real client, over a real socket."""

import io
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer
from google import genai
from google.genai import errors, types
from google.genai.models import AsyncModels
from PIL import Image, ImageStat

from bot.sandbox.gemini import CannedPainter, make_gemini_app

BANANA, PRO, OLD = "gemini-nano-banana-2.1", "gemini-3-pro-image", "gemini-2.5-flash-image"
NO_AFC = types.AutomaticFunctionCallingConfig(disable=True)


def config(**more: Any) -> types.GenerateContentConfig:
    return types.GenerateContentConfig(
        response_modalities=["TEXT", "IMAGE"], store=False, automatic_function_calling=NO_AFC, **more
    )


pytestmark = pytest.mark.asyncio(loop_scope="module")  # one client for all: making one takes longer than a test


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def models() -> AsyncIterator[AsyncModels]:
    async with TestServer(make_gemini_app()) as server:
        options = types.HttpOptions(
            base_url=str(server.make_url("")), api_version="v1", retry_options=types.HttpRetryOptions(attempts=1)
        )
        client = genai.Client(api_key="a-key", http_options=options).aio
        yield client.models
        await client.aclose()


def opened(part: Any) -> Image.Image:
    return Image.open(io.BytesIO(part.inline_data.data))


def picture_of(answer: Any) -> Any:
    return next(part for part in answer.candidates[0].content.parts if part.inline_data)


async def test_a_picture_comes_with_words_signatures_and_usage(models):
    answer = await models.generate_content(model=BANANA, contents="a red house", config=config())
    words, picture = answer.candidates[0].content.parts
    assert answer.candidates[0].finish_reason is types.FinishReason.STOP
    assert words.text
    assert words.thought_signature
    assert picture.thought_signature
    assert picture.inline_data.mime_type == "image/jpeg"
    assert opened(picture).size == (1024, 1024)
    assert answer.model_version == BANANA
    assert answer.response_id


@pytest.mark.parametrize(
    ("model", "ratio", "size", "expected"),
    [
        (BANANA, "16:9", None, ((1376, 768), "JPEG")),
        (BANANA, "1:8", "1K", ((384, 3072), "JPEG")),
        (PRO, "9:16", "2K", ((1536, 2752), "JPEG")),
        (OLD, "16:9", None, ((1344, 768), "PNG")),
    ],
)
async def test_pixels_and_file_follow_the_models_table(models, model, ratio, size, expected):
    image = types.ImageConfig(aspect_ratio=ratio, image_size=size)
    answer = await models.generate_content(model=model, contents="a tree", config=config(image_config=image))
    picture = opened(picture_of(answer))
    assert (picture.size, picture.format) == expected


async def test_without_a_ratio_the_answer_follows_the_last_picture(models):
    wide = io.BytesIO()
    Image.new("RGB", (640, 360), "navy").save(wide, "PNG")
    contents = [types.Part.from_bytes(data=wide.getvalue(), mime_type="image/png"), "make it warmer"]
    answer = await models.generate_content(model=BANANA, contents=contents, config=config())
    assert opened(picture_of(answer)).size == (1376, 768)


async def test_a_conversation_goes_on_from_the_models_own_turn(models):
    first = await models.generate_content(model=BANANA, contents="a red house by the sea", config=config())
    contents = [
        types.UserContent("a red house by the sea"),
        first.candidates[0].content,
        types.UserContent("make the sky orange"),
    ]
    second = await models.generate_content(model=BANANA, contents=contents, config=config())
    assert "sky is orange" in second.candidates[0].content.parts[0].text
    red, _, blue = ImageStat.Stat(opened(picture_of(second)).crop((0, 150, 100, 400))).mean
    assert red > blue


async def test_a_content_kept_as_json_is_taken_back(models):
    first = await models.generate_content(model=BANANA, contents="a dog", config=config())
    kept = first.candidates[0].content.model_dump_json(exclude_none=True)
    contents = [types.UserContent("a dog"), types.Content.model_validate_json(kept), types.UserContent("add a cat")]
    assert (await models.generate_content(model=BANANA, contents=contents, config=config())).candidates


async def test_thoughts_come_only_when_asked_for_and_are_not_signed(models):
    thinking = types.ThinkingConfig(include_thoughts=True)
    answer = await models.generate_content(model=BANANA, contents="a dog", config=config(thinking_config=thinking))
    thoughts = [part for part in answer.candidates[0].content.parts if part.thought]
    assert [bool(part.inline_data) for part in thoughts] == [False, True]
    assert not any(part.thought_signature for part in thoughts)
    assert answer.candidates[0].content.parts[2].thought_signature


async def test_pictures_alone_come_without_words(models):
    only = types.GenerateContentConfig(response_modalities=["IMAGE"], automatic_function_calling=NO_AFC)
    answer = await models.generate_content(model=BANANA, contents="a dog", config=only)
    assert [bool(part.inline_data) for part in answer.candidates[0].content.parts] == [True]


async def test_a_question_is_answered_in_words(models):
    answer = await models.generate_content(model=BANANA, contents="What is a dog?", config=config())
    assert [bool(part.text) for part in answer.candidates[0].content.parts] == [True]
    assert answer.candidates[0].finish_reason is types.FinishReason.STOP


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (16, 16), "navy").save(out, "PNG")
    return out.getvalue()


async def test_the_models_that_answer_are_listed_page_by_page(models):
    names = [model.name async for model in await models.list(config={"page_size": 2})]
    assert f"models/{BANANA}" in names
    assert len(names) == len(set(names)) > 4
    assert "models/gemini-3.1-flash-image" not in names


async def test_one_model_can_be_asked_about(models):
    model = await models.get(model=BANANA)
    assert (model.display_name, model.input_token_limit) == ("Nano Banana 2.1", 65_536)
    with pytest.raises(errors.ClientError) as caught:
        await models.get(model="gemini-2.0-flash-exp")
    assert caught.value.code == 404


async def test_text_models_answer_in_words(models):
    answer = await models.generate_content(model="gemini-3.8-flash", contents="make this prompt better: a dog")
    assert answer.text.startswith("make this prompt better: a dog, in warm light")


async def test_a_canned_picture_is_the_same_every_time():
    async with TestServer(make_gemini_app(CannedPainter(png(), "image/png", "Here."))) as server:
        options = types.HttpOptions(base_url=str(server.make_url("")), retry_options=types.HttpRetryOptions(attempts=1))
        client = genai.Client(api_key="a-key", http_options=options).aio
        answers = [await client.models.generate_content(model=BANANA, contents=words) for words in ("a dog", "a cat")]
        await client.aclose()
    assert [picture_of(answer).inline_data.data for answer in answers] == [png(), png()]
