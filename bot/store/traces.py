"""What somebody or something has left here, and its blanking: rows lose all that is personal and keep their place."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from bot.kept import TABLES, Fate, Scope
from bot.model import Turn, Version
from bot.store import rows
from bot.store.erasures import Erasure
from bot.store.hearsay import Hearsay
from bot.store.marks import Marks
from bot.store.query import Query

OVER = "state IN ('posted', 'cancelled')"  #: nothing more will be painted or posted for it
GOING = "state IN ('asked', 'painting')"
BEFORE = "abs(id) < :until"  #: a picture that came with an ask has its id below zero
WHOSE = {Scope.MEMBER: "member = :subject", Scope.SERVER: "server = :subject"}


@dataclass(frozen=True)
class Traces:
    """Questions about traces, and their end."""

    query: Query
    marks: Marks

    @property
    def _hearsay(self) -> Hearsay:
        return Hearsay(self.query, self.marks)

    async def turns(self, erasure: Erasure, most: int) -> list[int]:
        """Some of the turns that are to be erased and that are over."""
        return await self._turns(erasure, OVER, most)

    async def unfinished(self, erasure: Erasure) -> bool:
        """Whether there are others that are to be erased."""
        return bool(await self._turns(erasure, f"NOT {OVER}", 1))

    async def _turns(self, erasure: Erasure, condition: str, most: int) -> list[int]:
        whose = WHOSE.get(erasure.scope, "conversation = :subject")
        before = f" AND {BEFORE}" if erasure.scope is Scope.MEMBER else ""
        found = await self.query.all(
            f"SELECT id FROM turns WHERE {whose}{before} AND erased_at IS NULL AND {condition} LIMIT :most",  # noqa: S608 - our own words
            subject=erasure.subject,
            until=erasure.until,
            most=most,
        )
        return [row["id"] for row in found]

    async def brought(self, member: int, most: int) -> list[int]:
        """Some of the turns under which others brought a member's pictures, where any stands still."""
        found = await self.query.all(
            "SELECT turn FROM brought WHERE author = :member AND EXISTS"
            " (SELECT 1 FROM versions WHERE versions.turn = brought.turn AND deleted_at IS NULL) LIMIT :most",
            member=member,
            most=most,
        )
        return [row["turn"] for row in found]

    async def asked_by(self, message: int) -> int | None:
        """The turn that a message asked for, or that its thread was opened for."""
        row = await self.query.one(
            "SELECT id FROM turns WHERE id = :id OR (message = :id AND NOT EXISTS"
            " (SELECT 1 FROM messages WHERE messages.id = :id)) OR (conversation = :id AND title IS NOT NULL)"
            " ORDER BY id = :id DESC, id LIMIT 1",
            id=message,
        )
        return row["id"] if row else None

    async def shown_in(self, message: int) -> list[tuple[int, Version]]:
        """The versions to be seen in a message, with their conversations."""
        sql = "SELECT * FROM versions WHERE message = :message AND deleted_at IS NULL ORDER BY position"
        return [(row["conversation"], rows.version(row)) for row in await self.query.all(sql, message=message)]

    async def known(self, message: int) -> bool:
        """Whether anything hangs on a message that nobody has erased yet."""
        row = await self.query.one(
            "SELECT 1 FROM versions WHERE message = :id AND deleted_at IS NULL"
            " UNION ALL SELECT 1 FROM turns WHERE words <> ''"
            " AND (id = :id OR message = :id OR (conversation = :id AND title IS NOT NULL))"
            " UNION ALL SELECT 1 FROM messages m JOIN turns t ON t.id = m.turn WHERE m.id = :id"
            " AND m.kind IN ('answer', 'failure') AND t.erased_at IS NULL"
            " UNION ALL SELECT 1 FROM audit WHERE turn = :id AND (message IS NULL OR message < 0) LIMIT 1",
            id=message,
        )
        return row is not None

    async def expected(self, conversation: int) -> list[int]:
        """The messages known to have stood in a thread that something hangs on: our pictures, and asks said there.

        A version's message may be another: of the channel, of a press or command. So may the one that a thread was
        opened from, which bears its id.
        """
        found = await self.query.all(
            "SELECT m.id FROM messages m JOIN versions v ON v.message = m.id AND v.conversation = m.conversation"
            " WHERE v.conversation = :id AND v.deleted_at IS NULL"
            " UNION SELECT id FROM turns WHERE conversation = :id AND message = id AND id <> :id AND (words <> ''"
            " OR EXISTS (SELECT 1 FROM versions v WHERE v.message = turns.id AND v.deleted_at IS NULL))",
            id=conversation,
        )
        return [row["id"] for row in found]

    async def waiting_with(self, conversation: int, number: int) -> list[int]:
        """The asks that still wait, with this version among what is to go along."""
        found = await self.query.all(
            "SELECT turn FROM turn_references JOIN turns ON turns.id = turn"
            " WHERE version = :number AND conversation = :conversation AND state = 'asked'",
            conversation=conversation,
            number=number,
        )
        return [row["turn"] for row in found]

    async def hush(self, turn: int) -> list[str]:
        """Delete a turn's words, what was brought along, and the answer as it was given; what was painted stays.

        The digests of pictures that may not be needed any more.
        """
        found = await self.query.all(
            "SELECT digest FROM turn_references WHERE turn = :turn"
            " UNION SELECT digest FROM parts WHERE turn = :turn AND digest IS NOT NULL",
            turn=turn,
        )
        await self._carried_on(turn)
        await self.query.tell("DELETE FROM turn_references WHERE turn = :turn", turn=turn)
        await self.query.tell("DELETE FROM parts WHERE turn = :turn", turn=turn)
        await self.query.tell(
            "UPDATE turns SET words = '', notes = '[]', recipe = NULL, wordings = NULL, offer = FALSE,"
            " title = CASE WHEN title IS NULL THEN NULL ELSE '' END,"
            " failure = CASE WHEN failure IS NULL THEN NULL ELSE '' END WHERE id = :turn",
            turn=turn,
        )
        await self.query.tell("DELETE FROM backlog WHERE turn = :turn", turn=turn)
        await self._hearsay.hush(turn)
        return [row["digest"] for row in found]

    async def _carried_on(self, turn: int) -> None:
        """What somebody brought went along with others' asks that took it up, under the same name."""
        found = await self.query.all(
            "SELECT mine.name, theirs.name AS named, theirs.turn, theirs.position FROM turn_references mine"
            " JOIN turns ON turns.id = mine.turn JOIN turn_references theirs ON theirs.digest = mine.digest"
            " JOIN turns other ON other.id = theirs.turn AND other.conversation = turns.conversation"
            " WHERE mine.turn = :turn AND mine.version IS NULL AND theirs.version IS NULL AND theirs.turn <> :turn",
            turn=turn,
        )
        await self.query.tell_each(  # names can be sealed, so that only we can compare them
            "DELETE FROM turn_references WHERE turn = :turn AND position = :position",
            [{"turn": row["turn"], "position": row["position"]} for row in found if row["name"] == row["named"]],
        )

    async def empty(self, turn: int, erasure: Erasure | None = None) -> None:
        """All the rest, once its words and versions are gone: names, and for a member who is forgotten the member."""
        mark = self.marks.of(erasure.subject) if erasure and erasure.scope is Scope.MEMBER else None
        await self.query.tell(
            "UPDATE turns SET member_name = '', erased_at = coalesce(erased_at, :now), member = coalesce(:mark, member)"
            " WHERE id = :turn",
            turn=turn,
            mark=mark,
            now=time.time(),
        )
        if mark is not None:
            await self.query.tell("UPDATE claims SET member = :mark WHERE turn = :turn", turn=turn, mark=mark)
            await self._hearsay.forget_asker(turn, mark)

    async def _mark_erased(self, erasure: Erasure) -> None:
        """Turns that were emptied before, with their thread or by their age."""
        found = await self.query.all(
            f"SELECT id FROM turns WHERE erased_at IS NOT NULL AND member <> 0 AND member = :member AND {BEFORE}",  # noqa: S608 - our own words
            member=erasure.subject,
            until=erasure.until,
        )
        for row in found:
            await self.empty(row["id"], erasure)

    async def unsay(self, turn: int) -> list[str]:
        """Why it failed with other words for it, and the answer where no picture of it stands; digests as above."""
        await self.query.tell(
            "UPDATE turns SET failure = '', wordings = NULL, offer = FALSE WHERE id = :turn AND failure IS NOT NULL",
            turn=turn,
        )
        empty = "turn = :turn AND NOT EXISTS (SELECT 1 FROM versions WHERE turn = :turn AND deleted_at IS NULL)"
        found = await self.query.all(f"SELECT digest FROM parts WHERE digest IS NOT NULL AND {empty}", turn=turn)  # noqa: S608 - our own words
        await self.query.tell(f"DELETE FROM parts WHERE {empty}", turn=turn)  # noqa: S608 - our own words
        return [row["digest"] for row in found]

    # -- rows that are no turn's

    async def forget(self, erasure: Erasure) -> None:
        """Every other row that names a member."""
        member = erasure.subject
        await self._mark_erased(erasure)
        await self._hearsay.forget_reporter(member)
        for table, kept in TABLES.items():
            for column, fate in kept.members.items():
                await self._forget(table, column, fate, member)
        mark = self.marks.of(member)
        await self.query.tell("UPDATE stances SET reason = '' WHERE kind = 'member' AND subject = :mark", mark=mark)

    async def _forget(self, table: str, column: str, fate: Fate, member: int) -> None:
        if fate is Fate.GOES:
            await self.query.tell(f"DELETE FROM {table} WHERE {column} = :member", member=member)  # noqa: S608 - our own names
        elif fate in {Fate.MARKED, Fate.UNNAMED}:
            instead = self.marks.of(member) if fate is Fate.MARKED else 0
            await self.query.tell(
                f"UPDATE {table} SET {column} = :instead WHERE {column} = :member",  # noqa: S608 - our own names
                instead=instead,
                member=member,
            )

    async def clear(self, erasure: Erasure) -> None:
        """Every other row that belongs to a thread or server that is gone."""
        for table, kept in TABLES.items():
            if column := kept.goes_with.get(erasure.scope):
                await self.query.tell(f"DELETE FROM {table} WHERE {column} = :subject", subject=erasure.subject)  # noqa: S608 - our own names
        column = "server" if erasure.scope is Scope.SERVER else "id"
        await self.query.tell(
            f"UPDATE conversations SET gone_at = :now, head = NULL, head_number = NULL"  # noqa: S608 - our own names
            f" WHERE {column} = :subject AND gone_at IS NULL",
            subject=erasure.subject,
            now=time.time(),
        )

    async def threads_of(self, server: int, most: int) -> list[int]:
        """Some of a server's threads that are not gone yet."""
        sql = "SELECT id FROM conversations WHERE server = :server AND gone_at IS NULL LIMIT :most"
        return [row["id"] for row in await self.query.all(sql, server=server, most=most)]

    async def opened(self, server: int, most: int) -> list[int]:
        """The newest of them, but for those that may still have to be opened."""
        found = await self.query.all(
            "SELECT id FROM conversations c WHERE server = :server AND gone_at IS NULL AND NOT EXISTS"  # noqa: S608 - our own words
            f" (SELECT 1 FROM turns WHERE conversation = c.id AND NOT {OVER}) ORDER BY id DESC LIMIT :most",
            server=server,
            most=most,
        )
        return [row["id"] for row in found]

    async def opened_in(self, channel: int) -> list[int]:
        """The threads that were opened in a channel."""
        sql = "SELECT DISTINCT conversation FROM turns WHERE channel = :channel AND title IS NOT NULL"
        return [row["conversation"] for row in await self.query.all(sql, channel=channel)]

    async def going(self, erasure: Erasure) -> list[int]:
        """The asks of a member who is to be forgotten that something is still painted for."""
        found = await self._turns(erasure, GOING, -1)
        return sorted(found)

    async def owner(self, turn: Turn) -> int:
        """Whose the pictures are that came with a turn; 0 where nobody knows any more."""
        row = await self.query.one("SELECT author FROM brought WHERE turn = :turn", turn=turn.id)
        return row["author"] if row else turn.member.id

    async def alone(self, turns: Sequence[int]) -> list[int]:
        """The direct messages in which nothing is left but what was erased."""
        found = [
            await self.query.one(
                "SELECT c.id FROM conversations c JOIN turns t ON t.conversation = c.id WHERE t.id = :turn"
                " AND c.server IS NULL AND c.gone_at IS NULL AND NOT EXISTS"
                " (SELECT 1 FROM turns o WHERE o.conversation = c.id AND o.erased_at IS NULL)",
                turn=each,
            )
            for each in turns
        ]
        return sorted({row["id"] for row in found if row})

    async def servers(self) -> list[int]:
        """Every server that something is kept of. By wishes none is found: their place may as well be a thread."""
        found = await self.query.all(
            f"WITH RECURSIVE found (server) AS (SELECT min(server) FROM ({_next('-1')}) AS first UNION ALL"  # noqa: S608 - our own names
            f" SELECT (SELECT min(server) FROM ({_next('found.server')}) AS later) FROM found WHERE server IS NOT NULL)"
            " SELECT server FROM found WHERE server IS NOT NULL"
        )
        return [row["server"] for row in found]


def _next(after: str) -> str:
    """The next server of each table that has some: a step in an index, however many rows are of the same."""
    tables = [table for table, kept in TABLES.items() if kept.goes_with.get(Scope.SERVER) == "server"]
    others = [f"SELECT min(server) AS server FROM {table} WHERE server > {after}" for table in tables]  # noqa: S608 - our own names
    here = f"SELECT min(server) AS server FROM conversations WHERE server > {after} AND gone_at IS NULL"  # noqa: S608 - likewise
    return " UNION ALL ".join([here, *others])
