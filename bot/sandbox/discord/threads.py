"""Threads and forum posts once they exist: who is in them, whether they rest, and their settings."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.sandbox.discord import problems
from bot.sandbox.discord.notices import Notices
from bot.sandbox.discord.nouns import Channel, Json, ThreadState
from bot.sandbox.discord.permissions import Permission
from bot.sandbox.discord.problems import FormErrors, Problem
from bot.sandbox.discord.world import World

DURATIONS = (60, 1440, 4320, 10080)
MOST_MEMBERS = 1000
_OWNERS_MAY_CHANGE = frozenset({"name", "archived", "auto_archive_duration", "applied_tags", "invitable"})


def state_of(thread: Channel) -> ThreadState:
    """What only threads have, or 50024 for other channels."""
    if thread.thread is None:
        raise Problem(problems.WRONG_CHANNEL_KIND)
    return thread.thread


class Threads:
    """The rules of threads."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._notices = Notices(world)

    def join(self, thread: Channel, user_id: int) -> Channel:
        """Make somebody a member of the thread, if they are not."""
        state = state_of(thread)
        known = self._world.guild(thread.guild_id or 0).members
        if user_id in state.members or user_id not in known:
            return thread
        if len(state.members) >= MOST_MEMBERS:
            raise Problem(problems.TOO_MANY_MEMBERS)
        joined = self._with(thread, members={**state.members, user_id: self._world.clock.now()})
        self._notices.thread_members(joined, [user_id], [])
        return joined

    def leave(self, thread: Channel, user_id: int) -> None:
        """End somebody's membership."""
        state = state_of(thread)
        if user_id not in state.members:
            return
        left = self._with(thread, members={one: at for one, at in state.members.items() if one != user_id})
        self._notices.thread_members(left, [], [user_id])

    def wake(self, thread: Channel) -> Channel:
        """Unarchive a thread because somebody writes in it."""
        if not state_of(thread).archived:
            return thread
        return self._rest(thread, archived=False)

    def rest_idle(self) -> None:
        """Archive every thread in which nothing has happened for as long as it allows."""
        now = self._world.clock.now()
        for thread in [one for one in self._world.channels.values() if one.is_thread]:
            state = state_of(thread)
            latest = max([state.archive_at, *(one.sent_at for one in self._latest(thread))])
            if not state.archived and now - latest > state.auto_archive * 60:
                self._rest(thread, archived=True)

    def _latest(self, thread: Channel) -> list[Any]:
        found = self._world.messages.get(thread.id, {}).get(thread.last_message_id or 0)
        return [found] if found else []

    def _rest(self, thread: Channel, *, archived: bool) -> Channel:
        changed = self._with(thread, archived=archived, archive_at=self._world.clock.now())
        self._notices.thread("THREAD_UPDATE", changed)
        return changed

    def _with(self, thread: Channel, **changes: Any) -> Channel:
        current = self._world.channel(thread.id)
        return self._world.change(current, thread=replace(state_of(current), **changes))

    def update(self, thread: Channel, user_id: int, fields: Json) -> Channel:
        """Rename, archive, lock or tag a thread, as far as the user may."""
        self._require_update(thread, user_id, fields)
        changes = _checked(thread, fields)
        state = replace(state_of(thread), **_traits(state_of(thread), fields))
        if state.archived != state_of(thread).archived:
            state = replace(state, archive_at=self._world.clock.now())
        changed = self._world.change(thread, thread=state, **changes)
        self._notices.thread("THREAD_UPDATE", changed)
        return changed

    def _require_update(self, thread: Channel, user_id: int, fields: Json) -> None:
        self._world.require(user_id, thread)
        if not self._may_update(thread, user_id, fields):
            raise Problem(problems.MISSING_PERMISSIONS)
        if state_of(thread).archived and fields.get("archived", True) and set(fields) - {"archived", "locked"}:
            raise Problem(problems.THREAD_ARCHIVED)

    def _may_update(self, thread: Channel, user_id: int, fields: Json) -> bool:
        allowed, state = self._world.allowed(user_id, thread), state_of(thread)
        if allowed & Permission.MANAGE_THREADS:
            return True
        if state.locked:
            return False
        wakes = fields == {"archived": False} and bool(allowed & Permission.SEND_MESSAGES_IN_THREADS)
        return wakes or (state.owner_id == user_id and set(fields) <= _OWNERS_MAY_CHANGE)

    def require_voice(self, thread: Channel, user_id: int) -> None:
        """Refuse writing in a locked thread to those who do not manage threads."""
        state = state_of(thread)
        manages = self._world.allowed(user_id, thread) & Permission.MANAGE_THREADS
        if state.locked and not manages:
            raise Problem(problems.THREAD_ARCHIVED if state.archived else problems.THREAD_LOCKED)

    def require_awake(self, channel: Channel) -> None:
        """Refuse edits, deletions and reactions in an archived thread."""
        if channel.thread is not None and channel.thread.archived:
            raise Problem(problems.THREAD_ARCHIVED)


def _checked(thread: Channel, fields: Json) -> Json:
    errors = FormErrors()
    name = str(fields.get("name") or thread.name)
    errors.length("name", name, 1, 100)
    if fields.get("auto_archive_duration", 1440) not in DURATIONS:
        errors.add("auto_archive_duration", "BASE_TYPE_CHOICES", f"Value must be one of {DURATIONS}.")
    errors.check()
    slowmode = int(fields.get("rate_limit_per_user", thread.slowmode) or 0)
    return {"name": name, "slowmode": slowmode, "flags": int(fields.get("flags", thread.flags))}


def _traits(state: ThreadState, fields: Json) -> Json:
    return {
        "archived": bool(fields.get("archived", state.archived)),
        "locked": bool(fields.get("locked", state.locked)),
        "invitable": bool(fields.get("invitable", state.invitable)),
        "auto_archive": fields.get("auto_archive_duration", state.auto_archive),
        "tags": tuple(int(one) for one in fields.get("applied_tags", state.tags)),
    }
