"""Turns whose thread took no message of theirs because it was closed to the bot."""

# ruff: noqa: S608 - every question is made of our own words alone

from __future__ import annotations

from dataclasses import dataclass

from bot.model import Turn
from bot.store.query import Query

LIVING = "SELECT 1 FROM versions WHERE versions.turn = earlier.id AND deleted_at IS NULL"
NOTHING = (  # what is no head any more: it came to nothing, or all of it was deleted
    "earlier.failure IS NOT NULL OR earlier.state = 'cancelled'"
    f" OR (EXISTS (SELECT 1 FROM versions WHERE versions.turn = earlier.id) AND NOT EXISTS ({LIVING}))"
)
AS_BEFORE = (  # nobody has led plain words elsewhere since the turn gave its place as the head back
    "WITH RECURSIVE line (id) AS (SELECT before FROM turns WHERE id = :turn AND failure IS NULL UNION ALL"
    f" SELECT earlier.before FROM line JOIN turns earlier ON earlier.id = line.id WHERE {NOTHING})"
    f" SELECT 1 FROM line LEFT JOIN turns earlier ON earlier.id = line.id WHERE NOT coalesce({NOTHING}, FALSE)"
    " AND line.id IS NOT DISTINCT FROM conversations.head"
)
THREAD = "SELECT conversation FROM turns WHERE id = :turn"
SHOWING = (  # of which something is left that could be posted
    "SELECT id, conversation FROM turns WHERE id = :turn AND erased_at IS NULL AND (coalesce(failure, '') <> ''"
    " OR EXISTS (SELECT 1 FROM versions WHERE versions.turn = turns.id AND deleted_at IS NULL)"
    " OR EXISTS (SELECT 1 FROM parts WHERE parts.turn = turns.id))"
)


@dataclass(frozen=True)
class BacklogTable:
    """Questions about the backlog."""

    query: Query

    async def add(self, turn: Turn) -> bool:
        """It is to be delivered once its thread is open; False where that was known, or nothing is left of it."""
        sql = f"INSERT INTO backlog (turn, conversation) {SHOWING} ON CONFLICT (turn) DO NOTHING"
        return bool(await self.query.tell(sql, turn=turn.id))

    async def drop(self, turn: int) -> None:
        """It is not."""
        await self.query.tell("DELETE FROM backlog WHERE turn = :turn", turn=turn)

    async def weed(self, turn: int) -> None:
        """It is not where nothing is left of it."""
        sql = f"DELETE FROM backlog WHERE turn = :turn AND NOT EXISTS ({SHOWING})"
        await self.query.tell(sql, turn=turn)

    async def retake(self, turn: int) -> bool:
        """It is under way again, as if nothing had been tried; False where nothing of it is to be delivered.

        Where nothing was asked in between, plain words go on from it. It stays in the backlog until it is posted and no
        sign on its ask says otherwise.
        """
        await self.weed(turn)
        held = "SELECT 1 FROM backlog WHERE backlog.turn = turns.id"
        again = await self.query.tell(
            "UPDATE turns SET state = CASE WHEN failure IS NULL THEN 'painted' ELSE 'failed' END"
            f" WHERE id = :turn AND state = 'posted' AND EXISTS ({held})",
            turn=turn,
        )
        if again:
            lead = "UPDATE conversations SET head = :turn, head_number = NULL"
            await self.query.tell(f"{lead} WHERE id = ({THREAD}) AND EXISTS ({AS_BEFORE})", turn=turn)
        sql = f"SELECT 1 FROM turns WHERE id = :turn AND state IN ('painted', 'failed') AND EXISTS ({held})"
        return await self.query.one(sql, turn=turn) is not None

    async def holds(self, turn: int) -> bool:
        """Whether its thread did not take it before."""
        return await self.query.one("SELECT 1 FROM backlog WHERE turn = :turn", turn=turn) is not None

    async def of(self, conversation: int) -> list[int]:
        """The turns of a thread, in the order of asking."""
        sql = "SELECT turn FROM backlog WHERE conversation = :conversation ORDER BY turn"
        return [row["turn"] for row in await self.query.all(sql, conversation=conversation)]

    async def conversations(self, server: int | None) -> list[int]:
        """The threads that wait, everywhere or in a server, the newest asked in first."""
        sql = "SELECT backlog.conversation FROM backlog JOIN turns ON turns.id = turn"
        here = "WHERE :server IS NULL OR server = :server GROUP BY backlog.conversation ORDER BY max(turn) DESC"
        found = await self.query.all(f"{sql} {here}", server=server)
        return [row["conversation"] for row in found]
