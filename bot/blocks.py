"""Members who are blocked: what they have waiting in the server is taken back, free, and they are told once."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass

from bot.catalogue import Catalogue
from bot.errors import Unreachable
from bot.language import speaking
from bot.letters import Letter
from bot.model import Member, State, Turn
from bot.petitions import Petitions
from bot.rules import Stance, Subject
from bot.store import Message, Said, Store
from bot.studio import Studio

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Blocks:
    """Brings the queue in line with who may ask. What is being painted is paid for, and comes to its end."""

    store: Store
    studio: Studio
    petitions: Petitions
    catalogue: Catalogue

    def begin(self) -> None:
        """Hear of every change from now on."""
        self.store.heeding.append(self.heed)

    async def heed(self, server: int) -> None:
        """The server's stances may have changed."""
        blocked = await self._blocked(server)
        waiting = [each for each in await self.store.turns.unfinished() if each.server == server] if blocked else []
        taken: dict[tuple[int, int], Turn] = {}
        for turn in waiting:
            stance = blocked.get(turn.member.id)
            if turn.state is State.ASKED and stance and await self._take_back(turn, stance):
                taken[turn.member.id, turn.conversation] = turn
        for member in blocked:
            for petition in await self.store.consent.of_asker(server, member):
                await self.petitions.end(petition, "withdrawn")
        for turn in taken.values():
            await self._tell(turn)

    async def _blocked(self, server: int) -> Mapping[int, Stance]:
        """By their ids."""
        now = time.time()
        stances = await self.store.rules.stances(server)
        members = [each for each in stances if each.kind is Subject.MEMBER and not each.allowed]
        return {each.subject: each for each in members if each.holds(now)}

    async def _take_back(self, turn: Turn, stance: Stance) -> bool:
        return await self.studio.cancel(turn.id, Member(stance.member, ""), waiting=True) is not None

    async def _tell(self, turn: Turn) -> None:
        """In their language, where they asked."""
        with speaking(turn.language):
            text = self.catalogue.say("limits.withdrawn")
        letter = Letter(turn.conversation, text, reply_to=turn.message, ping=turn.member.id, nonce=f"{turn.id}-b")
        try:
            message = await self.petitions.postman.send(letter)
        except Unreachable as error:
            log.info("whoever asked for %s can't be told that it was taken back: %s", turn.id, error)
            return
        async with self.store.write() as desk:
            await desk.messages.add(Message(message, turn.conversation, None, Said.NOTICE))
