"""How careful Google's filters are with a turn: milder only where operator, moderators and its channel all allow it."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from bot.errors import Unreachable
from bot.letters import Postman
from bot.model import Turn
from bot.store import Desk

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Filters:
    """Asked at the moment of painting, for what was asked may have waited long. `allowed`: by the operator."""

    postman: Postman
    allowed: bool

    async def place(self, desk: Desk, turn: Turn) -> int | None:
        """Its thread where moderators allow it, and something was asked while its channel was age-restricted."""
        if not self.allowed or turn.server is None or not (await desk.rules.of(turn.server)).relaxed:
            return None
        conversation = await desk.turns.conversation(turn.conversation)
        return turn.conversation if conversation and conversation.restricted else None

    async def are_milder(self, place: int | None) -> bool:
        """Whether the milder thresholds hold in such a place. Whatever is not known for sure keeps the strictest."""
        try:
            return place is not None and await self.postman.is_restricted(place)
        except Unreachable as error:
            log.info("in %s the strictest filters hold, for its channel is not known: %s", place, error)
            return False
