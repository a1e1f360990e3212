"""Whom a message pings: what its words name, as far as `allowed_mentions` and permissions let it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from bot.sandbox.discord.nouns import Channel, Json, Mentions
from bot.sandbox.discord.permissions import Permission
from bot.sandbox.discord.world import World

_USER, _ROLE, _EVERYONE = re.compile(r"<@!?(\d+)>"), re.compile(r"<@&(\d+)>"), re.compile(r"@(everyone|here)\b")
_EVERYTHING: Json = {"parse": ["users", "roles", "everyone"], "replied_user": True}


class Pings:
    """Reads mentions for one author in one channel."""

    def __init__(self, world: World, channel: Channel, author_id: int) -> None:
        self._world = world
        self._guild = world.guilds.get(channel.guild_id or 0)
        self._may_ping_all = bool(world.allowed(author_id, channel) & Permission.MENTION_EVERYONE)

    def read(self, words: str, allowed: Any, replied_to: int | None = None) -> Mentions:
        """The pings in `words`, and that of the author replied to; no `allowed_mentions` allows all."""
        allowed = _EVERYTHING if allowed is None else allowed
        users = [one for one in _ids(_USER, words) if one in self._world.users and _lets("users", allowed)(one)]
        if replied_to is not None and allowed.get("replied_user"):
            users.append(replied_to)
        roles = [one for one in _ids(_ROLE, words) if self._may_ping_role(one) and _lets("roles", allowed)(one)]
        everyone = bool(_EVERYONE.search(words)) and self._may_ping_all and "everyone" in _parse(allowed)
        return Mentions(tuple(dict.fromkeys(users)), tuple(dict.fromkeys(roles)), everyone)

    def _may_ping_role(self, role_id: int) -> bool:
        role = self._guild.roles.get(role_id) if self._guild else None
        return role is not None and (role.mentionable or self._may_ping_all)


def _ids(pattern: re.Pattern[str], words: str) -> list[int]:
    return [int(one) for one in pattern.findall(words)]


def _parse(allowed: Json) -> list[str]:
    return allowed.get("parse") or []


def _lets(kind: str, allowed: Json) -> Callable[[int], bool]:
    named = {int(one) for one in allowed.get(kind) or []}
    return lambda one: kind in _parse(allowed) or one in named
