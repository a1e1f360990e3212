"""Everything that is kept, sealed with the first key: words and pictures, while the bot is stopped.

Small steps, each whole on the disk before the next: whatever ends it, the next call goes on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TextIO

from bot.catalogue import Catalogue, load_catalogue
from bot.config import Settings
from bot.errors import Unstartable
from bot.gallery import Gallery, open_gallery
from bot.lock import alone
from bot.reason import reason
from bot.store import Store, Trouble, open_store

OFTEN = 1000  #: things done between two lines of what was done


async def rotate(settings: Settings, out: TextIO) -> bool:
    """Seal all anew and tell it; whether everything could be read. Raises Unstartable."""
    directory, keys = settings.storage.directory, settings.keyring
    teller = Teller(load_catalogue(), out)
    with alone(directory):
        async with open_store(directory, keys) as store:
            teller.tell("begins_sealed" if keys.first else "begins_plain", id=keys.current)
            try:
                well = await Rotation(store, open_gallery(directory / "pictures", keys), teller).run()
            except (OSError, Trouble) as error:
                raise Unstartable("rotation_stopped", directory=str(directory), detail=reason(error)) from error
            teller.tell("done_sealed" if keys.first else "done_plain")
    return well


@dataclass(frozen=True)
class Teller:
    """Says how far it has come."""

    catalogue: Catalogue
    out: TextIO

    def tell(self, line: str, **values: object) -> None:
        """One line."""
        print(self.catalogue.say(f"rotate.{line}", **values), file=self.out, flush=True)

    def count(self, line: str, before: int, now: int) -> None:
        """A line for every so many."""
        if now // OFTEN > before // OFTEN:
            self.tell(line, count=now)


@dataclass(frozen=True)
class Rotation:
    """Words first, then pictures; only then the other keys are not needed any more."""

    store: Store
    gallery: Gallery
    teller: Teller

    async def run(self) -> bool:
        """All of it; whether everything could be read."""
        await self._words()
        well = await self._pictures()
        await self.store.sealed_anew()
        return well

    async def _words(self) -> None:
        done = 0
        async for changed in self.store.reseal():
            done += changed
            self.teller.count("words", done - changed, done)
        self.teller.tell("words", count=done)

    async def _pictures(self) -> bool:
        done = left = 0
        await self.gallery.sweep()
        async for name in self.gallery.outdated():
            if await self.gallery.renew(name):
                done += 1
                self.teller.count("pictures", done - 1, done)
            else:
                left += 1
                self.teller.tell("left", name=name)
        self.teller.tell("pictures", count=done)
        return not left
