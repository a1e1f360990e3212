"""HTTP as Google's servers speak it, and the ways in which it breaks."""

import asyncio
import gzip
import time
from dataclasses import dataclass

from aiohttp import web
from multidict import CIMultiDict

from bot.sandbox.gemini.rules import MOST_BYTES, judge_size

JSON = "application/json; charset=UTF-8"
EVENTS = "text/event-stream"
WORTH_ZIPPING = 64 * 1024  # larger answers are pictures, and do not shrink
GLANCE = 0.2  # seconds between looks at whether anybody still waits


@dataclass(frozen=True)
class Reply:
    """A whole answer, ready to be sent: one piece, or one for each event of a stream."""

    status: int
    pieces: tuple[bytes, ...]
    kind: str = JSON

    @property
    def body(self) -> bytes:
        """All of it."""
        return self.pieces[0] if len(self.pieces) == 1 else b"".join(self.pieces)


async def read_body(request: web.Request) -> bytes:
    """The body, up to Google's 100 MB; what is beyond is read and forgotten, so that the refusal can be heard."""
    pieces: list[bytes] = []
    size = 0
    async for piece in request.content.iter_any():
        size += len(piece)
        if size <= MOST_BYTES:
            pieces.append(piece)
    judge_size(size)
    return b"".join(pieces)


async def send(request: web.Request, reply: Reply, began: float) -> web.StreamResponse:
    """Answer with Google's headers, chunked; small whole answers are zipped if that is wanted."""
    headers = _headers(reply.kind, began)
    if len(reply.pieces) > 1:
        return await _stream(request, reply, headers)
    body = reply.body
    if len(body) < WORTH_ZIPPING and "gzip" in request.headers.get("Accept-Encoding", ""):
        body = gzip.compress(body, 1)
        headers["Content-Encoding"] = "gzip"
    response = web.Response(status=reply.status, body=body, headers=headers)
    response.enable_chunked_encoding()
    return response


async def _stream(request: web.Request, reply: Reply, headers: CIMultiDict[str]) -> web.StreamResponse:
    response = web.StreamResponse(status=reply.status, headers=headers)
    response.enable_chunked_encoding()
    await response.prepare(request)
    for piece in reply.pieces:
        await response.write(piece)
    await response.write_eof()
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
            await asyncio.wait_for(closing.wait(), min(left, GLANCE))
        except TimeoutError:
            continue


def _gone(request: web.Request) -> bool:
    return request.transport is None or request.transport.is_closing()
