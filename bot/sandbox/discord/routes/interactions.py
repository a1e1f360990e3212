"""Interactions: members act, the bot answers."""

from __future__ import annotations

from bot.sandbox.discord import message_payload, problems
from bot.sandbox.discord.answers import SAY, UPDATE
from bot.sandbox.discord.call import Call, Route
from bot.sandbox.discord.interaction import Interaction
from bot.sandbox.discord.nouns import EPHEMERAL, LOADING, Json, Message
from bot.sandbox.discord.problems import Problem
from bot.sandbox.discord.services import Services

_WEBHOOK = "/webhooks/{application_id}/{token}"
_MESSAGE = _WEBHOOK + "/messages/{message_id}"


class InteractionRoutes:
    """Gestures, callbacks and follow-ups."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._world = services.world

    def routes(self) -> list[Route]:
        """The paths of this area; a token in the path is right enough for the bot's answers."""
        callback = "/interactions/{interaction_id}/{token}/callback"
        return [
            Route("POST", "/interactions", self.act),
            Route("POST", callback, self.answer, anonymous=True),
            Route("POST", _WEBHOOK, self.follow_up, anonymous=True),
            Route("GET", _MESSAGE, self.read, anonymous=True),
            Route("PATCH", _MESSAGE, self.edit, anonymous=True),
            Route("DELETE", _MESSAGE, self.delete, anonymous=True),
        ]

    async def act(self, call: Call) -> None:
        """A member's command, press or form."""
        if self._world.users[call.actor_id].bot:
            raise Problem(problems.UNAUTHORIZED)
        self._services.gestures.make(call.actor_id, await call.form())

    async def answer(self, call: Call) -> Json | None:
        """The bot's first answer."""
        form = await call.form()
        interaction = self._services.interactions.awaiting(call.id("interaction_id"), call.text("token"))
        message = self._services.answers.first(interaction, form)
        if not call.flag("with_response"):
            return None
        return self._answered(interaction, int(form.fields["type"]), message)

    def _answered(self, interaction: Interaction, kind: int, message: Message | None) -> Json:
        shown: Json = {"id": str(interaction.id), "type": interaction.kind, "channel_id": str(interaction.channel_id)}
        if interaction.guild_id is not None:
            shown["guild_id"] = str(interaction.guild_id)
        if message is not None:
            shown["response_message_id"] = str(message.id)
            shown["response_message_loading"] = message.has(LOADING)
            shown["response_message_ephemeral"] = message.has(EPHEMERAL)
        answer: Json = {"interaction": shown}
        if message is not None and kind in (SAY, UPDATE):
            answer["resource"] = {"type": kind, "message": message_payload.message(self._world, message)}
        return answer

    def _opened(self, call: Call) -> Interaction:
        if call.id("application_id") != self._world.application.id:
            raise Problem(problems.UNKNOWN_WEBHOOK)
        return self._services.interactions.opened(call.text("token"))

    async def follow_up(self, call: Call) -> Json:
        """One more message."""
        form = await call.form()
        message = self._services.answers.follow_up(self._opened(call), form)
        return message_payload.message(self._world, message)

    async def read(self, call: Call) -> Json:
        """One of the interaction's messages."""
        message = self._services.answers.read(self._opened(call), self._name(call))
        return message_payload.message(self._world, message)

    async def edit(self, call: Call) -> Json:
        """One of the interaction's messages changed."""
        form = await call.form()
        message = self._services.answers.edit(self._opened(call), self._name(call), form)
        return message_payload.message(self._world, message)

    async def delete(self, call: Call) -> None:
        """One of the interaction's messages gone."""
        self._services.answers.delete(self._opened(call), self._name(call))

    def _name(self, call: Call) -> str:
        name = call.text("message_id")
        return name if name == "@original" else str(call.id("message_id"))
