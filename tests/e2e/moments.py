"""Moments of an edit, told by what the bot asks of Discord and Google: to kill it in exactly one of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from bot.sandbox.discord.multipart import read_form
from bot.sandbox.discord.traffic import BEFORE, Seen
from tests.e2e.stage import STATUS, Stage

MESSAGES = "/channels/{channel_id}/messages"
Fits = Callable[[Seen, dict[str, Any]], bool]


def fetching(seen: Seen, _: dict[str, Any]) -> bool:
    """A member's photo is fetched."""
    return seen.route.startswith("/attachments/")


def opening(seen: Seen, _: dict[str, Any]) -> bool:
    """A thread is opened."""
    return seen.route.endswith("/threads")


def painting(seen: Seen, _: dict[str, Any]) -> bool:
    """Google is asked."""
    return seen.route.startswith("/gemini/")


def telling(seen: Seen, said: dict[str, Any]) -> bool:
    """A status is posted."""
    return _posts(seen) and bool(STATUS.match(said.get("content") or ""))


def posting(seen: Seen, said: dict[str, Any]) -> bool:
    """A picture is posted."""
    return _posts(seen) and bool(said.get("attachments"))


def erasing(seen: Seen, _: dict[str, Any]) -> bool:
    """A status is taken away."""
    return seen.method == "DELETE"


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
