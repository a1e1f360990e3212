"""Moments of an edit, told by what the bot asks of Discord and Google: to kill it in exactly one of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from bot.sandbox.discord.multipart import read_form
from bot.sandbox.discord.traffic import AFTER, BEFORE, Seen
from tests.e2e.stage import STATUS, Stage

MESSAGES = "/channels/{channel_id}/messages"
Fits = Callable[[Seen, dict[str, Any]], bool]

FETCHING: Fits = lambda seen, _: seen.route.startswith("/attachments/")  # noqa: E731 - a table of moments
OPENING: Fits = lambda seen, _: seen.route.endswith("/threads")  # noqa: E731
PAINTING: Fits = lambda seen, _: seen.route.startswith("/gemini/")  # noqa: E731
TELLING: Fits = lambda seen, said: _posts(seen) and bool(STATUS.match(said.get("content") or ""))  # noqa: E731
POSTING: Fits = lambda seen, said: _posts(seen) and bool(said.get("attachments"))  # noqa: E731
ERASING: Fits = lambda seen, _: seen.method == "DELETE"  # noqa: E731


def kill_at(stage: Stage, phase: str, fits: Fits) -> asyncio.Event:
    """Kill the bot when its first such request arrives (and is lost with it) or has been obeyed (its answer is lost).

    The event is set when it is dead.
    """
    dead = asyncio.Event()

    async def watch(now: str, seen: Seen) -> None:
        if now != phase or seen.who != "bot" or dead.is_set() or not fits(seen, await _said(seen)):
            return
        dead.set()
        if phase == BEFORE:
            stage.sandbox.faults.add("drop_before", seen.method, seen.path)
        stage.bot.kill()

    stage.sandbox.traffic.hooks.append(watch)
    return dead


def _posts(seen: Seen) -> bool:
    return (seen.method, seen.route) == ("POST", MESSAGES)


async def _said(seen: Seen) -> dict[str, Any]:
    if seen.request is None or not seen.route.startswith("/channels"):
        return {}
    fields = read_form(seen.request.headers.get("Content-Type", ""), await seen.request.read()).fields
    return fields if isinstance(fields, dict) else {}


__all__ = ["AFTER", "BEFORE", "ERASING", "FETCHING", "OPENING", "PAINTING", "POSTING", "TELLING", "kill_at"]
