"""What a member's roles allow: in each dimension the most generous of those that set it. Pure.

Rows come from the file (`[[limits.role]]`) and from Discord; what moderators set there wins, for each role and
dimension by itself. Where no role of a member's sets a dimension, the operator's `[limits]` alone holds.
A row that can't be read counts as the least there is: it grants nothing, and opens no door.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from bot.config import RoleLimits
from bot.model import Member
from bot.rules.dimension import DIMENSIONS, truth
from bot.rules.rules import Rules, Stance, Subject

BLOCKED = "blocked"  #: no dimension: it wins over all


class Written(StrEnum):
    """Where a row stands."""

    FILE = "file"
    DISCORD = "discord"


class Flaw(StrEnum):
    """Why a row grants nothing."""

    UNREADABLE = "unreadable"
    DELETED = "deleted"  #: there is no such role (any more)


@dataclass(frozen=True, slots=True)
class Row:
    """One limit of one role. The server's own id is the role @everyone."""

    role: int
    name: str
    value: Any
    written: Written


@dataclass(frozen=True, slots=True)
class Broken:
    """A row that grants nothing. `raw` as it is written."""

    role: int
    name: str
    raw: str
    why: Flaw
    written: Written = Written.DISCORD


@dataclass(frozen=True, slots=True)
class Grant:
    """What holds in a dimension, and the rows that give it: several where they say the same, or each gives a part."""

    value: Any
    rows: tuple[Row, ...]

    @property
    def role(self) -> int:
        """The role that gives it, the first of several."""
        return self.rows[0].role


@dataclass(frozen=True, slots=True)
class Block:
    """Why a member may not ask at all: `error.<key>`. `until` in seconds since the epoch; None for good."""

    key: str
    role: int | None = None
    reason: str = ""
    until: float | None = None
    by: int | None = None  #: who decided it, where it was decided in Discord


@dataclass(frozen=True, slots=True)
class Decisions:
    """All that is decided for a server's members, by its moderators and in the file."""

    server: int
    rows: tuple[Row, ...] = ()
    broken: tuple[Broken, ...] = ()
    stances: tuple[Stance, ...] = ()
    rules: Rules = field(default_factory=Rules)

    @property
    def names_roles(self) -> bool:
        """Whether it takes somebody's roles to know whether they may ask."""
        stances = any(each.kind is Subject.ROLE for each in self.stances)
        return stances or any(each.name == BLOCKED for each in self.rows)

    @property
    def names_channels(self) -> bool:
        """Whether it matters in which channel somebody asks."""
        return any(each.kind is Subject.CHANNEL for each in self.stances)

    def kept_out(self, kind: Subject, subjects: Collection[int], now: float) -> Stance | None:
        """The stance that keeps one of them out, the one that lasts longest; None where none does."""
        held = [each for each in self._held(kind, now) if not each.allowed and each.subject in subjects]
        return max(held, key=lambda each: math.inf if each.until is None else each.until, default=None)

    def let_in(self, kind: Subject, now: float) -> frozenset[int]:
        """Those on the list of who is let in; where it is empty, everybody is."""
        return frozenset(each.subject for each in self._held(kind, now) if each.allowed)

    def _held(self, kind: Subject, now: float) -> list[Stance]:
        return [each for each in self.stances if each.kind is kind and each.holds(now)]

    def blocks(self, role: int, now: float) -> Block | None:
        """Why nobody of a role may ask; None where they may. A role that is let in is not blocked by the file."""
        if stance := self.kept_out(Subject.ROLE, {role}, now):
            return Block("blocked_role", role, stance.reason, stance.until, stance.member)
        welcome = role in self.let_in(Subject.ROLE, now)
        rows = [each for each in self.rows if each.role == role and each.name == BLOCKED and each.value]
        held = [each for each in rows if each.written is Written.DISCORD or not welcome]
        return Block("blocked_role", role) if held else None


@dataclass(frozen=True, slots=True)
class Allowance:
    """What holds for a member in a server. `grants` has only the dimensions that some role of theirs sets."""

    decisions: Decisions
    member: Member
    grants: Mapping[str, Grant]
    exempt: bool = False  #: a moderator where those are: no limit per role holds

    @property
    def server(self) -> int:
        """Whose roles and rules they are."""
        return self.decisions.server

    @property
    def rules(self) -> Rules:
        """The server's own: pause and budgets."""
        return self.decisions.rules

    @property
    def broken(self) -> tuple[Broken, ...]:
        """The rows of the server that grant nothing."""
        return self.decisions.broken

    @property
    def roles(self) -> frozenset[int]:
        """All that the member has, @everyone among them."""
        return (self.member.roles or frozenset()) | {self.server}

    def value(self, name: str) -> Any:
        """What holds in a dimension; None where no role sets it."""
        grant = self.grants.get(name)
        return grant.value if grant else None

    def blocked(self, now: float) -> Block | None:
        """Why they may not ask at all; None where they may. Moderators are not exempt from that."""
        if named := self.blocked_by_name(now):
            return named
        if held := next(filter(None, (self.decisions.blocks(each, now) for each in sorted(self.roles))), None):
            return held
        members, roles = (self.decisions.let_in(kind, now) for kind in (Subject.MEMBER, Subject.ROLE))
        listed = self.member.id in members or roles & self.roles
        return None if listed or not (members or roles) else Block("not_let_in")

    def blocked_by_name(self, now: float) -> Block | None:
        """The same, where they themselves are kept out, whatever their roles."""
        stance = self.decisions.kept_out(Subject.MEMBER, {self.member.id}, now)
        return Block("blocked_member", None, stance.reason, stance.until, stance.member) if stance else None

    def more(self, name: str, now: float) -> Row | None:
        """The row of another role that would give more, and of those the least."""
        own, best = self.grants.get(name), DIMENSIONS[name].best
        if own is None or isinstance(own.value, tuple):
            return None
        rows = [each for each in self.decisions.rows if each.name == name and not self.decisions.blocks(each.role, now)]
        above = [each for each in rows if each.value != own.value and best([own.value, each.value]) == each.value]
        return next((each for each in above if all(best([each.value, one.value]) == one.value for one in above)), None)


def decided(server: int, file: Iterable[RoleLimits], database: Mapping[int, Mapping[str, str]]) -> Decisions:
    """The rows of both, each role and dimension once; Discord wins."""
    rows = {(each.role, each.name): each for each in _of_file(file)}
    broken = []
    for role, name, raw in ((role, *each) for role, limits in database.items() for each in limits.items()):
        if name not in DIMENSIONS and name != BLOCKED:
            continue  # another program's
        if (value := _read(name, raw)) is None:
            broken.append(Broken(role, name, raw, Flaw.UNREADABLE))
            value = DIMENSIONS[name].least if name in DIMENSIONS else True
        rows[role, name] = Row(role, name, value, Written.DISCORD)
    return Decisions(server, tuple(rows.values()), tuple(broken))


def among(decided: Decisions, there: Collection[int]) -> Decisions:
    """The decisions about roles that the server has; rows of deleted ones are broken.

    A row of the file for a role that is not there may be meant for another server, so that it is only left out.
    """
    gone = [each for each in decided.rows if each.role not in there and each.role != decided.server]
    flaws = [
        Broken(each.role, each.name, json.dumps(each.value), Flaw.DELETED)
        for each in gone
        if each.written is Written.DISCORD
    ]
    left = tuple(each for each in decided.rows if each not in gone)
    readable = [each for each in decided.broken if each.role in there or each.role == decided.server]
    return Decisions(decided.server, left, (*readable, *flaws), decided.stances, decided.rules)


def allowance(decided: Decisions, member: Member) -> Allowance:
    """What holds for a member, by the roles that they have."""
    exempt = decided.rules.moderators_exempt and member.moderator
    own = (member.roles or frozenset()) | {decided.server}
    rows = [] if exempt else [each for each in decided.rows if each.role in own]
    grants = {
        name: _grant(name, given) for name in DIMENSIONS if (given := [each for each in rows if each.name == name])
    }
    return Allowance(decided, member, MappingProxyType(grants), exempt)


def unknown(file: Iterable[RoleLimits], there: Collection[int]) -> list[int]:
    """Roles of the file that no server has: their rows grant nothing."""
    return [each.role for each in file if each.role not in there]


def _grant(name: str, rows: list[Row]) -> Grant:
    best = DIMENSIONS[name].best([each.value for each in rows])
    giving = [each for each in rows if each.value == best] or [each for each in rows if each.value]
    return Grant(best, tuple(giving or rows))


def _of_file(file: Iterable[RoleLimits]) -> Iterable[Row]:
    for limits in file:
        for name in DIMENSIONS:
            if (value := getattr(limits, name)) is not None:
                yield Row(limits.role, name, value, Written.FILE)
        if limits.blocked:
            yield Row(limits.role, BLOCKED, value=True, written=Written.FILE)


def _read(name: str, raw: str) -> Any:
    """The value of a row; None where it can't be read."""
    shape = DIMENSIONS[name].read if name in DIMENSIONS else truth
    try:
        return shape(json.loads(raw))
    except (ValueError, TypeError, RecursionError):
        return None
