"""What is asked of a worker, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MIB = 2**20
LOOK = "LOOK"  #: the kind of an answer that is no picture, but what one looks like
PATIENCE = 6  #: seconds by the clock for each of processor time; a busy machine is no reason to refuse a picture


@dataclass(frozen=True, slots=True)
class Limits:
    """What is refused before a single pixel is decoded, and what decoding may take."""

    size: int = 50 * MIB  #: bytes of a file
    megapixels: int = 100
    shortest_side: int = 8  #: pixels; less is a tracking dot or a mistake
    memory: int = 264 * MIB  #: for all that is decoded at a time, so that the bot with its workers stays under 500 MB
    usual: int = 112 * MIB  #: enough for what most phones take; whoever needs more waits until there is room
    seconds: float = 4.0  #: of processor time, for a file of hardly any size, as bombs are
    seconds_per_mib: float = 0.3  #: more for a larger one
    copying: float = 60.0  #: seconds of processor time for a copy of a picture of our own
    drawing: float = 30.0  #: likewise for a sheet, a comparison or a film


@dataclass(frozen=True, slots=True)
class Order:
    """One picture to be worked on. The file itself goes beside it."""

    work: Literal["normalise", "copy", "draw", "look", "small", "cut_out"]
    limits: Limits
    memory: int  #: bytes that it may take
    seconds: float  #: of processor time
    longest: int = 0  #: pixels of the longest side of what is normalised
    largest: int = 0  #: bytes of a copy
    last: bool = False  #: whoever carries it out is not worth keeping: a library that it takes stays in memory


@dataclass(frozen=True, slots=True)
class Made:
    """A picture, encoded anew."""

    data: bytes
    kind: str
    width: int
    height: int
    measured: float = 0.0  #: what was found out on the way, where something was


@dataclass(frozen=True, slots=True)
class Heavy:
    """It takes more memory than it was given."""

    memory: int  #: bytes


def mib(size: int) -> str:
    """Bytes as people read them."""
    return f"{size / MIB:.3g} MiB"
