"""Since when the bot hears plain words: what was said while it could not is no ask, whenever it is read."""

from __future__ import annotations

import math
from dataclasses import dataclass

from bot.store.query import Query


@dataclass(frozen=True)
class Hearing:
    """A row for plain words, which are heard since then or not at all, and one for all that is said."""

    query: Query

    async def note(self, now: float, *, hears: bool) -> float:
        """Note whether they are heard from `now` on; since when they have been, unbroken; infinity where they are not.

        In seconds since the epoch. A bot that never was without has heard everything.
        """
        row = await self.query.one(
            "INSERT INTO hearing (id, since) VALUES (1, CASE WHEN :hears THEN 0.0 END)"
            " ON CONFLICT (id) DO UPDATE SET since = CASE WHEN :hears THEN COALESCE(hearing.since, :now) END"
            " RETURNING since",
            hears=hears,
            now=now,
        )
        assert row is not None
        return math.inf if row["since"] is None else float(row["since"])

    async def begin_anew(self, now: float) -> None:
        """What was said before `now` may have been answered already, and nobody knows any more."""
        await self.query.tell(
            "INSERT INTO hearing (id, since) VALUES (2, :now) ON CONFLICT (id) DO UPDATE SET since = :now", now=now
        )

    async def begun(self) -> float:
        """Since when all that was answered is known, in seconds since the epoch; 0.0 is always."""
        row = await self.query.one("SELECT since FROM hearing WHERE id = 2")
        return float(row["since"]) if row else 0.0
