"""What happened since a backup, as the database tells that it is put back over: what was erased must stay erased."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bot.kept import Scope
from bot.store.erasures import Erasure
from bot.store.query import Query

FORGOTTEN = (  # a mark stands for them, or nobody
    "SELECT mine.member, max(late.erased_at) FROM turns mine JOIN late.turns late USING (id)"
    " WHERE mine.member > 0 AND late.member <= 0 GROUP BY 1"
)
GONE = (
    "SELECT mine.id, late.gone_at FROM conversations mine JOIN late.conversations late USING (id)"
    " WHERE mine.gone_at IS NULL AND late.gone_at IS NOT NULL"
)
BURIED = (
    "SELECT mine.conversation, mine.number FROM versions mine JOIN late.versions late USING (conversation, number)"
    " WHERE mine.deleted_at IS NULL AND late.deleted_at IS NOT NULL"
)
HUSHED = (
    "SELECT mine.id, late.erased_at IS NOT NULL FROM turns mine JOIN late.turns late USING (id)"
    " WHERE mine.erased_at IS NULL AND (late.erased_at IS NOT NULL OR (mine.words <> '' AND late.words = ''))"
)
NUMBERS = (
    "SELECT mine.id, late.numbers FROM conversations mine JOIN late.conversations late USING (id)"
    " WHERE mine.numbers < late.numbers"
)
HEARD = (
    "SELECT id, conversation, CASE WHEN member > 0 THEN member ELSE 0 END, asked_at FROM late.turns"
    " WHERE id > 0 AND id NOT IN (SELECT id FROM turns)"
    " UNION SELECT ask, conversation, member, at FROM late.heard WHERE ask NOT IN (SELECT ask FROM heard)"
)
ENDED = "SELECT id FROM late.turns WHERE state IN ('posted', 'cancelled')"
RULES = "SELECT server, name, value FROM late.rules WHERE name = 'retention_days'"
LEAP = 100  #: more than a thread gets in the time that a backup is old


@dataclass(frozen=True)
class Since:
    """What is to be done once more, or is known to have been done."""

    erasures: Sequence[Erasure]
    buried: Sequence[tuple[int, int]]  #: conversations and numbers of versions
    hushed: Sequence[tuple[int, bool]]  #: turns without words, and whether nothing else of them is left either
    ended: frozenset[int]  #: turns
    _numbers: Sequence[tuple[int, int]]
    _heard: Sequence[tuple[int, int, int, float]]
    _rules: Sequence[tuple[int, str, str]]

    async def carry(self, query: Query) -> None:
        """No number is given twice, nothing asked since is painted twice, and what is kept for less time stays so."""
        await query.tell_each(
            "UPDATE conversations SET numbers = :numbers WHERE id = :id",
            [{"id": each[0], "numbers": each[1]} for each in self._numbers],
        )
        await query.tell_each(
            "INSERT INTO heard (ask, conversation, member, outcome, at)"
            " VALUES (:ask, :conversation, :member, 'restored', :at) ON CONFLICT (ask) DO NOTHING",
            [dict(zip(("ask", "conversation", "member", "at"), each, strict=True)) for each in self._heard],
        )
        await query.tell_each(
            "INSERT INTO rules (server, name, value) VALUES (:server, :name, :value)"
            " ON CONFLICT (server, name) DO UPDATE SET value = excluded.value",
            [dict(zip(("server", "name", "value"), each, strict=True)) for each in self._rules],
        )


async def nothing_known(query: Query) -> None:
    """What was numbered since the backup nobody can tell: numbers leap beyond it."""
    await query.tell("UPDATE conversations SET numbers = numbers + :leap WHERE numbers > 0", leap=LEAP)


def since(backup: Path, late: Path) -> Since | None:
    """What the later database tells; None where it can't be read."""
    try:
        with closing(sqlite3.connect(backup.absolute().as_uri(), uri=True)) as database:
            database.execute("ATTACH :late AS late", {"late": f"{late.absolute().as_uri()}?mode=ro"})
            return _since(database)
    except sqlite3.Error:
        return None


def _since(database: sqlite3.Connection) -> Since:
    def all_of(sql: str) -> list[tuple[int, ...]]:
        return database.execute(sql).fetchall()

    pending = database.execute("SELECT kind, subject, at FROM late.erasures").fetchall()
    erasures = [
        *(Erasure(Scope(kind), subject, at) for kind, subject, at in pending),
        *(Erasure(Scope.MEMBER, member, at or time.time()) for member, at in database.execute(FORGOTTEN)),
        *(Erasure(Scope.CONVERSATION, thread, at) for thread, at in database.execute(GONE)),
    ]
    buried = [(each[0], each[1]) for each in all_of(BURIED)]
    hushed = [(each[0], bool(each[1])) for each in all_of(HUSHED)]
    numbers = [(each[0], each[1]) for each in all_of(NUMBERS)]
    ended = frozenset(each[0] for each in all_of(ENDED))
    heard, kept = database.execute(HEARD).fetchall(), database.execute(RULES).fetchall()
    return Since(erasures, buried, hushed, ended, numbers, heard, kept)
