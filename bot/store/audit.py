"""What happened in a server, kept until its audit channel has been told."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.store.private import Private
from bot.store.query import Query, Row

REPORT = "report"
SETTING = "setting"  #: of a thread, by a member
DROPPED = "dropped"  #: the one entry that stands for many
LASTING = "('change', 'report')"  # they wait, though nobody may want to hear of them yet
UNTOLD = 10_000  #: entries that wait for the audit channel of a server
COLUMNS = "id, server, at, kind, turn, member, told, message"


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
    message: int | None = None  #: that told it; while one is only expected, the first entry in it, negated


@dataclass
class AuditTable:
    """Entries are noted in the transaction of what they tell, and told later. Once told, only a report is kept."""

    query: Query
    noted: bool = False  #: something was, on this desk

    async def note(self, entry: Entry) -> None:
        """It happened."""
        self.noted = True
        await self.query.tell(
            "INSERT INTO audit (server, at, kind, turn, member, told)"
            " VALUES (:server, :at, :kind, :turn, :member, :told)",
            server=entry.server,
            at=entry.at,
            kind=entry.kind,
            turn=entry.turn,
            member=entry.member,
            told=_json(entry.told),
        )

    async def get(self, entry: int) -> Entry | None:
        """One of them."""
        row = await self.query.one(f"SELECT {COLUMNS} FROM audit WHERE id = :id", id=entry)  # noqa: S608 - our own names
        return entry_of(row) if row else None

    async def waiting(self, server: int, most: int) -> list[Entry]:
        """What the channel has not been told, the oldest first."""
        sql = f"SELECT {COLUMNS} FROM audit WHERE server = :server AND message IS NULL ORDER BY id LIMIT :most"  # noqa: S608 - our own names
        return [entry_of(row) for row in await self.query.all(sql, server=server, most=most)]

    async def expected(self, server: int) -> list[Entry]:
        """What was about to be told in one message when it was last heard of; that may be in the channel."""
        sql = (
            f"SELECT {COLUMNS} FROM audit WHERE server = :server AND message ="  # noqa: S608 - our own names
            " (SELECT max(message) FROM audit WHERE server = :server AND message < 0) AND message < 0 ORDER BY id"
        )
        return [entry_of(row) for row in await self.query.all(sql, server=server)]

    async def untold(self, server: int) -> int:
        """How many the channel has not been told."""
        sql = "SELECT count(*) AS many FROM audit WHERE server = :server AND (message IS NULL OR message < 0)"
        row = await self.query.one(sql, server=server)
        return int(row["many"]) if row else 0

    async def servers(self) -> list[int]:
        """Where something waits to be told, and somebody wants to hear it."""
        found = await self.query.all(
            "SELECT server FROM rules WHERE name = 'audit' AND ("
            " EXISTS (SELECT 1 FROM audit WHERE audit.server = rules.server AND message IS NULL)"
            " OR EXISTS (SELECT 1 FROM audit WHERE audit.server = rules.server AND message < 0)) ORDER BY server"
        )
        return [row["server"] for row in found]

    async def expect(self, entries: Sequence[Entry]) -> None:
        """They are about to be told in one message: from now on it may be there, whether we hear of it or not."""
        await self._mark(entries, -entries[0].id)

    async def release(self, entries: Sequence[Entry]) -> None:
        """They were not told after all, and wait."""
        await self._mark(entries, None)

    async def posted(self, entries: Sequence[Entry], message: int) -> None:
        """They were told in this message, and that is all that is kept of them; 0 where nobody wants to hear them."""
        await self.query.tell_each(
            "UPDATE audit SET message = :message, told = CASE kind WHEN :report THEN told ELSE '{}' END WHERE id = :id",
            [{"message": message, "id": each.id, "report": REPORT} for each in entries],
        )

    async def revise(self, entry: Entry) -> None:
        """It says something else now."""
        await self.query.tell("UPDATE audit SET told = :told WHERE id = :id", id=entry.id, told=_json(entry.told))

    async def drop(self, server: int) -> None:
        """Nobody wants to hear what people do there any more; what moderators must know waits for the next channel."""
        await self.query.tell(
            "UPDATE audit SET message = NULL WHERE server = :server AND message < 0",
            server=server,
        )
        await self.query.tell(
            f"DELETE FROM audit WHERE server = :server AND message IS NULL AND kind NOT IN {LASTING}",  # noqa: S608 - our own words
            server=server,
        )

    async def trim(self, server: int, before: float, most: int) -> int:
        """Drop what has waited since before then, and of the rest all but the newest, reports not counted.

        In the place of what is dropped one entry says how many there were, those dropped earlier among them.
        """
        found = await self.query.all(
            f"SELECT {COLUMNS} FROM audit WHERE server = :server AND message IS NULL"  # noqa: S608 - our own names
            " AND (at < :before OR kind <> :report AND id <= (SELECT id FROM audit WHERE server = :server"
            " AND message IS NULL AND kind <> :report ORDER BY id DESC LIMIT 1 OFFSET :most)) ORDER BY id",
            server=server,
            before=before,
            report=REPORT,
            most=most,
        )
        entries = [entry_of(row) for row in found]
        fresh = [each for each in entries if each.told.get("what") != DROPPED]
        if not fresh:
            return 0
        count: int = len(fresh) + sum(each.told["count"] for each in entries if each not in fresh)
        await self.query.tell_each("DELETE FROM audit WHERE id = :id", [{"id": each.id} for each in entries[1:]])
        sql = "UPDATE audit SET at = :at, kind = 'change', turn = NULL, member = NULL, told = :told WHERE id = :id"
        latest = max(each.at for each in entries)
        await self.query.tell(sql, id=entries[0].id, at=latest, told=_json({"what": DROPPED, "count": count}))
        return count

    async def crowded(self, before: float, most: int) -> list[int]:
        """The servers in which something is to be dropped."""
        found = await self.query.all(
            "SELECT server FROM audit WHERE message IS NULL GROUP BY server"
            " HAVING sum(kind <> :report) > :most OR min(at) < :before",
            report=REPORT,
            most=most,
            before=before,
        )
        return [row["server"] for row in found]

    async def reports(self, turn: int) -> list[Entry]:
        """Those about a turn's pictures."""
        sql = f"SELECT {COLUMNS} FROM audit WHERE turn = :turn AND kind = :kind ORDER BY id"  # noqa: S608 - our own names
        return [entry_of(row) for row in await self.query.all(sql, turn=turn, kind=REPORT)]

    async def reported(self, member: int, since: float) -> int:
        """How often a member has reported something since then, in seconds since the epoch."""
        sql = "SELECT count(*) AS many FROM audit WHERE member = :member AND kind = :kind AND at > :since"
        row = await self.query.one(sql, member=member, kind=REPORT, since=since)
        return int(row["many"]) if row else 0

    async def spent(self, turn: int) -> float:
        """Dollars that a turn's calls to Google cost, or may have cost."""
        sql = "SELECT coalesce(sum(micros), 0) AS micros FROM calls WHERE turn = :turn"
        row = await self.query.one(sql, turn=turn)
        return row["micros"] / 1_000_000 if row else 0.0

    async def _mark(self, entries: Sequence[Entry], message: int | None) -> None:
        await self.query.tell_each(
            "UPDATE audit SET message = :message WHERE id = :id",
            [{"message": message, "id": each.id} for each in entries],
        )


def _json(told: Mapping[str, Any]) -> Private:
    return Private(json.dumps(dict(told), ensure_ascii=False))


def entry_of(row: Row) -> Entry:
    """As it was noted."""
    told = json.loads(row["told"])
    return Entry(row["server"], row["at"], row["kind"], told, row["turn"], row["member"], row["id"], row["message"])
