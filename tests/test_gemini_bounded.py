import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import ClientPayloadError, ClientSession, web
from aiohttp.test_utils import TestServer

from bot.gemini import bounded
from bot.gemini.bounded import Bounded


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "LARGEST", 1000)


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def answering(handler: Handler) -> AsyncIterator[Bounded]:
    """A server's answer, unread."""
    app = web.Application()
    app.router.add_get("/", handler)
    async with (
        TestServer(app) as server,
        ClientSession(response_class=Bounded) as session,
        session.get(server.make_url("/")) as answer,
    ):
        assert isinstance(answer, Bounded)
        yield answer


async def asked(handler: Handler) -> bytes:
    async with answering(handler) as answer:
        body = await answer.read()
        assert await answer.read() is body
        assert (await answer.text()).encode() == body
        return body


async def exactly(_request: web.Request) -> web.Response:
    return web.Response(body=b"x" * 1000)


async def too_much(_request: web.Request) -> web.Response:
    return web.Response(body=b"x" * 1001)


async def endless(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse()
    await answer.prepare(request)
    while True:
        await answer.write(b"x" * 100)
        await asyncio.sleep(0)


async def test_what_is_within_the_bound_is_read_whole():
    assert await asked(exactly) == b"x" * 1000


async def test_what_somebody_takes_in_pieces_is_no_text_and_is_never_joined():
    async with answering(exactly) as answer:
        answer.silent = True
        assert await answer.text() == ""
        assert b"".join(answer.pieces) == b"x" * 1000
        assert answer._body is None


@pytest.mark.parametrize("handler", [too_much, endless])
async def test_what_is_too_large_or_has_no_end_is_left(handler):
    with pytest.raises(ClientPayloadError):
        await asyncio.wait_for(asked(handler), 5)
