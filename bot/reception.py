"""Where asks come in: each heard once, in the order of asking, and answered at once where no turn comes of it."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import islice

from bot.admission import Admission, Admitted, check_words, is_later
from bot.audit import witness
from bot.catalogue import Catalogue
from bot.config import Settings
from bot.errors import (
    Barred,
    EaselError,
    Missed,
    OverLimit,
    Refusal,
    Unexpected,
    Uninvited,
    Unreachable,
    WordWanted,
)
from bot.lanes import Lanes
from bot.language import speaking, spoken
from bot.letters import TEXT_LIMIT, Button, Letter, Pace, Postman, cut, patiently
from bot.manners import Manners, reserving
from bot.model import Ask, Place, State, Turn
from bot.moments import HOUR
from bot.owners.petitions import Petitions
from bot.owners.tracing import Tracing
from bot.preferences import Held, Wishes, over
from bot.store import Desk, Message, Said, Store
from bot.tidings import Tidings
from bot.watch.journal import Journal
from bot.words import Kept, Words

QUIET = 60.0  #: seconds for which a limit is not told again
ONCE = HOUR  #: likewise, of what was asked while the bot was away
QUIETLY = (OverLimit, Uninvited, Barred, Missed)
TRIES = 3  #: pauses to wait for Discord with a refusal; the lane stands still meanwhile

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reception:
    """Turns asks into turns."""

    store: Store
    admission: Admission
    postman: Postman
    settings: Settings
    catalogue: Catalogue
    lanes: Lanes = field(default_factory=Lanes)
    pace: Pace = field(default_factory=Pace)
    journal: Journal = field(default_factory=Journal)
    words: Words | None = None  #: the servers' rules on them
    tidings: Tidings = field(default_factory=Tidings)

    @property
    def manners(self) -> Manners:
        """What holds in a thread."""
        return Manners(self.store, self.settings)

    @property
    def petitions(self) -> Petitions:
        """Asks that wait for the owner of a picture."""
        hold = self.settings.discord.consent_hours * HOUR
        return Petitions(self.store, self.postman, self.catalogue, hold, self.pace)

    async def receive(self, ask: Ask, closed: Refusal | None = None) -> Admitted:
        """What became of an ask; nothing where it is a duplicate or was refused, `closed` being a reason to."""
        if is_later(ask):
            await self.lanes.outlast(ask.id)  # the picker is pressed while its ask has hardly left
        elif newest := self.tidings.newest(ask):
            ask = newest
        else:
            return Admitted()
        if self.lanes.holds(ask.id):
            return Admitted()
        async with self.lanes.enter(ask.place.conversation, ask.id, ask.member.id) as first:
            heard, locale, wishes = await self.store.visit(lambda desk: _known(desk, ask))
            held = self.manners.holding(*wishes, ours=ask.place.ours)
            if heard or not await self._is_meant(ask, held):
                return Admitted()
            ask = replace(ask, place=reserving(held, ask.place))
            with speaking(self._language(ask, locale)):
                return await self._answered(ask, held, first, closed)

    async def _answered(self, ask: Ask, held: Held, first: asyncio.Event, closed: Refusal | None) -> Admitted:
        try:
            return await self._admit_or_wait(ask, held, first, closed)
        except Refusal as refusal:
            if isinstance(refusal, QUIETLY) and not ask.unseen:
                await first.wait()  # who asked just before may be told the same
            return await self._refuse(ask, refusal)
        except Exception:
            number = secrets.token_hex(4)
            log.exception("ask %s failed unexpectedly (%s)", ask.id, number, extra={"id": number})
            return await self._refuse(ask, Unexpected("asked_amiss", id=number))

    async def _admit_or_wait(self, ask: Ask, held: Held, first: asyncio.Event, closed: Refusal | None) -> Admitted:
        """Where a picture in it is somebody else's, the ask waits for their word, and nothing is held for it."""
        try:
            if closed:
                raise closed
            return await self._admit(ask, held, first)
        except WordWanted as wanted:
            told = await self.petitions.put(ask, wanted)
            return Admitted(waits=True, refusal=told if ask.unseen else None)

    def _language(self, ask: Ask, locale: str | None) -> str:
        """Whoever presses is heard in their own; who writes has shown it by a press before, or has their server's."""
        return spoken() if ask.pressed else locale or ask.language or spoken()

    async def overhear(self, talk: int, place: Place, member: int) -> None:
        """People talk among themselves, in their order with what they ask."""
        async with self.lanes.enter(place.conversation, talk) as first:
            await first.wait()
            await self.manners.overhears(place, member)

    async def _is_meant(self, ask: Ask, held: Held) -> bool:
        """Whether the bot is asked at all. Decided in the lane: an ask must stand there before anything is awaited."""
        if ask.pressed or ask.place.title is not None:
            return True
        listens = await self.manners.listens(held, ask.place, ask.member.id)
        return listens or not ask.overheard

    async def look(self, ask: Ask) -> None:
        """Whether moderators and limits would let it be asked. Raises Refusal."""
        usual = await self.manners.usual(ask.place)
        try:
            met = await self.admission.meet(ask, usual)
            await self._check_rules(met.ask, met.kept)
            if met.over:
                raise met.over
        except Refusal as refusal:
            async with self.store.write() as desk:
                await witness.barred(desk, ask, refusal.key, self.catalogue.tell(refusal))
            raise

    async def _check_rules(self, ask: Ask, kept: Kept | None = None) -> None:
        if self.words is not None:
            await self.words.check(ask, kept)

    async def rewrite(self, ask: Ask) -> Turn | None:
        """The message of an ask was edited: while it waits, the ask changes with it. The changed turn.

        Raises Refusal, which was told, where it may not, be it for its new words or for who asks.
        """
        self.tidings.edited(ask)
        await self.lanes.outlast(ask.id)
        await self._reword(ask)
        turn = await self.store.turns.of_message(ask.id)
        if turn is None or turn.state is not State.ASKED:
            return None
        try:
            return await self._rewritten(ask)
        except Refusal as refusal:
            with speaking(turn.language):
                await self._refuse(ask, refusal)
            raise

    async def _rewritten(self, ask: Ask) -> Turn | None:
        check_words(ask)
        held = await self.manners.held(ask.place)
        usual = over(self.settings, held)
        ask = await self.admission.introduce(ask, usual)
        await self._check_rules(ask)
        ask = replace(ask, place=reserving(held, ask.place))
        return await self.admission.rewrite(ask, usual, self.catalogue)

    async def _reword(self, ask: Ask) -> None:
        """What waits for a picture's owner is shown with its new words where rules allow those, else it is over."""
        if not await self.petitions.waits(ask.id):
            return
        try:
            check_words(ask)
            await self._check_rules(ask)
        except Refusal as refusal:
            await self.petitions.withdraw(ask.id)
            with speaking(self._language(ask, await self.store.locales.of(ask.member.id))):
                await self._refuse(ask, refusal)
            raise
        await self.petitions.reword(ask)

    async def withdraw(self, message: int) -> Turn | None:
        """The message of an ask was deleted: while it waits, the ask is cancelled, free. The cancelled turn."""
        self.tidings.gone([message])
        await self.lanes.outlast(message)
        await self.petitions.withdraw(message)
        turn = await self.store.turns.of_message(message)  # most deleted messages were no asks: no transaction for them
        if turn is None:
            return None
        async with self.store.write() as desk:
            return turn if await witness.cancelled(desk, turn) else None

    async def _admit(self, ask: Ask, held: Held, first: asyncio.Event) -> Admitted:
        check_words(ask)
        usual = over(self.settings, held)
        met = await self.admission.meet(ask, usual)
        await self._check_rules(met.ask, met.kept)
        await self.manners.welcome(held, ask.place, ask.member.id)
        if met.over:
            raise met.over
        ask = await Tracing(self.postman, self.manners, self.catalogue).traced(met.ask)
        fetched = await self.admission.fetch(ask, usual.gemini.models[usual.gemini.model], self.catalogue)
        await first.wait()
        if ask.overheard and not await self.manners.overhears(ask.place, ask.member.id):  # talk may stand before it
            return Admitted()
        admitted = await self.admission.admit(ask, fetched, usual, self.catalogue)
        if admitted.turn is not None and not admitted.changed:
            self.journal.asked(ask, admitted.turn)
        if admitted.question is not None:
            await self._ask_which(ask, admitted.question.labels)
        return admitted

    async def _ask_which(self, ask: Ask, labels: tuple[str, ...]) -> None:
        choices = enumerate(cut(label, 80) for label in labels)
        buttons = [Button(label, f"pick:{ask.place.channel}:{ask.id}:{place}") for place, label in choices]
        letter = self._letter(ask, self.catalogue.say("picker.which"))
        nonce = f"{ask.id}-q"  # its own: what the choice may lead to would be taken for the same message
        await self._say(ask, "question", replace(letter, buttons=tuple(buttons), nonce=nonce))

    async def _refuse(self, ask: Ask, error: EaselError) -> Admitted:
        """Say why, once a while for a limit; where only the presser knows of the ask, whoever heard the press does."""
        self.journal.refused(error)
        told = self.catalogue.tell(error)
        counted = isinstance(error, Refusal) and not isinstance(error, QUIETLY)
        if ask.unseen:
            async with self.store.write() as desk:
                await witness.heard(desk, ask, error.key, told, refused=counted)
            return Admitted(refusal=told)
        if not isinstance(error, QUIETLY) or ask.pressed or await self._is_news(ask, error):
            await self._say(ask, error.key, self._letter(ask, told), refused=counted)
        return Admitted()

    async def _is_news(self, ask: Ask, error: EaselError) -> bool:
        """Somebody who goes on asking all the same is not told each time: noted before it is told, or many would be."""
        async with self.store.write() as desk:
            quiet = ONCE if isinstance(error, Missed) else QUIET
            known = await desk.messages.told(ask.member.id, error.key, time.time() - quiet)
            await witness.heard(desk, ask, "over" if known else error.key, self.catalogue.tell(error))
        return not known

    def _letter(self, ask: Ask, text: str) -> Letter:
        asked = ask.message or ask.place.conversation
        return Letter(ask.place.channel, cut(text, TEXT_LIMIT), reply_to=asked, nonce=f"{ask.id}-n")

    async def _say(self, ask: Ask, outcome: str, letter: Letter, *, refused: bool = False) -> None:
        """Answer, then note it. While Discord is away nothing is noted, so that the ask is heard again."""
        message = None
        try:
            message = await patiently(lambda: self.postman.send(letter), islice(self.pace.pauses(), TRIES))
        except Unreachable as error:
            log.warning("ask %s can't be answered: %s", ask.id, error)
            if not error.forever:
                return
            await self._sign(ask)
        async with self.store.write() as desk:
            await witness.heard(desk, ask, outcome, "" if letter.buttons else letter.text, refused=refused)
            if message is not None:
                await desk.messages.add(Message(message, ask.place.conversation, None, Said.NOTICE))

    async def _sign(self, ask: Ask) -> None:
        """The place is closed to our words; silence would look like a bot that is gone."""
        if not ask.pressed:
            with suppress(Unreachable):
                await self.postman.sign(ask.place.channel, ask.id)


async def _known(desk: Desk, ask: Ask) -> tuple[bool, str | None, tuple[Wishes, Wishes]]:
    """Whether the ask was heard before, which locale its member has shown, and what is wished for where it stands."""
    heard = not is_later(ask) and await desk.messages.heard(ask.id)
    wishes = await desk.preferences.of(ask.place.conversation, ask.place.server)
    return heard, await desk.locales.of(ask.member.id), wishes
