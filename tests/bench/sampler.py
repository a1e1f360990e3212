"""How late the event loop comes to whatever is due, looked at two hundred times a second from within."""

from __future__ import annotations

import asyncio
import time
from array import array
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

PERIOD = 0.005  #: seconds between looks
KEPT = 100  #: looks between writes to the file


@asynccontextmanager
async def sampling(path: Path | None) -> AsyncIterator[None]:
    """Write pairs of doubles into the file while this is open: when a look was due (monotonic), and its delay."""
    if path is None:
        yield
        return
    task = asyncio.create_task(_watch(path))
    try:
        yield
    finally:
        task.cancel()


async def _watch(path: Path) -> None:
    with path.open("ab", buffering=0) as file:
        due, seen = time.monotonic() + PERIOD, array("d")
        while True:
            await asyncio.sleep(due - time.monotonic())
            now = time.monotonic()
            while due <= now:  # a standstill delays all that came due in it, not one look alone
                seen.extend((due, now - due))
                due += PERIOD
            if len(seen) >= 2 * KEPT:
                file.write(seen.tobytes())
                del seen[:]


def delays(path: Path, since: float, until: float) -> list[float]:
    """The delays between two moments, in seconds, sorted."""
    samples = array("d")
    samples.frombytes(path.read_bytes())
    pairs = zip(samples[::2], samples[1::2], strict=True)
    return sorted(delay for due, delay in pairs if since <= due <= until)
