"""Since when the bot hears plain words: what was said while it could not is no ask, whenever it is read."""

from __future__ import annotations

import math
from dataclasses import dataclass

from bot.store.connection import Query


@dataclass(frozen=True)
class Hearing:
    """One row: plain words are heard since then, or not at all."""

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
