"""What counts at a fence: a member's own rows one by one, those of servers and everybody by hours that are summed up.

Only the hour in which a window begins is read row by row, so that a look costs the same however much there is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.quota import Claim, Fence, Unit, Whose
from bot.store.connection import Query
from bot.store.hours import EVERYBODY, HOUR, hour_of
from bot.store.marks import Marks

AMOUNT = {Unit.PICTURES: "pictures", Unit.BORNE: "micros", Unit.MONEY: "micros"}
THEIRS = "member IN (:member, :mark)"
MINE = {Whose.MEMBER: THEIRS, Whose.HERE: f"{THEIRS} AND (server = :server{{n}} OR server IS NULL)"}
ALL = {  # moments and amounts of a server's claims, and of everybody's calls
    Whose.SERVER: "SELECT at, {amount} AS amount FROM claims WHERE server = :server{n}",
    Whose.EVERYBODY: "SELECT started_at AS at, micros AS amount FROM calls",
}
OWN = {
    Unit.REFUSALS: "SELECT at, 1 AS amount FROM claims WHERE state = 'refused' AND at > :since{n} AND {mine}"
    " UNION ALL SELECT at, 1 AS amount FROM heard WHERE refused AND at > :since{n} AND {mine}",
    Unit.BROUGHT: "SELECT at, 1 AS amount FROM claims WHERE state = 'free' AND at > :since{n} AND {mine}",
}
PAID = "SELECT at, {amount} AS amount FROM claims WHERE at > :since{n} AND {mine}"
WAITING = "SELECT :now AS at, waiting AS amount FROM claims WHERE waiting > 0"  # spent in a moment: counts as spent now
EDGE = "at > :since{n} AND at < :full{n}"
WHOLE = "FROM hours WHERE server = :whose{n} AND hour >= :hour{n}"


@dataclass(frozen=True)
class Counts:
    """Looks at fences."""

    query: Query
    marks: Marks | None = None  #: not needed where nothing of a member's is looked at

    async def used(self, fences: Sequence[Fence], claim: Claim, now: float) -> list[int]:
        """How much counts at each fence now."""
        if not fences:
            return []
        sums = [f"SELECT {place} AS place, {_sum(fence, place)} AS used" for place, fence in enumerate(fences)]
        values = _values(fences, claim, now, self.marks)
        found = await self.query.all(" UNION ALL ".join(sums) + " ORDER BY place", **values)
        return [row["used"] for row in found]

    async def taken(self, fence: Fence, claim: Claim, now: float) -> list[tuple[float, int]]:
        """The moments and amounts that count at a fence now, the oldest first.

        A whole hour is one of them, but for that in which there begins to be room.
        """
        values = _values([fence], claim, now, self.marks)
        moments = await self._moments(_rows(fence, 0), values)
        if fence.whose not in ALL:
            return moments
        hours = await self._moments(f"SELECT hour AS at, {_amount(fence)} AS amount {WHOLE.format(n=0)}", values)
        waiting = await self._moments(WAITING, values) if fence.unit is Unit.MONEY else []
        every = sum(amount for _, amount in (*moments, *hours, *waiting))
        left = every + claim.wanted(fence.unit) - fence.most - sum(amount for _, amount in moments)
        for hour, amount in hours:
            moments += await self._hour(fence, int(hour), values) if 0 < left <= amount else [(hour * HOUR, amount)]
            left -= amount
        return moments + waiting

    async def _hour(self, fence: Fence, hour: int, values: dict[str, object]) -> list[tuple[float, int]]:
        sql = _between(fence, 0, "at >= :begin AND at < :end")
        return await self._moments(sql, {**values, "begin": hour * HOUR, "end": (hour + 1) * HOUR})

    async def _moments(self, sql: str, values: dict[str, object]) -> list[tuple[float, int]]:
        return [(row["at"], row["amount"]) for row in await self.query.all(f"{sql} ORDER BY at", **values)]


def _sum(fence: Fence, n: int) -> str:
    """What counts, as one number."""
    found = f"(SELECT coalesce(sum(amount), 0) FROM ({_rows(fence, n)}) AS counted)"  # noqa: S608 - our own words
    if fence.whose in ALL:
        found += f" + (SELECT coalesce(sum({_amount(fence)}), 0) {WHOLE.format(n=n)})"
    if fence.unit is Unit.MONEY:
        found += f" + (SELECT coalesce(sum(amount), 0) FROM ({WAITING}) AS waiting)"  # noqa: S608 - our own words
    return found


def _rows(fence: Fence, n: int) -> str:
    """Moments and amounts that are looked at one by one."""
    if fence.whose in ALL:
        return _between(fence, n, EDGE.format(n=n))
    mine = MINE[fence.whose].format(n=n)
    return OWN.get(fence.unit, PAID).format(n=n, mine=mine, amount=AMOUNT.get(fence.unit))


def _between(fence: Fence, n: int, bounds: str) -> str:
    rows = ALL[fence.whose].format(n=n, amount=_amount(fence))
    return f"SELECT at, amount FROM ({rows}) AS moments WHERE {bounds}"  # noqa: S608 - our own words


def _amount(fence: Fence) -> str:
    return AMOUNT[fence.unit]


def _values(fences: Sequence[Fence], claim: Claim, now: float, marks: Marks | None) -> dict[str, object]:
    mark = marks.of(claim.member) if marks else claim.member
    values: dict[str, object] = {"member": claim.member, "mark": mark, "now": now}
    for n, fence in enumerate(fences):
        since, server = now - fence.seconds, fence.server or claim.server
        hour = hour_of(since) + 1
        whose = EVERYBODY if fence.whose is Whose.EVERYBODY else server
        values |= {f"since{n}": since, f"full{n}": hour * HOUR, f"hour{n}": hour}
        values |= {f"server{n}": server, f"whose{n}": whose}
    return values
