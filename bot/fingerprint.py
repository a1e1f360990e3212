"""What a picture looks like, so that it is found again in another format and in fewer pixels. Pure.

`bits` finds it: the lowest frequencies of a grey copy, each above or below their median (a discrete cosine transform,
as is usual for this). Pictures that look alike differ in few of the 256, others in about half. `colours` tells those
apart that look alike, a picture and itself with a hat: a copy of a few coloured squares. The numbers below were
measured: `python -m tests.bench.fingerprint`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import mul

SIDE = 64  #: pixels of the grey copy
FREQUENCIES = 16  #: in each direction
BITS = FREQUENCIES * FREQUENCIES // 8  #: bytes
SQUARES = 16  #: in each direction
COLOURS = SQUARES * SQUARES * 3  #: bytes

ALIKE = 32  #: bits between a picture and a copy of it; unrelated ones are 58 apart and more
WORST = 4  #: squares that differ most: a hat covers as many
SAME = 12.0  #: their mean difference in a copy (of 255); pictures that are edits of each other have 17 and more
MARGIN = 5.0  #: by which the nearest must be nearer than the next


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What a picture looks like."""

    bits: bytes
    colours: bytes

    def difference(self, other: Fingerprint) -> float:
        """How far the squares that differ most are apart, of 255."""
        apart = [abs(ours - theirs) for ours, theirs in zip(self.colours, other.colours, strict=True)]
        squares = sorted(map(max, apart[::3], apart[1::3], apart[2::3]), reverse=True)
        return sum(squares[:WORST]) / WORST


def taken(grey: bytes, colours: bytes) -> Fingerprint:
    """Of a grey copy of SIDE × SIDE pixels, a byte each, and a copy of SQUARES × SQUARES, three bytes each."""
    return Fingerprint(_bits(_spectrum(grey)), colours)


def nearest(bits: bytes, page: Sequence[bytes]) -> list[tuple[int, int]]:
    """The distances (in bits) and places of those on a page that look alike."""
    wanted, number = int.from_bytes(bits), int.from_bytes
    distances = [(wanted ^ number(each)).bit_count() for each in page]
    return [(distance, place) for place, distance in enumerate(distances) if distance <= ALIKE]


def telling(differences: Sequence[float], most: int) -> tuple[int, bool]:
    """How many candidates to name, by their differences, the least first; and whether it is the first for certain."""
    if not differences:
        return 0, False
    rivals = sum(each < differences[0] + MARGIN for each in differences)
    certain = differences[0] <= SAME and rivals == 1
    return (1 if certain else min(max(rivals, 1), most)), certain


def _spectrum(grey: bytes) -> list[float]:
    """The amplitudes of the lowest frequencies, without the mean."""
    waves = _waves()
    rows = [grey[start : start + SIDE] for start in range(0, SIDE * SIDE, SIDE)]
    across = [[sum(map(mul, wave, row)) for row in rows] for wave in waves]
    return [sum(map(mul, wave, column)) for column in across for wave in waves]


@lru_cache
def _waves() -> list[list[float]]:
    return [
        [math.cos(math.pi * frequency * (2 * place + 1) / (2 * SIDE)) for place in range(SIDE)]
        for frequency in range(1, FREQUENCIES + 1)
    ]


def _bits(spectrum: Sequence[float]) -> bytes:
    middle = sorted(spectrum)[len(spectrum) // 2]
    return int("".join("1" if each > middle else "0" for each in spectrum), 2).to_bytes(BITS)
