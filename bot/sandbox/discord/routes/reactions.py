"""Reactions under messages."""

from __future__ import annotations

from bot.sandbox.discord import payload
from bot.sandbox.discord.call import Call, Route
from bot.sandbox.discord.nouns import Json
from bot.sandbox.discord.permissions import Permission
from bot.sandbox.discord.services import Services

_ALL = "/channels/{channel_id}/messages/{message_id}/reactions"
_ONE = _ALL + "/{emoji}"


class ReactionRoutes:
    """Emojis, given and taken back."""

    def __init__(self, services: Services) -> None:
        self._world = services.world
        self._marks = services.marks

    def routes(self) -> list[Route]:
        """The paths of this area."""
        return [
            Route("PUT", _ONE + "/@me", self.add),
            Route("DELETE", _ONE + "/@me", self.take_back),
            Route("DELETE", _ONE + "/{user_id}", self.remove),
            Route("GET", _ONE, self.who),
            Route("DELETE", _ONE, self.clear_one),
            Route("DELETE", _ALL, self.clear),
        ]

    async def add(self, call: Call) -> None:
        """One's own reaction."""
        self._marks.react(call.message(), call.actor_id, call.text("emoji"))

    async def take_back(self, call: Call) -> None:
        """One's own reaction gone."""
        self._marks.unreact(call.message(), call.actor_id, call.actor_id, call.text("emoji"))

    async def remove(self, call: Call) -> None:
        """Somebody else's reaction gone."""
        self._marks.unreact(call.message(), call.actor_id, call.id("user_id"), call.text("emoji"))

    async def who(self, call: Call) -> list[Json]:
        """Who chose this emoji."""
        message = call.message(Permission.READ_MESSAGE_HISTORY)
        users = [user for one in message.reactions if one.emoji == call.text("emoji") for user in one.users]
        return [payload.user(self._world.users[one]) for one in users[: call.number("limit", 1, 100, 25)]]

    async def clear_one(self, call: Call) -> None:
        """Every reaction with this emoji gone."""
        self._marks.clear(call.message(), call.actor_id, call.text("emoji"))

    async def clear(self, call: Call) -> None:
        """Every reaction gone."""
        self._marks.clear(call.message(), call.actor_id)
