"""What was spent: in a thread, and in a server day by day, added up by the database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.moments import HOUR
from bot.store.marks import Marks
from bot.store.query import Query, Row

HOURS = 24
STEP = 6  #: hours that are added up at a time
NAMED = 400  #: members whose names are looked up at a time


class Outcome(StrEnum):
    """What became of an ask."""

    PAINTED = "painted"
    WORDS = "words"  #: the model answered, and without a picture
    DECLINED = "declined"  #: it would not paint that
    FAILED = "failed"
    CANCELLED = "cancelled"
    GOING = "going"  #: it is not over
    ERASED = "erased"  #: what it was is deleted, and what it came to is still known


@dataclass(frozen=True, slots=True)
class Spent:
    """Pictures and millionths of a dollar: by everybody, and by one's own asks."""

    pictures: int = 0
    micros: int = 0
    own_pictures: int = 0
    own_micros: int = 0


@dataclass(frozen=True, slots=True)
class Tally:
    """What one member's asks of one kind came to on a day. `day` is counted from the epoch, in UTC; `roles` is JSON.

    A member who was forgotten has a negative number instead of an id.
    """

    day: int
    member: int
    roles: str
    model: str
    outcome: Outcome
    asks: int
    pictures: int
    micros: int
    newest: int | None = None  #: the last of these asks of which the name is still there


OF_SOME_HOURS = (  # one statement, so that both are of the same moment
    "SELECT c.member AS member, c.roles AS roles, coalesce(t.model, '') AS model,"
    " CASE WHEN c.state = 'refused' THEN 'declined' WHEN c.state IN ('held', 'called') THEN 'going'"
    " WHEN t.state = 'cancelled' THEN 'cancelled' WHEN c.state = 'returned' THEN 'failed'"
    " WHEN c.pictures = 0 THEN 'words' ELSE 'painted' END AS outcome,"
    " count(*) AS asks, sum(c.pictures) AS pictures, sum(c.micros) AS micros,"
    " max(CASE WHEN t.erased_at IS NULL THEN t.id END) AS newest"
    " FROM claims c LEFT JOIN turns t ON t.id = c.turn"
    " WHERE c.server = :server AND c.at >= :start AND c.at < :end AND c.state <> 'free'"
    " GROUP BY c.member, c.roles, coalesce(t.model, ''), 4"
    " UNION ALL SELECT 0, '[]', '', 'erased', 0, sum(pictures), sum(micros), NULL FROM hours"
    " WHERE server = :server AND hour >= :first AND hour < :last HAVING count(*) > 0"
)
THREAD = (
    "SELECT coalesce(sum(c.pictures), 0) AS pictures, coalesce(sum(c.micros), 0) AS micros,"
    " coalesce(sum(CASE WHEN c.member IN (:member, :mark) THEN c.pictures END), 0) AS own_pictures,"
    " coalesce(sum(CASE WHEN c.member IN (:member, :mark) THEN c.micros END), 0) AS own_micros"
    " FROM turns t JOIN claims c ON c.turn = t.id WHERE t.conversation = :conversation"
)
GOING = (  # the longer list is the index's own
    "SELECT count(*) AS going FROM turns WHERE state IN ('asked', 'painting', 'painted', 'failed')"
    " AND state IN ('asked', 'painting') AND member = :member AND (server = :server OR :server IS NULL)"
)


@dataclass(frozen=True)
class Spending:
    """Sums of the ledger."""

    query: Query
    marks: Marks

    async def thread(self, conversation: int, member: int) -> Spent:
        """What a conversation has come to, and how much of it is a member's."""
        row = await self.query.one(THREAD, conversation=conversation, member=member, mark=self.marks.of(member))
        return Spent(*row) if row else Spent()

    async def going(self, member: int, server: int | None) -> int:
        """How many of a member's asks are not over; in one server, or in all."""
        row = await self.query.one(GOING, member=member, server=server)
        return int(row["going"]) if row else 0

    async def day(self, server: int, day: int) -> list[Tally]:
        """What happened on one day, asked for in short steps, between which others are heard."""
        first = day * HOURS
        return _added([each for hour in range(first, first + HOURS, STEP) for each in await self._some(server, hour)])

    async def _some(self, server: int, hour: int) -> list[Tally]:
        """What happened in a few hours from this one on, counted from the epoch."""
        last = hour + STEP
        times = {"start": hour * HOUR, "end": last * HOUR, "first": hour, "last": last}
        found = await self.query.all(OF_SOME_HOURS, server=server, **times)
        return _less_what_is_known([_tally(hour // HOURS, row) for row in found])

    async def names(self, turns: Sequence[int]) -> dict[int, str]:
        """What those who asked are called, by their ids."""
        found: dict[int, str] = {}
        for start in range(0, len(turns), NAMED):
            some = {f"turn{place}": turn for place, turn in enumerate(turns[start : start + NAMED])}
            given = ", ".join(f":{each}" for each in some)
            sql = f"SELECT member, member_name FROM turns WHERE id IN ({given}) ORDER BY id"  # noqa: S608 - our own names
            found |= {row["member"]: row["member_name"] for row in await self.query.all(sql, **some)}
        return found


def _tally(day: int, row: Row) -> Tally:
    whose, sums = (row["member"], row["roles"], row["model"]), (row["asks"], row["pictures"], row["micros"])
    return Tally(day, *whose, Outcome(row["outcome"]), *sums, row["newest"])


def _added(parts: Iterable[Tally]) -> list[Tally]:
    """One for each member and kind."""
    sums: dict[tuple[object, ...], Tally] = {}
    for each in parts:
        kind = each.member, each.roles, each.model, each.outcome
        sums[kind] = _sum(sums[kind], each) if kind in sums else each
    return list(sums.values())


def _sum(one: Tally, other: Tally) -> Tally:
    newest = max((each for each in (one.newest, other.newest) if each is not None), default=None)
    asks, pictures, micros = one.asks + other.asks, one.pictures + other.pictures, one.micros + other.micros
    return replace(one, asks=asks, pictures=pictures, micros=micros, newest=newest)


def _less_what_is_known(every: list[Tally]) -> list[Tally]:
    """Of an hour's sums only what its rows do not tell any more is left."""
    known = [each for each in every if each.outcome is not Outcome.ERASED]
    found = []
    for total in (each for each in every if each.outcome is Outcome.ERASED):
        pictures = max(0, total.pictures - sum(each.pictures for each in known))
        micros = max(0, total.micros - sum(each.micros for each in known))
        found = [replace(total, pictures=pictures, micros=micros)] if pictures or micros else []
    return known + found
