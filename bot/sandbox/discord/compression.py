"""How gateway frames travel: plain text, or one compressed stream per connection."""

from __future__ import annotations

import zlib
from typing import Protocol

import zstandard
from aiohttp import web


class Wire(Protocol):
    """Sends one frame over a socket."""

    async def send(self, socket: web.WebSocketResponse, frame: bytes) -> None:
        """Send it, whole."""


class PlainWire:
    """Text frames."""

    async def send(self, socket: web.WebSocketResponse, frame: bytes) -> None:
        """Send the JSON as it is."""
        await socket.send_str(frame.decode())


class ZlibWire:
    """`compress=zlib-stream`: one zlib stream, flushed after each frame."""

    def __init__(self) -> None:
        self._stream = zlib.compressobj(level=1)

    async def send(self, socket: web.WebSocketResponse, frame: bytes) -> None:
        """Send the next piece of the stream, which ends in 00 00 FF FF."""
        await socket.send_bytes(self._stream.compress(frame) + self._stream.flush(zlib.Z_SYNC_FLUSH))


class ZstdWire:
    """`compress=zstd-stream`: one zstd frame, flushed block by block."""

    def __init__(self) -> None:
        self._stream = zstandard.ZstdCompressor(level=1).compressobj()

    async def send(self, socket: web.WebSocketResponse, frame: bytes) -> None:
        """Send the next block of the stream."""
        piece = self._stream.compress(frame)
        await socket.send_bytes(piece + self._stream.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK))


def wire_for(compress: str) -> Wire:
    """The wire a client asked for in its `compress` parameter."""
    if compress == "zlib-stream":
        return ZlibWire()
    return ZstdWire() if compress == "zstd-stream" else PlainWire()
