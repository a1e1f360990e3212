"""The status message of a waiting ask: there after a second, edited only when the state changes, gone at the end."""

from __future__ import annotations

import asyncio
import logging
import statistics
import time
from dataclasses import dataclass

from bot import receipt
from bot.catalogue import Catalogue
from bot.errors import Unreachable
from bot.letters import Letter, Postman
from bot.model import Model, Turn
from bot.store import Message, Said, Store

log = logging.getLogger(__name__)

MARKS = ("🎨", "🕰️", "⏳")  #: every status begins with one of these, in every language
QUIET = 1.0  #: seconds in which an answer needs no status
SLOWER = {"2K": 1.4, "4K": 2.2}  #: against a 1K picture, until the bot has learnt better


@dataclass(frozen=True)
class Estimates:
    """How long a picture takes, learnt from the last fifty of its model and size."""

    store: Store

    async def seconds(self, model: Model, size: str | None) -> float:
        """The median; before the third picture what the model's data says."""
        known = await self.store.turns.seconds(model.id, size)
        return statistics.median(known) if len(known) >= 3 else model.seconds * SLOWER.get(size or "", 1.0)


class Status:
    """One ask's status. `show` sets what it says; `run` is its life, owned by the studio.

    After a restart the message of before is taken over; left at a stop, it stays for the next start.
    """

    def __init__(self, turn: Turn, store: Store, postman: Postman, catalogue: Catalogue) -> None:
        self._turn = turn
        self._store = store
        self._postman = postman
        self._catalogue = catalogue
        self._wanted: str | None = ""
        self._left = False
        self._changed = asyncio.Event()

    def show(self, state: str, ready_at: float, turn: Turn | None = None) -> None:
        """Say `status.<state>`, done about `ready_at` (seconds since the epoch)."""
        turn = turn or self._turn
        base = self._catalogue.say("status.base", number=turn.base) if turn.base else ""
        when = f"<t:{round(ready_at)}:R>"
        self._want(self._catalogue.say(f"status.{state}", words=receipt.plain(turn.words), base=base, when=when))

    def close(self) -> None:
        """Take it away."""
        self._want(None)

    def leave(self) -> None:
        """Say nothing more, and leave what was said."""
        self._left = self._wanted is not None
        self._want(None)

    async def run(self, *, resumed: bool = False) -> None:
        """Live until closed. A status that can't be shown stops nothing."""
        try:
            message = await self._of_before() if resumed else None
            await self._quiet()
            while self._wanted is not None:
                message = await self._say(message, self._wanted)
                await self._changed.wait()
            if message is not None and not self._left:
                await self._erase(message)
        except Unreachable as error:
            log.info("status of turn %s: %s", self._turn.id, error)

    async def _erase(self, message: int) -> None:
        await self._postman.erase(self._turn.conversation, message)
        async with self._store.write() as desk:
            await desk.messages.forget(message)

    async def _of_before(self) -> int | None:
        """The status that the last process posted, though it may have died before noting it."""
        turn = self._turn
        if noted := await self._store.messages.of_turn(turn.id, Said.STATUS):
            return noted[0]
        for each in await self._postman.own(turn.conversation, after=turn.id):
            if each.reply_to == turn.message and each.text.startswith(MARKS) and not each.files:
                return each.message
        return None

    async def _quiet(self) -> None:
        started = time.monotonic()
        while self._wanted is not None and (left := QUIET - (time.monotonic() - started)) > 0:
            self._changed.clear()
            try:
                await asyncio.wait_for(self._changed.wait(), left)
            except TimeoutError:
                return

    async def _say(self, message: int | None, text: str) -> int:
        self._changed.clear()
        if message is not None:
            await self._postman.edit(self._turn.conversation, message, text)
            return message
        turn = self._turn
        letter = Letter(turn.conversation, text, reply_to=turn.message, nonce=f"{turn.id}-s{turn.attempts}")
        message = await self._postman.send(letter)
        async with self._store.write() as desk:
            await desk.messages.add(Message(message, turn.conversation, turn.id, Said.STATUS))
        return message

    def _want(self, text: str | None) -> None:
        if text != self._wanted:
            self._wanted = text
            self._changed.set()
