"""Members who may not ask any more: what they have waiting is taken back, free, and they are told once."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from functools import partial

from bot.catalogue import Catalogue
from bot.errors import Unreachable
from bot.language import speaking
from bot.letters import Letter
from bot.limits.threshold import Threshold
from bot.model import Member, Turn
from bot.owners.petitions import Petitions
from bot.rules.allowance import Block
from bot.rules.rules import Subject
from bot.store import Message, Said, Store
from bot.studio import Studio

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Blocks:
    """Brings the queue in line with who may ask. What is being painted is paid for, and comes to its end."""

    threshold: Threshold
    studio: Studio
    petitions: Petitions
    catalogue: Catalogue

    @property
    def store(self) -> Store:
        """Where the queue is."""
        return self.threshold.store

    def begin(self) -> None:
        """Hear of every change from now on."""
        self.store.heeding.append(self.heed)

    async def heed(self, server: int) -> None:
        """The server's decisions may have changed. Whoever changed them does not wait for all that comes of it."""
        self.studio.do(partial(self.take_back, server), f"blocks in {server}")

    async def take_back(self, server: int) -> None:
        """All that waits under a block. A role that is not known to be somebody's is met when they are painted for."""
        taken: dict[tuple[int, int], Turn] = {}
        for turn, block in await self.threshold.blocked(server):
            if await self._take_back(turn, block):
                taken[turn.member.id, turn.conversation] = turn
        for member in await self._named(server):
            for petition in await self.store.consent.of_asker(server, member):
                await self.petitions.end(petition, "withdrawn")
        for turn in taken.values():
            await self._tell(turn)

    async def _named(self, server: int) -> list[int]:
        """Who is blocked, by their ids."""
        held = [each for each in await self.store.rules.stances(server) if each.holds(time.time())]
        return [each.subject for each in held if each.kind is Subject.MEMBER and not each.allowed]

    async def _take_back(self, turn: Turn, block: Block) -> bool:
        by = Member(block.by, "") if block.by else None
        return await self.studio.cancel(turn.id, by, waiting=True) is not None

    async def _tell(self, turn: Turn) -> None:
        """In their language, where they asked."""
        with speaking(turn.language):
            text = self.catalogue.say("limits.withdrawn" if turn.server else "limits.withdrawn_shared")
        letter = Letter(turn.conversation, text, reply_to=turn.message, ping=turn.member.id, nonce=f"{turn.id}-b")
        try:
            message = await self.petitions.postman.send(letter)
        except Unreachable as error:
            log.info("whoever asked for %s can't be told that it was taken back: %s", turn.id, error)
            return
        async with self.store.write() as desk:
            await desk.messages.add(Message(message, turn.conversation, None, Said.NOTICE))
