"""What `backup` and `restore` do, said in sentences."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from bot.backup.making import Copying, House, Made
from bot.backup.restoring import Restoring
from bot.backup.series import Series
from bot.catalogue import Catalogue, load_catalogue
from bot.config import Settings
from bot.errors import Unstartable
from bot.store import copying

NAMED = 5  #: pictures that are called by their names


@dataclass(frozen=True)
class Wish:
    """Where backups go, and how long and how many of them stay; 0 is as long as `/privacy` tells."""

    to: Path | None = None
    keep: int = 7
    days: int = 0


@dataclass(frozen=True)
class Teller:
    """Says how far it has come."""

    catalogue: Catalogue
    out: TextIO

    def tell(self, key: str, **values: object) -> None:
        """One sentence."""
        print(self.catalogue.say(key, **values), file=self.out, flush=True)

    def name(self, digests: tuple[str, ...] | list[str]) -> str:
        """Some of them."""
        more = len(digests) - NAMED
        named = ", ".join(each[:12] for each in digests[:NAMED])
        return f"{named}, {self.catalogue.say('check.more', count=more)}" if more > 0 else named


def usual(settings: Settings) -> Path:
    """Where backups lie if nobody says otherwise."""
    return settings.storage.directory.absolute().with_name("backups")


def backup(settings: Settings, wish: Wish, out: TextIO) -> bool:
    """Make one, and delete those that are too old; whether it has all that it should. Raises Unstartable."""
    teller, series = Teller(load_catalogue(), out), Series(wish.to or usual(settings))
    days = _days(settings, wish)
    living = House(settings.storage.directory, settings.keyring)
    if not living.database.exists():
        raise Unstartable("backup_nothing", directory=str(living.folder))
    try:
        with series.beginning() as folder:
            last = House(series.newest, settings.keyring) if series.newest else None
            made = Copying(living, House(folder, settings.keyring), last).run()
            final = series.finish(folder)
    except OSError as error:
        raise Unstartable("backup_failed", folder=str(series.folder), detail=error.strerror or str(error)) from error
    finally:
        gone = series.expire(days, len(series.all()), time.time())
    _told(teller, final, made)
    # An older backup may still have what this one lacks: only their age takes it away.
    gone += 0 if made.lost else series.expire(days, wish.keep, time.time())
    if gone:
        teller.tell("backup.expired", count=gone, days=days, keep=wish.keep)
    return not made.lost


def _told(teller: Teller, final: Path, made: Made) -> None:
    teller.tell("backup.made", folder=final, pictures=made.pictures, new=made.new)
    if made.lost:
        teller.tell("backup.incomplete", count=len(made.lost), names=teller.name(made.lost))


def _days(settings: Settings, wish: Wish) -> int:
    """Never longer than members are told."""
    told = settings.privacy.backup_days
    if not told or wish.days > told:
        raise Unstartable("backup_days", told=told)
    return wish.days or told


async def restore(settings: Settings, source: Path, out: TextIO, *, replace: bool = False) -> bool:
    """Put a backup where the bot's data belong; whether all of it is there. Raises Unstartable."""
    teller = Teller(load_catalogue(), out)
    backup = source if (source / "easel.db").exists() else Series(source).newest
    if backup is None:
        raise Unstartable("restore_nothing", folder=str(source))
    house = House(settings.storage.directory, settings.keyring)
    work = Restoring(House(backup, settings.keyring), house, teller.catalogue)
    lost = work.examine()
    needed = sum(1 for _ in copying.needed(work.backup.database))
    teller.tell("restore.sound", folder=backup, pictures=needed - len(lost))
    try:
        done = await work.run(replace=replace)
    except OSError as error:
        detail = error.strerror or str(error)
        raise Unstartable("restore_failed", directory=str(house.folder), detail=detail) from error
    teller.tell("restore.done", directory=house.folder)
    if done.aside:
        teller.tell("restore.aside", folder=done.aside)
        teller.tell("restore.compared" if done.compared else "restore.unread")
    if done.lost:
        teller.tell("restore.incomplete", count=len(done.lost), names=teller.name(done.lost))
    return not done.lost
