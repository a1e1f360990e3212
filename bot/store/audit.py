"""What happened in a server, kept until its audit channel has been told."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.store.connection import Query


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened. `told` is what its line says, by name; `at` in seconds since the epoch."""

    server: int
    at: float
    kind: str
    told: Mapping[str, Any]
    turn: int | None = None
    member: int | None = None  #: whose doing it was
    id: int = 0  #: given by the table


@dataclass(frozen=True)
class AuditTable:
    """Entries are noted in the transaction of what they tell, and told later."""

    query: Query

    async def note(self, entry: Entry) -> None:
        """It happened."""
        await self.query.tell(
            "INSERT INTO audit (server, at, kind, turn, member, told)"
            " VALUES (:server, :at, :kind, :turn, :member, :told)",
            server=entry.server,
            at=entry.at,
            kind=entry.kind,
            turn=entry.turn,
            member=entry.member,
            told=json.dumps(dict(entry.told), ensure_ascii=False),
        )

    async def waiting(self, server: int, most: int) -> list[Entry]:
        """What the channel has not been told, the oldest first."""
        sql = (
            "SELECT id, server, at, kind, turn, member, told FROM audit"
            " WHERE server = :server AND message IS NULL ORDER BY id LIMIT :most"
        )
        found = await self.query.all(sql, server=server, most=most)
        return [
            Entry(row["server"], row["at"], row["kind"], json.loads(row["told"]), row["turn"], row["member"], row["id"])
            for row in found
        ]

    async def servers(self) -> list[int]:
        """Where something waits to be told."""
        found = await self.query.all("SELECT DISTINCT server FROM audit WHERE message IS NULL ORDER BY server")
        return [row["server"] for row in found]

    async def posted(self, entries: Sequence[Entry], message: int) -> None:
        """They were told in this message; 0 where nobody wants to hear of them."""
        await self.query.tell_each(
            "UPDATE audit SET message = :message WHERE id = :id",
            [{"message": message, "id": each.id} for each in entries],
        )
