"""Turns whose thread took no message of theirs because it was closed."""

from __future__ import annotations

from dataclasses import dataclass

from bot.model import Turn
from bot.store.connection import Query

AS_BEFORE = (  # nobody has led plain words elsewhere since the turn gave its place as the head back
    "SELECT 1 FROM turns WHERE turns.id = :turn AND turns.failure IS NULL"
    " AND turns.before IS NOT DISTINCT FROM conversations.head"
    " AND turns.before_number IS NOT DISTINCT FROM conversations.head_number"
)


@dataclass(frozen=True)
class BacklogTable:
    """Questions about the backlog."""

    query: Query

    async def add(self, turn: Turn) -> bool:
        """It is to be delivered once its thread is open; False where that was known."""
        sql = "INSERT INTO backlog (turn, conversation) VALUES (:turn, :conversation) ON CONFLICT (turn) DO NOTHING"
        return bool(await self.query.tell(sql, turn=turn.id, conversation=turn.conversation))

    async def drop(self, turn: int) -> None:
        """It is not."""
        await self.query.tell("DELETE FROM backlog WHERE turn = :turn", turn=turn)

    async def regain(self, turn: Turn) -> None:
        """It is about to be there; where nothing was asked in between, plain words go on from it."""
        await self.query.tell(
            "UPDATE conversations SET head = :turn, head_number = NULL"  # noqa: S608 - our own words
            f" WHERE id = :conversation AND EXISTS ({AS_BEFORE})",
            turn=turn.id,
            conversation=turn.conversation,
        )

    async def of(self, conversation: int) -> list[int]:
        """The turns of a thread, in the order of asking."""
        sql = "SELECT turn FROM backlog WHERE conversation = :conversation ORDER BY turn"
        return [row["turn"] for row in await self.query.all(sql, conversation=conversation)]

    async def conversations(self, most: int) -> list[int]:
        """The threads that wait, the newest asked in first."""
        found = await self.query.all(
            "SELECT conversation FROM backlog GROUP BY conversation ORDER BY max(turn) DESC LIMIT :most", most=most
        )
        return [row["conversation"] for row in found]
