"""One client of Google's for the whole process, over a session of our own."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import replace
from functools import partial
from types import TracebackType
from typing import Protocol, Self
from urllib.parse import urlsplit

import aiohttp
import orjson
from google import genai
from google.genai import types
from yarl import URL

from bot.errors import BadPicture, Failure, Misconfigured, Uncertain
from bot.gemini.bounded import Bounded
from bot.gemini.freight import freight, loading
from bot.gemini.patience import OnWait, Patience
from bot.gemini.reading import Answer, Drawn, read
from bot.gemini.request import Terms, body, digests
from bot.gemini.trouble import Stake, from_exception
from bot.gemini.writing import SECONDS, Pen
from bot.gemini.writing import config as writing
from bot.insistence import insist
from bot.model import Painted, Painting, Part, Picture, Request, Text
from bot.painting.adviser import Written
from bot.price import estimate
from bot.watch.journal import Journal

Brought = tuple[Part, bytes]  #: a part of an answer as it is kept, and its picture's bytes; b"" for words
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
NOTHING = Stake("")
NO_WORDS = types.Content()  #: the cargo says all
GENERATES = ("generateContent",)  #: what a model can do that does not say
LOGGED = ("id", "reason", "status", "message")

log = logging.getLogger(__name__)


class Gallery(Protocol):
    """Where picture bytes lie, by digest."""

    async def put(self, data: bytes, digest: str | None = None) -> str:
        """Keep them; the digest may be known."""

    async def get(self, digest: str) -> bytes:
        """Fetch them; KeyError if they are gone."""


class Describer(Protocol):
    """What tells a picture from its bytes."""

    def described(self, data: bytes) -> Picture:
        """Work for a thread. Raises BadPicture."""


class Gemini:
    """Google's image models. Open it with `async with`."""

    def __init__(
        self,
        terms: Terms,
        gallery: Gallery,
        pictures: Describer,
        patience: Patience | None = None,
        journal: Journal | None = None,
    ) -> None:
        self._terms = terms
        self._gallery = gallery
        self._pictures = pictures
        self._patience = patience or Patience()
        self._journal = journal or Journal()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            self._session = await stack.enter_async_context(self._make_session())
            self._client = (await asyncio.to_thread(self._make_client)).aio  # a tenth of a second of imports
            stack.push_async_callback(self._client.aclose)
            self._opened = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """End the connections; calls that still run fail."""
        await self._opened.aclose()

    async def paint(self, request: Request, on_wait: OnWait | None = None) -> Painting:
        """Pictures, or words. `on_wait` hears how many seconds a limit makes it wait.

        Raises a Failure; its `dollars` are what it cost, or may have cost.
        """
        model, stake = request.model.id, self.estimate(request)
        return await self._patience.see_through(
            lambda: self._journal.call(model, self._paint(request), stake), self._journal.breaker(model), on_wait
        )

    def estimate(self, request: Request) -> float:
        """Dollars that one call costs at most."""
        return estimate(request)

    async def _paint(self, request: Request) -> Painting:
        began = time.monotonic()
        with _translated():
            pictures = await self._loaded(request)
        with _translated(Stake(request.model.id, self.estimate(request))):
            answer, brought = await asyncio.to_thread(self._read, await self._ask(request, pictures), request)
        with _translated(Stake(request.model.id, answer.dollars)):
            parts = tuple([await self._kept(part, data) for part, data in brought])
        return Painting(parts, answer.usage, answer.dollars, request.model.id, time.monotonic() - began)

    async def write(self, pen: Pen, prompt: str) -> Written:
        """Words of a text model's, within seconds. Raises a Failure."""
        with _translated(Stake(pen.model, pen.cost(prompt))):
            async with asyncio.timeout(SECONDS):
                answer = await self._client.models.generate_content(
                    model=pen.model, contents=prompt, config=writing(self._terms)
                )
            return pen.read((answer.sdk_http_response and answer.sdk_http_response.body) or "{}", prompt)

    async def models(self) -> tuple[str, ...]:
        """The ids of all models that this key may ask for something new. Raises a Failure."""
        with _translated():
            async with asyncio.timeout(self._terms.deadline):
                pager = await self._client.models.list()
                able = [model async for model in pager if "generateContent" in (model.supported_actions or GENERATES)]
        return tuple((model.name or "").removeprefix("models/") for model in able)

    async def _loaded(self, request: Request) -> dict[str, bytes]:
        wanted = sorted(digests(request))
        try:
            loaded = await asyncio.gather(*map(self._gallery.get, wanted))
        except KeyError as error:
            raise Failure("picture_missing") from error
        return dict(zip(wanted, loaded, strict=True))

    async def _ask(self, request: Request, pictures: Mapping[str, bytes]) -> Sequence[bytes]:
        """The body of the answer in pieces, unparsed."""
        with loading() as cargo:
            cargo.body = orjson.dumps(body(request, pictures, cargo.stow, self._terms))
            async with asyncio.timeout(self._terms.deadline):
                await self._client.models.generate_content(model=request.model.id, contents=NO_WORDS)
            return cargo.answered

    def _read(self, pieces: Sequence[bytes], request: Request) -> tuple[Answer, Sequence[Brought]]:
        """The answer, and its parts as they are kept: work for a thread, in one way there. Raises a Failure."""
        answer = read(b"".join(pieces), request)
        try:
            return answer, [self._brought(part) for part in answer.parts]
        except BadPicture as error:
            raise Uncertain("uncertain_picture", dollars=answer.dollars) from error

    def _brought(self, part: Text | Drawn) -> Brought:
        """Pictures stay untouched, under the type that Google gives them: so they can be sent back."""
        if isinstance(part, Text):
            return part, b""
        picture = self._pictures.described(part.data)
        return Painted(replace(picture, mime=part.mime or picture.mime), part.thought, part.signature), part.data

    async def _kept(self, part: Part, data: bytes) -> Part:
        if isinstance(part, Painted):
            await insist(partial(self._gallery.put, data, part.picture.digest))
        return part

    async def _at_home(self, request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
        """A redirect to another host would take the key along: the library takes only its own header out."""
        if request.url.origin() != URL(self._terms.base_url).origin():
            raise Misconfigured("misconfigured_address", message=f"it sends us to {request.url.host}")
        return await send(request)

    def _make_session(self) -> aiohttp.ClientSession:
        local = urlsplit(self._terms.base_url).hostname in LOOPBACK
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0),  # how many run at once is decided before they come here
            middlewares=(self._at_home, freight),
            response_class=Bounded,
            trust_env=not local,  # some operators sit behind a proxy; the sandbox never does
            headers={"Accept-Encoding": "identity"},  # unzipping a picture's base64 takes the loop ten milliseconds
        )

    def _make_client(self) -> genai.Client:
        return genai.Client(
            vertexai=False,
            api_key=self._terms.key,
            http_options=types.HttpOptions(
                base_url=self._terms.base_url,
                api_version="v1",
                timeout=round(self._terms.deadline * 1000),
                retry_options=types.HttpRetryOptions(attempts=1),  # or a dropped POST is silently sent, and paid, twice
                aiohttp_client=self._session,
            ),
        )


@contextmanager
def _translated(stake: Stake = NOTHING) -> Iterator[None]:
    """Whatever goes wrong inside, as a Failure, with what is at stake if an answer is lost."""
    began = time.monotonic()
    try:
        yield
    except Failure as failure:
        _note(failure)
        raise
    except Exception as error:
        ours = from_exception(error, replace(stake, seconds=time.monotonic() - began))
        _note(ours, error)
        raise ours from error


def _note(failure: Failure, error: Exception | None = None) -> None:
    """What people read says it in plain words; the log says it in Google's."""
    said = {name: failure.values[name] for name in LOGGED if failure.values.get(name)}
    bug = failure.key == "unexpected"
    grave = isinstance(failure, Misconfigured)
    level = logging.ERROR if bug else logging.WARNING if grave else logging.INFO
    number = {"id": failure.values["id"]} if "id" in failure.values else None
    log.log(level, "Gemini: %s %s %r", failure.key, said, error, exc_info=error if bug else None, extra=number)
