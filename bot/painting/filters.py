"""How careful Google's filters are with a turn: milder only where operator, moderators and its channel all allow it."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from bot.errors import Unreachable
from bot.letters import Postman
from bot.store import Desk, Store

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Filters:
    """Asked at the moment of painting, for what was asked may have waited long. `allowed`: by the operator."""

    store: Store
    postman: Postman
    allowed: bool

    async def are_milder(self, number: int) -> bool:
        """Whether a turn is painted with the milder thresholds. Whatever is not known for sure keeps the strictest."""
        thread = await self.store.visit(lambda desk: _relaxed(desk, number)) if self.allowed else None
        if thread is None:
            return False
        try:
            return await self.postman.is_restricted(thread)
        except Unreachable as error:
            log.info("turn %s is painted with the strictest filters, for its channel is not known: %s", number, error)
            return False


async def _relaxed(desk: Desk, number: int) -> int | None:
    """The thread of a turn where moderators allow it, and something was asked while its channel was age-restricted."""
    turn = await desk.turns.get(number)
    if turn is None or turn.server is None or not (await desk.rules.of(turn.server)).relaxed:
        return None
    conversation = await desk.turns.conversation(turn.conversation)
    return turn.conversation if conversation and conversation.restricted else None
