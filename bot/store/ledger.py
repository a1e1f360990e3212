"""The ledger: what every ask reserves, what every call cost, and what counts against a limit."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from bot.model import Painting, Turn
from bot.quota import Claim, Fence, Unit, Whose, micros
from bot.store.connection import Query

COUNTED = {  # what each unit counts since a moment, as moments and amounts
    Unit.PICTURES: "SELECT at, pictures AS amount FROM claims WHERE pictures > 0 AND at > :since{n}{whose}",
    # What no call has taken over yet will be spent in a moment; it counts as spent now.
    Unit.MONEY: "SELECT started_at AS at, micros AS amount FROM calls WHERE started_at > :since{n}"
    " UNION ALL SELECT :now AS at, waiting AS amount FROM claims WHERE waiting > 0",
    Unit.REFUSALS: "SELECT at, 1 AS amount FROM claims WHERE state = 'refused' AND at > :since{n}{whose}"
    " UNION ALL SELECT at, 1 AS amount FROM heard WHERE refused AND at > :since{n}{whose}",
    Unit.BROUGHT: "SELECT at, 1 AS amount FROM claims WHERE state = 'free' AND at > :since{n}{whose}",
}
WHOSE = {Whose.MEMBER: " AND member = :member", Whose.SERVER: " AND server = :server", Whose.EVERYBODY: ""}


@dataclass(frozen=True)
class Ledger:
    """Claims and calls. A claim is held at admission, and settled or given back once, whatever happens between."""

    query: Query

    async def hold(self, turn: Turn, claim: Claim) -> None:
        """Reserve; the caller's transaction has looked at every limit."""
        await self.query.tell(
            "INSERT INTO claims (turn, member, server, at, pictures, micros, waiting, state)"
            " VALUES (:turn, :member, :server, :at, :pictures, :micros, :micros, :state)",
            turn=turn.id,
            member=claim.member,
            server=claim.server,
            at=turn.asked_at,
            pictures=claim.pictures,
            micros=claim.micros,
            state="free" if claim.free else "held",
        )

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
        return bool(
            await self.query.tell(
                "INSERT INTO calls (turn, take, attempt, model, started_at, micros)"
                " SELECT id, :take, :attempt, :model, :now, :micros FROM turns WHERE id = :turn AND state = 'painting'",
                turn=turn.id,
                take=take,
                attempt=turn.attempts,
                model=turn.model,
                now=time.time(),
                micros=max(micros(estimate), claim["share"] if claim else 0),
            )
        )

    async def painted(self, turn: int) -> set[int]:
        """The takes that were answered."""
        sql = "SELECT take FROM calls WHERE turn = :turn AND outcome = 'painted'"
        return {row["take"] for row in await self.query.all(sql, turn=turn)}

    async def settle(self, turn: int) -> None:
        """All is over: the member bears what was painted, words alone being no picture, and what was cancelled."""
        await self.query.tell(
            "UPDATE claims SET state = 'settled', waiting = 0, micros = (SELECT coalesce(sum(micros), 0) FROM calls"
            " WHERE turn = :turn AND outcome IN ('painted', 'cancelled')),"
            " pictures = (SELECT count(DISTINCT take) FROM parts WHERE turn = :turn AND digest IS NOT NULL)"
            " + (SELECT count(*) FROM calls WHERE turn = :turn AND outcome = 'cancelled')"
            " WHERE turn = :turn AND state IN ('held', 'called')",
            turn=turn,
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
        usage = painting.usage if painting else None
        await self.query.tell(
            "UPDATE calls SET ended_at = :now, outcome = :outcome, micros = :micros, prompt = :prompt,"
            " candidates = :candidates, thoughts = :thoughts, images = :images, seconds = :seconds"
            " WHERE turn = :turn AND take = :take AND outcome IS NULL",
            turn=turn.id,
            take=take,
            seconds=painting.seconds if painting else 0.0,
            now=time.time(),
            outcome=outcome,
            micros=micros(dollars),
            prompt=usage and usage.prompt,
            candidates=usage and usage.candidates,
            thoughts=usage and usage.thoughts,
            images=usage and usage.images,
        )

    async def give_back(self, turn: int, state: str = "returned") -> None:
        """Nothing counts any longer."""
        await self.query.tell(
            "UPDATE claims SET state = :state, pictures = 0, micros = 0, waiting = 0"
            " WHERE turn = :turn AND state IN ('held', 'called')",
            turn=turn,
            state=state,
        )

    async def lose_calls(self) -> None:
        """Calls that a process before this one began: nobody hears their answers any more, and each may be charged."""
        await self.query.tell("UPDATE calls SET outcome = 'lost' WHERE outcome IS NULL")

    async def pictures(self, turn: int) -> int:
        """How many pictures of a turn count."""
        row = await self.query.one("SELECT pictures FROM claims WHERE turn = :turn", turn=turn)
        return int(row["pictures"]) if row else 0

    async def used(self, fences: Sequence[Fence], claim: Claim, now: float) -> list[int]:
        """How much counts at each fence now."""
        if not fences:
            return []
        sums = [
            f"SELECT {place} AS place, coalesce(sum(amount), 0) AS used FROM ({_counted(fence, place)}) AS counted"  # noqa: S608 - our own words
            for place, fence in enumerate(fences)
        ]
        found = await self.query.all(" UNION ALL ".join(sums) + " ORDER BY place", **_values(fences, claim, now))
        return [row["used"] for row in found]

    async def taken(self, fence: Fence, claim: Claim, now: float) -> list[tuple[float, int]]:
        """The moments and amounts that count at a fence now, the oldest first."""
        sql = f"{_counted(fence, 0)} ORDER BY at"
        found = await self.query.all(sql, **_values([fence], claim, now))
        return [(row["at"], row["amount"]) for row in found]


def _counted(fence: Fence, place: int) -> str:
    return COUNTED[fence.unit].format(n=place, whose=WHOSE[fence.whose])


def _values(fences: Sequence[Fence], claim: Claim, now: float) -> dict[str, object]:
    since = {f"since{place}": now - fence.seconds for place, fence in enumerate(fences)}
    return {"member": claim.member, "server": claim.server, "now": now, **since}
