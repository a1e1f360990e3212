"""What is kept of a member, to be handed out: page by page, for it may be much."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.model import Part, Turn, Version
from bot.store import rows
from bot.store.marks import Marks
from bot.store.query import Query
from bot.store.turns import Turns
from bot.store.versions import Versions

LOWEST = -(2**63)  #: below every turn's id


@dataclass(frozen=True, slots=True)
class Count:
    """How much there is."""

    asks: int
    pictures: int


@dataclass(frozen=True, slots=True)
class Booking:
    """A line of the ledger: what was reserved for an ask, or what one call for it cost. Money in millionths."""

    turn: int
    kind: str
    at: float
    state: str
    pictures: int
    micros: int
    model: str = ""


@dataclass(frozen=True)
class Belongings:
    """Questions about what is a member's."""

    query: Query
    marks: Marks

    async def count(self, member: int) -> Count:
        """How many asks are kept, and pictures that were painted for them or brought with them."""
        row = await self.query.one(
            "SELECT (SELECT count(*) FROM turns WHERE member = :member AND erased_at IS NULL AND id > 0) AS asks,"
            " (SELECT count(*) FROM turns t JOIN versions v ON v.turn = t.id WHERE t.member = :member"
            " AND t.erased_at IS NULL AND v.deleted_at IS NULL)"
            " + (SELECT count(*) FROM turns t JOIN turn_references r ON r.turn = t.id WHERE t.member = :member"
            " AND t.erased_at IS NULL AND r.version IS NULL) AS pictures",
            member=member,
        )
        assert row is not None
        return Count(row["asks"], row["pictures"])

    async def turns(self, member: int, after: int, most: int) -> list[Turn]:
        """Some of a member's turns, by their ids."""
        found = await self.query.all(
            "SELECT id FROM turns WHERE member = :member AND erased_at IS NULL AND id > :after ORDER BY id LIMIT :most",
            member=member,
            after=after,
            most=most,
        )
        turns = [await Turns(self.query).get(row["id"]) for row in found]
        return [each for each in turns if each is not None]

    async def versions(self, turn: int) -> Sequence[Version]:
        """Its pictures, deleted ones among them."""
        return await Versions(self.query).every_of_turn(turn)

    async def answer(self, turn: int) -> list[Part]:
        """What the model said."""
        found = await self.query.all("SELECT * FROM parts WHERE turn = :turn ORDER BY take, position", turn=turn)
        return [rows.part(row) for row in found]

    async def ledger(self, turn: int) -> list[Booking]:
        """What was reserved for a turn, and what its calls cost."""
        found = await self.query.all(
            "SELECT 'claim' AS kind, at, state, pictures, micros, '' AS model FROM claims WHERE turn = :turn"
            " UNION ALL SELECT 'call', started_at, coalesce(outcome, ''), coalesce(images, 0), micros, model FROM calls"
            " WHERE turn = :turn ORDER BY 2, 1",
            turn=turn,
        )
        return [Booking(turn, *(row[name] for name in row.keys())) for row in found]  # noqa: SIM118 - a row is no mapping

    async def rest(self, member: int) -> dict[str, Any]:
        """All that hangs on no ask."""
        values = {"member": member, "mark": self.marks.of(member)}
        locale = await self.query.one("SELECT locale FROM locales WHERE member = :member", **values)
        invited = await self.query.all("SELECT conversation FROM invited WHERE member = :member ORDER BY 1", **values)
        refused = await self.query.all(
            "SELECT ask, conversation, outcome, at FROM heard WHERE member IN (:member, :mark) ORDER BY at", **values
        )
        stances = await self.query.all(
            "SELECT server, allowed, reason, until, at FROM stances"
            " WHERE kind = 'member' AND subject IN (:member, :mark) ORDER BY server",
            **values,
        )
        consents = await self.query.all(
            "SELECT server, stance, at FROM consents WHERE member = :member ORDER BY server", **values
        )
        done = await self.query.all("SELECT server, at, kind, told FROM audit WHERE member = :member", **values)
        return {
            "member": member,
            "language": locale["locale"] if locale else None,
            "invited_to": [row["conversation"] for row in invited],
            "asks_without_a_picture": [dict(row) for row in refused],
            "others_may_edit": [dict(row) for row in consents],
            "let_in_or_kept_out": [dict(row) for row in stances],
            "audit": [dict(row) | {"told": json.loads(row["told"])} for row in done],
        }
