"""Who is a member of which server, with which roles: asked of Discord where a message or a press did not tell it."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Protocol

from bot.config import RoleLimits
from bot.errors import Barred, Refusal, Unreachable
from bot.model import Ask, Member
from bot.standing import Standing

PATIENCE = 2.0  #: seconds; a command has to be acknowledged within three


class Roster(Protocol):
    """Knows servers and their members."""

    @property
    def servers(self) -> Collection[int]:
        """Where the bot is."""

    async def gathered(self) -> None:
        """Wait until it is known where the bot is: after a start that takes a moment."""

    def roles(self, server: int) -> Collection[int] | None:
        """The roles that a server has; None where that is not known."""

    def around(self, channel: int) -> Collection[int]:
        """A channel or thread with what it hangs from, and their category; nothing where it is not known."""

    async def find(self, server: int, member: int) -> Standing | None:
        """How somebody stands in a server; None where they are no member of it. Raises Unreachable."""


async def met(ask: Ask, roster: Roster, strict: Collection[int] = ()) -> Ask:
    """The ask by a member whose roles are known; in direct messages those in each shared server that is `strict`.

    Raises Refusal where Discord does not tell in time, or says that they have left.
    """
    member, server = ask.member, ask.place.server
    if server is not None and member.roles is not None:
        return ask
    try:
        async with asyncio.timeout(PATIENCE):
            if server is None:
                shared = await _shared(member, roster, set(strict) & set(roster.servers))
                return replace(ask, member=replace(member, shared=shared))
            standing = await roster.find(server, member.id)
    except (Unreachable, TimeoutError) as error:
        raise Refusal("roles_unknown") from error
    if standing is None:
        raise Barred("member_left")
    return replace(ask, member=replace(member, roles=standing.roles, moderator=standing.moderator))


def having(roster: Roster, limits: Iterable[RoleLimits]) -> list[int]:
    """The servers with a role that the file sets limits for."""
    named = {each.role for each in limits}
    return [each for each in roster.servers if named & {each, *(roster.roles(each) or ())}]


async def _shared(member: Member, roster: Roster, servers: Iterable[int]) -> tuple[Standing, ...]:
    found = await asyncio.gather(*(roster.find(each, member.id) for each in sorted(servers)))
    return tuple(each for each in found if each)
