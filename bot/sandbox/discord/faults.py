"""Trouble on demand: requests held, delayed, dropped or answered wrongly, so that tests can watch the bot cope."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.sandbox.discord.wire import answer

HOLD, DELAY, DROP_BEFORE, ANSWER = "hold", "delay", "drop_before", "answer"
HOLD_AFTER, DROP_AFTER = "hold_after", "drop_after"  #: the work is done
ACTIONS = (HOLD, HOLD_AFTER, DELAY, DROP_BEFORE, DROP_AFTER, ANSWER)


@dataclass
class Fault:
    """One rule: the next `times` requests that match meet this trouble; with `each`, so many of every path."""

    action: str
    method: str = "*"
    route: str = "*"
    times: int | None = 1
    who: str = "bot"
    each: bool = False
    seconds: float = 0.0
    status: int = 500
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    seen: int = 0
    met: Counter[str] = field(default_factory=Counter)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    def fits(self, method: str, path: str, who: str) -> bool:
        """Whether the rule is for this request: `*` stands for one step of the path, alone for every path."""
        spent = self.times is not None and (self.met[path] if self.each else self.seen) >= self.times
        if spent or self.method not in ("*", method) or self.who not in ("any", who):
            return False
        return self.route == "*" or bool(_pattern(self.route).fullmatch(path))

    def release(self) -> None:
        """Let go of the requests that are held, and hold no more."""
        self.released.set()


def _pattern(route: str) -> re.Pattern[str]:
    steps = ("[^/]+" if step == "*" or step.startswith("{") else re.escape(step) for step in route.split("/"))
    return re.compile("/".join(steps))


class Faults:
    """The rules in force."""

    def __init__(self) -> None:
        self._rules: list[Fault] = []

    def add(self, action: str, method: str = "*", route: str = "*", **more: Any) -> Fault:
        """Add a rule, for instance `add("drop_after", "POST", "/channels/*/messages")`."""
        if action not in ACTIONS:
            raise ValueError(f"There is no such fault: {action}. Choose one of {', '.join(ACTIONS)}.")
        fault = Fault(action, method, route, **more)
        self._rules.append(fault)
        return fault

    def clear(self) -> None:
        """Take every rule away, and release what they hold."""
        for fault in self._rules:
            fault.release()
        self._rules.clear()

    def meet(self, method: str, path: str, who: str) -> Fault | None:
        """The trouble this request is in for, counted."""
        for fault in self._rules:
            if fault.fits(method, path, who):
                fault.seen += 1
                fault.met[path] += 1
                return fault
        return None


async def suffer_before(fault: Fault, request: web.Request) -> web.Response | None:
    """What happens before the work; an answer means that the work is not done."""
    if fault.action == HOLD:
        await fault.released.wait()
    elif fault.action == DELAY:
        await asyncio.sleep(fault.seconds)
    elif fault.action == DROP_BEFORE:
        return drop(request)
    elif fault.action == ANSWER:
        body = {"message": "The sandbox was told to fail.", "code": 0} if fault.body is None else fault.body
        if isinstance(body, str):
            return web.Response(status=fault.status, text=body, headers=fault.headers)
        return answer(body, fault.status, fault.headers)
    return None


async def suffer_after(fault: Fault, request: web.Request, response: web.StreamResponse) -> web.StreamResponse:
    """What becomes of the answer once the work is done."""
    if fault.action == HOLD_AFTER:
        await fault.released.wait()
    return drop(request) if fault.action == DROP_AFTER else response


def drop(request: web.Request) -> web.Response:
    """Cut the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)
