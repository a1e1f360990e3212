"""Amounts as moderators write them into a form: read kindly, and refused with a reason. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.rules.dimension import HIGHEST, LOWEST, SIDE_BY_SIDE

MOST = 1_000_000  #: pictures, and dollars
AT_ONCE = 100
WHOLE: Mapping[str, tuple[int, int]] = {
    "pictures_per_hour": (0, MOST),
    "pictures_per_day": (0, MOST),
    "pictures_per_30_days": (0, MOST),
    "at_once": (1, AT_ONCE),
    "variations": (0, SIDE_BY_SIDE),
    "priority": (LOWEST, HIGHEST),
}  #: the least and the most of what is counted
MONEY = ("dollars_per_day", "dollars_per_30_days")

_NUMBER = re.compile(r"[+-]?\d{1,12}")
# Three digits after a comma may be thousands or a fraction: who writes them is asked.
_DOLLARS = re.compile(r"(?:US)?\s?\$?\s?(-?\d{1,12})(?:[.,](\d{1,2}))?\s?(?:\$|USD)?", re.IGNORECASE)


class Amiss(ValueError):
    """What was written can't be meant; `limits.<key>` says why, with these values."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


def read(name: str, written: str) -> int | float | None:
    """The amount of a dimension or budget; None for nothing written. Raises Amiss."""
    text = written.strip()
    if not text:
        return None
    return _dollars(text) if name in MONEY else _whole(text, *WHOLE[name])


def shown(value: object) -> str:
    """An amount as it stands in a form, so that reading it gives the same."""
    if isinstance(value, float):
        return f"{value:.2f}"
    return "" if value is None else str(value)


def _whole(text: str, least: int, most: int) -> int:
    if not _NUMBER.fullmatch(text):
        raise Amiss("not_whole", written=text)
    return int(_within(int(text), least, most))


def _dollars(text: str) -> float:
    found = _DOLLARS.fullmatch(text)
    if found is None:
        raise Amiss("not_dollars", written=text)
    whole, cents = found.groups()
    if whole.startswith("-"):
        raise Amiss("too_little", least=0)
    return float(_within(int(whole) + int((cents or "0").ljust(2, "0")) / 100, 0, MOST))


def _within(value: float, least: int, most: int) -> float:
    if value < least:
        raise Amiss("too_little", least=least)
    if value > most:
        raise Amiss("too_much", most=f"{most:,}")
    return value
