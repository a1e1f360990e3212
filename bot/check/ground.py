"""What is here: the configuration, the limits, the disk, the database."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from bot.catalogue import Catalogue
from bot.check.finding import PATIENCE, Finding, fine, problem
from bot.config import Settings
from bot.model import Model
from bot.price import set_aside
from bot.quota import micros
from bot.store.inspection import Condition, inspect
from bot.store.private import check

GIB, MIB = 2**30, 2**20
FENCES = ("dollars_per_10_minutes", "dollars_per_day")  #: the limits that count money
LEAST = GIB  #: bytes that have to be free: a few hundred pictures


@dataclass(frozen=True)
class Ground:
    """Looks at files. `file` is the configuration's name, `problems` all that is wrong with it."""

    settings: Settings
    catalogue: Catalogue
    file: str
    problems: Sequence[str]

    async def configuration(self) -> Finding:
        """Every problem, with key and line."""
        if self.problems:
            return problem(self.catalogue.say("check.configuration_bad", file=self.file), *self.problems)
        discord, gemini = self.settings.discord, self.settings.gemini
        secrets = f"{discord.token_env} ({self.settings.token}), {gemini.api_key_env} ({self.settings.api_key})"
        return fine(self.catalogue.say("check.configuration_fine", file=self.file, secrets=secrets))

    async def limits(self) -> Finding:
        """Whether the fence around the money has room for a picture at all: what an ask takes is set aside before."""
        gemini, limits = self.settings.gemini, self.settings.limits
        prices = [self._price(gemini.models[each]) for each in (gemini.model, gemini.fallback) if each]
        price, size, model = max(prices, key=lambda each: each[0])
        told = {
            "price": f"${ceil(price * 10_000) / 10_000:.4f}",
            "size": size or "–",
            "model": model.id,
            "memory": gemini.memory,
        }
        fences = {name: getattr(limits, name) for name in FENCES}
        tight = [f"{name} = {most:g}" for name, most in fences.items() if most and micros(most) < micros(price)]
        if tight:
            return problem(self.catalogue.say("check.limits_tight", fences=", ".join(tight), **told))
        return fine(self.catalogue.say("check.limits_fine", **told))

    def _price(self, model: Model) -> tuple[float, str | None, Model]:
        """What is set aside for a picture of the usual size, as far as the model has it."""
        size = self.settings.gemini.size if self.settings.gemini.size in model.sizes else None
        return set_aside(model, size, self.settings.gemini.memory), size, model

    async def disk(self) -> Finding:
        """Whether pictures can be kept."""
        directory = self.settings.storage.directory
        try:
            free = await asyncio.to_thread(_free, directory)
        except OSError as error:
            detail = error.strerror or error
            return problem(self.catalogue.say("check.disk_closed", directory=directory, detail=detail))
        told = f"{free / GIB:.1f} GB"
        if free < LEAST:
            return problem(self.catalogue.say("check.disk_full", directory=directory, free=told))
        return fine(self.catalogue.say("check.disk_fine", directory=directory, free=told))

    async def database(self) -> Finding:
        """Whether it can be read, and by this program."""
        found = await asyncio.to_thread(inspect, self.settings.storage.directory, PATIENCE)
        if found is None:
            return fine(self.catalogue.say("check.database_absent"))
        size = f"{found.size / MIB:.1f} MB"
        told = [self.catalogue.say("check.database_fine", version=found.version, size=size), *self._sealed(found)]
        if found.version < found.known:
            told.append(self.catalogue.say("check.database_older", known=found.known))
        if not found.sound:
            told.append(self.catalogue.say("check.database_large", seconds=f"{PATIENCE:.0f}"))
        return fine(*told)

    def _sealed(self, found: Condition) -> list[str]:
        """With which key, and whether all of it is. Raises Unstartable where a key is missing."""
        keys = self.settings.keyring
        check(keys, found.keys)
        told = [self.catalogue.say("check.database_sealed", id=keys.current)] if keys.first else []
        if found.keys - {keys.current}:
            told.append(self.catalogue.say("check.database_rotate" if keys.first else "check.database_opened"))
        return told


def _free(directory: Path) -> int:
    """Bytes that are left there. Raises OSError where nothing can be written."""
    place = next(each for each in (directory, *directory.absolute().parents) if each.exists())
    inside = [each for each in (place, directory / "pictures") if each.exists()]
    for folder in inside:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"Easel was here")
    database = directory / "easel.db"
    if database.exists():
        database.open("r+b").close()
    return shutil.disk_usage(place).free
