"""What stays for a time only: words as long as their server keeps them, counts as long as a limit looks back."""

from __future__ import annotations

from dataclasses import dataclass

from bot.kept import WINDOW
from bot.moments import DAY
from bot.store.audit import UNTOLD, AuditTable
from bot.store.connection import Query
from bot.store.traces import OVER

SKELETON = ("turn_references", "parts", "calls", "messages", "claims")  #: rows of a turn


@dataclass(frozen=True)
class Remains:
    """Questions about what is too old, and its end."""

    query: Query

    async def aged(self, server: int, before: float, most: int) -> list[int]:
        """Some of a server's turns that were asked before then."""
        found = await self.query.all(
            f"SELECT id FROM turns WHERE server = :server AND asked_at < :before AND erased_at IS NULL AND {OVER}"  # noqa: S608 - our own words
            " LIMIT :most",
            server=server,
            before=before,
            most=most,
        )
        return [row["id"] for row in found]

    async def aging(self, server: int, before: float) -> int:
        """How many asks were made before then."""
        row = await self.query.one(
            "SELECT count(*) AS asks FROM turns"
            " WHERE server = :server AND asked_at < :before AND erased_at IS NULL AND id > 0",
            server=server,
            before=before,
        )
        return row["asks"] if row else 0

    async def fade(self, server: int, before: float) -> int:
        """What the audit channel of a server was told before then, and what was reported; how many rows.

        The rest was not told yet: one entry in its place says how much of that there was.
        """
        sql = "DELETE FROM audit WHERE server = :server AND at < :before AND (message IS NOT NULL OR kind = 'report')"
        gone = await self.query.tell(sql, server=server, before=before)
        return gone + await AuditTable(self.query).trim(server, before, UNTOLD)

    async def tidy(self, now: float, most: int) -> int:
        """Some of what was kept for a time only, and whose time is over; how many rows."""
        old = now - WINDOW
        gone = await self.query.tell("DELETE FROM heard WHERE at < :old", old=old)
        gone += await self.query.tell("DELETE FROM handed WHERE at < :old", old=now - DAY)
        gone += await self.query.tell("DELETE FROM audit WHERE message IS NOT NULL AND at < :old", old=old)
        gone += await self.query.tell("DELETE FROM stances WHERE subject < 0 AND until < :now", now=now)
        return gone + await self._uncount(old, most) + await self._clear_away(old)

    async def _uncount(self, old: float, most: int) -> int:
        found = await self.query.all(
            "SELECT id FROM turns WHERE erased_at IS NOT NULL AND member <> 0 AND asked_at < :old LIMIT :most",
            old=old,
            most=most,
        )
        turns = [{"turn": row["id"]} for row in found]
        await self.query.tell_each("DELETE FROM claims WHERE turn = :turn", turns)
        await self.query.tell_each("UPDATE turns SET member = 0 WHERE id = :turn", turns)
        return len(turns)

    async def _clear_away(self, old: float) -> int:
        """One thread that is gone so long: the last that was known of it."""
        row = await self.query.one(
            "SELECT id FROM conversations WHERE gone_at < :old AND NOT EXISTS"
            " (SELECT 1 FROM turns WHERE conversation = conversations.id AND erased_at IS NULL) LIMIT 1",
            old=old,
        )
        if row is None:
            return 0
        here = "IN (SELECT id FROM turns WHERE conversation = :id)"
        for table in SKELETON:
            await self.query.tell(f"DELETE FROM {table} WHERE turn {here}", id=row["id"])  # noqa: S608 - our own names
        for table in ("fingerprints", "versions", "turns"):
            await self.query.tell(f"DELETE FROM {table} WHERE conversation = :id", id=row["id"])  # noqa: S608 - our own names
        await self.query.tell("DELETE FROM messages WHERE turn IS NULL AND conversation = :id", id=row["id"])
        return await self.query.tell("DELETE FROM conversations WHERE id = :id", id=row["id"])
