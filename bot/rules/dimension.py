"""The dimensions of a role's limits: how each is read from JSON, which of several values holds, the least there is."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from bot.size import pixels

LOWEST, HIGHEST = -1000, 1000  #: priorities
SIDE_BY_SIDE = 10  #: variations at most


class Dimension(NamedTuple):
    """How values of a dimension are read from JSON, which of several holds, and the least there is."""

    read: Callable[[Any], Any]
    best: Callable[[Sequence[Any]], Any]
    least: Any


def truth(value: object) -> bool:
    """Yes or no. Raises TypeError."""
    if not isinstance(value, bool):
        raise TypeError(value)
    return value


def _whole(least: int, most: float = math.inf) -> Callable[[Any], int]:
    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise ValueError(value)
        return value

    return read


def dollars(value: object) -> float:
    """An amount of money. Raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
        raise ValueError(value)
    return float(value)


def _size(value: object) -> str:
    if not isinstance(value, str) or not value.removesuffix("K").isdecimal():
        raise ValueError(value)
    return value


def _listed(kind: type) -> Callable[[Any], tuple[Any, ...]]:
    def read(value: object) -> tuple[Any, ...]:
        if not isinstance(value, list) or any(type(each) is not kind for each in value):
            raise ValueError(value)
        return tuple(value)

    return read


def _together(values: Sequence[tuple[Any, ...]]) -> tuple[Any, ...]:
    """All that any of them names."""
    return tuple(dict.fromkeys(each for value in values for each in value))


def _largest(values: Sequence[str]) -> str:
    return max(values, key=pixels)


WHOLE = _whole(0)
DIMENSIONS: Mapping[str, Dimension] = {
    "pictures_per_hour": Dimension(WHOLE, max, 0),
    "pictures_per_day": Dimension(WHOLE, max, 0),
    "pictures_per_30_days": Dimension(WHOLE, max, 0),
    "dollars_per_day": Dimension(dollars, max, 0.0),
    "dollars_per_30_days": Dimension(dollars, max, 0.0),
    "at_once": Dimension(_whole(1), max, 1),
    "largest_size": Dimension(_size, _largest, "512"),
    "variations": Dimension(_whole(0, SIDE_BY_SIDE), max, 0),
    "priority": Dimension(_whole(LOWEST, HIGHEST), max, LOWEST),
    "models": Dimension(_listed(str), _together, ()),
    "may_start_threads": Dimension(truth, any, least=False),
    "channels": Dimension(_listed(int), _together, ()),  # categories among them
}
