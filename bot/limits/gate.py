"""Where an ask meets the limits: it passes while every fence has room for it, else hears which has none, until when."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime

from bot import receipt
from bot.config import Limits, Settings
from bot.errors import OverLimit
from bot.limits.permit import Permit
from bot.limits.roster import Roster, having, met
from bot.model import Ask, Member
from bot.moments import relative
from bot.preferences import painted_with
from bot.quota import Claim, Fence, Whose, budgets, fences, opens, windows
from bot.rules.allowance import Allowance, Decisions, allowance, among, decided
from bot.store import Desk, Ledger


async def allowed(
    desk: Desk, limits: Limits, server: int, member: Member, there: Collection[int] | None = None
) -> Allowance:
    """What holds for a member of a server now, by its moderators' word and the file's.

    `there` are the roles that the server has, where they are known: rows of deleted ones are then broken.
    """
    known = decided(server, limits.role, await desk.rules.roles(server))
    stances, rules = await desk.rules.stances(server, member.id), await desk.rules.of(server)
    known = replace(known, stances=tuple(stances), rules=rules)
    return allowance(known if there is None else among(known, there), member)


async def introduced(desk: Desk, limits: Limits, ask: Ask, roster: Roster) -> Ask:
    """The ask by a member whose roles are known wherever anything is decided. Raises Refusal."""
    if ask.place.server is not None:
        return await met(ask, roster)
    return await met(ask, roster, {*await desk.rules.servers(), *having(roster, limits.role)})


async def permitted(desk: Desk, settings: Settings, ask: Ask, roster: Roster) -> tuple[Permit, Settings]:
    """What holds for an ask now, and with which model: one that is allowed, where its thread has not chosen another."""
    held = await permit(desk, settings.limits, ask, roster, time.time())
    usual = settings.gemini.model
    if other := held.other(usual, settings.gemini.models, datetime.now(UTC).date()):
        thread, _ = await desk.preferences.of(ask.place.conversation)
        settings = settings if thread.model == usual else painted_with(settings, other)
    return held, settings


async def permit(desk: Desk, limits: Limits, ask: Ask, roster: Roster, now: float) -> Permit:
    """What holds for an ask, decided now: in its server, or in all that its member and the bot share."""
    member, server = ask.member, ask.place.server
    if server is not None:
        return Permit([await allowed(desk, limits, server, member, roster.roles(server))], ask.place, now)
    held = []
    for each in member.shared:
        there = replace(member, roles=each.roles, moderator=each.moderator)
        held.append(await allowed(desk, limits, each.server, there, roster.roles(each.server)))
    for left in set(await desk.rules.keeping_out(member.id)) - {each.server for each in member.shared}:
        stances = tuple(await desk.rules.stances(left, member.id))  # blocked anywhere is blocked here
        held.append(allowance(Decisions(left, stances=stances), member))
    return Permit(held, ask.place, now)


async def check(
    ledger: Ledger, limits: Limits, claim: Claim, now: float, permit: Permit | None = None
) -> list[tuple[Fence, int]]:
    """Let the claim pass, or raise OverLimit. Within a transaction nobody can take the room in between.

    What counts at each fence from now on, this claim too.
    """
    standing = [each for each in fences(limits) if claim.server or each.whose is not Whose.SERVER]
    theirs = {fence: held for held in (permit.held if permit else ()) for fence in _of_server(held, claim)}
    used = await ledger.used([*standing, *theirs], claim, now)
    for fence, amount in zip([*standing, *theirs], used, strict=True):
        wanted = claim.wanted(fence.unit)
        if amount + wanted > fence.most and (wanted or not (claim.free or fence in theirs)):
            until = opens(fence, wanted, await ledger.taken(fence, claim, now))
            raise _over_role(fence, until, permit, theirs[fence]) if permit and fence in theirs else _over(fence, until)
    return [(each, amount + claim.wanted(each.unit)) for each, amount in zip([*standing, *theirs], used, strict=True)]


def _of_server(held: Allowance, claim: Claim) -> tuple[Fence, ...]:
    """The server's own fences for a member; direct messages cost no server anything."""
    return (*windows(held), *(budgets(held) if claim.server is not None else ()))


def _over(fence: Fence, until: float | None) -> OverLimit:
    if until is None:
        return OverLimit("over_always")
    return OverLimit(fence.key, limit=fence.most, when=relative(until + 1))


def _over_role(fence: Fence, until: float | None, permit: Permit, held: Allowance) -> OverLimit:
    values: dict[str, object] = {"limit": receipt.amount(fence, fence.most), "window": (f"allowance.{fence.name}",)}
    if until is not None:
        values["when"] = relative(until + 1)
    if fence.whose is Whose.SERVER:
        return OverLimit("over_server_budget" if until else "over_server_budget_always", **values)
    values["role"] = permit.giver(held, fence.name)
    if row := permit.better(held, fence.name):
        more = receipt.dollars(row.value) if fence.is_money else row.value
        values |= {"better": permit.called(held, row.role), "more": more}
        return OverLimit("over_role_more" if until else "over_role_always_more", **values)
    return OverLimit("over_role" if until else "over_role_always", **values)
