"""Asks that wait for the word of a picture's owner: asked in the open, for a day at most, through any restart."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import islice

from bot import receipt
from bot.audit import witness
from bot.catalogue import Catalogue
from bot.errors import ForeignPicture, Unreachable, WordWanted
from bot.language import speaking, spoken
from bot.letters import TEXT_LIMIT, Letter, Pace, Postman, cut, patiently
from bot.model import Ask
from bot.moments import DAY, HOUR, relative
from bot.owners import consent
from bot.rules.rules import Consent
from bot.store import Message, Said, Store
from bot.store.consent import Petition

HOLD = DAY  #: seconds; who has said nothing by then has said no
PAUSE = 30.0  #: seconds between two looks for what is late
TRIES = 3
MOST_WAITING = 3  #: of one member's asks, for one owner, whose device rings for each
MOST_ASKED = 30  #: of one member's asks within an hour, whether they wait still or not

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Petitions:
    """Puts them before their owners, and ends each once."""

    store: Store
    postman: Postman
    catalogue: Catalogue
    hold: float = HOLD
    pace: Pace = field(default_factory=Pace)
    connected: asyncio.Event = field(default_factory=asyncio.Event)  #: nobody can be told of anything before

    async def put(self, ask: Ask, wanted: WordWanted) -> str:
        """Ask the owner; what the asker is to know. Raises ForeignPicture where they can't be asked."""
        petition = _petition(ask, wanted)
        if not await self._is_there(petition):
            raise ForeignPicture("foreign_left")
        waiting, lately = await self.store.consent.asked(ask.member.id, petition.author, petition.at - HOUR)
        if waiting >= MOST_WAITING or lately >= MOST_ASKED:
            raise ForeignPicture("foreign_asked")
        async with self.store.write() as desk:
            new = await desk.consent.put(petition)
            await desk.messages.hear(ask, "consent")
        if new and not await self._post(petition):
            raise wanted
        until = relative(petition.at + self.hold)
        return self.catalogue.say("consent.waits", owner=f"<@{petition.author}>", until=until)

    async def reword(self, ask: Ask) -> None:
        """The message of an ask was edited: while it waits, its owner reads the new words."""
        for petition in await self.store.consent.of_message(ask.id):
            if petition.ask.id == ask.id and petition.mark != consent.mark(ask):
                await self.change(petition, ask)

    async def change(self, petition: Petition, ask: Ask) -> None:
        """Other words are other words to say yes to."""
        changed = replace(
            petition, ask=replace(petition.ask, words=ask.words, uploads=ask.uploads), mark=consent.mark(ask)
        )
        async with self.store.write() as desk:
            await desk.consent.rewrite(petition, changed.ask, changed.mark)
        async with self._for_owner(changed):
            await self._edit(changed, await self._question(changed), buttons=True)

    async def waits(self, ask: int) -> bool:
        """Whether an ask waits for somebody's word."""
        return any(each.ask.id == ask for each in await self.store.consent.of_message(ask))

    async def withdraw(self, ask: int) -> None:
        """The message of an ask was deleted, or asks nothing any more."""
        for petition in await self.store.consent.of_message(ask):
            if petition.ask.id == ask:
                await self.end(petition, "withdrawn")

    async def lose(self, message: int) -> None:
        """A message was deleted: nobody waits for a picture that it showed."""
        for petition in await self.store.consent.of_message(message):
            if petition.picture == message:
                await self.end(petition, "gone", told="foreign_gone")

    async def abandon(self, channel: int) -> None:
        """The thread was deleted, and with it everybody who could be told."""
        async with self.store.write() as desk:
            for petition in await desk.consent.in_channel(channel):
                await desk.consent.settle(petition)

    async def stand(self, server: int, member: int, stance: Consent | None) -> list[Petition]:
        """Remember what a member says once for all; what waits for them is answered with it. What they agreed to."""
        async with self.store.write() as desk:
            await desk.consent.stand(server, member, stance, time.time())
            waiting = await desk.consent.of_author(server, member)
            agreed = [each for each in waiting if stance is Consent.ALWAYS and await desk.consent.grant(each)]
        for petition in agreed:
            await self.show(petition, "always")
        if stance is Consent.NEVER:
            for petition in waiting:
                await self.end(petition, "never", told="foreign_never")
        return agreed

    async def grant(self, petition: Petition) -> bool:
        """The owner agrees to this one ask; False where it does not wait any more."""
        async with self.store.write() as desk:
            granted = await desk.consent.grant(petition)
        if granted:
            await self.show(petition, "once")
        return granted

    async def revoke(self, petition: Petition) -> bool:
        """The ask has other words than those agreed to, and waits again; False where it does not wait any more."""
        async with self.store.write() as desk:
            return await desk.consent.revoke(petition)

    async def end(self, petition: Petition, outcome: str, *, told: str | None = None) -> None:
        """It waits no longer; the asker is told `error.<told>`."""
        async with self.store.write() as desk:
            ended = await desk.consent.settle(petition)
            if ended and told:
                await witness.turned_away(desk, petition.ask, self._refusal(petition, told))
        if ended:
            await self.show(petition, outcome)
            if told:
                await self.tell(petition, told)

    async def settle(self, petition: Petition) -> None:
        """It became a turn, or was answered otherwise."""
        async with self.store.write() as desk:
            await desk.consent.settle(petition)

    async def show(self, petition: Petition, outcome: str) -> None:
        """What came of it stands where the question stood."""
        async with self._for_owner(petition):
            text = consent.settled(await self._worded(petition), outcome, self.catalogue)
            await self._edit(petition, text, buttons=False)

    async def tell(self, petition: Petition, key: str) -> None:
        """The asker is called, for that was long ago."""
        ask = petition.ask
        with speaking(await self.store.locales.of(ask.member.id) or ask.language or spoken()):
            await self.answer(ask, self._refusal(petition, key))

    def _refusal(self, petition: Petition, key: str) -> str:
        name = receipt.plain(petition.name) or f"<@{petition.author}>"
        return self.catalogue.tell(ForeignPicture(key, name=name))

    async def answer(self, ask: Ask, text: str) -> None:
        """Words for the asker, where the ask was made."""
        reply_to = None if ask.pressed else ask.id
        letter = Letter(ask.place.channel, cut(text, TEXT_LIMIT), reply_to=reply_to, ping=ask.member.id)
        try:
            message = await self._send(replace(letter, nonce=f"{ask.id}-n"))
        except Unreachable as error:
            log.info("the asker of %s can't be told what came of it: %s", ask.id, error)
            return
        async with self.store.write() as desk:
            await desk.messages.add(Message(message, ask.place.conversation, None, Said.NOTICE))

    # -- time

    async def run(self) -> None:
        """End what is late, and ask again where Discord was away; for ever."""
        await self.connected.wait()
        while True:
            try:
                await self.look()
            except Exception:
                log.exception("what waits for consent could not be looked at")
            await asyncio.sleep(min(PAUSE, self.hold / 10))

    async def look(self) -> None:
        """One look."""
        for petition in await self.store.consent.older(time.time() - self.hold):
            await self.end(petition, "late", told="foreign_late")
        for petition in await self.store.consent.unposted():
            if time.time() - petition.at > PAUSE:  # else it is being posted
                await self._post(petition)

    # -- letters

    def is_late(self, petition: Petition) -> bool:
        """Its day is over."""
        return petition.at + self.hold <= time.time()

    async def _is_there(self, petition: Petition) -> bool:
        server = petition.ask.place.server
        return bool(server and petition.author) and await self.postman.knows(server or 0, petition.author)

    async def _question(self, petition: Petition) -> str:
        until = petition.at + self.hold
        return cut(consent.question(await self._worded(petition), until, self.catalogue), TEXT_LIMIT)

    async def _worded(self, petition: Petition) -> Petition:
        """With the words that a pressed button repeats."""
        ask = petition.ask
        again = await self.store.turns.get(ask.again) if ask.again is not None and not ask.words else None
        return petition if again is None else replace(petition, ask=replace(ask, words=again.words))

    async def _post(self, petition: Petition) -> bool:
        """False where the owner can't be asked there at all. While Discord is away it is left for later."""
        async with self._for_owner(petition):
            text, buttons = await self._question(petition), consent.buttons(petition, self.catalogue)
        letter = Letter(petition.ask.place.channel, text, buttons=buttons, reply_to=_seen_in(petition))
        # The one message that pings the owner of a picture, and nobody else: without their word nothing happens.
        letter = replace(letter, calls=petition.author, nonce=f"{petition.ask.id}-p{petition.author % 1000}")
        try:
            message = await self._send(letter)
        except Unreachable as error:
            log.info("the owner of a picture can't be asked for %s: %s", petition.ask.id, error)
            if error.forever:
                await self.settle(petition)
            return not error.forever
        async with self.store.write() as desk:
            waits = await desk.consent.posted(petition, message)
            answered = petition.author in await desk.consent.agreed(petition.ask.id)
            await desk.messages.add(Message(message, petition.ask.place.conversation, None, Said.NOTICE))
        if not waits and not answered:  # taken back while it was on its way
            await self._send_away(petition, message)
        return True

    async def _send_away(self, petition: Petition, message: int) -> None:
        with suppress(Unreachable):
            await self.postman.erase(petition.ask.place.channel, message)

    async def _edit(self, petition: Petition, text: str, *, buttons: bool) -> None:
        known = await self.store.consent.get(petition.ask.id, petition.author)
        message = petition.message or (known.message if known else None)
        if message is None:
            return
        shown = consent.buttons(petition, self.catalogue) if buttons else ()
        try:
            await self.postman.edit(petition.ask.place.channel, message, cut(text, TEXT_LIMIT), shown)
        except Unreachable as error:
            log.info("message %s still asks for consent: %s", message, error)

    async def _send(self, letter: Letter) -> int:
        return await patiently(lambda: self.postman.send(letter), islice(self.pace.pauses(), TRIES))

    @asynccontextmanager
    async def _for_owner(self, petition: Petition) -> AsyncIterator[None]:
        """In the language of whoever is asked."""
        with speaking(await self.store.locales.of(petition.author) or petition.ask.language or spoken()):
            yield


def _petition(ask: Ask, wanted: WordWanted) -> Petition:
    """It hangs on the message with the picture, were it in another channel."""
    picture = None
    if wanted.which is None:
        forward = next((each.forward.message for each in ask.uploads if each.forward), None)
        picture = ask.quoted.message if ask.quoted else forward
    return Petition(ask, wanted.whose, wanted.whose_name, time.time(), picture, wanted.which, mark=consent.mark(ask))


def _seen_in(petition: Petition) -> int | None:
    """The message with the picture in the channel where the owner is asked: a forward is its own ask."""
    return petition.picture if petition.ask.quoted or petition.picture is None else petition.ask.id
