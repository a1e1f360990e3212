"""Files of the gallery: those that should be there, and those that should not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.backup.making import House
from bot.backup.shelf import Shelf
from bot.gallery import SIDES
from bot.inventory import Inventory
from bot.moments import DAY
from bot.store import copying

OURS = re.compile(rf"[0-9a-f]{{64}}(\.({'|'.join(map(str, SIDES))}))?")


@dataclass(frozen=True)
class Lost:
    """Pictures that are needed, and are missing or not as they were painted. Backups may have them still."""

    house: House
    backups: Sequence[House]
    name = "pictures"

    @property
    def mendable(self) -> bool:
        """Only somebody else can have them."""
        return bool(self.backups)

    def find(self) -> list[str]:
        """Their digests; reads every picture."""
        lost = [each for each in copying.needed(self.house.database) if not self.house.shelf.whole(each)]
        deleted = set(lost)  # by the bot, meanwhile
        deleted.difference_update(copying.needed(self.house.database) if lost else ())
        return [each for each in lost if each not in deleted]

    def mend(self) -> None:
        """Take each from the newest backup that has it."""
        for digest in self.find():
            any(self.house.shelf.take(digest, each.shelf) for each in self.backups)


@dataclass(frozen=True)
class Strange:
    """Files that nothing needs, a day old at least: the bot deletes most of them once a day by itself."""

    house: House
    now: float
    name = "gallery"
    mendable = True

    def find(self) -> list[str]:
        """Their names."""
        return [each.name for each in self._files()]

    def mend(self) -> None:
        """Delete them."""
        for each in self._files():
            each.unlink(missing_ok=True)

    def _files(self) -> Iterator[Path]:
        """Younger ones may be on their way in; one that comes to be needed again is young again."""
        wanted, shelf = Inventory(), self.house.shelf
        for each in copying.needed(self.house.database):
            wanted.add(self.house.keys.names(each))
        old = (each for each in shelf.files() if _since(each) < self.now - DAY)
        return (each for each in old if not (OURS.fullmatch(each.name) and self._of_use(each, wanted, shelf)))

    def _of_use(self, file: Path, wanted: Inventory, shelf: Shelf) -> bool:
        name = file.name.partition(".")[0]
        return name in wanted and file.parent == (shelf.folder / name[:2])


def _since(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except FileNotFoundError:
        return float("inf")
