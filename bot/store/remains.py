"""What stays for a time only: words as long as their server keeps them, counts as long as a limit looks back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.kept import WINDOW
from bot.moments import DAY
from bot.store.audit import UNTOLD, AuditTable
from bot.store.query import Query
from bot.store.traces import OVER

SKELETON = ("turn_references", "parts", "calls", "messages", "claims", "versions")  #: rows of a turn

#: What passes: in which table, under which key, and when its time is over.
PASSING = (
    ("heard", "ask", "at < :old"),
    ("handed", "form", "at < :yesterday"),
    ("audit", "id", "message IS NOT NULL AND at < :old"),
    (
        "backlog",
        "turn",
        "NOT EXISTS (SELECT 1 FROM turns WHERE id = backlog.turn AND coalesce(ended_at, asked_at) >= :old)",
    ),
    ("stances", "subject", "subject < 0 AND until < :now"),
)


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

    async def fade(self, server: int, before: float, most: int) -> int:
        """Some of what the audit channel of a server was told before then, and of what was reported; how many rows.

        The rest was not told yet: one entry in its place says how much of that there was.
        """
        gone = await self.query.tell(
            "DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE server = :server AND at < :before"
            " AND (message IS NOT NULL OR kind = 'report') LIMIT :most)",
            server=server,
            before=before,
            most=most,
        )
        return gone + await AuditTable(self.query).trim(server, before, UNTOLD)

    async def tidy(self, now: float, most: int) -> int:
        """Some of what was kept for a time only, and whose time is over, of each kind; how many rows."""
        old, gone = now - WINDOW, 0
        for table, key, over in PASSING:
            some = f"SELECT {key} FROM {table} WHERE {over} LIMIT :most"  # noqa: S608 - our own words
            sql = f"DELETE FROM {table} WHERE {key} IN ({some}) AND {over}"  # noqa: S608 - likewise
            gone += await self.query.tell(sql, now=now, old=old, yesterday=now - DAY, most=most)
        return gone + await self._uncount(old, most) + await self._clear_away(old, most)

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

    async def _clear_away(self, old: float, most: int) -> int:
        """Some of a thread that is gone so long; with its last turn goes all else that was known of it."""
        row = await self.query.one(
            "SELECT id FROM conversations WHERE gone_at < :old AND NOT EXISTS"
            " (SELECT 1 FROM turns WHERE conversation = conversations.id AND erased_at IS NULL) LIMIT 1",
            old=old,
        )
        if row is None:
            return 0
        sql = "SELECT id FROM turns WHERE conversation = :id LIMIT :most"
        if turns := [{"turn": each["id"]} for each in await self.query.all(sql, id=row["id"], most=most)]:
            await self._clear_turns(row["id"], turns)
            return len(turns)
        await self.query.tell("DELETE FROM messages WHERE turn IS NULL AND conversation = :id", id=row["id"])
        return await self.query.tell("DELETE FROM conversations WHERE id = :id", id=row["id"])

    async def _clear_turns(self, conversation: int, turns: Sequence[Mapping[str, int]]) -> None:
        """Nobody asks any more what was painted from what."""
        await self.query.tell_each(
            "DELETE FROM fingerprints WHERE conversation = :conversation"
            " AND number IN (SELECT number FROM versions WHERE turn = :turn)",
            [{"conversation": conversation, **each} for each in turns],
        )
        for table in SKELETON:
            await self.query.tell_each(f"DELETE FROM {table} WHERE turn = :turn", turns)  # noqa: S608 - our own names
        await self.query.tell_each("UPDATE turns SET parent = NULL WHERE parent = :turn", turns)
        await self.query.tell_each("DELETE FROM turns WHERE id = :turn", turns)
