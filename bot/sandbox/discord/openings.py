"""How threads begin: on a message, in a channel, or as a post in a forum."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Any

from bot.sandbox.discord import problems
from bot.sandbox.discord.draft import Desk
from bot.sandbox.discord.messages import Messages
from bot.sandbox.discord.multipart import Form
from bot.sandbox.discord.notices import Notices
from bot.sandbox.discord.nouns import (
    FORUM,
    HAS_THREAD,
    NEWS,
    NEWS_THREAD,
    PRIVATE_THREAD,
    PUBLIC_THREAD,
    STARTER,
    TEXT,
    THREAD_CREATED,
    Channel,
    Json,
    Message,
    Reference,
    ThreadState,
)
from bot.sandbox.discord.permissions import Permission
from bot.sandbox.discord.problems import FormErrors, Problem
from bot.sandbox.discord.threads import DURATIONS, Threads
from bot.sandbox.discord.world import World

REQUIRES_TAG = 1 << 4
GROWING = MappingProxyType({TEXT: PUBLIC_THREAD, NEWS: NEWS_THREAD})  #: what grows from a message there


class Openings:
    """The rules for opening threads."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._notices = Notices(world)
        self._messages = Messages(world)
        self._threads = Threads(world)

    def on_message(self, message: Message, user_id: int, fields: Json) -> Channel:
        """A public thread that grows from a message and takes its id."""
        channel = self._world.channel(message.channel_id)
        self._world.require(user_id, channel, Permission.CREATE_PUBLIC_THREADS | Permission.READ_MESSAGE_HISTORY)
        if channel.kind not in GROWING:
            raise Problem(problems.WRONG_CHANNEL_KIND)
        if message.id in self._world.channels:
            raise Problem(problems.THREAD_EXISTS)
        thread = self._open(channel, user_id, fields, thread_id=message.id, kind=GROWING[channel.kind])
        self._messages.amend(message, flags=message.flags | HAS_THREAD)
        reference = Reference(channel.id, message.id, channel.guild_id)
        self._messages.post(thread, user_id, kind=STARTER, reference=reference)
        if self._world.rules.repeat_starter:
            self._notices.message("MESSAGE_CREATE", replace(message, channel_id=thread.id))
        return self._world.channel(thread.id)

    def in_channel(self, channel: Channel, user_id: int, fields: Json) -> Channel:
        """A thread of its own; a public one leaves a line in the channel."""
        kind = int(fields.get("type") or PRIVATE_THREAD)
        private = kind == PRIVATE_THREAD
        needed = Permission.CREATE_PRIVATE_THREADS if private else Permission.CREATE_PUBLIC_THREADS
        self._world.require(user_id, channel, needed)
        if channel.kind != TEXT or kind not in (PUBLIC_THREAD, PRIVATE_THREAD):
            raise Problem(problems.WRONG_CHANNEL_KIND)
        thread = self._open(channel, user_id, fields, kind=kind)
        if not private:
            reference = Reference(thread.id, None, channel.guild_id)
            self._messages.post(channel, user_id, kind=THREAD_CREATED, reference=reference, content=thread.name)
        return self._world.channel(thread.id)

    def in_forum(self, forum: Channel, user_id: int, form: Form) -> tuple[Channel, Message]:
        """A post: a thread and its first message, which share one id."""
        if forum.kind != FORUM:
            raise Problem(problems.WRONG_CHANNEL_KIND)
        self._world.require(user_id, forum, Permission.SEND_MESSAGES)
        fields = form.fields
        words = fields.get("message") or {}
        tags = tuple(int(one) for one in fields.get("applied_tags") or ())
        if forum.flags & REQUIRES_TAG and not tags:
            raise Problem(problems.TAG_REQUIRED)
        draft = Desk(self._world, forum, user_id).write(Form(words, form.files))
        thread = self._open(forum, user_id, fields, tags=tags)
        message = self._messages.post(thread, user_id, draft, id=thread.id)
        return self._world.channel(thread.id), message

    def _open(self, channel: Channel, user_id: int, fields: Json, **traits: Any) -> Channel:
        duration = _checked_duration(fields)
        self._require_room(channel)
        now = self._world.clock.now()
        state = ThreadState(user_id, now, now, auto_archive=duration, members={user_id: now})
        thread = Channel(
            id=traits.get("thread_id") or self._world.issue(),
            kind=traits.get("kind", PUBLIC_THREAD),
            name=str(fields["name"]),
            guild_id=channel.guild_id,
            parent_id=channel.id,
            nsfw=channel.nsfw,
            slowmode=int(fields.get("rate_limit_per_user") or 0),
            thread=replace(state, tags=traits.get("tags", ())),
        )
        self._world.channels[thread.id] = thread
        self._notices.thread("THREAD_CREATE", thread)
        return thread

    def _require_room(self, channel: Channel) -> None:
        active = [one for one in self._world.threads(channel.guild_id or 0) if one.thread and not one.thread.archived]
        if len(active) >= self._world.rules.active_threads:
            raise Problem(problems.TOO_MANY_THREADS)


def _checked_duration(fields: Json) -> int:
    errors = FormErrors()
    name = fields.get("name")
    if not isinstance(name, str):
        errors.required("name")
    else:
        errors.length("name", name, 1, 100)
    duration = fields.get("auto_archive_duration") or 1440
    if duration not in DURATIONS:
        errors.add("auto_archive_duration", "BASE_TYPE_CHOICES", f"Value must be one of {DURATIONS}.")
    errors.check()
    return int(duration)
