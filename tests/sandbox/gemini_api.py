"""Gemini's API as a caller without any library sees it."""

from __future__ import annotations

import base64
import io
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient
from PIL import Image

BANANA, PRO, LITE = "gemini-nano-banana-2.1", "gemini-3-pro-image", "gemini-3.1-flash-lite-image"
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
