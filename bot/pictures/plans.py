"""What is to be drawn, as plain values: sheets of many pictures, comparisons of two, moving pictures, and charts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Line = tuple[int, int, float, float]  #: a rail: branch, lane, from and to in cells
Curve = tuple[int, float, int, int]  #: a fork: branch, at which place in cells, from lane, to lane


@dataclass(frozen=True, slots=True)
class Card:
    """One picture on a sheet. Those without a picture say why with `instead`."""

    label: str
    who: str
    words: str
    branch: int
    lane: int
    origin: str = ""  #: what it was painted from, where that is not the card before it
    badge: str = ""  #: marks it before all others
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Many pictures with the rails between them. The pictures are those of the cards that have one, in order."""

    title: str
    below: str
    cards: Sequence[Card]
    rails: Sequence[Line] = ()
    forks: Sequence[Curve] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two pictures beside each other, what has changed outlined on both."""

    labels: tuple[str, str]
    words: tuple[str, str]
    changed: str  #: the sentence under them; `%` stands for the share


@dataclass(frozen=True, slots=True)
class Wipe:
    """The second picture drawn over the first and back, for ever."""

    labels: tuple[str, str]
    largest: int  #: bytes


@dataclass(frozen=True, slots=True)
class Blink:
    """Two pictures in turn, for ever."""

    labels: tuple[str, str]
    largest: int


@dataclass(frozen=True, slots=True)
class Film:
    """Pictures one after the other, each with its words; they go with `labels` and `words` one by one."""

    labels: Sequence[str]
    words: Sequence[str]
    largest: int


@dataclass(frozen=True, slots=True)
class Stack:
    """What is told apart in the columns of a chart: `heights` has one number for each. `colour` is a branch's."""

    label: str
    told: str
    colour: int
    heights: Sequence[int]


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of a chart, as long as its number is beside the others'."""

    label: str
    told: str
    length: float


@dataclass(frozen=True, slots=True)
class Bars:
    """Rows that belong together."""

    title: str
    rows: Sequence[Bar]


@dataclass(frozen=True, slots=True)
class Chart:
    """Large figures with a word below each, stacked columns with a label under some, and rows on the left and right."""

    title: str
    below: str
    figures: Sequence[tuple[str, str]]
    heading: str  #: of the columns
    columns: Sequence[str]
    stacks: Sequence[Stack]
    left: Sequence[Bars]
    right: Sequence[Bars]


Plan = Sheet | Comparison | Wipe | Blink | Film | Chart


def percent(share: float) -> str:
    """A part of a whole, 0 to 1, as people say it."""
    if 0 < share < 0.01:
        return "< 1 %"
    return "100 %" if share == 1 else f"{min(99, round(share * 100))} %"
