"""Discord tells of a member's language only with presses and commands; it is kept for what they say in messages."""

from __future__ import annotations

from dataclasses import dataclass

from bot.store.private import Private
from bot.store.query import Query


@dataclass(frozen=True)
class Locales:
    """The locale of each member's last interaction."""

    query: Query

    async def of(self, member: int) -> str | None:
        """Discord's name of it; None for who never pressed or commanded."""
        row = await self.query.one("SELECT locale FROM locales WHERE member = :member", member=member)
        return row["locale"] if row else None

    async def note(self, member: int, locale: str) -> None:
        """It is this one from now on."""
        await self.query.tell(
            "INSERT INTO locales (member, locale) VALUES (:member, :locale)"
            " ON CONFLICT (member) DO UPDATE SET locale = :locale",
            member=member,
            locale=Private(locale),
        )
