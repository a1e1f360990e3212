"""Versions: painted pictures and those that members brought, by their number in a conversation.

A deleted one is a tombstone: its number is never given again and its place in the tree stays, but only `find` and
`every_of_turn` tell of it.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from bot.model import Picture, Turn, Version
from bot.store import rows
from bot.store.query import Query

PATH = (  # a version, the one that it was painted from, and so on
    "WITH RECURSIVE path (number, distance) AS (SELECT CAST(:number AS BIGINT), 0 UNION ALL"
    " SELECT t.base, distance + 1 FROM path"
    " JOIN versions v ON v.conversation = :conversation AND v.number = path.number"
    " JOIN turns t ON t.id = v.turn WHERE t.base IS NOT NULL)"
)


@dataclass(frozen=True)
class Versions:
    """Questions about versions, and the giving of numbers."""

    query: Query

    async def add(self, turn: Turn, pictures: Sequence[Picture], message: int | None = None) -> list[Version]:
        """Number the pictures of a turn, in their order."""
        row = await self.query.one(
            "UPDATE conversations SET numbers = numbers + :count WHERE id = :id RETURNING numbers",
            id=turn.conversation,
            count=len(pictures),
        )
        assert row is not None
        first = row["numbers"] - len(pictures) + 1
        added = [Version(first + place, turn.id, place, each, message) for place, each in enumerate(pictures)]
        await self.query.tell_each(
            "INSERT INTO versions (conversation, number, turn, position, digest, mime, width, height, bytes, message)"
            " VALUES (:conversation, :number, :turn, :position, :digest, :mime, :width, :height, :bytes, :message)",
            [
                rows.picture_values(each.picture)
                | {"conversation": turn.conversation, "number": each.number, "turn": each.turn}
                | {"position": each.position, "message": each.message}
                for each in added
            ],
        )
        return added

    async def get(self, conversation: int, number: int | None) -> Version | None:
        """The version with this number."""
        found = await self.find(conversation, number)
        return None if found is None or found.gone else found

    async def find(self, conversation: int, number: int | None) -> Version | None:
        """The version with this number, deleted or not."""
        sql = "SELECT * FROM versions WHERE conversation = :conversation AND number = :number"
        row = await self.query.one(sql, conversation=conversation, number=number)
        return None if row is None else rows.version(row)

    async def standing(self, conversation: int, number: int | None) -> Version | None:
        """The version with this number; where it was deleted, the nearest that it was painted from."""
        row = await self.query.one(
            f"{PATH} SELECT v.* FROM path JOIN versions v ON v.conversation = :conversation AND v.number = path.number"  # noqa: S608 - our own words
            " WHERE v.deleted_at IS NULL ORDER BY distance LIMIT 1",
            conversation=conversation,
            number=number,
        )
        return None if row is None else rows.version(row)

    async def path(self, conversation: int, number: int) -> list[int]:
        """The numbers from the first picture of the branch to this one, deleted ones among them."""
        sql = f"{PATH} SELECT number FROM path ORDER BY distance DESC"  # noqa: S608 - our own words
        return [row["number"] for row in await self.query.all(sql, conversation=conversation, number=number)]

    async def edits(self, conversation: int, number: int) -> list[Version]:
        """The versions that were painted from this one."""
        found = await self.query.all(
            "SELECT v.* FROM turns t JOIN versions v ON v.turn = t.id"
            " WHERE t.conversation = :conversation AND t.base = :number AND v.deleted_at IS NULL ORDER BY v.number",
            conversation=conversation,
            number=number,
        )
        return [rows.version(row) for row in found]

    async def of_turn(self, turn: int | None) -> list[Version]:
        """A turn's versions in the order of its parts."""
        return [each for each in await self.every_of_turn(turn) if not each.gone]

    async def every_of_turn(self, turn: int | None) -> list[Version]:
        """The same with those that were deleted."""
        found = await self.query.all("SELECT * FROM versions WHERE turn = :turn ORDER BY position", turn=turn)
        return [rows.version(row) for row in found]

    async def of_message(self, conversation: int, message: int) -> list[Version]:
        """The conversation's versions that can be seen in a message."""
        found = await self.query.all(
            "SELECT * FROM versions WHERE message = :message AND conversation = :conversation AND deleted_at IS NULL"
            " ORDER BY position",
            message=message,
            conversation=conversation,
        )
        return [rows.version(row) for row in found]

    async def buried_in(self, conversation: int, message: int) -> list[int]:
        """The numbers of versions that could be seen in a message before they were deleted."""
        found = await self.query.all(
            "SELECT number FROM versions WHERE message = :message AND conversation = :conversation"
            " AND deleted_at IS NOT NULL ORDER BY position",
            message=message,
            conversation=conversation,
        )
        return [row["number"] for row in found]

    async def named(self, conversation: int, numbers: Sequence[int]) -> list[Version]:
        """Those of the numbers that exist, in the order named."""
        if not numbers:
            return []
        keys = {f"number{place}": number for place, number in enumerate(numbers)}
        wanted = ", ".join(f":{key}" for key in keys)
        sql = (
            "SELECT * FROM versions WHERE conversation = :conversation AND deleted_at IS NULL"  # noqa: S608 - our own names
            f" AND number IN ({wanted})"
        )
        found = await self.query.all(sql, conversation=conversation, **keys)
        return sorted(map(rows.version, found), key=lambda each: numbers.index(each.number))

    async def seen_in(self, version: Version, conversation: int, message: int) -> None:
        """Where a version was posted."""
        await self.query.tell(
            "UPDATE versions SET message = :message WHERE conversation = :conversation AND number = :number",
            message=message,
            conversation=conversation,
            number=version.number,
        )

    async def bury(self, version: Version, conversation: int) -> list[str]:
        """Delete a version but for its tombstone; the digests of pictures that nothing needs any more.

        The answer that it came in goes as a whole, drafts and signatures among it: less of it can't be sent again.
        With others' asks it goes along no more.
        """
        values = {"conversation": conversation, "number": version.number}
        take = "SELECT take FROM parts WHERE turn = :turn AND digest = :digest"
        answer, of = f"FROM parts WHERE turn = :turn AND take IN ({take})", version.picture.digest
        painted = await self.query.all(f"SELECT digest {answer} AND digest IS NOT NULL", turn=version.turn, digest=of)
        await self.query.tell(
            "DELETE FROM fingerprints WHERE conversation = :conversation AND number = :number", **values
        )
        await self.query.tell(
            "UPDATE versions SET deleted_at = :now, digest = '', looked_at = TRUE"
            " WHERE conversation = :conversation AND number = :number",
            now=time.time(),
            **values,
        )
        await self.query.tell(f"DELETE {answer}", turn=version.turn, digest=of)
        await self.query.tell(
            "DELETE FROM turn_references WHERE +version = :number"  # every thread has a v1, but few turns
            " AND turn IN (SELECT id FROM turns WHERE conversation = :conversation)",
            **values,
        )
        digests = {version.picture.digest, *(row["digest"] for row in painted)}
        return [each for each in sorted(digests) if not await self._needed(each)]

    async def _needed(self, digest: str) -> bool:
        tables = ("versions", "turn_references", "parts")
        sql = " UNION ALL ".join(f"SELECT 1 FROM {table} WHERE digest = :digest" for table in tables)  # noqa: S608 - our own names
        return await self.query.one(f"{sql} LIMIT 1", digest=digest) is not None
