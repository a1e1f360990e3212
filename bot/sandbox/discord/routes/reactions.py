"""Reactions under messages."""

from __future__ import annotations

from bot.sandbox.discord.call import Call, Route
from bot.sandbox.discord.services import Services

_OWN = "/channels/{channel_id}/messages/{message_id}/reactions/{emoji}/@me"


class ReactionRoutes:
    """Emojis, given and taken back."""

    def __init__(self, services: Services) -> None:
        self._marks = services.marks

    def routes(self) -> list[Route]:
        """The paths of this area."""
        return [
            Route("PUT", _OWN, self.add),
            Route("DELETE", _OWN, self.take_back),
        ]

    async def add(self, call: Call) -> None:
        """One's own reaction."""
        self._marks.react(call.message(), call.actor_id, call.text("emoji"))

    async def take_back(self, call: Call) -> None:
        """One's own reaction gone."""
        self._marks.unreact(call.message(), call.actor_id, call.text("emoji"))
