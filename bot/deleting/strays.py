"""Picture bytes that nothing needs, left behind by an ask that came to nothing, or by a crash: swept once a day."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass

from bot.gallery import PREFIXES, Gallery
from bot.inventory import Inventory
from bot.moments import DAY
from bot.store import Store

PAGE = 2000  #: digests read at a time
FIRST = 600.0  #: seconds after the start

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Strays:
    """Compares what lies in the gallery with what the store needs. Whoever came within a day is on its way in."""

    store: Store
    gallery: Gallery

    async def run(self) -> None:
        """Sweep, and rest for a day."""
        await asyncio.sleep(FIRST)
        while True:
            try:
                if swept := await self.sweep(time.time() - DAY):
                    log.info("%s picture files that nothing needed were deleted", swept)
            except Exception:
                log.exception("pictures that nothing needs can't be looked for; it is tried again tomorrow")
            await asyncio.sleep(DAY)

    async def sweep(self, before: float) -> int:
        """Delete what came before then, in seconds since the epoch, and is not needed; how many files."""
        needed, swept = await self._needed(), 0
        for prefix in PREFIXES:
            for name in await self.gallery.listed(prefix, before):
                if name.partition(".")[0] not in needed:
                    swept += await self.gallery.discard(name, before)
        return swept

    async def _needed(self) -> Inventory:
        """The names of all files that may hold a needed picture."""
        names = Inventory()
        for table in self.store.erasures.needing:
            after = ""
            while page := await self.store.erasures.needed(table, after, PAGE):
                await asyncio.to_thread(self._note, names, page)
                after = page[-1]
        return names

    def _note(self, names: Inventory, digests: list[str]) -> None:
        for each in digests:
            names.add(self.gallery.keys.names(each))
