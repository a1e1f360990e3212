"""What a request holds as its thread grows."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.sandbox.gemini.record import Entry
from bot.sandbox.gemini.usage import words_tokens
from tests.bench.contestant import Contestant, Workshop
from tests.bench.figures import Figure, over_time
from tests.bench.stage import Silence

EARLY = 3  #: the turn that a later one is compared with
PATIENCE = 20.0  #: seconds; the plain bot says nothing when its thread is dead
FLAT = 1.1  #: times the early turn
SHARE = 40  #: turns that are looked at together, since the processor's clock ticks slowly
STEADY = 1.25  #: times what they cost early
PICTURE_TOKENS = 1120  #: of one picture in a request


@dataclass(frozen=True)
class Load:
    """One request: bytes of its body, pictures in it, tokens that it costs."""

    size: int
    pictures: int
    tokens: int


@dataclass(frozen=True)
class Growth:
    """One bot's requests by turn, from the first on, and its processor's seconds at the end of each turn.

    `ended` is the turn that no picture came of.
    """

    loads: Sequence[Load]
    clock: Sequence[float] = ()
    ended: int | None = None

    def cost(self, share: slice) -> float:
        """The processor's milliseconds for each turn of a share of them."""
        some = self.clock[share]
        return 1000 * (some[-1] - some[0]) / (len(some) - 1)


async def grow(workshop: Workshop, name: str, turns: int, seconds: float) -> Growth:
    """So many edits in one thread, but no longer than that."""
    async with workshop.enter(name, heartbeat=30.0) as bot:
        clock: list[float] = []
        ended = await _ask(bot, turns, time.monotonic() + seconds, clock)
        return Growth([_load(entry) for entry in bot.stage.requests if entry.status == 200], clock, ended)


async def _ask(bot: Contestant, turns: int, until: float, clock: list[float]) -> int | None:
    for turn in range(1, turns + 1):
        if time.monotonic() > until:
            return None
        try:
            await bot.stage.ask(bot.stage.seats[0], PATIENCE)
        except Silence:
            return turn
        clock.append(bot.cpu)
    return None


def _load(entry: Entry) -> Load:
    words = sum(words_tokens(text) for text in (*entry.texts, entry.system))
    return Load(entry.body_bytes, len(entry.pictures), words + len(entry.pictures) * PICTURE_TOKENS)


def growth_figures(growths: Mapping[str, Growth], late: int) -> Sequence[Figure]:
    """Turn `late` against an early one; a bot that did not come so far is taken at its last turn."""

    def of(key: str, title: str, attribute: str, unit: float) -> Figure:
        ends = {name: _ends(growth.loads, late, attribute, unit) for name, growth in growths.items()}
        return over_time(key, f"{title} in turn {late}, times those of turn {EARLY}", ends, FLAT)

    return (
        of("bytes", "MB sent", "size", 1e6),
        of("pictures", "pictures sent", "pictures", 1),
        of("tokens", "tokens sent", "tokens", 1),
        *([_cost(growths["easel"], late)] if late >= 4 * SHARE else []),
    )


def _cost(growth: Growth, late: int) -> Figure:
    """Some of the first turns, the very first not among them, and as many of the last."""
    ends = growth.cost(slice(EARLY, EARLY + SHARE)), growth.cost(slice(late - SHARE, late))
    title = f"processor per edit up to turn {late}, ms, times that up to turn {EARLY + SHARE}"
    return over_time("growth_cpu", title, {"easel": ends}, STEADY)


def _ends(loads: Sequence[Load], late: int, attribute: str, unit: float) -> tuple[float, float]:
    last = loads[min(late, len(loads)) - 1]
    return getattr(loads[EARLY - 1], attribute) / unit, getattr(last, attribute) / unit
