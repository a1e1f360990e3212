"""The one door through which moderators change anything: each change is written down together with its audit entry."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.model import Member
from bot.rules.rules import Stance, Subject
from bot.store import Desk, Entry, Store

TOLD = 20  #: words of a change that are told

Revise = Callable[[list[str]], list[str]]


@dataclass(frozen=True)
class Change:
    """One transaction of a moderator's in a server."""

    desk: Desk
    server: int
    by: Member

    async def rule(self, name: str, value: object) -> None:
        """A rule of the server; None is no opinion any more. Raises AttributeError for a rule that there is not."""
        before = getattr(await self.desk.rules.of(self.server), name)
        await self.desk.rules.decide(self.server, name, value)
        await self.told("rule", name=name, before=before, after=value)

    async def limit(self, role: int, name: str, value: object) -> None:
        """One limit of a role; None clears it."""
        written = (await self.desk.rules.roles(self.server)).get(role, {}).get(name)
        await self.desk.rules.limit(self.server, role, name, value)
        after = None if value is None else json.dumps(value)
        await self.told("limit", role=role, name=name, before=written, after=after)

    async def stand(self, stance: Stance) -> None:
        """Let somebody or something in, or keep it out."""
        was = await self._stood(stance.kind, stance.subject)
        await self.desk.rules.stand(self.server, stance)
        await self.told(
            "stance",
            subject=stance.subject,
            of=stance.kind,
            allowed=stance.allowed,
            reason=stance.reason,
            until=stance.until,
            was=was,
        )

    async def lift(self, kind: Subject, subject: int) -> None:
        """Take a stance back."""
        was = await self._stood(kind, subject)
        await self.desk.rules.lift(self.server, kind, subject)
        await self.told("lifted", subject=subject, of=kind, was=was)

    async def _stood(self, kind: Subject, subject: int) -> Mapping[str, object] | None:
        """What was decided before about somebody or something, and holds."""
        stances = await self.desk.rules.stances(self.server, subject if kind is Subject.MEMBER else 0)
        held = [each for each in stances if (each.kind, each.subject) == (kind, subject) and each.holds(time.time())]
        return {"allowed": held[0].allowed, "reason": held[0].reason, "until": held[0].until} if held else None

    async def words(self, before: Sequence[str], after: Sequence[str]) -> None:
        """The server's own list of words; of many new or lost ones the audit channel is told the first."""
        await self.desk.words.write(self.server, after)
        added, removed = sorted(set(after) - set(before)), sorted(set(before) - set(after))
        if added or removed:
            await self.told("words", added=added[:TOLD], removed=removed[:TOLD], plus=len(added), minus=len(removed))

    async def told(self, what: str, **values: object) -> None:
        """The audit channel is told of it."""
        told = {"what": what, "name_of": self.by.name, **values}
        await self.desk.audit.note(Entry(self.server, time.time(), "change", told, member=self.by.id))


@dataclass(frozen=True)
class Moderation:
    """Opens changes. Whether somebody may make them is asked before."""

    store: Store

    @asynccontextmanager
    async def change(self, server: int, by: Member) -> AsyncIterator[Change]:
        """All of it or nothing; whoever has to act on it at once hears of it."""
        async with self.store.write() as desk:
            yield Change(desk, server, by)
        for heed in self.store.heeding:
            await heed(server)

    async def words(self, server: int, by: Member, revise: Revise) -> tuple[list[str], list[str]]:
        """Another list of words than before: what it was, and is. Worked out beforehand, while others go on writing."""
        while True:
            digest, before = await self.store.words.whole(server)
            after = await asyncio.to_thread(revise, before)
            async with self.change(server, by) as change:
                if same := await change.desk.words.digest(server) == digest:
                    await change.words(before, after)
            if same:
                return before, after
