"""What is offered under a turn: to paint it again, in its own words or in others."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass

from bot.store.hours import EVERYBODY, Hours
from bot.store.ledger import Ledger
from bot.store.private import Private
from bot.store.query import Query

ASIDE = -1  #: no take of the turn's pictures


@dataclass(frozen=True)
class Offers:
    """Made once, and taken once under a failure."""

    query: Query

    async def make(self, turn: int, wordings: Sequence[str]) -> None:
        """Other words that a failed turn may be asked with."""
        sql = "UPDATE turns SET wordings = :wordings WHERE id = :id"
        await self.query.tell(sql, id=turn, wordings=Private(json.dumps(wordings)))

    async def call(self, turn: int, model: str, micros: int) -> None:
        """A text model is asked for them: what that may cost counts at the operator's gate, and against nobody."""
        now = time.time()
        begun = await self.query.tell(
            "INSERT INTO calls (turn, take, attempt, model, started_at, micros)"
            " VALUES (:turn, :take, 0, :model, :now, :micros) ON CONFLICT DO NOTHING",
            turn=turn,
            take=ASIDE,
            model=model,
            now=now,
            micros=micros,
        )
        if begun:
            await Hours(self.query).count(EVERYBODY, now, 0, micros)

    async def end(self, turn: int, micros: int) -> None:
        """What that came to."""
        await Ledger(self.query).recount(turn, ASIDE, micros)
        await self.query.tell(
            "UPDATE calls SET ended_at = :now, outcome = 'advised', micros = :micros"
            " WHERE turn = :turn AND take = :take AND outcome IS NULL",
            turn=turn,
            take=ASIDE,
            now=time.time(),
            micros=micros,
        )

    async def take(self, turn: int) -> bool:
        """Take up an offer to paint a turn again: of a failed one once, of a painted one as often as people like."""
        painted = "SELECT 1 FROM turns WHERE id = :id AND state IN ('painted', 'posted') AND failure IS NULL"
        offered = (
            "UPDATE turns SET offer = FALSE, wordings = NULL"
            " WHERE id = :id AND (offer OR wordings IS NOT NULL) AND failure IS NOT NULL"
        )
        return await self.query.one(painted, id=turn) is not None or bool(await self.query.tell(offered, id=turn))
