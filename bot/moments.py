"""Moments: lengths of time in seconds, and times as Discord shows them, to each reader in their own zone. Pure."""

from __future__ import annotations

MINUTE, HOUR, DAY = 60, 3600, 86_400
MONTH = 30 * DAY
FIRST = 1_420_070_400_000  #: milliseconds since the epoch, from which Discord counts in its ids


def ids_until(at: float) -> int:
    """Every id that Discord gave until then, in seconds since the epoch, is below this one."""
    return (round(at * 1000) + 1 - FIRST) << 22


def relative(at: float) -> str:
    """How far away it is, in seconds since the epoch; Discord counts by itself."""
    return f"<t:{round(at)}:R>"


def moment(at: float) -> str:
    """Its day and time."""
    return f"<t:{int(at)}:f>"


def clock(at: float) -> str:
    """Its time of day."""
    return f"<t:{int(at)}:t>"


def day(at: float) -> str:
    """Its day."""
    return f"<t:{int(at)}:D>"
