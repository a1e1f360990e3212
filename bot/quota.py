"""Which limits hold, and when one that is reached lets the next ask in. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.config import Limits

MINUTE, HOUR, DAY = 60, 3600, 86_400  #: seconds
MICROS = 1_000_000  #: money is counted in millionths of a dollar: sums must be exact
MOST = 1e9  #: dollars


def micros(dollars: float) -> int:
    """Money as it is counted; more than anybody has is no more than that."""
    return round(min(dollars, MOST) * MICROS)


class Unit(StrEnum):
    """What a fence counts."""

    PICTURES = "pictures"
    MONEY = "money"
    REFUSALS = "refusals"
    BROUGHT = "brought"  #: asks that only make versions of what a member brought


class Whose(StrEnum):
    """Whose doings a fence counts."""

    MEMBER = "member"
    SERVER = "server"
    EVERYBODY = "everybody"


@dataclass(frozen=True, slots=True)
class Claim:
    """What an ask reserves: pictures, and money as an upper estimate."""

    member: int
    server: int | None
    pictures: int = 0
    micros: int = 0
    free: bool = False  #: nothing is painted for it

    def wanted(self, unit: Unit) -> int:
        """How much it takes of what a fence counts."""
        wanted = {Unit.PICTURES: self.pictures, Unit.MONEY: self.micros, Unit.REFUSALS: 1, Unit.BROUGHT: self.free}
        return int(wanted[unit])


@dataclass(frozen=True, slots=True)
class Fence:
    """At most so many within any so many seconds. `key` names the sentence that is said at it."""

    key: str
    unit: Unit
    whose: Whose
    seconds: int
    most: int


def fences(limits: Limits) -> tuple[Fence, ...]:
    """The operator's fence over everything; those set to 0 are not there, but one of next to nothing is."""
    short, daily = limits.dollars_per_10_minutes, limits.dollars_per_day
    every = (
        (limits.refused_per_member_hour, "over_refusals", Unit.REFUSALS, Whose.MEMBER, HOUR),
        (limits.pictures_per_member_hour, "over_member_hour", Unit.PICTURES, Whose.MEMBER, HOUR),
        (limits.pictures_per_member_hour, "over_brought", Unit.BROUGHT, Whose.MEMBER, HOUR),
        (limits.pictures_per_server_day, "over_server_day", Unit.PICTURES, Whose.SERVER, DAY),
        (short, "over_spending", Unit.MONEY, Whose.EVERYBODY, 10 * MINUTE),
        (daily, "over_budget", Unit.MONEY, Whose.EVERYBODY, DAY),
    )
    return tuple(
        Fence(key, unit, whose, seconds, micros(most) if unit is Unit.MONEY else round(most))
        for most, key, unit, whose, seconds in every
        if most
    )


def opens(fence: Fence, wanted: int, taken: Iterable[tuple[float, int]]) -> float | None:
    """When so much more fits, in seconds since the epoch; None if it never will.

    `taken` are the moments and amounts that count now, the oldest first.
    """
    if wanted > fence.most:
        return None
    entries = list(taken)
    left = sum(amount for _, amount in entries)
    for at, amount in entries:
        left -= amount
        if left + wanted <= fence.most:
            return at + fence.seconds
    return None
