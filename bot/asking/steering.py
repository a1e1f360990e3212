"""The head moved by hand: one step back, or to any version."""

from __future__ import annotations

from dataclasses import dataclass

from bot.asking.target import attached
from bot.model import Version
from bot.store import Desk, Store


@dataclass(frozen=True)
class Undone:
    """What became of an undo: the version that is the head now, or, beside the head, those one could go on from."""

    to: Version | None = None
    offers: tuple[Version, ...] = ()


@dataclass(frozen=True)
class Steering:
    """Says what plain words change next."""

    store: Store

    async def undo(self, conversation: int, number: int) -> Undone:
        """Give the head back to what the head was painted from; pressed elsewhere, it only offers."""
        async with self.store.write() as desk:
            pressed = await desk.versions.get(conversation, number)
            base = await _base(desk, pressed)
            standing = await desk.turns.conversation(conversation)
            if pressed is None or standing is None:
                return Undone()
            if base is None or standing.head != pressed.turn:
                return Undone(offers=(pressed, base) if base else (pressed,))
            await desk.turns.lead(conversation, base.turn, base.number)
        return Undone(base)

    async def edit_from(self, conversation: int, number: int) -> Version | None:
        """Make a version the head; None where it is gone."""
        async with self.store.write() as desk:
            version = await desk.versions.get(conversation, number)
            if version is not None:
                await desk.turns.lead(conversation, version.turn, version.number)
        return version

    async def use_as_base(self, turn: int) -> Version | None:
        """Make the picture that was attached to a turn the head; None where there is none. Pressed twice, done once."""
        async with self.store.write() as desk:
            edited = await desk.turns.get(turn)
            if edited is None or not (brought := attached(edited)):
                return None
            upload = edited.upload(brought[0].name)
            if not (versions := await desk.versions.every_of_turn(upload.id)):
                await desk.turns.add(upload)
                versions = await desk.versions.add(upload, [brought[0].picture], turn)
            if versions[0].gone:
                return None
            await desk.turns.lead(upload.conversation, upload.id, versions[0].number)
        return versions[0]


async def _base(desk: Desk, version: Version | None) -> Version | None:
    turn = await desk.turns.get(version.turn) if version else None
    return await desk.versions.standing(turn.conversation, turn.base) if turn else None
