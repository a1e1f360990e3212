"""JSON answers over HTTP as Discord writes them."""

from __future__ import annotations

from typing import Any

import orjson
from aiohttp import web

# A 429 without this header counts as a ban by a proxy in between.
VIA = {"Via": "1.1 sandbox"}


def answer(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """A JSON answer; its content type is exactly `application/json`, or discord.py takes it for text."""
    body = orjson.dumps(value)
    return web.Response(body=body, status=status, content_type="application/json", headers=(headers or {}) | VIA)
