"""While a hundred threads are being painted in, who asks or presses is answered before they wonder."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.sandbox.discord.traffic import BEFORE, Seen
from tests.e2e.stage import BOT, DEADLINE, Canvas, Stage, is_status

pytestmark = [pytest.mark.e2e, pytest.mark.alone, pytest.mark.asyncio(loop_scope="module")]

BUSY = 100  #: threads in which something is being painted
ROUNDS = 20
SOON = 0.3  #: seconds in which a sign must be there, nine times of ten
NOISE = 2.0  #: times what the same takes while nothing else goes on: then the machine is slow, and not the bot

Act = Callable[[], Awaitable[float]]


def tenth(times: list[float]) -> float:
    """The 90th percentile."""
    return sorted(times)[len(times) * 9 // 10]


async def measured(act: Act) -> list[float]:
    return [await act() for _ in range(ROUNDS)]


def typing_after(stage: Stage, canvas: Canvas) -> Act:
    """Seconds from a message of Ben's to the bot's typing."""
    seen: asyncio.Queue[float] = asyncio.Queue()

    async def watch(phase: str, traffic: Seen) -> None:
        if phase == BEFORE and traffic.path.endswith(f"/channels/{canvas.id}/typing") and traffic.who == "bot":
            seen.put_nowait(time.perf_counter())

    stage.sandbox.traffic.hooks.append(watch)

    async def act() -> float:
        began = time.perf_counter()
        await canvas.say("make it night")
        async with asyncio.timeout(DEADLINE):
            return await seen.get() - began

    return act


def answer_to_press(stage: Stage, canvas: Canvas, label: str) -> Act:
    """Seconds from a press of Cleo's to its acknowledgement."""

    async def act() -> float:
        post = await canvas.first()
        began = time.perf_counter()
        outcome: Any = await stage.cleo.press(post, post.buttons[label])
        assert outcome.ok
        return time.perf_counter() - began

    return act


async def test_a_message_and_a_press_are_acknowledged_within_300_ms_while_a_hundred_threads_are_busy(stage: Stage):
    written, pressed = await stage.canvas("a green hill"), await stage.canvas("a grey hill")
    stage.gemini.delay = 120
    acts = {
        "a message": typing_after(stage, written),
        "Edit…": answer_to_press(stage, pressed, "Edit…"),
        "Variations": answer_to_press(stage, pressed, "Variations"),
    }
    idle = {name: tenth(await measured(act)) for name, act in acts.items() if name != "Variations"}
    for number in range(BUSY):
        await stage.ben.say("studio", f"{BOT} a house number {number}")
    await stage.until(lambda: stage.bot.said().count("asked by message") >= BUSY)
    await stage.until(lambda: len(stage.gemini.ledger.requests) >= BUSY)
    busy = {name: tenth(await measured(act)) for name, act in acts.items()}
    report = ", ".join(f"{name}: {1000 * seconds:.0f} ms" for name, seconds in busy.items())
    late = [name for name, seconds in busy.items() if seconds > max(SOON, NOISE * idle.get(name, 0.0))]
    assert not late, report
    status = await written.by.wait_for(
        lambda post: is_status(post) and "in the queue" in post.text, pressed.id, DEADLINE
    )
    assert list(status.buttons) == ["Cancel"]
    await stage.kill()
