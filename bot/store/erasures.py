"""What is being erased: asked for here, done in small steps, and gone on with after a restart."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from bot.kept import Scope
from bot.moments import ids_until
from bot.store.marks import Marks
from bot.store.query import Query

NEEDING = ("versions", "turn_references", "parts")  #: tables whose rows need a picture's bytes


@dataclass(frozen=True, slots=True)
class Erasure:
    """Asked for at a time, in seconds since the epoch; what a member asks later stays.

    Said before is what has a lower id, however long it is on its way: a turn bears the id of what asked for it.
    """

    scope: Scope
    subject: int
    at: float

    @property
    def key(self) -> tuple[Scope, int]:
        """What it is about, whenever it was asked for."""
        return self.scope, self.subject

    @property
    def until(self) -> int:
        """The ids of all that was said before are lower."""
        return ids_until(self.at)


@dataclass(frozen=True, slots=True)
class Unposted:
    """A message that is still in Discord; where it is not `certain` to be the bot's, that is looked at first."""

    channel: int
    message: int
    certain: bool


@dataclass(frozen=True)
class Erasures:
    """Questions about what is to be erased, about bytes that wait for their end, and messages that do."""

    query: Query
    marks: Marks

    async def ask(self, erasure: Erasure, due: float) -> None:
        """Erase this, from a time on; asked again, the time stays."""
        await self.query.tell(
            "INSERT INTO erasures (kind, subject, at, due) VALUES (:kind, :subject, :at, :due)"
            " ON CONFLICT (kind, subject) DO UPDATE SET at = :at",
            kind=erasure.scope.value,
            subject=erasure.subject,
            at=erasure.at,
            due=due,
        )

    async def take_back(self, scope: Scope, subject: int) -> bool:
        """Erase nothing, after all; whether it was to be."""
        sql = "DELETE FROM erasures WHERE kind = :kind AND subject = :subject"
        return bool(await self.query.tell(sql, kind=scope.value, subject=subject))

    async def pending(self, scope: Scope, subject: int) -> bool:
        """Whether it is asked for and not done yet."""
        sql = "SELECT 1 FROM erasures WHERE kind = :kind AND subject = :subject"
        return await self.query.one(sql, kind=scope.value, subject=subject) is not None

    async def forgetting(self) -> list[Erasure]:
        """Members for whom it is asked for and not done yet."""
        found = await self.query.all("SELECT subject, at FROM erasures WHERE kind = 'member'")
        return [Erasure(Scope.MEMBER, row["subject"], row["at"]) for row in found]

    async def forgets(self, member: int, ask: int) -> bool:
        """Whether a member who said this is being forgotten, and said it before."""
        sql = "SELECT at FROM erasures WHERE kind = 'member' AND subject = :member"
        row = await self.query.one(sql, member=member)
        return row is not None and ask < Erasure(Scope.MEMBER, member, row["at"]).until

    async def unsettled(self, scope: Scope, subject: int) -> bool:
        """Whether any of it is there still: it is pending, or files of the member's could not be deleted yet."""
        if await self.pending(scope, subject):
            return True
        sql = "SELECT 1 FROM doomed WHERE member = :mark LIMIT 1"
        return scope is Scope.MEMBER and await self.query.one(sql, mark=self.marks.of(subject)) is not None

    async def due(self, now: float, most: int) -> list[Erasure]:
        """Those whose time has come, the longest waiting first."""
        sql = "SELECT kind, subject, at FROM erasures WHERE due <= :now ORDER BY due, at LIMIT :most"
        found = await self.query.all(sql, now=now, most=most)
        return [Erasure(Scope(row["kind"]), row["subject"], row["at"]) for row in found]

    async def postpone(self, erasure: Erasure, due: float) -> None:
        """Go on with it later."""
        sql = "UPDATE erasures SET due = :due WHERE kind = :kind AND subject = :subject"
        await self.query.tell(sql, due=due, kind=erasure.scope.value, subject=erasure.subject)

    async def done(self, erasure: Erasure) -> None:
        """All of it is gone, unless it was asked for again meanwhile."""
        sql = "DELETE FROM erasures WHERE kind = :kind AND subject = :subject AND at <= :at"
        await self.query.tell(sql, kind=erasure.scope.value, subject=erasure.subject, at=erasure.at)

    # -- bytes

    async def doom(self, digests: Iterable[str], member: int) -> None:
        """Pictures that lost a row that needed them, and whose that was."""
        sql = "INSERT INTO doomed (digest, member) VALUES (:digest, :mark) ON CONFLICT (digest, member) DO NOTHING"
        mark = self.marks.of(member)
        await self.query.tell_each(sql, [{"digest": each, "mark": mark} for each in sorted({*digests} - {""})])

    async def doomed(self, most: int) -> list[str]:
        """Some of them."""
        found = await self.query.all("SELECT DISTINCT digest FROM doomed ORDER BY digest LIMIT :most", most=most)
        return [row["digest"] for row in found]

    @property
    def needing(self) -> tuple[str, ...]:
        """Where pictures are needed."""
        return NEEDING

    async def needed(self, where: str, after: str, most: int) -> list[str]:
        """Some of the digests that are needed there, in their order."""
        sql = f"SELECT DISTINCT digest FROM {where} WHERE digest > :after ORDER BY digest LIMIT :most"  # noqa: S608 - our own names
        return [row["digest"] for row in await self.query.all(sql, after=after, most=most)]

    async def unneeded(self, digests: Iterable[str]) -> list[str]:
        """Those that no version, no reference and no answer needs."""
        sql = " UNION ALL ".join(f"SELECT 1 FROM {each} WHERE digest = :digest" for each in NEEDING)  # noqa: S608 - our own names
        return [each for each in digests if await self.query.one(f"{sql} LIMIT 1", digest=each) is None]

    async def burnt(self, digests: Iterable[str]) -> None:
        """They are settled: gone, or needed by somebody else."""
        await self.query.tell_each("DELETE FROM doomed WHERE digest = :digest", [{"digest": each} for each in digests])

    # -- the bot's own messages

    async def unpost(self, turn: int) -> None:
        """What a turn said in Discord is to be deleted there.

        Its own messages are known; the one that announced it may as well be a member's, which nobody deletes.
        """
        await self.query.tell(
            "INSERT INTO unposted (message, channel, certain)"
            " SELECT id, conversation, TRUE FROM messages WHERE turn = :turn AND id > 0"
            " UNION SELECT coalesce(message, conversation), coalesce(channel, conversation), FALSE FROM turns"
            " WHERE id = :turn AND id > 0 AND id NOT IN (conversation, coalesce(message, 0))"
            " AND NOT EXISTS (SELECT 1 FROM messages WHERE messages.id = turns.message)"
            " ON CONFLICT (message) DO NOTHING",
            turn=turn,
        )

    async def unpetition(self, member: int) -> None:
        """What asks a member about their pictures, or others on their behalf, is to be deleted in Discord."""
        await self.query.tell(
            "INSERT INTO unposted (message, channel, certain) SELECT message, channel, TRUE FROM petitions"
            " WHERE (author = :member OR member = :member) AND message IS NOT NULL ON CONFLICT (message) DO NOTHING",
            member=member,
        )

    async def unposted(self, most: int, besides: Iterable[int] = ()) -> list[Unposted]:
        """Some of them, but those in some channels."""
        found = await self.query.all(
            "SELECT channel, message, certain FROM unposted"
            " WHERE channel NOT IN (SELECT value FROM json_each(:besides)) ORDER BY message LIMIT :most",
            besides=json.dumps([*besides]),
            most=most,
        )
        return [Unposted(row["channel"], row["message"], bool(row["certain"])) for row in found]

    async def taken_down(self, message: int) -> None:
        """It is gone from Discord, or out of reach."""
        await self.query.tell("DELETE FROM unposted WHERE message = :message", message=message)
