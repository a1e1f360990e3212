"""What a turn sets aside at the gate, so that nobody else can take it: when it is admitted, and when it is changed."""

from __future__ import annotations

import time
from dataclasses import dataclass

from bot.asking.drafting import noted
from bot.catalogue import Catalogue
from bot.config import Settings
from bot.limits import fallback, gate
from bot.limits.permit import Permit
from bot.limits.usage import nearing
from bot.model import Ask, Kind, Memory, Turn
from bot.price import set_aside
from bot.quota import Claim, micros
from bot.store import Desk


@dataclass(frozen=True)
class Reserve:
    """Claims within one transaction, by what holds for whoever asks."""

    desk: Desk
    settings: Settings
    permit: Permit

    async def hold(self, turn: Turn, catalogue: Catalogue) -> Turn:
        """Claim what a new turn may cost; its receipt says where little is left then. Raises OverLimit."""
        claim = self._claim(turn)
        room = await gate.check(self.desk.ledger, self.settings.limits, claim, turn.asked_at, self.permit)
        await self.desk.ledger.hold(turn, claim)
        little = "" if claim.free else nearing(room, catalogue)
        return noted(turn, [little] if little else [])

    async def stretch(self, turn: Turn) -> None:
        """Claim what a waiting turn may cost more than before, now that it has changed. Raises OverLimit."""
        more = self._claim(turn).micros - await self.desk.ledger.claimed(turn.id)
        if more > 0:
            claim = Claim(turn.member.id, turn.server, micros=more)
            await gate.check(self.desk.ledger, self.settings.limits, claim, time.time(), self.permit)
            await self.desk.ledger.stretch(turn.id, more)

    def _claim(self, turn: Turn) -> Claim:
        if turn.kind is Kind.UPLOAD:
            return Claim(turn.member.id, turn.server, free=True)
        dollars = fallback.price(turn, self.settings.gemini.models)
        return Claim(turn.member.id, turn.server, pictures=turn.count, micros=turn.count * micros(dollars))


def least(ask: Ask, settings: Settings) -> Claim:
    """What it is sure to need, before anything is known of its files and of what it replies to."""
    begins = bool(ask.words) and ask.quoted is None and (bool(ask.uploads) or ask.place.title is not None)
    if not (ask.fresh or begins):
        return Claim(ask.member.id, ask.place.server)
    model = settings.gemini.models[settings.gemini.model]
    dollars = min(set_aside(model, each, Memory.FOCUSED) for each in model.sizes or (None,))
    return Claim(ask.member.id, ask.place.server, pictures=1, micros=micros(dollars))
