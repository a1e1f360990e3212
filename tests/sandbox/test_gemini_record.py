"""The books: what was asked, what it looked like on the wire, and what it counts."""

import base64
import hashlib
import io
from typing import Any

import orjson
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer
from PIL import Image

from bot.sandbox.gemini import CONTROL, CannedPainter, Settings, make_gemini_app
from bot.sandbox.gemini.models import live_models
from bot.sandbox.gemini.painting import Painting
from bot.sandbox.gemini.record import Seen
from bot.sandbox.gemini.request import Config, Part, Request, Turn
from bot.sandbox.gemini.usage import painted_usage, prompt_usage, refused_usage
from tests.sandbox.gemini_api import BANANA, KEY, Client, jpeg


def serve(**settings: Any) -> Client:
    return TestClient(TestServer(make_gemini_app(CannedPainter(jpeg()), Settings(**settings))))


async def ask(client: Client, *parts: dict[str, str | dict[str, str]], **headers: str) -> tuple[ClientResponse, bytes]:
    body = {"contents": [{"role": "user", "parts": list(parts)}], "generationConfig": {"temperature": 1}}
    url = f"/v1/models/{BANANA}:generateContent"
    async with client.post(url, json=body, headers=KEY | headers) as response:
        return response, await response.read()


async def test_a_request_is_recorded_with_its_pictures_hashes_and_words():
    data = jpeg()
    async with serve() as client:
        await ask(
            client, {"inlineData": {"mimeType": "image/jpeg", "data": base64.b64encode(data).decode()}}, {"text": "hi"}
        )
        [entry] = client.app[CONTROL].ledger.requests
    assert entry.pictures == (Seen(hashlib.sha256(data).hexdigest(), len(data), "image/jpeg", turn=0, role="user"),)
    assert (entry.model, entry.prompt, entry.texts, entry.roles) == (BANANA, "hi", ("hi",), ("user",))
    assert (entry.state, entry.status, entry.signatures) == ("done", 200, 0)
    assert entry.config == {"temperature": 1}
    assert entry.body_bytes > len(data)


async def test_a_refused_request_is_recorded_but_not_counted():
    async with serve() as client:
        await ask(client, {"inlineData": {"mimeType": "image/gif", "data": "AAAA"}}, {"text": "hi"})
        control = client.app[CONTROL]
    assert [(entry.state, entry.status) for entry in control.ledger.requests] == [("refused", 400)]
    assert not control.ledger.counts


async def test_only_the_last_requests_are_kept():
    async with serve(kept=3) as client:
        for number in range(5):
            await ask(client, {"text": f"frog {number}"})
        control = client.app[CONTROL]
    assert [entry.prompt for entry in control.ledger.requests] == ["frog 2", "frog 3", "frog 4"]
    assert list(control.ledger.counts) == ["frog 2", "frog 3", "frog 4"]


async def test_headers_are_those_of_google():
    async with serve() as client:
        response, _ = await ask(client, {"text": "hi"})
    assert response.headers["Server"] == "scaffolding on HTTPServer2"
    assert response.headers.getall("Vary") == ["Origin", "X-Origin", "Referer"]
    assert response.headers["Content-Type"] == "application/json; charset=UTF-8"
    assert response.headers["Transfer-Encoding"] == "chunked"
    assert response.headers["Server-Timing"].startswith("gfet4t7; dur=")
    assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_small_answers_are_zipped_for_those_who_ask_and_pictures_never():
    large = io.BytesIO()
    Image.effect_noise((400, 400), 90).save(large, "JPEG", quality=95)
    async with TestClient(
        TestServer(make_gemini_app(CannedPainter(large.getvalue()))), auto_decompress=False
    ) as client:
        listed = await client.get("/v1/models", headers=KEY | {"Accept-Encoding": "gzip"})
        plain = await client.get("/v1/models", headers=KEY | {"Accept-Encoding": "identity"})
        painted, body = await ask(client, {"text": "hi"}, **{"Accept-Encoding": "gzip"})
    assert listed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert "Content-Encoding" not in painted.headers
    assert body.startswith(b"{")


def request_of(words: str, *, pictures: int = 0, size: str | None = None, model: str = BANANA) -> Request:
    parts = [Part(data=b"x", mime="image/png")] * pictures
    return Request(live_models()[model], (Turn("user", (*parts, Part(text=words))),), Config(size=size))


def test_a_picture_costs_what_the_price_table_says():
    painting = Painting((Part(text="Here."), Part(data=b"x", mime="image/jpeg")))
    for size, tokens in ((None, 1120), ("1K", 1120), ("2K", 1680), ("4K", 3780)):
        usage = painted_usage(request_of("a frog", size=size), painting)
        assert usage["candidatesTokensDetails"] == [{"modality": "IMAGE", "tokenCount": tokens}]
        assert 88 <= usage["candidatesTokenCount"] - tokens - 2 <= 160
        assert 300 <= usage["thoughtsTokenCount"] <= 750
        assert usage["totalTokenCount"] == sum(
            usage[name] for name in ("promptTokenCount", "candidatesTokenCount", "thoughtsTokenCount")
        )


def test_pictures_that_come_along_cost_tokens_too():
    assert prompt_usage(request_of("a frog!!", pictures=2))["promptTokenCount"] == 2 + 2 * 1120
    assert (
        prompt_usage(request_of("a frog!!", pictures=2, model="gemini-2.5-flash-image"))["promptTokenCount"] == 2 + 516
    )


def test_a_refusal_counts_its_thoughts_once():
    usage = refused_usage(request_of("a frog"))
    assert usage["candidatesTokenCount"] == usage["thoughtsTokenCount"]
    assert usage["totalTokenCount"] == usage["promptTokenCount"] + usage["thoughtsTokenCount"]


async def test_it_can_be_mounted_under_another_application_and_takes_large_bodies_there():
    outer = web.Application()
    outer.add_subapp("/google/", make_gemini_app(CannedPainter(jpeg())))
    async with TestClient(TestServer(outer)) as client:
        body = orjson.dumps({"contents": [{"parts": [{"text": "x" * 3_000_000}]}]})
        url = f"/google/v1/models/{BANANA}:generateContent"
        async with client.post(url, data=io.BytesIO(body), headers=KEY) as response:
            assert response.status == 200
        async with client.post(url, data=b"{}") as response:
            assert "API key not valid" in await response.text()
