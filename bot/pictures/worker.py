"""`python -m bot.pictures.worker`: a process that opens strangers' files, each within bounds of memory and time.

It ends with the bot, however that ends: nobody holds the other end of its line any more. If it is at work on something
endless in that moment, the operating system ends it when its time is up.
"""

from __future__ import annotations

import ctypes
import gc
import os
import resource
import signal
import socket
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from bot.errors import BadPicture
from bot.memory import settle_memory
from bot.pictures.jobs import carried_out
from bot.pictures.orders import PATIENCE, Order
from bot.pictures.wire import Answer, receive_order, send_answer

M_MMAP_THRESHOLD = -3  # malloc.h
LARGE = 2**20  #: bytes from which on memory is the system's again as soon as it is free
SPARE = 48 * 2**20  #: bytes beside what an order may take: stacks of threads, and what is left over from earlier files


def main() -> None:
    """Carry out orders from the socket that is standard input, until it is closed."""
    link = socket.socket(fileno=os.dup(0))
    _settle()
    fresh = _taken()
    while _taken() <= fresh + SPARE and (received := receive_order(link)):  # with more left over, it retires
        order, descriptor = received
        with os.fdopen(descriptor, "rb") as file, _bounds(order, fresh):
            answer = _answer(order, file)
        send_answer(link, answer)
        del answer
        _trim()


def _answer(order: Order, file: BinaryIO) -> Answer:
    try:
        return carried_out(order, file)
    except BadPicture as bad:
        return BadPicture(bad.key, **bad.values)  # a new one: the other holds on to all that was decoded


@contextmanager
def _bounds(order: Order, fresh: int) -> Iterator[None]:
    """More memory is refused, and whoever takes more time than this ends without another word."""
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    if fresh:
        resource.setrlimit(resource.RLIMIT_DATA, (fresh + order.memory + SPARE, most))
    signal.setitimer(signal.ITIMER_PROF, order.seconds)
    signal.setitimer(signal.ITIMER_REAL, order.seconds * PATIENCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def _settle() -> None:
    """Whoever stops the bot stops its workers through it; what codecs print is for nobody, and no picture is dumped."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    warnings.simplefilter("ignore")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    settle_memory()
    with suppress(OSError, AttributeError):  # another C library than glibc has no such thing
        ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, LARGE)


def _taken() -> int:
    """Bytes that count against the limit; 0 where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[5]) * resource.getpagesize()
    except (OSError, IndexError):
        return 0


def _trim() -> None:
    """Give back what is left over of large pictures."""
    gc.collect()
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


if __name__ == "__main__":
    main()
