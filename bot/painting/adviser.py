"""Other words for what was refused: the text model's where there is one and it answers in time, else those of rules."""

from __future__ import annotations

import logging
import re
import time
from dataclasses import dataclass
from typing import Protocol

from bot.catalogue import Catalogue
from bot.config import Settings
from bot.errors import Failure, OverLimit
from bot.limits import gate
from bot.model import Turn
from bot.painting import rewording
from bot.quota import Claim, micros
from bot.store import Store

log = logging.getLogger(__name__)

BULLET = re.compile(r"^[\s\d.)*“”\"–•-]+|[\s\"“”*]+$")  #: what a model puts around a line of a list
TASK = (
    "Somebody asked an image model for a picture, and it was refused. Suggest three other wordings that ask for "
    "something similar that everybody may see: milder, without real people, brands, known characters, private details "
    "or violence. Do not hint at what was left out, and never look for a way around a rule: where nothing harmless can "
    "be made of it, suggest nothing. Write in the language of the request, one wording on each line, and nothing else."
)


@dataclass(frozen=True, slots=True)
class Written:
    """What a text model wrote, and what it cost."""

    text: str
    dollars: float


class Writer(Protocol):
    """A text model."""

    @property
    def model(self) -> str:
        """Its id."""

    def cost(self, prompt: str) -> float:
        """Dollars that an answer costs at most."""

    async def write(self, prompt: str) -> Written:
        """An answer in words, within seconds. Raises Failure."""


@dataclass(frozen=True)
class Adviser:
    """Finds the words and keeps them with the turn."""

    store: Store
    settings: Settings
    catalogue: Catalogue
    writer: Writer | None = None

    async def advise(self, turn: Turn, reason: str) -> None:
        """Offer other words for a refused turn, where others can help."""
        offered = rewording.wordings(turn.words, reason, self.catalogue)
        if self.writer and rewording.may_be_written(turn.words, reason):
            offered = await self._written(self.writer, turn) or offered
        if offered:
            async with self.store.write() as desk:
                await desk.offers.make(turn.id, offered)

    async def _written(self, writer: Writer, turn: Turn) -> tuple[str, ...]:
        """Nothing where the model is in trouble, or the operator's fence has no room for it."""
        prompt = f"{TASK}\n\nThe request: {turn.words}"
        try:
            await self._count(writer, turn, writer.cost(prompt))
            written = await writer.write(prompt)
        except OverLimit:
            return ()
        except Failure as failure:
            await self._settle(turn, failure.dollars)
            return ()
        await self._settle(turn, written.dollars)
        lines = [BULLET.sub("", line) for line in written.text.splitlines()]
        return rewording.chosen([line for line in lines if line], turn.words)

    async def _count(self, writer: Writer, turn: Turn, dollars: float) -> None:
        """Before a byte goes out. Raises OverLimit."""
        claim = Claim(turn.member.id, turn.server, micros=micros(dollars))
        async with self.store.write() as desk:
            await gate.check(desk.ledger, self.settings.limits, claim, time.time())
            await desk.offers.call(turn.id, writer.model, claim.micros)

    async def _settle(self, turn: Turn, dollars: float) -> None:
        log.info("other words for turn %s: $%.4f", turn.id, dollars)
        async with self.store.write() as desk:
            await desk.offers.end(turn.id, micros(dollars))
