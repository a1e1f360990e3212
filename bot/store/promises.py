"""Asks that were acknowledged and are no turn yet."""

from __future__ import annotations

from dataclasses import dataclass

from bot.store.connection import Query


@dataclass(frozen=True)
class Promise:
    """An acknowledged press or command: whose, and in which channel."""

    ask: int
    member: int
    channel: int


@dataclass(frozen=True)
class PromiseTable:
    """Questions about promises."""

    query: Query

    async def make(self, promise: Promise) -> None:
        """Before the acknowledgement goes out."""
        await self.query.tell(
            "INSERT INTO promises (ask, member, channel) VALUES (:ask, :member, :channel) ON CONFLICT (ask) DO NOTHING",
            ask=promise.ask,
            member=promise.member,
            channel=promise.channel,
        )

    async def forget(self, ask: int) -> None:
        """It is a turn now, or was answered."""
        await self.query.tell("DELETE FROM promises WHERE ask = :ask", ask=ask)

    async def broken(self) -> list[Promise]:
        """Those that became neither a turn nor a refusal."""
        found = await self.query.all(
            "SELECT * FROM promises WHERE NOT EXISTS (SELECT 1 FROM turns WHERE id = ask)"
            " AND NOT EXISTS (SELECT 1 FROM heard WHERE heard.ask = promises.ask) ORDER BY ask"
        )
        return [Promise(row["ask"], row["member"], row["channel"]) for row in found]
