"""What counts at a fence: a member's own rows one by one, those of servers and everybody by hours that are summed up.

Only the hour in which a window begins is read row by row, so that a look costs the same however much there is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.moments import HOUR
from bot.quota import Claim, Fence, Unit, Whose
from bot.store.hours import EVERYBODY, hour_of
from bot.store.marks import Marks
from bot.store.query import Query

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

        What many rows came to is told as one, but for the first moment of all and that in which there is room again.
        """
        values = _values([fence], claim, now, self.marks)
        if fence.whose not in ALL:
            return await self._moments(_rows(fence, 0), values)
        hours = await self._moments(f"SELECT hour AS at, {_amount(fence)} AS amount {WHOLE.format(n=0)}", values)
        waiting = await self._moments(WAITING, values) if fence.unit is Unit.MONEY else []
        edge_sql = f"SELECT 0 AS at, coalesce(sum(amount), 0) AS amount FROM ({_rows(fence, 0)}) AS edge"  # noqa: S608 - our own words
        [edge] = await self._moments(edge_sql, values)
        parts = [(values["since0"], edge[1]), *((hour * HOUR, amount) for hour, amount in hours)]
        left = sum(amount for _, amount in (*parts, *waiting)) + max(claim.wanted(fence.unit), 1) - fence.most
        moments: list[tuple[float, int]] = []
        for begin, amount in ((begin, amount) for begin, amount in parts if amount):
            exact = not moments or 0 < left <= amount
            moments += await self._told(fence, begin, amount, left, values) if exact else [(begin, amount)]
            left -= amount
        return moments + waiting

    async def _told(
        self, fence: Fence, begin: float, amount: int, left: int, values: Mapping[str, Any]
    ) -> list[tuple[float, int]]:
        """A part of the past by its first moment and, where it is in it, the one after which no more is `left`."""
        rows = _between(fence, 0, "at >= :begin AND at > :since0 AND at < :end AND amount > 0")
        bounds = {**values, "begin": begin, "end": (hour_of(begin) + 1) * HOUR}
        [(first, _)] = await self._moments(f"SELECT min(at) AS at, 0 AS amount FROM ({rows}) AS part", bounds)  # noqa: S608 - our own words
        if not 0 < left <= amount:
            return [(first, amount)]
        running = f"SELECT at, sum(amount) OVER (ORDER BY at) AS amount FROM ({rows}) AS part"  # noqa: S608 - our own words
        sql = f"SELECT min(at) AS at, min(amount) AS amount FROM ({running}) AS running WHERE amount >= :left"  # noqa: S608 - likewise
        [(moment, until)] = await self._moments(sql, {**bounds, "left": left})
        return [(first, until), (moment, amount - until)] if first == moment else [(first, 1), (moment, amount - 1)]

    async def _moments(self, sql: str, values: Mapping[str, Any]) -> list[tuple[float, int]]:
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


def _values(fences: Sequence[Fence], claim: Claim, now: float, marks: Marks | None) -> dict[str, Any]:
    mark = marks.of(claim.member) if marks else claim.member
    values: dict[str, Any] = {"member": claim.member, "mark": mark, "now": now}
    for n, fence in enumerate(fences):
        since, server = now - fence.seconds, fence.server or claim.server
        hour = hour_of(since) + 1
        whose = EVERYBODY if fence.whose is Whose.EVERYBODY else server
        values |= {f"since{n}": since, f"full{n}": hour * HOUR, f"hour{n}": hour}
        values |= {f"server{n}": server, f"whose{n}": whose}
    return values
