"""What lies ahead of the models in use: gone from Google already, or to be retired on a known day."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from bot.catalogue import Catalogue
from bot.config import Settings
from bot.errors import Failure
from bot.model import Model
from bot.watch.remedy import remedy

SOON = 60  #: days before a retirement in which every start speaks of it
DEADLINE = 30.0  #: seconds for Google to tell its models at the start

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outlook:
    """Compares the models of a configuration with those that Google offers."""

    settings: Settings
    catalogue: Catalogue

    @property
    def used(self) -> list[Model]:
        """The models that somebody may be painted with, the usual one first, then what stands in for it."""
        gemini = self.settings.gemini
        others = (each for role in self.settings.limits.role for each in role.models or ())
        every = dict.fromkeys((gemini.model, gemini.fallback, *others))
        return [gemini.models[each] for each in every if each]

    def warnings(self, offered: Collection[str], today: date | None = None) -> Iterator[str]:
        """A sentence with its remedy for each model that is not there any more, or not much longer."""
        today = today or datetime.now(UTC).date()
        for model in self.used:
            if model.id not in offered:
                yield self._gone(model, offered)
            elif model.retires and (model.retires - today).days <= SOON:
                yield self._leaving(model, model.retires, today)

    def _gone(self, model: Model, offered: Collection[str]) -> str:
        known = [each for each in self.settings.gemini.models if each in offered]
        say = self.catalogue.say
        if not known:
            return say("check.model_gone_alone", model=model.id)
        return say("check.model_gone", model=model.id, others=", ".join(known))

    def _leaving(self, model: Model, day: date, today: date) -> str:
        days = (day - today).days
        if days < 0:
            return self.catalogue.say("check.model_overdue", model=model.id, day=day)
        return self.catalogue.say("check.model_leaving", model=model.id, day=day, days=days)

    async def warn(self, offered: Callable[[], Awaitable[Collection[str]]]) -> None:
        """Log what lies ahead; a chore, for a start waits neither for Google nor for its models."""
        try:
            async with asyncio.timeout(DEADLINE):
                found = list(self.warnings(await offered()))
        except TimeoutError:
            log.warning("Google did not tell its models within %s s", DEADLINE)
            return
        except Failure as failure:
            found = [remedy(failure, self.settings, self.catalogue)]
        for each in found:
            log.warning(" ".join(each.split()))
