"""`python -m tests.bench.sealed`: what encryption at rest adds to keeping pictures and words, and to reading them."""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bot.gallery import open_gallery
from bot.model import Memory, Painted, Painting, Picture, Text, Turn
from bot.sealing import Keyring
from bot.store import open_store
from bot.tokens import Usage
from tests.bench.figures import Figure, against_floor, table
from tests.players import ADA, THREAD

SIZE = 2_000_000  #: bytes of a picture, as the model paints them at 1K
ROUNDS = 40
KEY = "a key of thirty-two characters and more"
MOST_KEPT, MOST_READ, MOST_TURN = 2.0, 4.0, 2.0  #: times the same without a key


@dataclass(frozen=True)
class Kept:
    """Median milliseconds: to keep a picture, to read it, to write a turn with its answer and read both."""

    put: float
    get: float
    turn: float


async def kept(folder: Path, secret: str) -> Kept:
    """With this key, or with none."""
    gallery = open_gallery(folder / "pictures", Keyring.of([secret]))
    pictures = [os.urandom(SIZE) for _ in range(ROUNDS)]
    put = await _median([partial(gallery.put, data) for data in pictures])
    digests = [await gallery.put(each) for each in pictures]
    get = await _median([partial(gallery.get, digest) for digest in digests])
    async with open_store(folder, Keyring.of([secret])) as store:

        async def turn(number: int) -> None:
            made = Turn(number, THREAD.conversation, ADA, "make it night, and light the lamps " * 20, "m", 1.0)
            shown = Picture(digests[0], "image/png", 1024, 1024, SIZE)
            async with store.write() as desk:
                await desk.turns.open(THREAD, Memory.FOCUSED)
                await desk.turns.add(made)
                await desk.turns.keep(
                    made, Painting((Text("Here"), Painted(shown, signature=bytes(1000))), Usage(), 0.0, "m")
                )
            await store.turns.get(number)
            await store.turns.takes(number)

        written = await _median([partial(turn, number) for number in range(1, ROUNDS)])
    return Kept(put * 1000, get * 1000, written * 1000)


async def sealed_figures(folder: Path) -> list[Figure]:
    """With a key, in multiples of without."""
    plain, sealed = await kept(folder / "plain", ""), await kept(folder / "sealed", KEY)
    rows = (
        ("put", "keep a picture of 2 MB", MOST_KEPT),
        ("get", "read it", MOST_READ),
        ("turn", "write and read a turn", MOST_TURN),
    )
    return [
        against_floor(
            f"sealed_{name}",
            f"encrypted: {title}, ms",
            {"floor": getattr(plain, name), "easel": getattr(sealed, name)},
            most,
        )
        for name, title, most in rows
    ]


async def _median(works: Sequence[Callable[[], Awaitable[object]]]) -> float:
    taken = []
    for work in works:
        began = time.perf_counter()
        await work()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def main() -> int:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="easel-sealed-") as folder:
        print(table(asyncio.run(sealed_figures(Path(folder)))))  # noqa: T201 - what the command is for
    return 0


if __name__ == "__main__":
    sys.exit(main())
