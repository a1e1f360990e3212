"""A turn's outcome into its thread: each message once, whatever was cut off before."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial

from bot import receipt
from bot.catalogue import Catalogue
from bot.errors import BadPicture, Unreachable
from bot.finishing import finished
from bot.gallery import Gallery, Missing
from bot.letters import TEXT_LIMIT, Button, File, Letter, Pace, Postman, Sighting, cut, file_name, patiently
from bot.model import Kind, Part, Turn, Version
from bot.painting.answer import Panel, panels
from bot.painting.insistence import insist
from bot.pictures import Pictures
from bot.receipt import Result
from bot.store import Desk, Message, Said, Store
from bot.views import row
from bot.words import Words, told_by, without

FILES = 10  #: in one message
REQUEST = 25 * 2**20  #: bytes of all files of a message: beyond that Discord does not promise to take it
WORDING = 300  #: characters that are shown of other words; all of them are asked with
UNSAID = "…"  #: stands for words that may not be said
UNSAYABLE = "unsayable"  #: Discord or a server's own rules take no message with these words
SPARE = 200  #: characters of a message kept for what is said of its picture

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Draft:
    """A message to be, its picture not loaded yet."""

    text: str
    versions: tuple[Version, ...] = ()
    alts: tuple[str, ...] = ()
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True)
class Parcel:
    """All messages of a turn."""

    turn: Turn
    drafts: Sequence[Draft]
    catalogue: Catalogue

    @property
    def kind(self) -> Said:
        """What its messages are."""
        return Said.FAILURE if self.turn.failure else Said.ANSWER


@dataclass(frozen=True)
class Delivery:
    """Posts what was painted, or why it was not."""

    store: Store
    gallery: Gallery
    pictures: Pictures
    postman: Postman
    pace: Pace = field(default_factory=Pace)
    words: Words | None = None  #: the servers' rules on them

    async def deliver(self, turn: Turn, catalogue: Catalogue, *, resumed: bool) -> int | None:
        """Post what is not in the thread yet, for as long as Discord is away; how many pictures, or None for nothing.

        After a restart the bot looks for its own messages first: one may have arrived without our hearing of it.
        Where it can't be posted at all (a locked thread), nobody saw it: no member bears it, plain words edit what was
        there before, and a sign on the ask says that it came to an end.
        """
        parcel = Parcel(turn, await self._drafts(turn, catalogue), catalogue)
        try:
            await self._post(parcel, resumed=resumed)
        except Unreachable as error:
            log.warning("turn %s can't be delivered: %s", turn.id, error)
            if turn.asked_in:
                with suppress(Unreachable):
                    await self.postman.sign(*turn.asked_in)
            await insist(lambda: self.store.change(lambda desk: desk.turns.unseen(turn.id)))
            return None
        return sum(len(draft.versions) for draft in parcel.drafts)

    async def _drafts(self, turn: Turn, catalogue: Catalogue) -> list[Draft]:
        if turn.failure is not None:
            bad = await self._unsayable(turn, turn.wordings)
            return [_sorry(without(turn, bad, UNSAID), turn.failure, catalogue)]
        result, takes = await self.store.visit(lambda desk: _found(desk, turn))
        if turn.kind is Kind.UPLOAD:
            told = [receipt.started(result.versions, catalogue), *(f"-# {note}" for note in turn.notes)]
            return [Draft(cut("\n".join(told), TEXT_LIMIT))]
        brought, pages = result.brought, [panel for parts in takes for panel in panels(parts)]
        bad = await self._unsayable(turn, [*told_by(turn), *told_by(brought), *(page.text for page in pages)])
        if bad:
            turn, pages = _hushed(turn, pages, bad, catalogue)
            result = replace(result, turn=turn, brought=brought and without(brought, bad, UNSAID))
        return _together(result, pages, catalogue) if turn.count > 1 else _compose(result, pages, catalogue)

    async def _unsayable(self, turn: Turn, texts: Iterable[str | None]) -> frozenset[str]:
        """Those of the texts that the server's rules on words, which may be new, keep out of its threads."""
        return await self.words.against(turn, texts) if self.words else frozenset()

    async def _post(self, parcel: Parcel, *, resumed: bool) -> None:
        noted = await self.store.messages.of_turn(parcel.turn.id, parcel.kind)
        found = await patiently(lambda: self._find(parcel), self.pace.pauses()) if resumed else {}
        left = [position for position in range(len(parcel.drafts)) if position not in noted]
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
                return await self._insist(_muted(parcel), position)
            if not parcel.drafts[position].versions:
                raise
            log.warning("the picture of turn %s is not taken: %s", parcel.turn.id, error)
        words = _unshown(self._words(parcel, position), parcel.catalogue)
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
            return _unshown(letter, parcel.catalogue)

    def _words(self, parcel: Parcel, position: int) -> Letter:
        """The message without its picture."""
        turn, draft = parcel.turn, parcel.drafts[position]
        late = position == 0 and time.time() - turn.asked_at > self.pace.late
        letter = Letter(turn.conversation, draft.text, buttons=draft.buttons, reply_to=turn.message)
        return replace(letter, nonce=f"{turn.id}-{position}", ping=turn.member.id if late else None)

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
        return replace(letter, files=tuple(files), text=_joined(draft.text, notes))

    async def _find(self, parcel: Parcel) -> dict[int, int]:
        """Drafts that are in the thread already, each message counted once."""
        own = list(await self.postman.own(parcel.turn.conversation, after=parcel.turn.id))
        found = {}
        for position in range(len(parcel.drafts)):
            if sighting := next((each for each in own if _is(parcel, position, each)), None):
                own.remove(sighting)
                found[position] = sighting.message
        return found


async def _found(desk: Desk, turn: Turn) -> tuple[Result, list[tuple[Part, ...]]]:
    """What a turn came to, and the model's own answers."""
    base = await desk.versions.get(turn.conversation, turn.base)
    brought = await desk.turns.get(base.turn) if base else None
    return Result(turn, await desk.versions.of_turn(turn.id), base, brought), await desk.turns.takes(turn.id)


async def _note(desk: Desk, message: Message, parcel: Parcel, *, last: bool) -> None:
    """A message is in the thread; with the last of them the turn is posted."""
    await desk.messages.add(message)
    for version in parcel.drafts[message.position].versions:
        await desk.versions.seen_in(version, message.conversation, message.id)
    if last:
        await desk.turns.posted(parcel.turn.id)


def _muted(parcel: Parcel) -> Parcel:
    """Its messages with nothing in them that anybody said."""
    told = f"-# {parcel.catalogue.say('receipt.muted')}"
    bare = [Draft(told, each.versions, ("",) * len(each.alts), each.buttons) for each in parcel.drafts]
    return replace(parcel, drafts=[_numbered(each) for each in bare])


def _hushed(turn: Turn, pages: Sequence[Panel], bad: frozenset[str], catalogue: Catalogue) -> tuple[Turn, list[Panel]]:
    """Both without what may not be said; the pictures stay."""
    heard = [replace(page, text=None) if page.text in bad else page for page in pages]
    hushed = without(turn, bad, UNSAID)
    notes = (*hushed.notes, catalogue.say("receipt.hushed"))
    return replace(hushed, notes=notes), [page for page in heard if page.text or page.painted]


def _compose(result: Result, pages: Sequence[Panel], catalogue: Catalogue) -> list[Draft]:
    """Drafts in the model's own order; the last one bears the receipt."""
    versions = iter(result.versions)
    drafts: list[Draft] = []
    for panel in pages:
        shown = (next(versions),) if panel.painted else ()
        drafts += _pieces(panel.text or "", shown, result, catalogue)
    return _signed(drafts or [Draft("")], result, catalogue)


def _together(result: Result, pages: Sequence[Panel], catalogue: Catalogue) -> list[Draft]:
    """Takes of one ask: all pictures in one message, and above them what was said to any."""
    text, versions = _said(pages, result.versions), tuple(result.versions)
    *before, last = [versions[start : start + FILES] for start in range(0, len(versions), FILES)] or [()]
    drafts = [draft for group in before for draft in _pieces("", group, result, catalogue)]
    return _signed([*drafts, *_pieces(text, last, result, catalogue)], result, catalogue)


def _said(pages: Sequence[Panel], versions: Sequence[Version]) -> str:
    """The same words once; different ones with the number of their picture."""
    numbers = iter(versions)
    told = [(f"v{next(numbers).number}: " if panel.painted else "", panel.text) for panel in pages]
    texts = {text for _, text in told if text}
    return texts.pop() if len(texts) == 1 else "\n".join(f"{number}{text}" for number, text in told if text)


def _pieces(text: str, versions: tuple[Version, ...], result: Result, catalogue: Catalogue) -> list[Draft]:
    """Words in as many messages as they need, the last of them with the pictures."""
    room = TEXT_LIMIT - len(receipt.line(result, catalogue)) - SPARE
    *before, last = receipt.pieces(text, room) or [""]
    alts = tuple(receipt.alt(result, catalogue, each) for each in versions)
    return [*(Draft(each) for each in before), Draft(last, versions, alts, row.under(result.turn, versions, catalogue))]


def _signed(drafts: Sequence[Draft], result: Result, catalogue: Catalogue) -> list[Draft]:
    """The last message bears the receipt."""
    *others, last = drafts
    text = _joined(last.text, receipt.line(result, catalogue))
    offer = (Button(catalogue.say("button.use_as_base"), f"base:{result.turn.id}"),) if result.turn.offer else ()
    last = replace(last, text=text, buttons=(*last.buttons, *offer))
    return [*(_numbered(each) for each in others), last]


def _numbered(draft: Draft) -> Draft:
    return replace(draft, text=_joined(draft.text, receipt.page(draft.versions))) if draft.versions else draft


def _sorry(turn: Turn, why: str, catalogue: Catalogue) -> Draft:
    """Why there is no picture, with other words where there are some, and the same once more where that may help."""
    say, places = catalogue.say, [place for place, words in enumerate(turn.wordings, start=1) if words]
    shown = [(place, receipt.plain(turn.wordings[place - 1], WORDING)) for place in places]
    lines = [say("rewording.line", place=place, words=words) for place, words in shown]
    told = [why, *([say("rewording.offer"), *lines] if lines else [])]
    others = [Button(say("rewording.button", place=place), f"reword:{turn.id}:{place}") for place in places]
    again = [Button(say("button.again"), f"again:{turn.id}")] if turn.offer else []
    return Draft(cut("\n".join(told), TEXT_LIMIT), buttons=(*others, *again))


def _unshown(letter: Letter, catalogue: Catalogue) -> Letter:
    return replace(letter, text=_joined(letter.text, f"-# {catalogue.say('receipt.unshown')}"))


def _joined(text: str, below: str) -> str:
    return "\n".join(filter(None, [text, below]))


def _is(parcel: Parcel, position: int, sighting: Sighting) -> bool:
    """Pictures are known by their names, words by what they reply to and by all that Discord may have left of them."""
    turn, draft = parcel.turn, parcel.drafts[position]
    if draft.versions and sighting.files:
        return any(name.startswith(f"{file_name(turn.id, draft.versions[0].number)}.") for name in sighting.files)
    said = sighting.text.removeprefix(f"<@{turn.member.id}>\n")  # who has no message to be answered is called by name
    below = f"-# {parcel.catalogue.say('receipt.unshown')}" if draft.versions else ""
    texts = {_joined(each.drafts[position].text, below).strip() for each in (parcel, _muted(parcel))}
    return not sighting.files and sighting.reply_to == turn.message and said in texts
