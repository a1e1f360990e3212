"""The levers and the books of a running stand-in, as an object and over HTTP."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import orjson
from aiohttp import web

from bot.sandbox.gemini.faults import KINDS, Fault, FaultTable
from bot.sandbox.gemini.record import Ledger

JSON = "application/json"


class Control:
    """What goes wrong, how long everything takes, and what was asked so far."""

    def __init__(self, delay: float = 0.0, kept: int = 1000) -> None:
        self.faults = FaultTable()
        self.ledger = Ledger(kept)
        self.delay = delay

    def listed(self) -> dict[str, Any]:
        """The levers and the counts as JSON."""
        return {
            "delay": self.delay,
            "faults": self.faults.listed(),
            "kinds": KINDS,
            "requests": len(self.ledger.requests),
            "counts": [{"prompt": words} | asdict(count) for words, count in self.ledger.counts.items()],
        }

    def set(self, levers: Mapping[str, Any]) -> None:
        """Pull levers: `forget` and `clear` first, then `delay` in seconds, then `faults` to add; or none at all."""
        if unknown := levers.keys() - {"forget", "clear", "delay", "faults"}:
            raise ValueError(f"no such lever: {', '.join(sorted(unknown))}")
        faults = [Fault(**fault) for fault in levers.get("faults", ())]
        delay = float(levers.get("delay", self.delay))
        if levers.get("forget"):
            self.ledger.forget()
        if levers.get("clear"):
            self.faults.clear()
        self.delay = delay
        self.faults.add(*faults)


def routes(control: Control) -> list[web.RouteDef]:
    """The handlers of `/control` and `/control/requests`; they ask for no key."""

    async def show(_: web.Request) -> web.Response:
        return _json(control.listed())

    async def change(request: web.Request) -> web.Response:
        try:
            control.set(orjson.loads(await request.read()))
        except (ValueError, TypeError, AttributeError) as error:
            return _json({"error": str(error)}, 400)
        return _json(control.listed())

    async def requests(request: web.Request) -> web.Response:
        entries = control.ledger.of(request.query.get("match", ""))
        last = int(request.query.get("last") or len(entries))
        return _json({"requests": [entry.listed() for entry in entries[len(entries) - min(last, len(entries)) :]]})

    return [
        web.get("/control", show),
        web.post("/control", change),
        web.get("/control/requests", requests),
    ]


def _json(tree: dict[str, Any], status: int = 200) -> web.Response:
    return web.Response(body=orjson.dumps(tree), status=status, content_type=JSON)
