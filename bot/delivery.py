"""A turn's outcome into its thread: each message once, whatever was cut off before."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot import receipt
from bot.answer import Panel, panels
from bot.catalogue import Catalogue
from bot.errors import Unreachable
from bot.gallery import Gallery
from bot.letters import Button, File, Letter, Postman, Sighting
from bot.model import Kind, Turn, Version
from bot.pictures import Pictures
from bot.receipt import Result
from bot.store import Message, Said, Store

log = logging.getLogger(__name__)

PATIENCE = timedelta(minutes=1).total_seconds()  #: after this the reply calls the asker
LONGEST_PAUSE = 60.0  #: seconds between tries while Discord is away


@dataclass(frozen=True)
class Draft:
    """A message to be, its picture not loaded yet."""

    text: str
    version: Version | None = None
    alt: str = ""
    buttons: tuple[Button, ...] = ()


class Delivery:
    """Posts what was painted, or why it was not."""

    def __init__(self, store: Store, gallery: Gallery, pictures: Pictures, postman: Postman) -> None:
        self._store = store
        self._gallery = gallery
        self._pictures = pictures
        self._postman = postman

    async def deliver(self, turn: Turn, catalogue: Catalogue, *, late: float, resumed: bool) -> None:
        """Post what is not in the thread yet; `late` is how many seconds the asker waited.

        After a restart the bot looks for its own messages first: one may have arrived without our hearing of it.
        """
        drafts = await self._drafts(turn, catalogue)
        kind = Said.FAILURE if turn.failure else Said.ANSWER
        try:
            sent = await self._store.messages.of_turn(turn.id, kind)
            if resumed:
                sent |= await self._find(turn, drafts)
            for position, draft in enumerate(drafts):
                message = sent.get(position) or await self._post(turn, position, drafts, late=late)
                await self._note(turn, draft, Message(message, turn.conversation, turn.id, kind, position))
        except Unreachable as error:
            log.warning("turn %s can't be delivered: %s", turn.id, error)
        async with self._store.write() as desk:
            await desk.turns.posted(turn.id)

    async def _drafts(self, turn: Turn, catalogue: Catalogue) -> list[Draft]:
        if turn.failure is not None:
            return [Draft(turn.failure)]
        versions = await self._store.versions.of_turn(turn.id)
        if turn.kind is Kind.UPLOAD:
            return [Draft("\n".join([receipt.started(versions, catalogue), *(f"-# {note}" for note in turn.notes)]))]
        base = await self._store.versions.get(turn.conversation, turn.base)
        brought = await self._store.turns.get(base.turn) if base else None
        result = Result(turn, versions, base, brought)
        return _compose(result, panels(await self._store.turns.parts(turn.id)), catalogue)

    async def _post(self, turn: Turn, position: int, drafts: Sequence[Draft], *, late: float) -> int:
        """Send, for as long as Discord is away. Raises Unreachable where it is no use."""
        pause, limit = 1.0, self._postman.upload_limit(turn.server)
        while True:
            letter = await self._letter(turn, position, drafts[position], limit)
            first = position == 0
            letter = replace(letter, ping=turn.member.id if first and late > PATIENCE else None)
            try:
                return await self._postman.send(letter)
            except Unreachable as error:
                if error.forever:
                    raise
                limit = limit // 2 if error.key == "too_large" else limit
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
            if found := (await self._find(turn, drafts)).get(position):
                return found

    async def _letter(self, turn: Turn, position: int, draft: Draft, limit: int) -> Letter:
        letter = Letter(turn.conversation, draft.text, buttons=draft.buttons, nonce=f"{turn.id}-{position}")
        letter = replace(letter, reply_to=turn.message)
        if draft.version is None:
            return letter
        original = await self._gallery.get(draft.version.picture.digest)
        data, extension = await self._pictures.fit(original, limit)
        file = File(f"{_name(turn, draft.version)}.{extension}", data, draft.alt)
        return replace(letter, files=(file,))

    async def _find(self, turn: Turn, drafts: Sequence[Draft]) -> dict[int, int]:
        """Drafts that are in the thread already: pictures known by their names, words by what they reply to."""
        own = await self._postman.own(turn.conversation, after=turn.id)
        found = {}
        for position, draft in enumerate(drafts):
            for sighting in own:
                if _is(turn, draft, sighting):
                    found[position] = sighting.message
        return found

    async def _note(self, turn: Turn, draft: Draft, message: Message) -> None:
        async with self._store.write() as desk:
            await desk.messages.add(message)
            if draft.version is not None:
                await desk.versions.seen_in(draft.version, turn.conversation, message.id)


def _compose(result: Result, pages: Sequence[Panel], catalogue: Catalogue) -> list[Draft]:
    """Drafts in the model's own order; the last one bears the receipt."""
    if not result.versions:
        return _words(result, pages, catalogue)
    versions = iter(result.versions)
    drafts = []
    for panel in pages:
        version = next(versions) if panel.painted else None
        *before, text = receipt.pieces(panel.text or "") or [""]
        drafts += [Draft(each) for each in before]
        drafts.append(Draft(text, version, receipt.alt(result, version, catalogue) if version else ""))
    *others, last = drafts
    told = _joined(last.text, receipt.line(result, catalogue))
    others = [
        replace(each, text=_joined(each.text, receipt.page(each.version))) if each.version else each for each in others
    ]
    return [*others, replace(last, text=told, buttons=_buttons(result, catalogue))]


def _words(result: Result, pages: Sequence[Panel], catalogue: Catalogue) -> list[Draft]:
    texts = receipt.pieces("\n".join(panel.text for panel in pages if panel.text)) or [""]
    return [*map(Draft, texts[:-1]), Draft(_joined(texts[-1], receipt.line(result, catalogue)))]


def _buttons(result: Result, catalogue: Catalogue) -> tuple[Button, ...]:
    if not result.turn.offer:
        return ()
    return (Button(catalogue.say("button.use_as_base"), f"base:{result.turn.id}"),)


def _joined(text: str, below: str) -> str:
    return f"{text}\n{below}" if text else below


def _name(turn: Turn, version: Version) -> str:
    return f"easel-{turn.id}-v{version.number}"


def _is(turn: Turn, draft: Draft, sighting: Sighting) -> bool:
    if draft.version is not None:
        return any(name.startswith(f"{_name(turn, draft.version)}.") for name in sighting.files)
    return not sighting.files and sighting.reply_to == turn.message and sighting.text == draft.text.strip()
