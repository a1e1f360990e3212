"""The ledger: what every ask reserves, what every call cost, and what counts against a limit."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass

from bot.model import Painting, Turn
from bot.quota import Claim, micros
from bot.store.ailments import BORNE, ENDLESS
from bot.store.counts import Counts
from bot.store.hours import EVERYBODY, Hours


@dataclass(frozen=True)
class Ledger(Counts):
    """Claims and calls. A claim is held at admission, and settled or given back once, whatever happens between."""

    @property
    def _hours(self) -> Hours:
        """An hour's sum changes with its rows."""
        return Hours(self.query)

    async def hold(self, turn: Turn, claim: Claim) -> None:
        """Reserve; the caller's transaction has looked at every limit."""
        await self.query.tell(
            "INSERT INTO claims (turn, member, server, at, pictures, micros, waiting, state, roles)"
            " VALUES (:turn, :member, :server, :at, :pictures, :micros, :micros, :state, :roles)",
            turn=turn.id,
            member=claim.member,
            server=claim.server,
            at=turn.asked_at,
            pictures=claim.pictures,
            micros=claim.micros,
            state="free" if claim.free else "held",
            roles=json.dumps(sorted(turn.member.roles or ())),
        )
        await self._hours.count(claim.server, turn.asked_at, claim.pictures, claim.micros)

    async def claimed(self, turn: int) -> int:
        """What stands reserved for a turn, in millionths of a dollar."""
        row = await self.query.one("SELECT micros FROM claims WHERE turn = :turn", turn=turn)
        return int(row["micros"]) if row else 0

    async def roles(self, turn: int) -> frozenset[int] | None:
        """Those that its member asked with; None where nothing was claimed for it."""
        row = await self.query.one("SELECT roles FROM claims WHERE turn = :turn", turn=turn)
        return frozenset(json.loads(row["roles"])) if row else None

    async def stretch(self, turn: int, more: int) -> None:
        """Reserve so much more for a turn that waits."""
        row = await self.query.one(
            "UPDATE claims SET micros = micros + :more, waiting = waiting + :more"
            " WHERE turn = :turn AND state IN ('held', 'called') RETURNING server, at",
            turn=turn,
            more=more,
        )
        if row:
            await self._hours.count(row["server"], row["at"], 0, more)

    async def call(self, turn: Turn, estimate: float, take: int = 0) -> bool:
        """A call begins: what it may cost stands here before a byte goes out, and never less than was claimed for it.

        False where the turn is not being painted any more.
        """
        claim = await self.query.one(
            "UPDATE claims SET state = 'called', waiting = CASE WHEN waiting > micros / pictures"
            " THEN waiting - micros / pictures ELSE 0 END"
            " WHERE turn = :turn AND state IN ('held', 'called') RETURNING micros / pictures AS share",
            turn=turn.id,
        )
        now, cost = time.time(), max(micros(estimate), claim["share"] if claim else 0)
        begun = await self.query.tell(
            "INSERT INTO calls (turn, take, attempt, model, started_at, micros)"
            " SELECT id, :take, :attempt, :model, :now, :micros FROM turns WHERE id = :turn AND state = 'painting'",
            turn=turn.id,
            take=take,
            attempt=turn.attempts,
            model=turn.model,
            now=now,
            micros=cost,
        )
        if begun:
            await self._hours.count(EVERYBODY, now, 0, cost)
        return bool(begun)

    async def painted(self, turn: int) -> set[int]:
        """The takes that were answered."""
        sql = "SELECT take FROM calls WHERE turn = :turn AND outcome = 'painted'"
        return {row["take"] for row in await self.query.all(sql, turn=turn)}

    async def settle(self, turn: int) -> None:
        """All is over: the member bears what was painted, words alone being no picture, and what was cancelled."""
        await self._end(
            turn,
            "settled",
            "(SELECT count(DISTINCT take) FROM parts WHERE turn = :turn AND digest IS NOT NULL)"
            " + (SELECT count(*) FROM calls WHERE turn = :turn AND outcome = 'cancelled')",
            "(SELECT coalesce(sum(micros), 0) FROM calls WHERE turn = :turn AND outcome IN ('painted', 'cancelled'))",
        )

    async def abandon(self, turn: int) -> None:
        """Nobody hears the answers of calls under way any more; each may be charged, so that each counts."""
        await self.query.tell(
            "UPDATE calls SET outcome = 'cancelled', ended_at = :now WHERE turn = :turn AND outcome IS NULL",
            turn=turn,
            now=time.time(),
        )
        await self.settle(turn)

    async def fail(self, turn: Turn, reason: str, dollars: float) -> None:
        """It came to nothing: the operator's gate counts what Google may have charged, the member nothing."""
        await self.end_call(turn, reason, dollars)
        await self.give_back(turn.id, "refused" if reason.startswith("declined") else "returned")

    async def end_call(
        self, turn: Turn, outcome: str, dollars: float, painting: Painting | None = None, take: int = 0
    ) -> None:
        """What came of a call, and what it cost or may have cost."""
        usage, cost = painting.usage if painting else None, micros(dollars)
        await self.recount(turn.id, take, cost)
        await self.query.tell(
            "UPDATE calls SET ended_at = :now, outcome = :outcome, micros = :micros, prompt = :prompt,"
            " candidates = :candidates, thoughts = :thoughts, images = :images, seconds = :seconds"
            " WHERE turn = :turn AND take = :take AND outcome IS NULL",
            turn=turn.id,
            take=take,
            seconds=painting.seconds if painting else 0.0,
            now=time.time(),
            outcome=outcome,
            micros=cost,
            prompt=usage and usage.prompt,
            candidates=usage and usage.candidates,
            thoughts=usage and usage.thoughts,
            images=usage and usage.images,
        )

    async def give_back(self, turn: int, state: str = "returned") -> None:
        """Nothing counts any longer."""
        await self._end(turn, state, "0", "0")

    async def refund(self, turn: int) -> None:
        """Nobody could see what was painted: the member bears nothing of it, the operator's gate all."""
        await self._end(turn, "returned", "0", "0", of="settled")

    async def lose_calls(self) -> None:
        """Calls that a process before this one began: nobody hears their answers any more, and each may be charged."""
        await self.query.tell("UPDATE calls SET outcome = 'lost' WHERE outcome IS NULL")
        await self.draw_in(time.time())
        await self._release()

    async def _release(self) -> None:
        """Claims that stand though their turn is over or vanished: nothing else would ever end them."""
        found = await self.query.all(f"SELECT turn FROM claims WHERE {ENDLESS}")  # noqa: S608 - our own words
        for row in found:
            await self.settle(row["turn"]) if await self._borne(row["turn"]) else await self.give_back(row["turn"])

    async def _borne(self, turn: int) -> bool:
        sql = f"SELECT 1 FROM calls WHERE turn = :turn AND {BORNE} LIMIT 1"  # noqa: S608 - our own words
        return await self.query.one(sql, turn=turn) is not None

    async def draw_in(self, now: float) -> None:
        """What was counted by a clock that was ahead counts from now on, and no longer than its window."""
        await self.query.tell("UPDATE claims SET at = :now WHERE at > :now", now=now)
        await self.query.tell("UPDATE calls SET started_at = :now WHERE started_at > :now", now=now)
        await self._hours.draw_in(now)

    async def pictures(self, turn: int) -> int:
        """How many pictures of a turn count."""
        row = await self.query.one("SELECT pictures FROM claims WHERE turn = :turn", turn=turn)
        return int(row["pictures"]) if row else 0

    async def _end(self, turn: int, state: str, pictures: str, cost: str, of: str = "held', 'called") -> None:
        """A claim that still stands becomes what it came to; one that has ended stays."""
        before = await self.query.one(
            f"SELECT server, at, pictures, micros FROM claims WHERE turn = :turn AND state IN ('{of}')",  # noqa: S608 - our own words
            turn=turn,
        )
        if before is None:
            return
        after = await self.query.one(
            f"UPDATE claims SET state = :state, waiting = 0, pictures = {pictures}, micros = {cost}"  # noqa: S608 - our own words
            " WHERE turn = :turn RETURNING pictures, micros",
            turn=turn,
            state=state,
        )
        assert after is not None
        more = (after[name] - before[name] for name in ("pictures", "micros"))
        await self._hours.count(before["server"], before["at"], *more)

    async def recount(self, turn: int, take: int, cost: int) -> None:
        """A call under way comes to so much."""
        sql = "SELECT started_at, micros FROM calls WHERE turn = :turn AND take = :take AND outcome IS NULL"
        for row in await self.query.all(sql, turn=turn, take=take):
            await self._hours.count(EVERYBODY, row["started_at"], 0, cost - row["micros"])
