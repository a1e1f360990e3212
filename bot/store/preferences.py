"""What people wish for in threads and servers, whom they invite, and whether a thread has company."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.preferences import Wishes
from bot.store.query import Query


@dataclass(frozen=True)
class Preferences:
    """Questions about wishes, and their fulfilment. A `place` is a thread, a DM, or for its defaults a server."""

    query: Query

    async def of(self, place: int, server: int | None = None) -> tuple[Wishes, Wishes]:
        """What is wished for in the place, and in its server."""
        found = await self.query.all(
            "SELECT place, name, value FROM preferences WHERE place IN (:place, :server)"
            " UNION ALL SELECT id, 'memory', memory FROM conversations WHERE id = :place",
            place=place,
            server=server,
        )
        here, there = ({row["name"]: row["value"] for row in found if row["place"] == each} for each in (place, server))
        return Wishes.read(here), Wishes.read(there)

    async def wish(self, place: int, name: str, value: str | None) -> None:
        """Choose; None is no wish any more. A conversation's own memory is never none."""
        if name == "memory" and value and await self._remember(place, value):
            return
        if value is None:
            await self.query.tell(
                "DELETE FROM preferences WHERE place = :place AND name = :name", place=place, name=name
            )
            return
        await self.query.tell(
            "INSERT INTO preferences (place, name, value) VALUES (:place, :name, :value)"
            " ON CONFLICT (place, name) DO UPDATE SET value = :value",
            place=place,
            name=name,
            value=value,
        )

    async def starter(self, conversation: int) -> int | None:
        """Who asked first there."""
        row = await self.query.one(
            "SELECT member FROM turns WHERE conversation = :id AND id > 0 ORDER BY id LIMIT 1", id=conversation
        )
        return row["member"] if row and row["member"] > 0 else None  # nobody is known by what is left of the forgotten

    async def invited(self, conversation: int) -> list[int]:
        """The members who may ask there though not everybody may."""
        found = await self.query.all(
            "SELECT member FROM invited WHERE conversation = :id ORDER BY member", id=conversation
        )
        return [row["member"] for row in found]

    async def invite(self, conversation: int, members: Iterable[int]) -> None:
        """These and nobody else."""
        await self.query.tell("DELETE FROM invited WHERE conversation = :id", id=conversation)
        await self.query.tell_each(
            "INSERT INTO invited (conversation, member) VALUES (:id, :member)",
            [{"id": conversation, "member": member} for member in sorted(set(members))],
        )

    async def company(self, conversation: int, starter: int) -> bool:
        """Whether somebody else than its starter has talked there, as far as was noted, or asked."""
        row = await self.query.one(
            "SELECT 1 FROM conversations WHERE id = :id AND company UNION ALL"
            " SELECT 1 FROM turns WHERE conversation = :id AND member <> :starter LIMIT 1",
            id=conversation,
            starter=starter,
        )
        return row is not None

    async def meet(self, conversation: int) -> None:
        """Note that somebody else talks there now."""
        await self.query.tell("UPDATE conversations SET company = TRUE WHERE id = :id AND NOT company", id=conversation)

    async def _remember(self, conversation: int, memory: str) -> bool:
        sql = "UPDATE conversations SET memory = :memory WHERE id = :id"
        return bool(await self.query.tell(sql, id=conversation, memory=memory))
