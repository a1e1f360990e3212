"""Asks that were acknowledged and are no turn yet."""

from __future__ import annotations

from dataclasses import dataclass

from bot.store.query import Query

KEPT = " OR ".join(
    f"EXISTS (SELECT 1 FROM {table} AS other WHERE other.{name} = promises.ask)"  # noqa: S608 - our own names
    for table, name in (("turns", "id"), ("heard", "ask"), ("petitions", "ask"))
)


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

    async def forget_kept(self) -> None:
        """Those that a process before this one kept, and died before it could say so."""
        await self.query.tell(f"DELETE FROM promises WHERE {KEPT}")  # noqa: S608 - our own words

    async def broken(self) -> list[Promise]:
        """Those that became neither a turn nor a refusal, and wait for nobody's word."""
        found = await self.query.all(f"SELECT * FROM promises WHERE NOT ({KEPT}) ORDER BY ask")  # noqa: S608 - our own words
        return [Promise(row["ask"], row["member"], row["channel"]) for row in found]
