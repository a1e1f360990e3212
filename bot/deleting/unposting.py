"""The bot's own messages that are to go from Discord: deleted one by one, for as long as there are some."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from dataclasses import dataclass, field

from bot.deleting.setbacks import Setbacks
from bot.errors import Unreachable
from bot.letters import Postman
from bot.moments import HOUR
from bot.store import Store, Unposted

AT_ONCE = 10  #: messages between two questions to the store
PAUSE = 2.0  #: seconds, where there are none or Discord is away
LONGEST = 60.0  #: seconds until one that could not be deleted is tried again, at most
CLOSED = 6 * HOUR  #: the same for all in a thread that is closed, unless somebody opens it before

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Unposting:
    """Which ones stands in the store, so that a restart goes on."""

    store: Store
    postman: Postman
    failed: Setbacks[int] = field(default_factory=lambda: Setbacks(LONGEST))  #: messages
    closed: Setbacks[int] = field(default_factory=lambda: Setbacks(CLOSED))  #: threads

    def opened(self, thread: int) -> None:
        """Somebody has opened it: what could not be deleted there can be now."""
        self.closed.over(thread)

    async def run(self) -> None:
        """Take down what there is, and look again."""
        while True:
            try:
                done = await self.step()
            except Unreachable as error:
                log.info("messages can't be deleted yet: %s", error)
                done = False
            except Exception:
                log.exception("nobody knows which messages are to be deleted; it is looked at again")
                done = False
            if not done:
                await asyncio.sleep(PAUSE)

    async def step(self) -> bool:
        """Take some down, whether or not others can't be; whether any went. Raises Unreachable."""
        now, gone = time.time(), False
        resting = self.failed.resting(now)
        found = await self.store.erasures.unposted(AT_ONCE + len(resting), self.closed.resting(now))
        for each in [each for each in found if each.message not in resting][:AT_ONCE]:
            if each.channel not in self.closed.resting(now):
                gone |= await self._tried(each)
        return gone

    async def _tried(self, each: Unposted) -> bool:
        try:
            await self._take_down(each)
        except Unreachable as error:
            if not error.closed:
                self.failed.hold(each.message)
                raise
            wait = self.closed.hold(each.channel)
            log.info("what is to be deleted in %s waits %.0f s, or until it is open: %s", each.channel, wait, error)
            return False
        except Exception:
            wait, number = self.failed.hold(each.message), secrets.token_hex(4)
            told = "message %s could not be deleted (%s): tried again in %.0f s"
            log.exception(told, each.message, number, wait, extra={"id": number})
            return False
        self.failed.over(each.message)
        self.closed.over(each.channel)
        return True

    async def _take_down(self, each: Unposted) -> None:
        """What is out of reach for ever stays where it is; a closed thread may be opened again."""
        try:
            if each.certain or await self._is_ours(each):
                await self.postman.erase(each.channel, each.message)
        except Unreachable as error:
            if not error.forever or error.closed:
                raise
            log.info("message %s stays in Discord: %s", each.message, error)
        async with self.store.write() as desk:
            await desk.erasures.taken_down(each.message)

    async def _is_ours(self, each: Unposted) -> bool:
        found = await self.postman.own(each.channel, each.message - 1)
        return any(sighting.message == each.message for sighting in found)
