"""What the interpreter and the C library do with memory, settled before the first edit."""

from __future__ import annotations

import asyncio
import ctypes
import gc
from contextlib import suppress

M_ARENA_MAX = -8  # malloc.h
PAUSE = 30.0  #: seconds


def settle_memory() -> None:
    """Call it after the imports and before the first thread."""
    gc.collect()
    gc.freeze()  # looking through all that was imported would stop the loop for a tenth of a second, again and again
    with suppress(OSError, AttributeError, TypeError):  # another C library than glibc has no such thing
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1)  # or each thread has a heap, and in each pictures leave holes


async def give_back() -> None:
    """For ever, let the machine have the holes that pictures left: after a crowd they are most of what is held."""
    with suppress(OSError, AttributeError, TypeError):  # likewise
        trim = ctypes.CDLL(None).malloc_trim
        while True:
            await asyncio.sleep(PAUSE)
            with suppress(RuntimeError):  # in that moment there may be no thread to be had
                await asyncio.to_thread(trim, 0)  # about 20 ms, in which nobody else gets large pieces
