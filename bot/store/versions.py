"""Versions: painted pictures and those that members brought, by their number in a conversation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.model import Picture, Turn, Version
from bot.store import rows
from bot.store.connection import Query


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
        row = await self.query.one(
            "SELECT * FROM versions WHERE conversation = :conversation AND number = :number",
            conversation=conversation,
            number=number,
        )
        return None if row is None else rows.version(row)

    async def of_turn(self, turn: int | None) -> list[Version]:
        """A turn's versions in the order of its parts."""
        found = await self.query.all("SELECT * FROM versions WHERE turn = :turn ORDER BY position", turn=turn)
        return [rows.version(row) for row in found]

    async def of_message(self, conversation: int, message: int) -> list[Version]:
        """The conversation's versions that can be seen in a message."""
        sql = "SELECT * FROM versions WHERE message = :message AND conversation = :conversation ORDER BY position"
        found = await self.query.all(sql, message=message, conversation=conversation)
        return [rows.version(row) for row in found]

    async def named(self, conversation: int, numbers: Sequence[int]) -> list[Version]:
        """Those of the numbers that exist, in the order named."""
        if not numbers:
            return []
        keys = {f"number{place}": number for place, number in enumerate(numbers)}
        wanted = ", ".join(f":{key}" for key in keys)
        sql = f"SELECT * FROM versions WHERE conversation = :conversation AND number IN ({wanted})"  # noqa: S608 - our own names
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
