"""A version deleted for good: its message, its bytes, and what the model said; number and place stay as a tombstone."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial

from bot.catalogue import Catalogue
from bot.errors import Unreachable
from bot.gallery import Gallery
from bot.insistence import insist
from bot.language import speaking
from bot.letters import Postman, file_name, veiled
from bot.model import Kind, State, Turn, Version
from bot.store import Desk, Store

PAUSES = (0.1, 0.2, 0.4, 0.8, 1.6)  #: seconds, until a picture is all posted

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Removed:
    """What became of it. `head` is what plain words change now, where they changed the deleted version before.

    `was_head`: they did; without a `head` they begin on a blank canvas. `early`: it is still being posted, so it stays.
    """

    done: bool = False
    was_head: bool = False
    head: Version | None = None
    early: bool = False


@dataclass(frozen=True)
class Removal:
    """Deletes. What may be deleted by whom is settled before."""

    store: Store
    gallery: Gallery
    postman: Postman
    catalogue: Catalogue
    under_way: set[int] = field(default_factory=set)  #: messages that are being taken down; Discord tells of that
    changing: dict[int, asyncio.Event] = field(default_factory=dict)  #: messages out of which a picture is taken

    async def remove(self, conversation: int, number: int) -> Removed:
        """Delete a version, its message first; done already, nothing happens. Raises Unreachable with nothing deleted.

        Bytes that are to go are written down with the change: a crash in between leaves none that nobody knows of.
        """
        known = await self.store.versions.get(conversation, number)
        turn = await self._posted(known.turn) if known else None
        version = await self.store.versions.get(conversation, number)  # in its message by now
        if version is None or turn is None:
            return Removed()
        if turn.state is not State.POSTED:
            return Removed(early=True)
        async with self._alone(version.message):
            if await self.store.versions.get(conversation, number) is None:
                return Removed()
            await self._unpost(turn, version)
            await self.unreport(version)
            return await insist(partial(self._removed, turn, version))  # there is no message any more to press on

    @asynccontextmanager
    async def _alone(self, message: int | None) -> AsyncIterator[None]:
        """One after the other: who takes a picture out of a message must see which are left in it."""
        if message is None:
            yield
            return
        while ahead := self.changing.get(message):
            await ahead.wait()
        self.changing[message] = done = asyncio.Event()
        try:
            yield
        finally:
            self.under_way.discard(message)
            del self.changing[message]
            done.set()

    async def _removed(self, turn: Turn, version: Version) -> Removed:
        async with self.store.write() as desk:
            if await desk.versions.get(turn.conversation, version.number) is None:
                return Removed()
            removed, digests = await bury(desk, turn, version, self.catalogue)
        await insist(partial(burn, self.store, self.gallery, digests))
        return removed

    async def _posted(self, number: int) -> Turn | None:
        """The turn, all of its messages in the thread, as they are a moment after the first can be pressed on."""
        turn = await self.store.turns.get(number)
        for pause in PAUSES:
            if turn is None or turn.state is State.POSTED:
                break
            await asyncio.sleep(pause)
            turn = await self.store.turns.get(number)
        return turn

    async def _unpost(self, turn: Turn, version: Version) -> None:
        """Take it out of its message; the last one takes the message along. What a member posted stays theirs."""
        if turn.kind is Kind.UPLOAD or version.message is None:
            return
        beside = await self.store.versions.of_message(turn.conversation, version.message)
        if len(beside) > 1:
            await self.postman.withdraw(turn.conversation, version.message, file_name(turn.id, version.number))
        else:
            self.under_way.add(version.message)
            await self.postman.erase(turn.conversation, version.message)

    async def unreport(self, version: Version) -> None:
        """Take it out of what moderators were shown of it, too, where that can still be done."""
        for report in await self.store.audit.reports(version.turn):
            if report.message and report.told["number"] == version.number and "shown_in" in report.told:
                name = veiled(file_name(version.turn, version.number))
                with suppress(Unreachable):
                    await self.postman.withdraw(report.told["shown_in"], report.message, name)


async def bury(desk: Desk, turn: Turn, version: Version, catalogue: Catalogue) -> tuple[Removed, list[str]]:
    """Leave a tombstone in its place, and lead plain words elsewhere; which bytes may go, written down as such."""
    removed, owner = await _led_back(desk, turn, version), await desk.traces.owner(turn)
    for waiting in await desk.traces.waiting_with(turn.conversation, version.number):
        await _go_without(desk, waiting, version, catalogue)
    digests = await desk.versions.bury(version, turn.conversation)
    await desk.backlog.weed(turn.id)  # with its last picture nothing of it comes any more
    if turn.kind is Kind.UPLOAD and not await desk.versions.of_turn(turn.id):
        digests += await desk.traces.hush(turn.id)  # its words are the file's name
    await desk.erasures.doom(digests, owner)
    return removed, digests


async def burn(store: Store, gallery: Gallery, digests: Iterable[str]) -> set[str]:
    """Delete bytes, unless somebody needs them. In one change: nobody can come to need them in between.

    What can't be deleted stays written down, and is returned.
    """
    left = set[str]()
    async with store.write() as desk:
        for digest in await desk.erasures.unneeded(digests):
            try:
                await gallery.delete(digest)
            except Exception:
                number = secrets.token_hex(4)
                log.exception("a picture could not be deleted (%s): it is tried again", number, extra={"id": number})
                left.add(digest)
        await desk.erasures.burnt({*digests} - left)
    return left


async def _go_without(desk: Desk, number: int, version: Version, catalogue: Catalogue) -> None:
    """An ask that waits goes on without the picture, and its receipt says so."""
    turn = await desk.turns.get(number)
    assert turn is not None
    with speaking(turn.language):
        note = catalogue.say("receipt.reference_gone", number=version.number)
    kept = tuple(each for each in turn.references if each.version != version.number)
    await desk.turns.change(replace(turn, references=kept, notes=(*turn.notes, note)))


async def _led_back(desk: Desk, turn: Turn, version: Version) -> Removed:
    """Where it is the head, what it was painted from becomes that again."""
    standing = await desk.turns.conversation(turn.conversation)
    last = (await desk.versions.of_turn(turn.id))[-1]
    if standing is None or standing.head != turn.id or (standing.head_number or last.number) != version.number:
        return Removed(done=True)
    head = await desk.versions.standing(turn.conversation, turn.base)
    await desk.turns.lead(turn.conversation, head.turn if head else None, head.number if head else None)
    return Removed(done=True, was_head=True, head=head)


async def lead_away(desk: Desk, turn: Turn) -> None:
    """Plain words go on from an emptied turn no more, were it words alone."""
    standing = await desk.turns.conversation(turn.conversation)
    if standing is not None and standing.head == turn.id:
        head = await desk.versions.standing(turn.conversation, turn.base)
        await desk.turns.lead(turn.conversation, head.turn if head else None, head.number if head else None)
