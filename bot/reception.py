"""Where asks come in: each heard once, in the order of asking, and answered at once where no turn comes of it."""

from __future__ import annotations

import asyncio
import logging
import secrets
from dataclasses import dataclass, field

from bot.admission import Admission, Admitted, check_words
from bot.catalogue import Catalogue
from bot.config import Settings
from bot.errors import Refusal, Unreachable
from bot.lanes import Lanes
from bot.letters import Button, Letter, Postman
from bot.model import Ask, Turn
from bot.store import Message, Said, Store

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

    async def receive(self, ask: Ask) -> Turn | None:
        """The new turn of an ask; None where it is a duplicate, was refused, or a question has to be answered first."""
        conversation = ask.place.conversation
        if self.lanes.holds(conversation, ask.id):
            return None
        async with self.lanes.enter(conversation, ask.id) as first:
            if ask.choice is None and await self.store.messages.heard(ask.id):
                return None
            try:
                return await self._answer(ask, await self._admit(ask, first))
            except Refusal as refusal:
                await self._refuse(ask, refusal)
            except Exception:
                number = secrets.token_hex(4)
                log.exception("ask %s failed unexpectedly (%s)", ask.id, number)
                await self._say(ask, self.catalogue.say("error.unexpected", id=number))
        return None

    async def rewrite(self, ask: Ask) -> None:
        """The message of an ask was edited: while it waits, the ask changes with it."""
        await self.admission.rewrite(ask, self.catalogue)

    async def _admit(self, ask: Ask, first: asyncio.Event) -> Admitted:
        check_words(ask)
        model = self.settings.gemini.models[self.settings.gemini.model]
        fetched = await self.admission.fetch(ask, model, self.catalogue)
        await first.wait()
        return await self.admission.admit(ask, fetched, self.settings, self.catalogue)

    async def _refuse(self, ask: Ask, refusal: Refusal) -> None:
        async with self.store.write() as desk:
            new = await desk.messages.hear(ask, refusal.key)
        if new:
            await self._say(ask, self.catalogue.tell(refusal))

    async def _answer(self, ask: Ask, admitted: Admitted) -> Turn | None:
        if admitted.question is not None:
            labels = enumerate(admitted.question.labels)
            buttons = tuple(Button(label[:80], f"pick:{ask.place.channel}:{ask.id}:{place}") for place, label in labels)
            await self._say(ask, self.catalogue.say("picker.which"), buttons)
        return None if admitted.changed else admitted.turn

    async def _say(self, ask: Ask, text: str, buttons: tuple[Button, ...] = ()) -> None:
        reply_to = ask.message or ask.id
        letter = Letter(ask.place.channel, text, buttons=buttons, reply_to=reply_to, nonce=f"{ask.id}-n")
        try:
            message = await self.postman.send(letter)
        except Unreachable as error:
            log.warning("ask %s can't be answered: %s", ask.id, error)
            return
        async with self.store.write() as desk:
            await desk.messages.add(Message(message, ask.place.conversation, None, Said.NOTICE))
