"""Fingerprints: what versions look like, by where they were painted: a server, or the channel of a direct message."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from bot.fingerprint import Fingerprint
from bot.model import Kind, Version
from bot.store import rows
from bot.store.private import Private
from bot.store.query import Query

PAGE = 4096  #: rows at a time: a few milliseconds


@dataclass(frozen=True, order=True)
class Spot:
    """Where a version stands."""

    conversation: int
    number: int


@dataclass(frozen=True)
class Prints:
    """Questions about what versions look like."""

    query: Query

    async def missing(self, most: int) -> list[tuple[int, Version]]:
        """The newest versions that nobody has looked at yet, with their conversations."""
        sql = "SELECT * FROM versions WHERE NOT looked_at AND deleted_at IS NULL ORDER BY turn DESC LIMIT :most"
        return [(row["conversation"], rows.version(row)) for row in await self.query.all(sql, most=most)]

    async def keep(self, spot: Spot, look: Fingerprint | None) -> None:
        """What a version looks like; None where it can't be told. One that was deleted meanwhile has no look."""
        values = {"conversation": spot.conversation, "number": spot.number}
        seen = await self.query.tell(
            "UPDATE versions SET looked_at = TRUE"
            " WHERE conversation = :conversation AND number = :number AND NOT looked_at",
            **values,
        )
        if seen and look is not None:
            await self.query.tell(
                "INSERT INTO fingerprints (place, conversation, number, bits, colours)"
                " SELECT COALESCE(server, id), id, :number, :bits, :colours FROM conversations"
                " WHERE id = :conversation",
                bits=look.bits,
                colours=Private(look.colours),
                **values,
            )

    async def pages(self, place: int) -> AsyncIterator[Sequence[tuple[Spot, bytes]]]:
        """Every fingerprint of a place, some at a time."""
        last = Spot(-1, -1)
        while found := await self._page(place, last):
            yield found
            last, _ = found[-1]

    async def of_digest(self, place: int, digest: str) -> list[Spot]:
        """The versions whose stored bytes are exactly these."""
        found = await self.query.all(
            "SELECT v.conversation, v.number FROM versions v JOIN conversations c ON c.id = v.conversation"
            " WHERE v.digest = :digest AND COALESCE(c.server, c.id) = :place ORDER BY v.turn",
            digest=digest,
            place=place,
        )
        return [Spot(row["conversation"], row["number"]) for row in found]

    async def has_restricted(self, server: int) -> bool:
        """Whether anything was ever asked in an age-restricted channel there."""
        sql = "SELECT 1 FROM conversations WHERE server = :server AND restricted LIMIT 1"
        return await self.query.one(sql, server=server) is not None

    async def restricted(self, spots: Sequence[Spot], *, painted: bool = False) -> set[Spot]:
        """Those in conversations that are or were age-restricted; `painted`: but for what members brought there."""
        sql = (
            "SELECT t.kind FROM versions v JOIN conversations c ON c.id = v.conversation JOIN turns t ON t.id = v.turn"
            " WHERE v.conversation = :conversation AND v.number = :number AND c.restricted"
        )
        rows = [await self.query.one(sql, conversation=each.conversation, number=each.number) for each in spots]
        wanted = {Kind.PAINT.value} if painted else {each.value for each in Kind}
        return {spot for spot, row in zip(spots, rows, strict=True) if row is not None and row["kind"] in wanted}

    async def looks(self, spots: Sequence[Spot]) -> dict[Spot, Fingerprint]:
        """All that is known of what some versions look like."""
        sql = "SELECT bits, colours FROM fingerprints WHERE conversation = :conversation AND number = :number"
        found = [await self.query.one(sql, conversation=each.conversation, number=each.number) for each in spots]
        looks = [Fingerprint(row["bits"], row["colours"]) if row else None for row in found]
        return {spot: look for spot, look in zip(spots, looks, strict=True) if look is not None}

    async def _page(self, place: int, last: Spot) -> list[tuple[Spot, bytes]]:
        found = await self.query.all(
            "SELECT conversation, number, bits FROM fingerprints WHERE place = :place"
            " AND (conversation, number) > (:conversation, :number) ORDER BY conversation, number LIMIT :most",
            place=place,
            conversation=last.conversation,
            number=last.number,
            most=PAGE,
        )
        return [(Spot(row["conversation"], row["number"]), row["bits"]) for row in found]
