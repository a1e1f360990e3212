"""The last look before an ask is painted: what was decided while it waited holds it, or ends it, free."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from bot.config import Limits
from bot.errors import Refusal, Withdrawn
from bot.limits import gate
from bot.limits.pauses import Pauses
from bot.limits.permit import Permit
from bot.limits.roster import Roster
from bot.model import Ask, Member, Place, State, Turn
from bot.rules.allowance import Allowance, Block, allowance
from bot.sitting import Halted, Sitting
from bot.store import Store

FRESH = 5.0  #: seconds for which the roles that came with an ask are those of its member


@dataclass(frozen=True)
class Threshold:
    """The one place that every turn passes on its way from waiting to painting."""

    store: Store
    roster: Roster
    limits: Limits
    pauses: Pauses

    async def cross(self, sitting: Sitting) -> None:
        """Pass. Raises Halted where it has to wait, Withdrawn where its member may not ask any more."""
        try:
            permit = await self._permit(sitting.asked)
            permit.check_again()
        except Refusal as refusal:
            if refusal.key == "roles_unknown" and (seconds := sitting.patience()):
                raise Halted(seconds=seconds) from refusal
            raise Withdrawn(refusal) from refusal
        if permit.paused:
            for server in permit.paused:
                await self.pauses.heed(server)
            raise Halted(permit.paused)

    async def blocked(self, server: int) -> list[tuple[Turn, Block]]:
        """What waits under a block of the server's, as far as that is known without asking Discord."""
        if not await self._decides(server):
            return []
        queue = await self.store.turns.unfinished()
        waiting = [each for each in queue if each.state is State.ASKED and each.server in {server, None}]
        found = [(each, await self._block(each, server)) for each in waiting]
        return [(turn, block) for turn, block in found if block]

    async def _block(self, turn: Turn, server: int) -> Block | None:
        member = replace(turn.member, roles=await self.store.ledger.roles(turn.id))
        held = await self._allowed(server, member)
        now = time.time()
        return held.blocked(now) if turn.server == server else held.blocked_by_name(now)

    async def _decides(self, server: int) -> bool:
        """Whether anybody at all may be blocked there, or everybody has to wait."""
        return await self.store.rules.bars(server) or any(each.blocked for each in self.limits.role)

    async def _allowed(self, server: int, member: Member) -> Allowance:
        return await gate.allowed(self.store, self.limits, server, member, self.roster.roles(server))

    async def _permit(self, turn: Turn) -> Permit:
        """What holds for its member now. Raises Refusal."""
        place, server = Place(turn.conversation, turn.conversation, turn.server), turn.server
        ask, now = Ask(turn.id, place, turn.member, turn.words), time.time()
        if server is None:
            await self.roster.gathered()
            ask = await gate.introduced(self.store, self.limits, ask, self.roster)
            return await gate.permit(self.store, self.limits, ask, self.roster, now)
        if not await self._decides(server):
            return Permit((), place, now)
        held = await self._allowed(server, turn.member)
        if held.decisions.names_channels:
            await self.roster.gathered()
            place = replace(place, within=tuple(self.roster.around(turn.conversation)))
        if held.decisions.names_roles and not (turn.member.roles is not None and now - turn.asked_at < FRESH):
            held = allowance(held.decisions, await self._met(ask))
        return Permit((held,), place, now)

    async def _met(self, ask: Ask) -> Member:
        """The member with the roles of today; where Discord does not tell them, those that they asked with."""
        await self.roster.gathered()
        known = await self.store.ledger.roles(ask.id)
        try:
            asked = replace(ask, member=replace(ask.member, roles=None))
            return (await gate.introduced(self.store, self.limits, asked, self.roster)).member
        except Refusal as refusal:
            if refusal.key != "roles_unknown" or known is None:
                raise
            return replace(ask.member, roles=known)
