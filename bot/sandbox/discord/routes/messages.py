"""Messages: sent, listed, edited and deleted."""

from __future__ import annotations

from bot.sandbox.discord import message_payload
from bot.sandbox.discord.call import Call, Route
from bot.sandbox.discord.clock import stamp
from bot.sandbox.discord.nouns import Json, Message
from bot.sandbox.discord.permissions import Permission
from bot.sandbox.discord.services import Services

_ALL = "/channels/{channel_id}/messages"
_ONE = _ALL + "/{message_id}"


class MessageRoutes:
    """What is said."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._world = services.world

    def routes(self) -> list[Route]:
        """The paths of this area."""
        return [
            Route("GET", _ALL + "/pins", self.pins),
            Route("PUT", _ALL + "/pins/{message_id}", self.pin),
            Route("DELETE", _ALL + "/pins/{message_id}", self.unpin),
            Route("POST", _ALL + "/bulk-delete", self.delete_many),
            Route("GET", _ALL, self.listed),
            Route("POST", _ALL, self.create),
            Route("GET", _ONE, self.read),
            Route("PATCH", _ONE, self.edit),
            Route("DELETE", _ONE, self.delete),
        ]

    def _shown(self, message: Message, call: Call) -> Json:
        data = message_payload.message(self._world, message, call.actor_id)
        app = self._world.application
        hides = call.actor_id == app.bot_id and not app.message_content
        in_guild = self._world.channel(message.channel_id).guild_id is not None
        return message_payload.blanked(data, app.bot_id) if hides and in_guild else data

    async def listed(self, call: Call) -> list[Json]:
        """Up to a hundred messages, the newest first; none without the right to read history."""
        channel = call.channel()
        if not self._world.allowed(call.actor_id, channel) & Permission.READ_MESSAGE_HISTORY:
            return []
        limit = call.number("limit", 1, 100, 50)
        found = list(self._world.messages.get(channel.id, {}).values())
        return [self._shown(one, call) for one in _page(found, call, limit)]

    async def create(self, call: Call) -> Json:
        """A new message."""
        channel = call.channel()
        message = self._services.messages.create(channel, call.actor_id, await call.form())
        return self._shown(message, call)

    async def read(self, call: Call) -> Json:
        """One message."""
        return self._shown(call.message(Permission.READ_MESSAGE_HISTORY), call)

    async def edit(self, call: Call) -> Json:
        """A message changed."""
        message = call.message()
        if call.actor_id == self._world.application.bot_id:
            self._services.limits.take_edit(message.channel_id, message.id)
        return self._shown(self._services.messages.edit(message, call.actor_id, await call.form()), call)

    async def delete(self, call: Call) -> None:
        """A message gone."""
        whisper = self._world.whispers.get(call.id("message_id"))
        if whisper is not None and whisper.whispered_to == call.actor_id:
            self._services.messages.drop_whisper(whisper)
            return
        self._services.messages.delete(call.message(), call.actor_id)

    async def delete_many(self, call: Call) -> None:
        """Several messages gone."""
        ids = (await call.fields()).get("messages") or []
        self._services.messages.delete_many(call.channel(), call.actor_id, [int(one) for one in ids])

    async def pins(self, call: Call) -> Json:
        """Pinned messages with the time of their pins."""
        found = self._services.marks.pinned(call.channel())[: call.number("limit", 1, 50, 50)]
        items = [{"pinned_at": stamp(one.pinned_at or 0), "message": self._shown(one, call)} for one in found]
        return {"items": items, "has_more": False}

    async def pin(self, call: Call) -> None:
        """A message pinned."""
        self._services.marks.pin(call.message(), call.actor_id)

    async def unpin(self, call: Call) -> None:
        """A pin taken off."""
        self._services.marks.unpin(call.message(), call.actor_id)


def _page(found: list[Message], call: Call, limit: int) -> list[Message]:
    before, after, around = (call.number(name, 0, 1 << 63, 0) for name in ("before", "after", "around"))
    if around:
        older = [one for one in found if one.id < around][-(limit // 2) :]
        newer = [one for one in found if one.id >= around][: limit - len(older)]
        return [*older, *newer][::-1]
    if after:
        return [one for one in found if one.id > after][:limit][::-1]
    return [one for one in found if not before or one.id < before][-limit:][::-1]
