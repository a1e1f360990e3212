"""Files that came with a command, while the form that it opened is filled in: a form carries no files itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.model import Upload
from bot.moments import DAY
from bot.store.private import Private
from bot.store.query import Query

KEPT = DAY  #: seconds; after a day Discord's address of a file is no good any more


@dataclass(frozen=True)
class Handed:
    """Questions about them."""

    query: Query

    async def keep(self, form: int, uploads: Sequence[Upload], member: int, now: float) -> None:
        """Keep a member's for a form, and forget what nobody came back for."""
        await self.query.tell("DELETE FROM handed WHERE at < :old", old=now - KEPT)
        await self.query.tell_each(
            "INSERT INTO handed (form, position, id, name, url, size, at, member)"
            " VALUES (:form, :position, :id, :name, :url, :size, :now, :member)"
            " ON CONFLICT (form, position) DO NOTHING",
            [
                {"form": form, "position": position, "now": now, "member": member}
                | {"id": each.id, "name": Private(each.name), "url": Private(each.url), "size": each.size}
                for position, each in enumerate(uploads)
            ],
        )

    async def of_form(self, form: int) -> tuple[Upload, ...]:
        """Those that belong to a form, in their order."""
        found = await self.query.all("SELECT * FROM handed WHERE form = :form ORDER BY position", form=form)
        return tuple(Upload(row["id"], row["name"], row["url"], row["size"]) for row in found)
