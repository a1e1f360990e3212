"""The looks in their order, each told as soon as it is done; mended only where nobody else is at work."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from bot.backup.making import House
from bot.backup.series import Series
from bot.catalogue import Catalogue, load_catalogue
from bot.check.finding import Finding, State, fine, problem
from bot.check.page import Page
from bot.config import Settings
from bot.doctor.complaint import Complaint, InDatabase
from bot.doctor.pictures import Lost, Strange
from bot.errors import Unstartable
from bot.lock import alone
from bot.store import copying, open_store, private
from bot.store.ailments import AILMENTS
from bot.store.inspection import inspect
from bot.store.treatment import treating

FIRST = "database"  #: nothing else is looked at where that is not well
NAMED = 5  #: that are called by name


@dataclass(frozen=True)
class Wish:
    """Whether to mend, and where backups lie, which may have what is lost."""

    repair: bool = False
    backups: Path | None = None


async def doctor(settings: Settings, wish: Wish, out: TextIO) -> bool:
    """Look at all that is kept and tell what is wrong; whether nothing is, or nothing any more. Raises Unstartable."""
    catalogue, house = load_catalogue(), House(settings.storage.directory, settings.keyring)
    page = Page(out, shutil.get_terminal_size((100, 24)).columns, settings.secrets)
    with ExitStack() as stack:
        if wish.repair:
            stack.enter_context(alone(house.folder))
        finding = _database(house, catalogue, repair=wish.repair)
        page.show(FIRST, finding)
        if finding.state is not State.OK:
            return False
        if wish.repair:
            async with open_store(house.folder, house.keys):
                pass  # it is brought up to date, as the bot does at its start
        return _told(page, catalogue, _looks(settings, wish, house, catalogue))


def _database(house: House, catalogue: Catalogue, *, repair: bool) -> Finding:
    """Whether there is any use in looking further."""
    try:
        found = inspect(house.folder, 0.0)
        if found is None:
            return problem(catalogue.say("doctor.absent", directory=house.folder))
        private.check(house.keys, copying.examine(house.database))
    except Unstartable as error:
        return problem(catalogue.tell(error))
    if found.version < found.known and not repair:
        return problem(catalogue.say("doctor.older", version=found.version, known=found.known))
    return fine(catalogue.say("doctor.sound", version=found.version))


def _backups(settings: Settings, wish: Wish) -> list[House]:
    """The newest first."""
    usual = settings.storage.directory.absolute().with_name("backups")
    return [House(each, settings.keyring) for each in Series(wish.backups or usual).all()]


def _looks(settings: Settings, wish: Wish, house: House, catalogue: Catalogue) -> Iterator[tuple[str, Finding]]:
    """The database is let go of before files are read, which may take long."""
    with treating(house.database, mending=wish.repair) as treatment:
        yield from _findings([InDatabase(treatment, each) for each in AILMENTS], catalogue, repair=wish.repair)
    files: list[Complaint] = [Lost(house, _backups(settings, wish)), Strange(house, time.time())]
    yield from _findings(files, catalogue, repair=wish.repair)


def _findings(complaints: Sequence[Complaint], catalogue: Catalogue, *, repair: bool) -> Iterator[tuple[str, Finding]]:
    for each in complaints:
        found = each.find()
        if found and repair and each.mendable:
            each.mend()
            left = each.find()
            yield each.name, _wrong(each, left, catalogue) if left else _mended(each, found, catalogue)
        else:
            yield (
                each.name,
                _wrong(each, found, catalogue) if found else fine(catalogue.say(f"doctor.{each.name}_fine")),
            )


def _wrong(complaint: Complaint, found: Sequence[str], catalogue: Catalogue) -> Finding:
    return problem(catalogue.say(f"doctor.{complaint.name}", count=len(found), names=_named(found, catalogue)))


def _mended(complaint: Complaint, found: Sequence[str], catalogue: Catalogue) -> Finding:
    told, _, _ = catalogue.say(f"doctor.{complaint.name}", count=len(found), names=_named(found, catalogue)).rpartition(
        "\n"
    )
    return fine(catalogue.say("doctor.mended"), told)


def _named(found: Sequence[str], catalogue: Catalogue) -> str:
    named = ", ".join(each[:24] for each in found[:NAMED])
    more = len(found) - NAMED
    return f"{named}, {catalogue.say('check.more', count=more)}" if more > 0 else named


def _told(page: Page, catalogue: Catalogue, findings: Iterator[tuple[str, Finding]]) -> bool:
    wrong = 0
    for name, finding in findings:
        page.show(name, finding)
        wrong += finding.state is State.PROBLEM
    page.write()
    page.write(catalogue.say("doctor.wrong", count=wrong) if wrong else catalogue.say("doctor.well"))
    return not wrong
