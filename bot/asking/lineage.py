"""Where a turn comes from: the version it edits, and the branch behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.asking import ratio
from bot.asking.context import FULL_TURNS, RECAP, Past
from bot.catalogue import Catalogue
from bot.errors import Vanished
from bot.model import Kind, Memory, Model, Picture, Turn, Version
from bot.store import Desk

LOOK_BACK = 4 * RECAP  #: ancestors read, so that those that came to nothing leave enough to tell of


@dataclass(frozen=True)
class Lineage:
    """A turn with its base found, and its painted ancestors, oldest first."""

    turn: Turn
    base: Version | None
    branch: tuple[Past, ...]


async def trace(desk: Desk, turn: Turn, catalogue: Catalogue) -> Lineage:
    """Find the base. A parent that came to nothing is passed over, and the turn's notes say so. Raises Vanished."""
    ancestors = await desk.turns.ancestors(turn, LOOK_BACK)
    parent = ancestors[0] if ancestors else None
    base = await desk.versions.get(turn.conversation, turn.base) if turn.base else await _inherited(desk, parent)
    if turn.base and base is None:
        raise Vanished("base_gone", number=turn.base)
    if turn.base is None and turn.attempts == 0 and parent is not None and parent.lost:
        if base is not None and await desk.consent.withheld(turn.id):
            raise Vanished("foreign_base")
        turn = replace(turn, notes=(*turn.notes, _fallback(base, catalogue)))
    if base is not None:
        others = tuple(each for each in turn.references if each.version != base.number)
        turn = replace(turn, base=base.number, references=others)
    return Lineage(turn, base, await _branch(desk, turn, ancestors))


def shaped(lines: Lineage, model: Model, catalogue: Catalogue) -> Turn:
    """The turn; its notes say so where the model has no such shape as it is to have."""
    missed = ratio.missed(lines.turn, lines.base, model)
    if missed is None:
        return lines.turn
    note = catalogue.say("receipt.shape", wanted=missed[0], nearest=missed[1])
    return replace(lines.turn, notes=tuple(dict.fromkeys((*lines.turn.notes, note))))


async def _inherited(desk: Desk, parent: Turn | None) -> Version | None:
    """The last version of the nearest ancestor that has one, or what that ancestor itself edits, or edited once."""
    while parent is not None:
        if versions := await desk.versions.of_turn(parent.id):
            return versions[-1]
        if parent.base is not None:
            return await desk.versions.standing(parent.conversation, parent.base)
        parent = await desk.turns.get(parent.parent)
    return None


async def _branch(desk: Desk, turn: Turn, ancestors: Sequence[Turn]) -> tuple[Past, ...]:
    painted = [each for each in ancestors if each.kind is Kind.PAINT and not each.lost][:RECAP]
    edits = [turn, *painted]  # each was painted from a picture of the one behind it, or from what that one edited
    bases = await desk.versions.named(turn.conversation, [each.base for each in edits if each.base])
    pictures = {each.number: each.picture for each in bases}
    parts = [
        await desk.turns.parts(each.id, _digest(pictures.get(edits[distance].base or 0)))
        if _verbatim(turn, distance)
        else ()
        for distance, each in enumerate(painted)
    ]
    return tuple(
        Past(each, pictures.get(each.base or 0), said)
        for each, said in zip(reversed(painted), reversed(parts), strict=True)
    )


def _digest(picture: Picture | None) -> str | None:
    return picture.digest if picture else None


def _verbatim(turn: Turn, distance: int) -> bool:
    """Signatures can be megabytes: an answer is read only where it will be sent, or may have been words alone."""
    return distance == 0 or (turn.memory is Memory.FULL and distance < FULL_TURNS)


def _fallback(base: Version | None, catalogue: Catalogue) -> str:
    if base is None:
        return catalogue.say("receipt.from_nothing")
    return catalogue.say("receipt.parent_failed", base=f"v{base.number}")
