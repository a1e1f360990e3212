"""Threads: opened, joined, left and found again."""

from __future__ import annotations

from bot.sandbox.discord import message_payload, payload
from bot.sandbox.discord.call import Call, Made, Route
from bot.sandbox.discord.nouns import FORUM, PRIVATE_THREAD, Channel, Json
from bot.sandbox.discord.permissions import Permission
from bot.sandbox.discord.services import Services
from bot.sandbox.discord.threads import state_of

_CHANNEL = "/channels/{channel_id}"


class ThreadRoutes:
    """Threads and forum posts."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._world = services.world

    def routes(self) -> list[Route]:
        """The paths of this area."""
        return [
            Route("POST", _CHANNEL + "/messages/{message_id}/threads", self.on_message),
            Route("POST", _CHANNEL + "/threads", self.in_channel),
            Route("GET", _CHANNEL + "/threads/archived/public", self.archived_public),
            Route("GET", _CHANNEL + "/thread-members", self.members),
            Route("PUT", _CHANNEL + "/thread-members/@me", self.join),
            Route("DELETE", _CHANNEL + "/thread-members/@me", self.leave),
        ]

    async def on_message(self, call: Call) -> Made:
        """A thread that grows from a message."""
        message = call.message()
        thread = self._services.openings.on_message(message, call.actor_id, await call.fields())
        return Made(payload.channel(self._world, thread, call.actor_id))

    async def in_channel(self, call: Call) -> Made:
        """A thread without a message, or a post in a forum."""
        channel, form = call.channel(), await call.form()
        if channel.kind != FORUM:
            thread = self._services.openings.in_channel(channel, call.actor_id, form.fields)
            return Made(payload.channel(self._world, thread, call.actor_id))
        post, message = self._services.openings.in_forum(channel, call.actor_id, form)
        shown = message_payload.message(self._world, message, call.actor_id)
        return Made({**payload.channel(self._world, post, call.actor_id), "message": shown})

    async def archived_public(self, call: Call) -> Json:
        """Resting public threads, the latest first."""
        channel = call.channel(Permission.READ_MESSAGE_HISTORY)
        below = self._world.threads(channel.guild_id or 0, channel.id)
        resting = [one for one in below if one.kind != PRIVATE_THREAD and state_of(one).archived]
        return self._page(call, sorted(resting, key=lambda one: state_of(one).archive_at, reverse=True))

    def _page(self, call: Call, threads: list[Channel]) -> Json:
        limit = call.number("limit", 2, 100, 50)
        seen = [one for one in threads if self._world.sees(call.actor_id, one)]
        before = call.request.query.get("before")
        if before:
            seen = [one for one in seen if payload.thread_metadata(one)["archive_timestamp"] < before]
        shown = seen[:limit]
        joined = [one for one in shown if call.actor_id in state_of(one).members]
        return {
            "threads": [payload.channel(self._world, one, call.actor_id) for one in shown],
            "members": [payload.thread_member(one, call.actor_id) for one in joined],
            "has_more": len(seen) > limit,
        }

    async def members(self, call: Call) -> list[Json]:
        """Who is in the thread."""
        thread = call.channel()
        return [payload.thread_member(thread, one) for one in state_of(thread).members]

    async def join(self, call: Call) -> None:
        """Oneself in."""
        self._services.threads.join(self._awake(call), call.actor_id)

    async def leave(self, call: Call) -> None:
        """Oneself out."""
        self._services.threads.leave(self._awake(call), call.actor_id)

    def _awake(self, call: Call) -> Channel:
        thread = call.channel()
        self._services.threads.require_awake(thread)
        return thread
