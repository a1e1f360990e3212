"""How careful Google's filters are with a turn: milder only where operator, moderators and its channel all allow it."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from bot.errors import Unreachable
from bot.letters import Postman
from bot.store import Store

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Filters:
    """Asked at the moment of painting, for what was asked may have waited long. `allowed`: by the operator."""

    store: Store
    postman: Postman
    allowed: bool

    async def are_milder(self, number: int) -> bool:
        """Whether a turn is painted with the milder thresholds. Whatever is not known for sure keeps the strictest."""
        turn = await self.store.turns.get(number) if self.allowed else None
        if turn is None or turn.server is None or not (await self.store.rules.of(turn.server)).relaxed:
            return False
        conversation = await self.store.turns.conversation(turn.conversation)
        if conversation is None or not conversation.restricted:
            return False
        try:
            return await self.postman.is_restricted(turn.conversation)
        except Unreachable as error:
            log.info("turn %s is painted with the strictest filters, for its channel is not known: %s", number, error)
            return False
