"""What moderators find in `/limits`: a server's decisions, beside what Discord says is there, as pages."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

import discord

from bot.catalogue import Catalogue
from bot.config import Settings
from bot.limits.gate import allowed
from bot.limits.panel import Board, Use
from bot.model import Member
from bot.preferences import offered
from bot.quota import MICROS, Claim, Fence, budgets, opens, windows
from bot.rules.allowance import Allowance, Decisions
from bot.rules.rules import Subject
from bot.store import Store
from cogs.limits_pages import Page, Pages
from cogs.translate import member


@dataclass(frozen=True)
class Scene:
    """A server as a moderator finds it: what is decided there, and what Discord says is there."""

    server: int
    there: frozenset[int] | None  #: its roles; None where Discord has not told them yet
    channels: frozenset[int] | None  #: likewise
    by: Member
    now: float

    def has(self, role: int) -> bool:
        """Whether there is such a role."""
        return self.there is None or role in {*self.there, self.server}


@dataclass(frozen=True)
class Overview:
    """Draws the pages as things stand."""

    store: Store
    settings: Settings
    catalogue: Catalogue

    async def at(self, interaction: discord.Interaction, place: Sequence[str], note: str = "") -> Page:
        """The page of that name, as it stands."""
        scene = scene_of(interaction)
        held = await self.held(scene, scene.by)
        name, *rest = place
        if name == "role":
            role = int(rest[0]) if rest else scene.server
            if not scene.has(role):
                role, note = scene.server, "\n".join(filter(None, [self._say("role_gone"), note]))
            return self.pages(scene, held.decisions, note).role(role)
        if name == "list":
            return self.pages(scene, held.decisions, note).listed(Subject(rest[0]) if rest else Subject.CHANNEL)
        if name == "member":
            return self.pages(scene, held.decisions, note).member()
        used = await self._used(budgets(held), Claim(0, scene.server), scene.now)
        return self.pages(scene, held.decisions, note, used).server()

    async def of_member(self, interaction: discord.Interaction, who: Member) -> Page:
        """The page of what holds for somebody."""
        scene = scene_of(interaction)
        held = await self.held(scene, who)
        used = await self._used(windows(held), Claim(who.id, scene.server), scene.now)
        note = self._say("not_member") if who.roles is None else ""
        return self.pages(scene, held.decisions, note, used).member(held)

    async def held(self, scene: Scene, who: Member) -> Allowance:
        """What holds for somebody there."""
        return await allowed(self.store, self.settings.limits, scene.server, who, scene.there)

    async def _used(self, fences: Sequence[Fence], claim: Claim, now: float) -> Mapping[str, Use]:
        ledger = self.store.ledger
        counted = await ledger.used(list(fences), claim, now)
        found = {}
        for fence, amount in zip(fences, counted, strict=True):
            full = fence.most and amount >= fence.most
            back = opens(fence, 1, await ledger.taken(fence, claim, now)) if full else None
            found[fence.name] = Use(amount / MICROS if fence.is_money else amount, back)
        return found

    def pages(self, scene: Scene, decisions: Decisions, note: str = "", used: Mapping[str, Use] | None = None) -> Pages:
        """All pages of what is decided."""
        gemini, limits = self.settings.gemini, self.settings.limits
        there = {Subject.ROLE: scene.there, Subject.CHANNEL: scene.channels}
        relaxable = bool(gemini.relaxed_safety)
        board = Board(decisions, limits, gemini.names, self.catalogue, scene.now, there, used or {}, relaxable)
        return Pages(board, offered(gemini, datetime.now(UTC).date()), note)

    def _say(self, key: str, **values: object) -> str:
        return self.catalogue.say(f"limits.{key}", **values)


def scene_of(interaction: discord.Interaction) -> Scene:
    """Who presses where, now."""
    guild = interaction.guild
    assert guild is not None
    roles, channels = guild.roles, guild.channels
    return Scene(
        guild.id,
        frozenset(each.id for each in roles) or None,
        frozenset(each.id for each in channels) or None,
        member(interaction.user),
        time.time(),
    )


def data_of(interaction: discord.Interaction) -> Mapping[str, Any]:
    """What Discord says of a press."""
    return cast("Mapping[str, Any]", interaction.data or {})


def values(interaction: discord.Interaction) -> list[str]:
    """What was chosen in a menu."""
    return [str(each) for each in data_of(interaction).get("values") or []]


def chosen(interaction: discord.Interaction) -> list[Member]:
    """Those chosen in a menu; whoever is no member has no roles."""
    told = (data_of(interaction).get("resolved") or {}).get("members", {})
    return [_told(int(each), told.get(each)) for each in values(interaction)]


def _told(who: int, told: Mapping[str, Any] | None) -> Member:
    if told is None:
        return Member(who, "")
    permissions = discord.Permissions(int(told.get("permissions") or 0))
    roles = frozenset(int(each) for each in told["roles"])
    return Member(who, "", roles, moderator=permissions.manage_guild or permissions.administrator)
