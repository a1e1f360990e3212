"""Which limits hold, and when one that is reached lets the next ask in. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.config import Limits
from bot.moments import DAY, HOUR, MINUTE, MONTH
from bot.rules.allowance import Allowance

MICROS = 1_000_000  #: money is counted in millionths of a dollar: sums must be exact
MOST = 1e9  #: dollars


def micros(dollars: float) -> int:
    """Money as it is counted; more than anybody has is no more than that."""
    return round(min(dollars, MOST) * MICROS)


class Unit(StrEnum):
    """What a fence counts."""

    PICTURES = "pictures"
    MONEY = "money"  #: what calls to Google cost, whatever came of them
    BORNE = "borne"  #: what was claimed and painted: failures cost their members and servers nothing
    REFUSALS = "refusals"
    BROUGHT = "brought"  #: asks that only make versions of what a member brought


class Whose(StrEnum):
    """Whose doings a fence counts."""

    MEMBER = "member"
    HERE = "here"  #: a member's in one server, and in direct messages
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
        wanted = {Unit.PICTURES: self.pictures, Unit.REFUSALS: 1, Unit.BROUGHT: self.free}
        return int(wanted.get(unit, self.micros))


@dataclass(frozen=True, slots=True)
class Fence:
    """At most so many within any so many seconds. `key` names the sentence that is said at it.

    One that moderators have set stands in a `server`, by the `name` of its dimension or rule.
    """

    key: str
    unit: Unit
    whose: Whose
    seconds: int
    most: int
    server: int | None = None
    name: str = ""

    @property
    def is_money(self) -> bool:
        """It counts millionths of a dollar."""
        return self.unit in {Unit.MONEY, Unit.BORNE}


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


def windows(held: Allowance) -> tuple[Fence, ...]:
    """What a member's roles allow them within an hour, a day and 30 days; 0 is none at all."""
    every = (
        ("pictures_per_hour", Unit.PICTURES, HOUR),
        ("pictures_per_day", Unit.PICTURES, DAY),
        ("pictures_per_30_days", Unit.PICTURES, MONTH),
        ("dollars_per_day", Unit.BORNE, DAY),
        ("dollars_per_30_days", Unit.BORNE, MONTH),
    )
    return tuple(
        Fence("over_role", unit, Whose.HERE, seconds, _counted(held.value(name), unit), held.server, name)
        for name, unit, seconds in every
        if name in held.grants
    )


def budgets(held: Allowance) -> tuple[Fence, ...]:
    """What the whole server may spend; 0 is nothing at all."""
    every = (
        ("dollars_per_day", held.rules.dollars_per_day, DAY),
        ("dollars_per_30_days", held.rules.dollars_per_30_days, MONTH),
    )
    return tuple(
        Fence("over_server_budget", Unit.BORNE, Whose.SERVER, seconds, micros(most), held.server, name)
        for name, most, seconds in every
        if most is not None
    )


def _counted(most: float, unit: Unit) -> int:
    return micros(most) if unit is Unit.BORNE else round(most)


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
