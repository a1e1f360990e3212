"""HTTP as Google's servers speak it, and the ways in which it breaks."""

import asyncio
import gzip
import time
from dataclasses import dataclass

from aiohttp import web
from multidict import CIMultiDict

from bot.sandbox.gemini.errors import invalid

JSON = "application/json; charset=UTF-8"
MOST_BYTES = 100 * 1024 * 1024  # of a request
WORTH_ZIPPING = 64 * 1024  # larger answers are pictures, and do not shrink
GLANCE = 0.2  # seconds between looks at whether anybody still waits


@dataclass(frozen=True)
class Reply:
    """A whole answer, ready to be sent."""

    status: int
    body: bytes
    kind: str = JSON


async def read_body(request: web.Request) -> bytes:
    """The body, up to Google's 100 MB; what is beyond is read and forgotten, so that the refusal can be heard."""
    pieces: list[bytes] = []
    size = 0
    async for piece in request.content.iter_any():
        size += len(piece)
        if size <= MOST_BYTES:
            pieces.append(piece)
    if size > MOST_BYTES:
        raise invalid(f"Request payload size exceeds the limit: {MOST_BYTES} bytes.")
    return b"".join(pieces)


async def send(request: web.Request, reply: Reply, began: float) -> web.StreamResponse:
    """Answer with Google's headers, chunked; small whole answers are zipped if that is wanted."""
    headers = _headers(reply.kind, began)
    body = reply.body
    if len(body) < WORTH_ZIPPING and "gzip" in request.headers.get("Accept-Encoding", ""):
        body = gzip.compress(body, 1)
        headers["Content-Encoding"] = "gzip"
    response = web.Response(status=reply.status, body=body, headers=headers)
    response.enable_chunked_encoding()
    return response


def _headers(kind: str, began: float) -> CIMultiDict[str]:
    took = round((time.monotonic() - began) * 1000)
    return CIMultiDict(
        [
            ("Content-Type", kind),
            *(("Vary", name) for name in ("Origin", "X-Origin", "Referer")),
            ("Server", "scaffolding on HTTPServer2"),
            ("X-XSS-Protection", "0"),
            ("X-Frame-Options", "SAMEORIGIN"),
            ("X-Content-Type-Options", "nosniff"),
            ("Server-Timing", f"gfet4t7; dur={took}"),
            ("Alt-Svc", 'h3=":443"; ma=2592000,h3-29=":443"; ma=2592000'),
        ]
    )


async def cut(request: web.Request, reply: Reply, began: float) -> web.StreamResponse:
    """Send half of the answer, then hang up."""
    headers = _headers(reply.kind, began)
    headers["Content-Length"] = str(len(reply.body))
    response = web.StreamResponse(headers=headers)
    await response.prepare(request)
    body = reply.body
    await response.write(body[: len(body) // 2])
    drop(request)
    return response


def drop(request: web.Request) -> web.StreamResponse:
    """Hang up without a word; what is returned can no longer be sent."""
    if request.transport is not None:
        request.transport.close()
    return web.Response()


async def wait(request: web.Request, seconds: float, closing: asyncio.Event) -> None:
    """Sleep, but not longer than the server lives or the caller listens."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0 and not (closing.is_set() or _gone(request)):
        try:
            async with asyncio.timeout(min(left, GLANCE)):
                await closing.wait()
        except TimeoutError:
            continue


def _gone(request: web.Request) -> bool:
    return request.transport is None or request.transport.is_closing()
