"""A turn's outcome into its thread: each message once, whatever was cut off before."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial

from bot.audit import witness
from bot.catalogue import Catalogue
from bot.errors import BadPicture, Unreachable
from bot.finishing import finished
from bot.gallery import Gallery, Missing
from bot.insistence import insist
from bot.letters import File, Letter, Pace, Postman, file_name, patiently
from bot.model import Kind, Part, Turn
from bot.openings import Openings
from bot.painting.answer import panels
from bot.parcel import FILES, UNSAID, Draft, Parcel, composed, hushed, joined, sorry, started, unshown
from bot.pictures import Pictures
from bot.receipt import Result
from bot.store import Desk, Message, Store
from bot.words import Kept, Words, keeping, told_by, without

REQUEST = 25 * 2**20  #: bytes of all files of a message: beyond that Discord does not promise to take it
UNSAYABLE = "unsayable"  #: Discord or a server's own rules take no message with these words

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Delivery:
    """Posts what was painted, or why it was not."""

    store: Store
    gallery: Gallery
    pictures: Pictures
    postman: Postman
    pace: Pace = field(default_factory=Pace)
    words: Words | None = None  #: the servers' rules on them
    openings: Openings = field(default_factory=Openings)

    async def open(self, turn: Turn, catalogue: Catalogue) -> Unreachable | None:
        """Its thread. Where it can't be opened, the asker reads why in the channel, and the ask ends, free; why."""
        try:
            if turn.title is not None:
                await patiently(lambda: self.postman.open(turn), self.pace.pauses())
        except Unreachable as error:
            log.info("the thread of turn %s can't be opened: %s", turn.id, error)
            text = catalogue.tell(error)
            nonce, channel = f"{turn.id}-n", turn.channel or turn.conversation
            letter = Letter(channel, text, reply_to=turn.conversation, nonce=nonce)
            with suppress(Unreachable):
                await patiently(lambda: self.postman.send(letter), self.pace.pauses())
            async with self.store.write() as desk:
                await witness.failed(desk, turn, text, reason=error.key, dollars=0.0)
                await desk.turns.posted(turn.id)
                await desk.backlog.drop(turn.id)
            return error
        return None

    async def deliver(self, turn: Turn, catalogue: Catalogue, *, resumed: bool) -> int | None:
        """Post what is not in the thread yet, for as long as Discord is away; how many pictures, or None for nothing.

        After a restart the bot looks for its own messages first: one may have arrived without our hearing of it.
        Where it can't be posted at all (a locked thread), nobody saw it: no member bears it, plain words edit what was
        there before, and a sign on the ask says that it came to an end. A closed thread gets it once it is open;
        one where the bot may not write, once it may.
        """
        parcel = Parcel(turn, await self._drafts(turn, catalogue), catalogue)
        is_late = resumed and await self.store.backlog.holds(turn.id)
        try:
            await self._post(parcel, resumed=resumed)
        except Unreachable as error:
            log.warning("turn %s can't be delivered: %s", turn.id, error)
            await self._give_up(turn, waits=error.closed or error.denied)
            return None
        if is_late:
            await self._sign_off(turn)
        return sum(len(draft.versions) for draft in parcel.drafts)

    async def _sign_off(self, turn: Turn) -> None:
        """It has not come to nothing. Known last: a kill before that leaves no sign for ever."""
        if turn.asked_in:
            with suppress(Unreachable):
                await self.postman.unsign(*turn.asked_in)
        await insist(lambda: self.store.change(lambda desk: desk.backlog.drop(turn.id)))

    async def _give_up(self, turn: Turn, *, waits: bool) -> None:
        if turn.asked_in:
            with suppress(Unreachable):
                await self.postman.sign(*turn.asked_in)

        async def unseen(desk: Desk) -> bool:
            await desk.turns.unseen(turn.id)
            if waits:
                return await desk.backlog.add(turn)
            await desk.backlog.drop(turn.id)
            return False

        if await insist(lambda: self.store.change(unseen)):
            self.openings.tell(turn.conversation)  # it may have been opened meanwhile, when nothing was left over

    async def _drafts(self, turn: Turn, catalogue: Catalogue) -> list[Draft]:
        if turn.failure is not None:
            bad = await self._unsayable(turn, turn.wordings)
            return [sorry(without(turn, bad, UNSAID), turn.failure, catalogue)]
        result, takes, kept = await self.store.visit(lambda desk: _found(desk, turn))
        if turn.kind is Kind.UPLOAD:
            return [started(result, catalogue)]
        brought, pages = result.brought, [panel for parts in takes for panel in panels(parts)]
        bad = await self._unsayable(turn, [*told_by(turn), *told_by(brought), *(page.text for page in pages)], kept)
        if bad:
            turn, pages = hushed(turn, pages, bad, catalogue)
            result = replace(result, turn=turn, brought=brought and without(brought, bad, UNSAID))
        return composed(result, pages, catalogue)

    async def _unsayable(self, turn: Turn, texts: Iterable[str | None], kept: Kept | None = None) -> frozenset[str]:
        """Those of the texts that the server's rules on words, which may be new, keep out of its threads."""
        return await self.words.against(turn, texts, kept) if self.words else frozenset()

    async def _post(self, parcel: Parcel, *, resumed: bool) -> None:
        noted = await self.store.messages.of_turn(parcel.turn.id, parcel.kind) if resumed else {}
        found = await patiently(lambda: self._find(parcel), self.pace.pauses()) if resumed else {}
        left = [position for position, draft in enumerate(parcel.drafts) if not _is_there(draft, position in noted)]
        for position in left:
            message = found.get(position) or await self._send(parcel, position)
            sent = Message(message, parcel.turn.conversation, parcel.turn.id, parcel.kind, position)
            note = partial(_note, message=sent, parcel=parcel, last=position == left[-1])
            await insist(partial(self.store.change, note))  # or its buttons and erasures would wait for a restart
        if not left:
            await insist(lambda: self.store.change(lambda desk: desk.turns.posted(parcel.turn.id)))

    async def _send(self, parcel: Parcel, position: int) -> int:
        """One message; where Discord takes its words alone, those. Raises Unreachable where it is no use."""
        try:
            return await self._insist(parcel, position)
        except Unreachable as error:
            if error.key == UNSAYABLE:
                log.warning("the words of turn %s are not taken: %s", parcel.turn.id, error)
                return await self._insist(parcel.muted, position)
            if error.closed or not parcel.drafts[position].versions:
                raise
            log.warning("the picture of turn %s is not taken: %s", parcel.turn.id, error)
        words = unshown(self._words(parcel, position), parcel.catalogue)
        return await patiently(lambda: self.postman.send(words), self.pace.pauses())

    async def _insist(self, parcel: Parcel, position: int) -> int:
        """After a try that failed the bot looks for the message first."""
        parts, pauses, tried = 1, self.pace.pauses(), False
        while True:
            try:
                found = await self._find(parcel) if tried else {}
                return found.get(position) or await self.postman.send(await self._letter(parcel, position, parts))
            except Unreachable as error:
                if error.forever:
                    raise
                parts = parts * 2 if error.key == "too_large" else parts
            tried = True
            await asyncio.sleep(next(pauses))

    async def _letter(self, parcel: Parcel, position: int, parts: int) -> Letter:
        """The message, its pictures no larger than such a part of what its server allows."""
        letter, draft = self._words(parcel, position), parcel.drafts[position]
        if not draft.versions:
            return letter
        limit = await self.postman.upload_limit(parcel.turn.server) // parts
        try:
            return await self._with_pictures(letter, parcel, draft, limit)
        except (BadPicture, Missing):
            log.exception("the picture of turn %s can't be posted", parcel.turn.id)
            return unshown(letter, parcel.catalogue)

    def _words(self, parcel: Parcel, position: int) -> Letter:
        """The message without its picture."""
        turn, draft = parcel.turn, parcel.drafts[position]
        late = position == 0 and time.time() - turn.asked_at > self.pace.late
        letter = Letter(turn.conversation, draft.text, buttons=draft.buttons, reply_to=turn.message)
        place = f"v{draft.versions[0].number}" if draft.versions else position
        return replace(letter, nonce=f"{turn.id}-{place}", ping=turn.member.id if late else None)

    async def _with_pictures(self, letter: Letter, parcel: Parcel, draft: Draft, limit: int) -> Letter:
        files, room = list[File](), min(limit, REQUEST // len(draft.versions))
        beside, told = list[File](), list[str]()
        for version, alt in zip(draft.versions, draft.alts, strict=True):
            original = await self.gallery.get(version.picture.digest)
            data, extension = await self.pictures.fit(original, room)
            files.append(File(f"{file_name(parcel.turn.id, version.number)}.{extension}", data, alt))
            extra = await finished(parcel.turn, version, original, self.pictures, parcel.catalogue)
            beside += extra.files
            told += [*extra.notes, *([parcel.catalogue.say("receipt.shrunk")] if data != original else [])]
        files += beside[: FILES - len(files)]
        notes = "\n".join(f"-# {each}" for each in dict.fromkeys(told))
        return replace(letter, files=tuple(files), text=joined(draft.text, notes))

    async def _find(self, parcel: Parcel) -> dict[int, int]:
        """Drafts that are in the thread already, each message counted once."""
        own = list(await self.postman.own(parcel.turn.conversation, after=parcel.turn.id))
        found = {}
        for position in range(len(parcel.drafts)):
            if sighting := next((each for each in own if parcel.is_in(each, position)), None):
                own.remove(sighting)
                found[position] = sighting.message
        return found


async def _found(desk: Desk, turn: Turn) -> tuple[Result, list[tuple[Part, ...]], Kept | None]:
    """What a turn came to, the model's own answers, and what its server has kept of words."""
    base = await desk.versions.get(turn.conversation, turn.base)
    brought = await desk.turns.get(base.turn) if base else None
    result = Result(turn, await desk.versions.of_turn(turn.id), base, brought)
    return result, await desk.turns.takes(turn.id), await keeping(desk, turn.server) if turn.server else None


async def _note(desk: Desk, message: Message, parcel: Parcel, *, last: bool) -> None:
    """A message is in the thread; with the last of them the turn is posted."""
    await desk.messages.add(message)
    for version in parcel.drafts[message.position].versions:
        await desk.versions.seen_in(version, message.conversation, message.id)
    if last:
        await desk.turns.posted(parcel.turn.id)


def _is_there(draft: Draft, noted: bool) -> bool:
    """Pictures know their message; with one that was deleted the others may have moved up."""
    return all(each.message for each in draft.versions) if draft.versions else noted
