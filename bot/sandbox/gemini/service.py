"""A call from beginning to end: read, judge, record, wait, go wrong if it must, paint, answer."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from aiohttp import web

from bot.sandbox.gemini import errors, outcome, rules, wire
from bot.sandbox.gemini.control import Control
from bot.sandbox.gemini.errors import ApiError
from bot.sandbox.gemini.faults import Fault
from bot.sandbox.gemini.models import Model, live_models
from bot.sandbox.gemini.outcome import Call
from bot.sandbox.gemini.painting import Painter
from bot.sandbox.gemini.record import Entry, describe
from bot.sandbox.gemini.request import Request, read_generate
from bot.sandbox.gemini.signatures import Signer
from bot.sandbox.gemini.wire import Reply

FOREVER = 24 * 3600.0
WORKERS = 2  # pictures painted at the same time
SECRET = b"the sandbox signs with this"
Result = TypeVar("Result")


@dataclass(frozen=True)
class Settings:
    """How the stand-in behaves; without `keys` every key that is not empty will do."""

    keys: frozenset[str] | None = None
    variety: bool = False  # whether the same request, asked again, gets another picture
    kept: int = 1000  # requests remembered


class Service:
    """Answers calls; owns the threads that paint."""

    def __init__(self, painter: Painter, settings: Settings, control: Control) -> None:
        self.control = control
        self.closing = asyncio.Event()
        self._painter = painter
        self._settings = settings
        self._models = live_models()
        self._signer = Signer(SECRET)
        self._threads = ThreadPoolExecutor(WORKERS, "sandbox-painter")

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    def check_key(self, http: web.Request) -> None:
        """400 for a missing or wrong key."""
        key = http.headers.get("x-goog-api-key") or http.query.get("key") or ""
        if not key or (self._settings.keys is not None and key not in self._settings.keys):
            raise errors.bad_key()

    @property
    def models(self) -> tuple[Model, ...]:
        """Every model that answers."""
        return tuple(self._models.values())

    def model(self, name: str, version: str, method: str) -> Model:
        """The model of that id, or 404."""
        if name not in self._models:
            raise errors.no_model(name, version, method)
        return self._models[name]

    async def generate(self, http: web.Request, model: Model) -> web.StreamResponse:
        """The answer to generateContent."""
        began, body = time.monotonic(), await wire.read_body(http)
        entry = self.control.ledger.open(time.time(), model.id, len(body))
        try:
            asked, notes = await self._off_loop(partial(self._accept, body, model))
            entry.note(notes)
            rules.judge(asked, self._signer)
            response = await self._answer(http, self._call(asked, entry), began)
        except ApiError as error:
            entry.state, entry.status = "refused", error.code
            raise
        finally:
            entry.seconds = round(time.monotonic() - began, 3)
        entry.status = response.status
        return response

    async def _off_loop(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def _accept(self, body: bytes, model: Model) -> tuple[Request, dict[str, Any]]:
        asked = read_generate(body, model)
        return asked, describe(asked)

    def _call(self, asked: Request, entry: Entry) -> Call:
        ledger = self.control.ledger
        ledger.started(asked.prompt)
        fault = self.control.faults.take(asked.prompt) or Fault("slow")
        entry.fault = fault.kind
        take = ledger.count(asked.prompt).started - 1 if self._settings.variety else 0
        return Call(asked, entry, fault, take)

    async def _answer(self, http: web.Request, call: Call, began: float) -> web.StreamResponse:
        await self._wait(http, self.control.delay + call.fault.delay)
        if call.fault.kind == "hang":
            await wire.wait(http, FOREVER, self.closing)
        if call.fault.kind in {"hang", "drop-before"}:
            call.entry.state = "dropped"
            return wire.drop(http)
        reply = outcome.without_work(call) or await self._paint(call)
        return await self._send(http, call, reply, began)

    async def _wait(self, http: web.Request, seconds: float) -> None:
        patience = float(http.headers.get("X-Server-Timeout") or FOREVER)
        await wire.wait(http, min(seconds, patience), self.closing)
        if seconds > patience:
            raise errors.late()

    async def _paint(self, call: Call) -> Reply:
        call.entry.state = "painting"
        reply = await self._off_loop(partial(outcome.painted_reply, call, self._painter, self._signer))
        call.entry.state = "done"
        self.control.ledger.done(call.asked.prompt)
        return reply

    async def _send(self, http: web.Request, call: Call, reply: Reply, began: float) -> web.StreamResponse:
        if call.fault.kind == "drop-after":
            return wire.drop(http)
        if call.fault.kind == "cut":
            return await wire.cut(http, reply, began)
        return await wire.send(http, reply, began)
