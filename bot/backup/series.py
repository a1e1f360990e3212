"""A folder of backups, each whole in a folder that is called by its time; and which of them are too old."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.errors import Unstartable
from bot.lock import alone
from bot.moments import DAY, HOUR

FORMAT = "%Y-%m-%dT%H-%M-%SZ"
UNFINISHED = ".unfinished"
EARLY = HOUR  #: seconds: tomorrow's may begin so much later than today's


def moment(folder: Path) -> float | None:
    """When a backup was made, in seconds since the epoch; None for what is none."""
    with suppress(ValueError):
        return datetime.strptime(folder.name, FORMAT).replace(tzinfo=UTC).timestamp()
    return None


def stamp(now: float) -> str:
    """What a moment's backup is called."""
    return datetime.fromtimestamp(now, UTC).strftime(FORMAT)


def free(folder: Path) -> Path:
    """A place in a folder that is called by this moment, or the next that nobody has."""
    now = time.time()
    while (place := folder / stamp(now)).exists():
        now += 1
    return place


@dataclass(frozen=True)
class Series:
    """Backups of one bot."""

    folder: Path

    def all(self) -> list[Path]:
        """Those that are whole, the newest first."""
        found = self.folder.iterdir() if self.folder.is_dir() else ()
        return sorted((each for each in found if moment(each) is not None), reverse=True)

    @property
    def newest(self) -> Path | None:
        """The last one."""
        return next(iter(self.all()), None)

    @contextmanager
    def beginning(self) -> Iterator[Path]:
        """An empty folder for the next one. Nobody else makes one meanwhile, and what nobody finished is gone."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with ExitStack() as stack:
            try:
                stack.enter_context(alone(self.folder))
            except Unstartable as error:
                raise Unstartable("backup_running", directory=str(self.folder)) from error
            unfinished = self.folder / UNFINISHED
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir(mode=0o700)
            try:
                yield unfinished
            finally:
                shutil.rmtree(unfinished, ignore_errors=True)

    def finish(self, unfinished: Path) -> Path:
        """It is whole: give it its name."""
        return unfinished.rename(free(self.folder))

    def expire(self, days: int, keep: int, now: float) -> int:
        """Delete those beyond `keep`, and those that would be older than `days` before tomorrow's; how many."""
        oldest = now - max((days - 1) * DAY - EARLY, EARLY)
        old = [each for place, each in enumerate(self.all()) if place >= keep or (moment(each) or 0) < oldest]
        for each in old:
            shutil.rmtree(each)
        return len(old)
