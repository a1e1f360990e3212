"""A backup being made: a database in which nothing is half done, and every picture that it speaks of."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bot.backup.shelf import Shelf
from bot.sealing import Keyring
from bot.store import copying, private

ROUNDS = 10  #: pictures deleted meanwhile make the database a newer one; hardly ever more than once
DATABASE, MARKS, PICTURES = "easel.db", "marks.key", "pictures"


@dataclass(frozen=True)
class House:
    """What a bot keeps: its data folder, or a backup, which is laid out the same."""

    folder: Path
    keys: Keyring

    @property
    def database(self) -> Path:
        """Its file."""
        return self.folder / DATABASE

    @property
    def marks(self) -> Path:
        """The file with the key of the marks that stand for members who were forgotten."""
        return self.folder / MARKS

    @property
    def shelf(self) -> Shelf:
        """Its pictures."""
        return Shelf(self.folder / PICTURES, self.keys)

    @property
    def inhabited(self) -> bool:
        """Whether anything is kept here."""
        return any(each.exists() for each in (self.database, self.marks, self.folder / PICTURES))

    def examine(self) -> list[str]:
        """Read all of it; the digests of pictures that are missing or damaged. Raises Unstartable."""
        private.check(self.keys, copying.examine(self.database))
        return [each for each in copying.needed(self.database) if not self.shelf.whole(each)]


@dataclass(frozen=True)
class Made:
    """How many pictures a backup has, how many of them are new in it, and which it should have and has not."""

    pictures: int
    new: int
    lost: tuple[str, ...]


@dataclass(frozen=True)
class Copying:
    """From a living house into a new one; what the last backup has is shared, so that only new pictures cost."""

    living: House
    target: House
    last: House | None

    def run(self) -> Made:
        """All of it, looked at after it was written. Raises OSError, and Unstartable for a database that is damaged."""
        new, lost = self._pictures()
        private.check(self.target.keys, copying.examine(self.target.database))
        with suppress(FileNotFoundError):  # it comes with the first start of an Easel that has it
            shutil.copyfile(self.living.marks, self.target.marks)
        kept = self._clear()
        os.sync()
        return Made(kept, new, tuple(lost))

    def _pictures(self) -> tuple[int, list[str]]:
        """A picture that was deleted after the database was copied makes that too old: it is copied once more."""
        new, lost = 0, [""]
        for _ in range(ROUNDS):
            copying.snapshot(self.living.database, self.target.database)
            before, lost = lost, []
            for digest in copying.needed(self.target.database):
                if self._have(digest):
                    continue
                if self.target.shelf.take(digest, self.living.shelf):
                    new += 1
                else:
                    lost.append(digest)
            if lost in ([], before):
                break
        return new, lost

    def _have(self, digest: str) -> bool:
        if self.target.shelf.find(digest):
            return True
        return self.last is not None and self.target.shelf.take(digest, self.last.shelf, share=True)

    def _clear(self) -> int:
        """What only an older copy of the database needed is no part of the backup; how many pictures are."""
        shelf = self.target.shelf
        wanted = {file for each in copying.needed(self.target.database) if (file := shelf.find(each))}
        for file in shelf.files():
            if file not in wanted:
                file.unlink()
        return len(wanted)
