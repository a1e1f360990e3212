"""What the operator was told of last: a start must not tell it anew, and has to know what may be over."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from bot.alarm import Alarm
from bot.store.query import Query


@dataclass(frozen=True)
class Alarms:
    """One row for each trouble there ever was; there are few."""

    query: Query

    async def all(self) -> dict[str, Alarm]:
        """By the names of the troubles."""
        found = await self.query.all("SELECT * FROM alarms")
        return {row["name"]: Alarm(**{**dict(row), "over": bool(row["over"])}) for row in found}

    async def note(self, alarm: Alarm) -> None:
        """It was told."""
        await self.query.tell(
            "INSERT INTO alarms (name, state, number, since, told_at, over)"
            " VALUES (:name, :state, :number, :since, :told_at, :over) ON CONFLICT (name) DO UPDATE SET"
            " state = :state, number = :number, since = :since, told_at = :told_at, over = :over",
            **asdict(alarm),
        )
