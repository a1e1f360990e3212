"""The tree: turns and their outcomes."""

from __future__ import annotations

import time
from dataclasses import dataclass
from itertools import groupby

from bot.model import Memory, Painted, Painting, Part, Place, State, Turn
from bot.store import rows
from bot.store.ledger import Ledger
from bot.store.private import Private
from bot.store.query import Query, Row

UNFINISHED = "('asked', 'painting', 'painted', 'failed')"
HEAD = (
    "(SELECT head FROM conversations WHERE id = :conversation),"
    " (SELECT head_number FROM conversations WHERE id = :conversation)"
)
LINE = (  # a turn, the one that it continues, and so on
    "WITH RECURSIVE line (id, distance) AS (SELECT CAST(:id AS BIGINT), 0 UNION ALL"
    " SELECT turns.parent, distance + 1 FROM line JOIN turns ON turns.id = line.id WHERE distance < :most)"
)
REFERENCES = "LEFT JOIN turn_references ON turn = turns.id"


@dataclass(frozen=True)
class Conversation:
    """A thread's standing: `head` is the turn that plain words edit, `head_number` its version where not the last."""

    id: int
    head: int | None
    head_number: int | None
    newest: int  #: the highest version number given
    memory: Memory
    restricted: bool = False  #: something was asked there while its channel was age-restricted


@dataclass(frozen=True)
class Turns:
    """Questions about turns, and what happens to them."""

    query: Query

    @property
    def _ledger(self) -> Ledger:
        """What a turn does to the ledger is one change with what becomes of the turn."""
        return Ledger(self.query)

    async def conversation(self, conversation: int) -> Conversation | None:
        """How the conversation stands; None for a thread that the bot never worked in."""
        row = await self.query.one("SELECT * FROM conversations WHERE id = :id", id=conversation)
        if row is None:
            return None
        standing = (row["id"], row["head"], row["head_number"], row["numbers"])
        return Conversation(*standing, Memory(row["memory"]), bool(row["restricted"]))

    async def open(self, place: Place, memory: Memory) -> Conversation:
        """The conversation of a place, begun where it is new. Once age-restricted, it stays so."""
        await self.query.tell(
            "INSERT INTO conversations (id, server, memory, restricted, created_at)"
            " VALUES (:id, :server, :memory, :restricted, :now) ON CONFLICT (id) DO UPDATE SET restricted = TRUE"
            " WHERE excluded.restricted AND NOT conversations.restricted",
            id=place.conversation,
            server=place.server,
            memory=memory.value,
            restricted=place.restricted,
            now=time.time(),
        )
        conversation = await self.conversation(place.conversation)
        assert conversation is not None
        return conversation

    async def get(self, turn: int | None) -> Turn | None:
        """The turn with its references."""
        found = [] if turn is None else await self._found("turns.id = :id", id=turn)
        return found[0] if found else None

    async def ancestors(self, turn: Turn, most: int) -> list[Turn]:
        """The turn that it continues, the one before that, and so on, nearest first."""
        sql = (
            f"{LINE} SELECT turns.*, turn_references.* FROM line JOIN turns ON turns.id = line.id {REFERENCES}"  # noqa: S608 - our own words
            " WHERE distance > 0 ORDER BY distance, position"
        )
        return _turns(await self.query.all(sql, id=turn.id, most=most))

    async def add(self, turn: Turn) -> None:
        """A new turn with its references. It becomes the head: the last admitted turn by anybody does."""
        values = rows.turn_values(turn)
        names, given = ", ".join(values), ", ".join(f":{name}" for name in values)
        await self.query.tell(
            f"INSERT INTO turns ({names}, before, before_number) VALUES ({given}, {HEAD})",  # noqa: S608 - our own names
            **values,
        )
        await self._refer(turn)
        await self.lead(turn.conversation, turn.id, None)

    async def lead(self, conversation: int, turn: int | None, number: int | None) -> None:
        """Make a turn the head."""
        await self.query.tell(
            "UPDATE conversations SET head = :turn, head_number = :number WHERE id = :id",
            id=conversation,
            turn=turn,
            number=number,
        )

    async def change(self, turn: Turn) -> bool:
        """New words, shape, references, notes and memory for an ask that still waits; False where it does not."""
        changed = await self.query.tell(
            "UPDATE turns SET words = :words, ratio = :ratio, notes = :notes, memory = :memory"
            " WHERE id = :id AND state = 'asked'",
            **_some(turn, "id", "words", "ratio", "notes", "memory"),
        )
        if changed:
            await self._refer(turn)
        return bool(changed)

    async def cancel(self, turn: int) -> bool:
        """Withdraw an ask that still waits, giving the head back; False where it does not wait."""
        done = await self.query.tell(
            "UPDATE turns SET state = 'cancelled', ended_at = :now WHERE id = :id AND state = 'asked'",
            id=turn,
            now=time.time(),
        )
        if done:
            await self._ledger.give_back(turn)
            await self._give_back(turn)
            await self._give_back(-turn)  # a picture that came with the ask goes with it
        return bool(done)

    async def start(self, turn: Turn, estimate: float, take: int = 0) -> None:
        """The first call begins: what is painted from what, and what it may cost, before a byte goes out."""
        await self.query.tell(
            "UPDATE turns SET state = 'painting', attempts = :attempts, base = :base, notes = :notes, model = :model,"
            " memory = :memory WHERE id = :id",
            **_some(turn, "id", "attempts", "base", "notes", "model", "memory"),
        )
        await self._refer(turn)
        await self._ledger.call(turn, estimate, take)

    async def keep(self, turn: Turn, painting: Painting, take: int = 0) -> bool:
        """The model's answer, verbatim, and what it took; True where it was the last: the turn is painted."""
        await self.query.tell_each(
            "INSERT INTO parts (turn, take, position, text, digest, mime, width, height, bytes, thought, signature)"
            " VALUES (:turn, :take, :position, :text, :digest, :mime, :width, :height, :bytes, :thought, :signature)",
            [
                rows.part_values(position, part) | {"turn": turn.id, "take": take}
                for position, part in enumerate(painting.parts)
            ],
        )
        await self._ledger.end_call(turn, "painted", painting.dollars, painting, take)
        last = len(await self._ledger.painted(turn.id)) >= turn.count
        if last:
            await self.painted(turn)
        return last

    async def painted(self, turn: Turn) -> None:
        """Nothing more will be painted for it: what its takes cost is settled."""
        await self._ledger.settle(turn.id)
        taken = (
            "SELECT max(seconds) AS seconds, sum(micros) AS micros FROM calls WHERE turn = :id AND outcome = 'painted'"
        )
        cost = await self.query.one(taken, id=turn.id)
        assert cost is not None
        notes = _some(turn, "notes")
        await self._end(turn, State.PAINTED, seconds=cost["seconds"] or 0, micros=cost["micros"] or 0, **notes)

    async def abandon(self, turn: int) -> bool:
        """Give up what is being painted; False where it is not. What was called counts, for it may be billed."""
        done = await self.query.tell(
            "UPDATE turns SET state = 'cancelled', ended_at = :now WHERE id = :id AND state = 'painting'",
            id=turn,
            now=time.time(),
        )
        if done:
            await self._ledger.abandon(turn)
            await self._give_back(turn)
        return bool(done)

    async def fail(self, turn: Turn, sentence: str, reason: str, dollars: float) -> None:
        """The turn came to nothing: the member reads the sentence, the head is given back, nothing is charged."""
        await self._ledger.fail(turn, reason, dollars)
        await self._end(turn, State.FAILED, failure=Private(sentence), reason=reason, offer=turn.offer)
        await self._give_back(turn.id)

    async def posted(self, turn: int) -> None:
        """All of its messages are in the thread."""
        await self.query.tell("UPDATE turns SET state = 'posted' WHERE id = :id", id=turn)

    async def unseen(self, turn: int) -> None:
        """It can't be posted: nobody saw it or bears it; what was the head before, if anything, is the head again."""
        await self.posted(turn)
        await self._ledger.refund(turn)
        if await self.query.one("SELECT 1 FROM turns WHERE id = :id AND before IS NOT NULL", id=turn):
            await self._give_back(turn)

    async def of_message(self, message: int) -> Turn | None:
        """The turn that a member's message, or the bot's answer to a command, asked for.

        A press has no message of its own: the one that it stands under shows another turn.
        """
        row = await self.query.one(
            "SELECT id FROM turns WHERE id = :id OR (message = :id AND NOT EXISTS"
            " (SELECT 1 FROM messages WHERE messages.id = :id)) ORDER BY id DESC LIMIT 1",
            id=message,
        )
        return await self.get(row["id"]) if row else None

    async def unfinished(self) -> list[Turn]:
        """The queue: everything that is not posted or withdrawn, in the order of asking."""
        return await self._found(f"turns.state IN {UNFINISHED}")

    async def openings(self) -> list[int]:
        """The channels in which threads were opened."""
        found = await self.query.all("SELECT DISTINCT channel FROM turns WHERE title IS NOT NULL")
        return [row["channel"] for row in found]

    async def direct(self, most: int = 50) -> list[int]:
        """The direct messages that were painted in last, newest first."""
        found = await self.query.all(
            "SELECT id FROM (SELECT id, (SELECT max(id) FROM turns WHERE conversation = c.id) AS newest"
            " FROM conversations c WHERE server IS NULL AND gone_at IS NULL) AS direct"
            " WHERE newest IS NOT NULL ORDER BY newest DESC LIMIT :most",
            most=most,
        )
        return [row["id"] for row in found]

    async def takes(self, turn: int) -> list[tuple[Part, ...]]:
        """The model's answers in their own order, one for each take that came to something."""
        found = await self.query.all("SELECT * FROM parts WHERE turn = :turn ORDER BY take, position", turn=turn)
        return [tuple(map(rows.part, group)) for _, group in groupby(found, lambda row: int(row["take"]))]

    async def parts(self, turn: int, digest: str | None = None) -> tuple[Part, ...]:
        """The answer that holds a picture, by its digest; the first where none does."""
        takes = await self.takes(turn)
        held = (each for each in takes if any(isinstance(p, Painted) and p.picture.digest == digest for p in each))
        return next(held, takes[0] if takes else ())

    async def seconds(self, model: str, size: str | None) -> list[float]:
        """How long the last thirty pictures of this model and size took, newest first."""
        found = await self.query.all(
            "SELECT seconds FROM turns WHERE state = 'posted' AND model = :model"
            " AND size IS NOT DISTINCT FROM :size AND seconds > 0 ORDER BY ended_at DESC LIMIT 30",
            model=model,
            size=size,
        )
        return [row["seconds"] for row in found]

    async def _found(self, condition: str, **values: object) -> list[Turn]:
        sql = (
            f"SELECT turns.*, turn_references.* FROM turns {REFERENCES} WHERE {condition}"  # noqa: S608 - our own words
            " ORDER BY turns.id, position"
        )
        return _turns(await self.query.all(sql, **values))

    async def _refer(self, turn: Turn) -> None:
        await self.query.tell("DELETE FROM turn_references WHERE turn = :id", id=turn.id)
        await self.query.tell_each(
            "INSERT INTO turn_references (turn, position, digest, mime, width, height, bytes, name, version) VALUES"
            " (:turn, :position, :digest, :mime, :width, :height, :bytes, :name, :version)",
            [
                rows.picture_values(each.picture)
                | {"turn": turn.id, "position": position, "name": Private(each.name), "version": each.version}
                for position, each in enumerate(turn.references)
            ],
        )

    async def _end(self, turn: Turn, state: State, **columns: object) -> None:
        sets = "".join(f", {name} = :{name}" for name in columns)
        await self.query.tell(
            f"UPDATE turns SET state = :state, ended_at = :now{sets} WHERE id = :id",  # noqa: S608 - our own names
            id=turn.id,
            state=state.value,
            now=time.time(),
            **columns,
        )

    async def _give_back(self, turn: int) -> None:
        """What was the head before it is the head again; where that came to nothing too, what was before that."""
        row = await self.query.one(
            "UPDATE conversations SET (head, head_number) = (SELECT before, before_number FROM turns WHERE id = :turn)"
            " WHERE head = :turn RETURNING head",
            turn=turn,
        )
        before = await self.get(row["head"]) if row else None
        if before is not None and before.lost:
            await self._give_back(before.id)


def _turns(found: list[Row]) -> list[Turn]:
    """One row for each reference, and one for a turn that has none."""
    groups = [list(group) for _, group in groupby(found, lambda row: int(row["id"]))]
    return [rows.turn(group[0], tuple(rows.reference(row) for row in group if row["digest"])) for group in groups]


def _some(turn: Turn, *names: str) -> dict[str, object]:
    """Some of a turn's columns."""
    values = rows.turn_values(turn)
    return {name: values[name] for name in names}
