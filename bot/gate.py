"""Where an ask meets the limits: it passes while every fence has room for it, else hears which has none, until when."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from bot.allowance import Allowance, allowance, among, decided
from bot.config import Limits
from bot.errors import OverLimit
from bot.model import Member
from bot.quota import Claim, Fence, Whose, fences, opens
from bot.store import Desk, Ledger


async def allowed(
    desk: Desk, limits: Limits, server: int, member: Member, there: Collection[int] | None = None
) -> Allowance:
    """What holds for a member of a server now, by its moderators' word and the file's.

    `there` are the roles that the server has, where they are known: rows of deleted ones are then broken.
    """
    known = decided(server, limits.role, await desk.rules.roles(server))
    stances, rules = await desk.rules.stances(server), await desk.rules.of(server)
    known = replace(known, stances=tuple(stances), rules=rules)
    return allowance(known if there is None else among(known, there), member)


async def check(ledger: Ledger, limits: Limits, claim: Claim, now: float) -> None:
    """Let the claim pass, or raise OverLimit. Within a transaction nobody can take the room in between."""
    standing = [each for each in fences(limits) if claim.server or each.whose is not Whose.SERVER]
    used = await ledger.used(standing, claim, now)
    for fence, amount in zip(standing, used, strict=True):
        if amount + claim.wanted(fence.unit) > fence.most:
            raise await _over(ledger, fence, claim, now)


async def _over(ledger: Ledger, fence: Fence, claim: Claim, now: float) -> OverLimit:
    until = opens(fence, claim.wanted(fence.unit), await ledger.taken(fence, claim, now))
    if until is None:
        return OverLimit("over_always")
    return OverLimit(fence.key, limit=fence.most, when=f"<t:{round(until) + 1}:R>")
