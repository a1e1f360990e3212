"""What each hour came to, for every server and for everybody: sums beside the rows that they are made of."""

from __future__ import annotations

from dataclasses import dataclass

from bot.moments import HOUR
from bot.store.query import Query

EVERYBODY = 0  #: stands for the calls of all servers; no snowflake is 0


@dataclass(frozen=True)
class Hours:
    """Kept in the transaction of every change to the rows; an hour's sum is always that of its rows."""

    query: Query

    async def count(self, server: int | None, at: float, pictures: int, micros: int) -> None:
        """So much more, or less, of what happened at a moment. Direct messages belong to no server."""
        if server is None or not (pictures or micros):
            return
        await self.query.tell(
            "INSERT INTO hours (server, hour, pictures, micros) VALUES (:server, :hour, :pictures, :micros)"
            " ON CONFLICT (server, hour) DO UPDATE SET pictures = hours.pictures + excluded.pictures,"
            " micros = hours.micros + excluded.micros",
            server=server,
            hour=hour_of(at),
            pictures=pictures,
            micros=micros,
        )

    async def draw_in(self, now: float) -> None:
        """What stands in hours that have not come yet belongs to this one."""
        if not await self.query.one("SELECT 1 FROM hours WHERE hour > :hour LIMIT 1", hour=hour_of(now)):
            return
        await self.query.tell(
            "INSERT INTO hours (server, hour, pictures, micros)"
            " SELECT server, :hour, sum(pictures), sum(micros) FROM hours WHERE hour > :hour GROUP BY server"
            " ON CONFLICT (server, hour) DO UPDATE SET pictures = hours.pictures + excluded.pictures,"
            " micros = hours.micros + excluded.micros",
            hour=hour_of(now),
        )
        await self.query.tell("DELETE FROM hours WHERE hour > :hour", hour=hour_of(now))


def hour_of(at: float) -> int:
    """The hour of a moment, counted from the epoch."""
    return int(at // HOUR)
