"""What can be wrong in a database though SQLite finds it sound: how it is found, and how it is mended."""

# ruff: noqa: S608 - every question is made of our own words alone

from __future__ import annotations

from dataclasses import dataclass

from bot.kept import WINDOW
from bot.moments import DAY, HOUR
from bot.store.hours import EVERYBODY

KNOWN = "('asked', 'painting', 'painted', 'failed', 'posted', 'cancelled')"
BORNE = "outcome IN ('painted', 'cancelled')"  #: what a member bears of a turn's calls
COST = f"(SELECT coalesce(sum(micros), 0) FROM calls WHERE calls.turn = claims.turn AND {BORNE})"
PAINTED = (
    "(SELECT count(DISTINCT take) FROM parts WHERE parts.turn = claims.turn AND digest IS NOT NULL)"
    " + (SELECT count(*) FROM calls WHERE calls.turn = claims.turn AND outcome = 'cancelled')"
)
OF_NO_TURN = "NOT EXISTS (SELECT 1 FROM turns WHERE turns.id = turn)"
OF_NO_VERSION = (
    "NOT EXISTS (SELECT 1 FROM versions v WHERE v.conversation = fingerprints.conversation"
    " AND v.number = fingerprints.number)"
)
ORPHANS = {
    **dict.fromkeys(("turn_references", "parts", "calls", "versions", "brought"), OF_NO_TURN),
    "messages": f"turn IS NOT NULL AND {OF_NO_TURN}",
    "fingerprints": OF_NO_VERSION,
}
NOWHERE = "NOT EXISTS (SELECT 1 FROM conversations c WHERE c.id = turns.conversation)"
REACHED = (
    "WITH RECURSIVE reached (id) AS (SELECT id FROM turns WHERE parent IS NULL"
    " UNION ALL SELECT turns.id FROM reached JOIN turns ON turns.parent = reached.id)"
)
CUT = "NOT EXISTS (SELECT 1 FROM turns p WHERE p.id = turns.parent)"
YOUNGER = (
    "(abs(parent) > abs(id) OR (abs(parent) = abs(id) AND parent >= id))"  # what was brought has its ask's id, negated
)
BASELESS = (
    "base IS NOT NULL AND (NOT EXISTS (SELECT 1 FROM versions v WHERE v.conversation = turns.conversation"
    " AND v.number = turns.base)"
    " OR EXISTS (SELECT 1 FROM versions v WHERE v.turn = turns.id AND v.number <= turns.base))"
)
HEADLESS = (
    "head IS NOT NULL AND (NOT EXISTS (SELECT 1 FROM turns t WHERE t.id = head AND t.conversation = conversations.id)"
    " OR (head_number IS NOT NULL AND NOT EXISTS (SELECT 1 FROM versions v WHERE v.conversation = conversations.id"
    " AND v.number = head_number)))"
)
LAST = "FROM versions v WHERE v.conversation = conversations.id AND v.deleted_at IS NULL ORDER BY number DESC LIMIT 1"
HIGHEST = "(SELECT coalesce(max(number), 0) FROM versions v WHERE v.conversation = conversations.id)"
ENDLESS = (
    "state IN ('held', 'called') AND NOT EXISTS"
    " (SELECT 1 FROM turns WHERE turns.id = turn AND turns.state IN ('asked', 'painting'))"
)
MISCOUNTED = (
    f"(state = 'settled' AND micros <> {COST}) OR (state IN ('returned', 'refused') AND (pictures <> 0 OR micros <> 0))"
    " OR (state NOT IN ('held', 'called') AND waiting <> 0) OR waiting > micros"
    " OR pictures < 0 OR micros < 0 OR waiting < 0"
)
SILENT = (
    "outcome IS NULL AND started_at < :long_ago"
    " AND NOT EXISTS (SELECT 1 FROM turns WHERE id = turn AND state = 'painting')"
)
SUMS = (
    f"WITH sums AS (SELECT server, CAST(at / {HOUR} AS BIGINT) AS hour,"
    " sum(pictures) AS pictures, sum(micros) AS micros FROM claims WHERE server IS NOT NULL GROUP BY 1, 2"
    f" UNION ALL SELECT {EVERYBODY}, CAST(started_at / {HOUR} AS BIGINT), 0, sum(micros) FROM calls GROUP BY 2),"
    " told AS (SELECT server, hour, sum(pictures) AS pictures, sum(micros) AS micros FROM"
    " (SELECT server, hour, pictures, micros FROM sums"
    " UNION ALL SELECT server, hour, -pictures, -micros FROM hours) GROUP BY 1, 2)"
)
#: older rows may be gone, and still count
UNEQUAL = "(hour > :first AND (pictures <> 0 OR micros <> 0)) OR pictures > 0 OR micros > 0"
MORE = ", ".join(f"CASE WHEN hour > :first THEN {each} ELSE max({each}, 0) END" for each in ("pictures", "micros"))


@dataclass(frozen=True)
class Ailment:
    """`find` names what has it, a row for each; without `mend` only people can do something.

    Values are `:now`, `:long_ago` (a day before), and `:first`, the hour from which on all that counted is kept.
    """

    name: str
    find: str
    mend: tuple[str, ...] = ()


#: in an order in which none undoes another's cure
AILMENTS = (
    Ailment(
        "threads",
        f"SELECT DISTINCT conversation FROM turns WHERE {NOWHERE}",
        (
            (
                "INSERT INTO conversations (id, server, numbers, memory, created_at)"
                " SELECT conversation, max(server), 0, max(memory), min(asked_at)"
                f" FROM turns WHERE {NOWHERE} GROUP BY 1"
            ),
        ),
    ),
    Ailment(
        "rows",
        " UNION ALL ".join(f"SELECT '{table} ' || rowid FROM {table} WHERE {lost}" for table, lost in ORPHANS.items()),
        tuple(f"DELETE FROM {table} WHERE {lost}" for table, lost in ORPHANS.items()),
    ),
    Ailment(
        "parents",
        f"{REACHED} SELECT id FROM turns WHERE id NOT IN (SELECT id FROM reached)",
        (
            f"UPDATE turns SET parent = NULL WHERE parent IS NOT NULL AND {CUT}",
            # Whoever continues somebody younger closes a circle.
            f"{REACHED} UPDATE turns SET parent = NULL WHERE {YOUNGER} AND id NOT IN (SELECT id FROM reached)",
        ),
    ),
    Ailment(
        "bases",
        f"SELECT id FROM turns WHERE {BASELESS}",
        (f"UPDATE turns SET base = NULL WHERE {BASELESS}",),
    ),
    Ailment(
        "heads",
        f"SELECT id FROM conversations WHERE {HEADLESS}",
        (
            (
                f"UPDATE conversations SET head = (SELECT turn {LAST}), head_number = (SELECT number {LAST})"
                f" WHERE {HEADLESS}"
            ),
        ),
    ),
    Ailment(
        "numbers",
        f"SELECT id FROM conversations WHERE numbers < {HIGHEST}",
        (f"UPDATE conversations SET numbers = {HIGHEST} WHERE numbers < {HIGHEST}",),
    ),
    Ailment(
        "deleted",
        "SELECT conversation || ' v' || number FROM versions WHERE (deleted_at IS NULL) = (digest = '')",
        (
            (
                "INSERT INTO doomed (digest) SELECT DISTINCT digest FROM versions"
                " WHERE deleted_at IS NOT NULL AND digest <> '' ON CONFLICT (digest, member) DO NOTHING"
            ),
            "UPDATE versions SET digest = '' WHERE deleted_at IS NOT NULL",
            "UPDATE versions SET deleted_at = :now WHERE digest = '' AND deleted_at IS NULL",
        ),
    ),
    Ailment(
        "states",
        f"SELECT id FROM turns WHERE state NOT IN {KNOWN}",
        (f"UPDATE turns SET state = 'cancelled', ended_at = :now WHERE state NOT IN {KNOWN}",),
    ),
    Ailment(
        "waiting",
        "SELECT id FROM turns WHERE state IN ('asked', 'painting') AND asked_at < :long_ago",
        (
            (
                "UPDATE turns SET state = 'cancelled', ended_at = :now"
                " WHERE state IN ('asked', 'painting') AND asked_at < :long_ago"
            ),
        ),
    ),
    Ailment("undelivered", "SELECT id FROM turns WHERE state IN ('painted', 'failed') AND ended_at < :long_ago"),
    Ailment(
        "calls",
        f"SELECT turn FROM calls WHERE micros < 0 OR ({SILENT})",
        (
            "UPDATE calls SET micros = 0 WHERE micros < 0",
            f"UPDATE calls SET outcome = 'lost' WHERE {SILENT}",
        ),
    ),
    Ailment(
        "claims",
        f"SELECT turn FROM claims WHERE {ENDLESS}",
        (
            (
                f"UPDATE claims SET waiting = 0, pictures = {PAINTED}, micros = {COST}, state = CASE WHEN EXISTS"
                f" (SELECT 1 FROM calls WHERE calls.turn = claims.turn AND {BORNE}) THEN 'settled' ELSE 'returned' END"
                f" WHERE {ENDLESS}"
            ),
            "UPDATE claims SET pictures = 0 WHERE state = 'returned'",
        ),
    ),
    Ailment(
        "sums",
        f"SELECT turn FROM claims WHERE {MISCOUNTED}",
        (
            "UPDATE claims SET pictures = max(pictures, 0), micros = max(micros, 0), waiting = max(waiting, 0)",
            f"UPDATE claims SET micros = {COST} WHERE state = 'settled'",
            "UPDATE claims SET pictures = 0, micros = 0 WHERE state IN ('returned', 'refused')",
            "UPDATE claims SET waiting = 0 WHERE state NOT IN ('held', 'called')",
            "UPDATE claims SET waiting = micros WHERE waiting > micros",
        ),
    ),
    Ailment(
        "hours",
        f"{SUMS} SELECT hour FROM told WHERE {UNEQUAL}",
        (
            (
                f"{SUMS} INSERT INTO hours (server, hour, pictures, micros) SELECT server, hour, {MORE} FROM told"
                f" WHERE {UNEQUAL} ON CONFLICT (server, hour) DO UPDATE SET"
                " pictures = hours.pictures + excluded.pictures, micros = hours.micros + excluded.micros"
            ),
        ),
    ),
    Ailment("erasures", "SELECT kind FROM erasures WHERE due < :long_ago"),
    Ailment("links", "SELECT \"table\" || ' ' || rowid FROM pragma_foreign_key_check"),
)


def moments(now: float) -> dict[str, float]:
    """The values that the questions want, for a time in seconds since the epoch."""
    return {"now": now, "long_ago": now - DAY, "first": (now - WINDOW) // HOUR + 1}
