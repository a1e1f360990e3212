"""A backup being put back. At every moment the data folder is whole: as it was before, or as it is after."""

from __future__ import annotations

import os
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bot.backup.making import DATABASE, House
from bot.backup.series import free
from bot.catalogue import Catalogue
from bot.deleting.removal import bury
from bot.errors import Unstartable
from bot.lock import alone
from bot.model import State
from bot.store import Desk, comparison, copying, open_store, private

COMING = ".restoring"  #: in the data folder, so that the last step is a mere renaming
ASIDE = "replaced"


@dataclass(frozen=True)
class Done:
    """What became of it: where the data of before are, whether they were compared, and which pictures are nowhere."""

    aside: Path | None
    compared: bool
    lost: tuple[str, ...]


@dataclass(frozen=True)
class Restoring:
    """From a backup into a house in which no bot runs."""

    backup: House
    house: House
    catalogue: Catalogue

    def examine(self) -> list[str]:
        """Read all of the backup; the digests of what it lacks. Raises Unstartable."""
        return self.backup.examine()

    async def run(self, *, replace: bool) -> Done:
        """All of it, looked at afterwards. Raises OSError and Unstartable."""
        with alone(self.house.folder):
            occupied = self.house.inhabited
            if occupied and not replace:
                raise Unstartable("restore_occupied", directory=str(self.house.folder))
            coming = House(self.house.folder / COMING, self.house.keys)
            try:
                compared = await self._prepare(coming)
                self._fetch(coming)
                aside = self._set_aside() if occupied else None
                self._move_in(coming)
            finally:
                shutil.rmtree(coming.folder, ignore_errors=True)
            lost = tuple(self.house.examine())
            if aside:
                with suppress(OSError):  # the bot does the same once a day
                    self._clear()
        return Done(aside, compared, lost)

    async def _prepare(self, coming: House) -> bool:
        """The database as it will be, brought up to date; whether it was compared with the one before."""
        shutil.rmtree(coming.folder, ignore_errors=True)
        coming.folder.mkdir(mode=0o700)
        shutil.copyfile(self.backup.database, coming.database)
        with suppress(FileNotFoundError):
            shutil.copyfile(self.backup.marks, coming.marks)
        if self.house.database.exists():
            with suppress(OSError):  # it may be what is damaged
                copying.settle(self.house.database)
        async with open_store(coming.folder, self.house.keys) as store:
            late = comparison.since(coming.database, self.house.database) if self.house.database.exists() else None
            async with store.write() as desk:
                await _finish(desk, late)
                await (self._replay(desk, late) if late else _leap(desk))
            await store.scrub()
        copying.settle(coming.database)
        private.check(self.house.keys, copying.examine(coming.database))
        return late is not None

    async def _replay(self, desk: Desk, late: comparison.Since) -> None:
        """What was deleted since the backup is deleted again: here, and for members and threads by the bot's start."""
        for conversation, number in late.buried:
            version = await desk.versions.get(conversation, number)
            turn = await desk.turns.get(version.turn) if version else None
            if version and turn:
                await bury(desk, turn, version, self.catalogue)
        for number, empty in late.hushed:
            if turn := await desk.turns.get(number):
                await desk.erasures.doom(await desk.traces.hush(number), turn.member.id)
            if empty:
                await desk.traces.empty(number)
        for erasure in late.erasures:
            await desk.erasures.ask(erasure, erasure.at)
        await late.carry(desk.query)

    def _fetch(self, coming: House) -> None:
        """Pictures beside those that are there: until the database is there as well, nobody looks at them."""
        for digest in copying.needed(coming.database):
            if not self.house.shelf.whole(digest):
                self.house.shelf.take(digest, self.backup.shelf)
        os.sync()

    def _set_aside(self) -> Path:
        """All that was there stays for the operator, in a folder that is laid out the same."""
        aside = House(free(self.house.folder / ASIDE), self.house.keys)
        aside.folder.mkdir(mode=0o700, parents=True)
        for file in self.house.shelf.files():
            aside.shelf.keep(file)
        for file in (self.house.marks, *self.house.folder.glob(f"{DATABASE}-*"), self.house.database):
            if file.exists():
                shutil.copyfile(file, aside.folder / file.name)
        os.sync()
        return aside.folder

    def _move_in(self, coming: House) -> None:
        """The database comes last, and in one step."""
        for log in self.house.folder.glob(f"{DATABASE}-*"):
            log.unlink()  # it belongs to the old one; where it could be read, all of it is in there by now
        if coming.marks.exists():
            coming.marks.replace(self.house.marks)
        coming.database.replace(self.house.database)
        os.sync()

    def _clear(self) -> None:
        """What only the old database needed lies aside."""
        shelf = self.house.shelf
        wanted = {file.name for each in copying.needed(self.house.database) if (file := shelf.find(each))}
        for file in shelf.files():
            if file.name.partition(".")[0] not in wanted:
                file.unlink()


async def _finish(desk: Desk, late: comparison.Since | None) -> None:
    """What was under way when the backup was made has most likely been answered since: it is not painted twice."""
    for turn in await desk.turns.unfinished():
        if late is None or turn.id in late.ended:
            if turn.state in {State.PAINTED, State.FAILED}:
                await desk.turns.posted(turn.id)
            else:
                await desk.turns.cancel(turn.id)
                await desk.turns.abandon(turn.id)


async def _leap(desk: Desk) -> None:
    """Nobody knows what was said and painted since."""
    await desk.hearing.begin_anew(time.time())
    await comparison.nothing_known(desk.query)
