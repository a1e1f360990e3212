"""The list of words of each server, as its moderators wrote them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from bot.store.private import Private
from bot.store.query import Query


@dataclass(frozen=True)
class WordTable:
    """Questions about lists, and their writing down; who changes one goes through `bot.moderation`."""

    query: Query

    async def of(self, server: int) -> list[str]:
        """The entries, in the order of the alphabet."""
        _, entries = await self.whole(server)
        return entries

    async def whole(self, server: int) -> tuple[str, list[str]]:
        """The digest that a list is known by, empty where there is none, and its entries."""
        row = await self.query.one("SELECT digest, words FROM word_lists WHERE server = :server", server=server)
        return (row["digest"], row["words"].split("\n")) if row else ("", [])

    async def servers(self) -> list[int]:
        """Those that have a list."""
        return [row["server"] for row in await self.query.all("SELECT server FROM word_lists ORDER BY server")]

    async def digest(self, server: int) -> str:
        """The digest alone."""
        row = await self.query.one("SELECT digest FROM word_lists WHERE server = :server", server=server)
        return row["digest"] if row else ""

    async def write(self, server: int, entries: Sequence[str]) -> None:
        """Put a list in place of the one before."""
        await self.query.tell("DELETE FROM word_lists WHERE server = :server", server=server)
        if words := "\n".join(sorted(set(entries))):
            await self.query.tell(
                "INSERT INTO word_lists (server, digest, words) VALUES (:server, :digest, :words)",
                server=server,
                digest=hashlib.sha256(words.encode()).hexdigest(),
                words=Private(words),
            )
