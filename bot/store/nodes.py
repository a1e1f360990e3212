"""Nodes: the versions of a conversation with what the tree tells of each."""

from __future__ import annotations

from dataclasses import dataclass

from bot.model import Picture
from bot.store import rows
from bot.store.query import Query, Row

WORDS = 200  #: characters that are told of what was asked


@dataclass(frozen=True, slots=True)
class Node:
    """A version where it stands in the tree; without a picture it is the tombstone of one."""

    number: int
    turn: int
    base: int | None
    who: str
    words: str
    picture: Picture | None
    message: int | None = None


@dataclass(frozen=True)
class Nodes:
    """Questions about a whole tree."""

    query: Query

    async def of(self, conversation: int) -> list[Node]:
        """All versions by their numbers, deleted ones among them."""
        found = await self.query.all(
            "SELECT v.*, t.base, t.member_name, t.words"
            " FROM versions v JOIN turns t ON t.id = v.turn WHERE v.conversation = :conversation ORDER BY v.number",
            conversation=conversation,
        )
        return [_node(row) for row in found]


def _node(row: Row) -> Node:
    gone = row["deleted_at"] is not None
    return Node(
        number=row["number"],
        turn=row["turn"],
        base=row["base"],
        who=row["member_name"],
        words="" if gone else row["words"][:WORDS],
        picture=None if gone else rows.picture(row),
        message=row["message"],
    )
