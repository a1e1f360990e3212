"""`python -m tests.bench.words`: what a list of ten thousand words costs an ask, from the store to the answer."""

from __future__ import annotations

import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.automod import Book
from bot.catalogue import load_catalogue
from bot.errors import Unreachable
from bot.letters import Letter
from bot.model import Ask, Member, Place
from bot.store import Store, open_store
from bot.wordlist import MOST
from bot.words import Words, open_words
from tests.bench.figures import Figure

USUAL, LONGEST = 120, 4000  #: characters of an ask
ROUNDS = 400
CEILING = 1.0  #: milliseconds
KINDS = ("{}", "{}*", "*{}", "*{}*")
SERVER = 9


@dataclass
class Discord:
    """A server without AutoMod, and nobody to alert."""

    letters: list[Letter] = field(default_factory=list)

    def may_read(self, server: int) -> bool:
        return True

    async def rows(self, server: int) -> Sequence[Mapping[str, Any]]:
        return []

    def is_above(self, server: int, member: int, roles: frozenset[int]) -> bool:
        return False

    def around(self, channel: int) -> frozenset[int]:
        return frozenset({channel})

    def locale(self, server: int) -> str | None:
        return None

    async def send(self, letter: Letter) -> int:
        raise Unreachable("unreachable", forever=True, detail="nobody is alerted here")


async def words_figures(folder: Path) -> list[Figure]:
    """Milliseconds of an ask's check with a full list, less those of one with none."""
    usual, longest = await measured(folder)
    title = "ten thousand words on a list, ms for an ask of {} characters"
    return [
        Figure("words", title.format(USUAL), {"easel": usual}, ceiling=CEILING),
        Figure("words_long", title.format(LONGEST), {"easel": longest}, ceiling=CEILING),
    ]


async def measured(folder: Path) -> tuple[float, float]:
    """For a usual ask and for the longest."""
    async with (
        open_store(folder / "words") as store,
        open_words(store, Book(Discord()), _nobody(), load_catalogue(), _nobody()) as words,
    ):
        empty = [await _took(words, size) for size in (USUAL, LONGEST)]
        await _fill(store)
        full = [await _took(words, size) for size in (USUAL, LONGEST)]
    usual, longest = (1000 * max(late - early, 0.0) for early, late in zip(empty, full, strict=True))
    return usual, longest


def _nobody() -> Any:
    return Discord()


async def _fill(store: Store) -> None:
    chance = random.Random(1)
    entries = [chance.choice(KINDS).format(_word(chance, 6, 12)) for _ in range(MOST)]
    async with store.write() as desk:
        await desk.words.write(SERVER, entries)


async def _took(words: Words, size: int) -> float:
    """Seconds, the median; each ask is another one."""
    chance = random.Random(2)
    place, member = Place(1, 1, SERVER), Member(1, "Ana")
    asks = [Ask(number, place, member, _text(chance, size)) for number in range(ROUNDS)]
    return statistics.median([await _timed(words.check, ask) for ask in asks])


async def _timed(check: Callable[[Ask], Awaitable[None]], ask: Ask) -> float:
    began = time.perf_counter()
    await check(ask)
    return time.perf_counter() - began


def _text(chance: random.Random, size: int) -> str:
    return " ".join(_word(chance, 2, 5) for _ in range(size // 3))[:size]


def _word(chance: random.Random, least: int, most: int) -> str:
    return "".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=chance.randint(least, most)))


def main() -> int:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="easel-words-") as folder:
        usual, longest = asyncio.run(measured(Path(folder)))
    print(f"{USUAL} characters: {usual:.2f} ms; {LONGEST}: {longest:.2f} ms")  # noqa: T201 - what the command is for
    return 0


if __name__ == "__main__":
    sys.exit(main())
