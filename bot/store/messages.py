"""The bot's own messages, so that a reply to any of them is understood and none is posted twice."""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import StrEnum

from bot.model import Ask, Turn
from bot.store.query import Query

EXPECTED = -1  #: the position of a status that is not heard of yet; its id is its turn's, negated


class Said(StrEnum):
    """What a message of the bot's is."""

    ANSWER = "answer"
    FAILURE = "failure"
    STATUS = "status"
    NOTICE = "notice"  #: a refusal, a hint, a picker: nothing hangs on it


@dataclass(frozen=True)
class Message:
    """One message of the bot's; `position` counts the messages of its turn and kind from 0."""

    id: int
    conversation: int
    turn: int | None
    kind: Said
    position: int = 0


@dataclass(frozen=True)
class Messages:
    """Questions about the bot's messages, and about asks that became no turn."""

    query: Query

    async def add(self, message: Message) -> None:
        """Remember a message that is in the thread now."""
        await self.query.tell(
            "INSERT INTO messages (id, conversation, turn, kind, position)"
            " VALUES (:id, :conversation, :turn, :kind, :position) ON CONFLICT (id) DO NOTHING",
            id=message.id,
            conversation=message.conversation,
            turn=message.turn,
            kind=message.kind.value,
            position=message.position,
        )

    async def get(self, message: int) -> Message | None:
        """The message, if it is the bot's and known."""
        row = await self.query.one("SELECT * FROM messages WHERE id = :id", id=message)
        if row is None:
            return None
        return Message(row["id"], row["conversation"], row["turn"], Said(row["kind"]), row["position"])

    async def of_turn(self, turn: int, kind: Said) -> dict[int, int]:
        """The messages of one kind that a turn has in the thread: position to id."""
        found = await self.query.all(
            "SELECT id, position FROM messages WHERE turn = :turn AND kind = :kind", turn=turn, kind=kind.value
        )
        return {row["position"]: row["id"] for row in found}

    async def expect_status(self, turn: Turn) -> None:
        """A status is about to be sent: from now on one may be in the thread, whether we hear of it or not."""
        await self.add(Message(-turn.id, turn.conversation, turn.id, Said.STATUS, EXPECTED))

    async def statuses(self) -> list[int]:
        """The turns that may have a status in their thread."""
        found = await self.query.all("SELECT DISTINCT turn FROM messages WHERE kind = 'status' ORDER BY turn")
        return [row["turn"] for row in found]

    async def forget_status(self, turn: int) -> None:
        """It is gone from the thread."""
        await self.query.tell("DELETE FROM messages WHERE turn = :turn AND kind = 'status'", turn=turn)

    async def hear(self, ask: Ask, outcome: str, *, refused: bool = False) -> bool:
        """Note an ask that becomes no turn; False if it was heard before. `refused` ones count against a limit."""
        return bool(
            await self.query.tell(
                "INSERT INTO heard (ask, conversation, member, outcome, at, refused)"
                " VALUES (:ask, :conversation, :member, :outcome, :now, :refused) ON CONFLICT (ask) DO NOTHING",
                ask=ask.id,
                conversation=ask.place.conversation,
                member=ask.member.id,
                outcome=outcome,
                now=time.time(),
                refused=refused,
            )
        )

    async def told(self, member: int, outcome: str, since: float) -> bool:
        """Whether a member was answered so since then, in seconds since the epoch."""
        sql = (  # what was told by a clock that was ahead was not told lately
            "SELECT 1 FROM heard WHERE member = :member AND outcome = :outcome AND at > :since AND at <= :now LIMIT 1"
        )
        return await self.query.one(sql, member=member, outcome=outcome, since=since, now=time.time()) is not None

    async def heard(self, ask: int) -> bool:
        """Whether this ask was answered already, by a turn or by a word."""
        sql = "SELECT 1 FROM turns WHERE id = :ask UNION ALL SELECT 1 FROM heard WHERE ask = :ask"
        return await self.query.one(sql, ask=ask) is not None

    async def last_asked(self) -> int:
        """The id of the newest ask that was heard, a sign of life as old as its snowflake; 0 for none."""
        both = "SELECT max(id) AS id FROM turns UNION ALL SELECT max(ask) FROM heard"
        row = await self.query.one(f"SELECT coalesce(max(id), 0) AS id FROM ({both}) AS asked")  # noqa: S608 - our own words
        assert row is not None
        return int(row["id"])
