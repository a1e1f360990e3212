"""What moderators have decided: a server's rules, the limits of its roles, and how it stands to whom."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass

from bot.rules.rules import Rules, Stance, Subject
from bot.store.marks import Marks
from bot.store.private import Private
from bot.store.query import Query


@dataclass(frozen=True)
class RuleTable:
    """Questions about decisions, and their writing down; who changes something goes through `bot.moderation`."""

    query: Query
    marks: Marks

    async def of(self, server: int) -> Rules:
        """The server's rules."""
        sql = "SELECT name, value FROM rules WHERE server = :server"
        found = await self.query.all(sql, server=server)
        return Rules.read({row["name"]: row["value"] for row in found})

    async def decide(self, server: int, name: str, value: object) -> None:
        """Write a rule; None is no opinion any more."""
        await self.query.tell("DELETE FROM rules WHERE server = :server AND name = :name", server=server, name=name)
        if value is not None:
            sql = "INSERT INTO rules (server, name, value) VALUES (:server, :name, :value)"
            await self.query.tell(sql, server=server, name=name, value=json.dumps(value))

    async def roles(self, server: int) -> dict[int, dict[str, str]]:
        """The limits that were set for roles, as they are written: JSON by dimension."""
        sql = "SELECT role, name, value FROM role_limits WHERE server = :server ORDER BY role, name"
        limits: dict[int, dict[str, str]] = defaultdict(dict)
        for row in await self.query.all(sql, server=server):
            limits[row["role"]][row["name"]] = row["value"]
        return dict(limits)

    async def limit(self, server: int, role: int, name: str, value: object) -> None:
        """Write one limit of a role; None clears it."""
        where = {"server": server, "role": role, "name": name}
        await self.query.tell(
            "DELETE FROM role_limits WHERE server = :server AND role = :role AND name = :name", **where
        )
        if value is not None:
            await self.query.tell(
                "INSERT INTO role_limits (server, role, name, value) VALUES (:server, :role, :name, :value)",
                **where,
                value=json.dumps(value),
            )

    async def stances(self, server: int, member: int = 0) -> list[Stance]:
        """How the server stands to channels, members and roles, ended ones among them.

        A `member` is known again, were their data erased meanwhile.
        """
        sql = (
            "SELECT kind, CASE WHEN subject = :mark THEN :member ELSE subject END AS subject, allowed, reason, until,"
            " member, at FROM stances WHERE server = :server ORDER BY kind, 2"
        )
        found = await self.query.all(sql, server=server, member=member, mark=self.marks.of(member))
        return [
            Stance(
                Subject(row["kind"]),
                row["subject"],
                bool(row["allowed"]),
                row["reason"],
                row["until"],
                row["member"],
                row["at"],
            )
            for row in found
        ]

    async def stand(self, server: int, stance: Stance) -> None:
        """Let in or keep out, in place of what was decided before."""
        await self.lift(server, stance.kind, stance.subject)
        await self.query.tell(
            "INSERT INTO stances (server, kind, subject, allowed, reason, until, member, at)"
            " VALUES (:server, :kind, :subject, :allowed, :reason, :until, :member, :at)",
            server=server,
            kind=stance.kind,
            subject=stance.subject,
            allowed=stance.allowed,
            reason=Private(stance.reason),
            until=stance.until,
            member=stance.member,
            at=stance.at,
        )

    async def lift(self, server: int, kind: Subject, subject: int) -> None:
        """No stance any more."""
        await self.query.tell(
            "DELETE FROM stances WHERE server = :server AND kind = :kind AND subject IN (:subject, :mark)",
            server=server,
            kind=kind,
            subject=subject,
            mark=self.marks.of(subject),
        )

    async def servers(self) -> list[int]:
        """Where anything at all is decided."""
        found = await self.query.all(
            "SELECT server FROM rules UNION SELECT server FROM role_limits UNION SELECT server FROM stances"
            " UNION SELECT server FROM word_lists ORDER BY 1"
        )
        return [row["server"] for row in found]

    async def bars(self, server: int) -> bool:
        """Whether anything is decided by which somebody may not ask there, or has to wait."""
        sql = (
            "SELECT EXISTS (SELECT 1 FROM stances WHERE server = :server)"
            " OR EXISTS (SELECT 1 FROM rules WHERE server = :server AND name = 'paused')"
            " OR EXISTS (SELECT 1 FROM role_limits WHERE server = :server AND name = 'blocked') AS bars"
        )
        row = await self.query.one(sql, server=server)
        return row is not None and bool(row["bars"])

    async def paused(self) -> list[int]:
        """The servers that have a word on being paused."""
        found = await self.query.all("SELECT server FROM rules WHERE name = 'paused' ORDER BY server")
        return [row["server"] for row in found]

    async def keeping_out(self, member: int) -> list[int]:
        """The servers that keep a member out, or did."""
        sql = (
            "SELECT server FROM stances WHERE kind = 'member' AND subject IN (:member, :mark) AND NOT allowed"
            " ORDER BY server"
        )
        return [row["server"] for row in await self.query.all(sql, member=member, mark=self.marks.of(member))]
