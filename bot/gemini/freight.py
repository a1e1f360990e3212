"""A call's body travels past the SDK, not through it, and so does its answer.

The SDK writes each picture into a Python string, that into JSON and that into bytes, all on the event loop: 30 ms of
standstill for three pictures. So it is told to send next to nothing, and as the request leaves, the body takes that
place: JSON in which each picture has a token of 32 bytes, and is encoded a slice at a time, straight into the socket.
The loop stands still for 1.5 ms, and no copy of the whole is ever made. On the way back the SDK would make a string of
all that came: it gets an empty one, and who asked gets the bytes. Address, key, deadline and errors are still its own.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

import pybase64
from aiohttp import ClientHandlerType, ClientRequest, ClientResponse
from aiohttp.abc import AbstractStreamWriter
from aiohttp.payload import Payload

from bot.gemini.bounded import Bounded

TOKEN = re.compile(rb'"(?:data|thoughtSignature)":"([\w-]{43}=)"')  # no text can forge it: JSON escapes its quotes
SLICE = 192 * 1024  #: bytes, a multiple of three, so that the slices' base64 joins without padding between
OK = 200
URL_SAFE = b"-_"  #: the alphabet that the SDK uses

Stow = Callable[[bytes], str]  #: bytes -> what stands for their base64


@dataclass
class Cargo:
    """What one call takes along, its body and by tokens what stands for in it, and what it brings back."""

    body: bytes = b""
    stowed: dict[bytes, bytes] = field(default_factory=dict)
    answer: Bounded | None = None

    def stow(self, data: bytes) -> str:
        """Take these bytes along."""
        token = _base64(secrets.token_bytes(32))
        self.stowed[token] = data
        return token.decode()

    @property
    def answered(self) -> Sequence[bytes]:
        """The body of the answer, in pieces; none where there was none."""
        return self.answer.pieces if self.answer else ()

    def unload(self) -> None:
        """Let go of all of it: a connection that was opened meanwhile remembers who opened it, and with what."""
        self.stowed.clear()
        self.answer = None

    def pieces(self) -> Iterator[Piece]:
        """The body with what was stowed in the places of its tokens."""
        at = 0
        for match in TOKEN.finditer(self.body):
            if (data := self.stowed.get(match[1])) is not None:
                yield Piece(self.body[at : match.start(1)], plain=True)
                yield Piece(data)
                at = match.end(1)
        yield Piece(self.body[at:], plain=True)


LOADED: ContextVar[Cargo | None] = ContextVar("cargo", default=None)


@contextmanager
def loading() -> Iterator[Cargo]:
    """The cargo of the one call that is made within."""
    cargo = Cargo()
    token = LOADED.set(cargo)
    try:
        yield cargo
    finally:
        LOADED.reset(token)
        cargo.unload()


async def freight(request: ClientRequest, send: ClientHandlerType) -> ClientResponse:
    """A client middleware of aiohttp: the cargo goes instead of what the SDK sends, and the answer goes past it."""
    cargo = LOADED.get()
    if cargo is None:
        return await send(request)
    await request.update_body(Pieces(list(cargo.pieces())))
    response = await send(request)
    if response.status == OK and isinstance(response, Bounded):  # the SDK reads for itself what went wrong
        response.silent, cargo.answer = True, response
    return response


@dataclass(frozen=True, slots=True)
class Piece:
    """Some bytes of a body: as they are, or still to be written as base64."""

    data: bytes
    plain: bool = False

    @property
    def size(self) -> int:
        """Bytes on the wire."""
        return len(self.data) if self.plain else (len(self.data) + 2) // 3 * 4

    def slices(self) -> Iterator[bytes]:
        """What goes over the wire, a little at a time."""
        if self.plain:
            yield self.data
            return
        view = memoryview(self.data)
        for at in range(0, len(view), SLICE):
            yield _base64(view[at : at + SLICE])


class Pieces(Payload):
    """A JSON body in pieces, its length known in advance."""

    def __init__(self, pieces: list[Piece]) -> None:
        super().__init__(pieces, content_type="application/json")
        self._size = sum(piece.size for piece in pieces)

    async def write(self, writer: AbstractStreamWriter) -> None:
        """Write all of it, and let others run between the slices: a fast socket never makes the writer wait."""
        for piece in self._value:
            for data in piece.slices():
                await writer.write(data)
                await asyncio.sleep(0)

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        """The whole body as text."""
        return b"".join(data for piece in self._value for data in piece.slices()).decode(encoding, errors)


def _base64(data: bytes | memoryview) -> bytes:
    return pybase64.b64encode(data, altchars=URL_SAFE)
