"""What Google says: the key, the model and, where it is asked for, a picture."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass, field

from bot.catalogue import Catalogue
from bot.check.finding import PATIENCE, Finding, fine, problem, skipped
from bot.config import Settings
from bot.errors import Failure, Uncertain
from bot.gemini import Gemini
from bot.model import Content, Request, Text
from bot.watch.outlook import Outlook
from bot.watch.remedy import remedy

WORDS = "A small red paper boat on calm blue water, seen from the side, simple and friendly."


@dataclass
class Album:
    """A gallery for one picture that nobody keeps."""

    pictures: dict[str, bytes] = field(default_factory=dict)

    async def put(self, data: bytes, digest: str | None = None) -> str:
        """Keep it until the check is over."""
        digest = digest or hashlib.sha256(data).hexdigest()
        self.pictures[digest] = data
        return digest

    async def get(self, digest: str) -> bytes:
        """Give it back."""
        return self.pictures[digest]


@dataclass
class Google:
    """Asks Google with the bot's own client. `paint` says whether a picture may be paid for."""

    settings: Settings
    catalogue: Catalogue
    gemini: Gemini
    paint: bool
    _offered: tuple[str, ...] = ()

    async def key(self) -> Finding:
        """Whether Google accepts it."""
        key = self.settings.api_key
        if not key.value:
            return skipped(self.catalogue.say("check.secret_missing"))
        try:
            async with asyncio.timeout(PATIENCE):  # a picture may take longer
                self._offered = await self.gemini.models()
        except TimeoutError:
            return self._wrong(Uncertain("uncertain_deadline", seconds=PATIENCE))
        except Failure as failure:
            return self._wrong(failure)
        return fine(self.catalogue.say("check.key_fine", key=key, count=len(self._offered)))

    async def model(self) -> Finding:
        """Whether the models in use are there, and for how long."""
        outlook = Outlook(self.settings, self.catalogue)
        if warnings := list(outlook.warnings(self._offered)):
            first, *others = warnings
            return problem(first, *(each.partition("\n")[0] for each in others))
        say = self.catalogue.say
        return fine(
            *(
                say("check.model_until", model=each.id, name=each.name, day=each.retires)
                if each.retires
                else say("check.model_fine", model=each.id, name=each.name)
                for each in outlook.used
            )
        )

    async def painting(self) -> Finding:
        """Whether a picture comes: only that shows what is wrong with the billing, or with a limit."""
        request = self._request
        if not self.paint:
            dollars = f"${self.gemini.estimate(request):.2f}"
            return skipped(self.catalogue.say("check.painting_unasked", price=dollars))
        try:
            painting = await self.gemini.paint(request)
        except Failure as failure:
            return self._wrong(failure)
        if not painting.pictures:
            return problem(self.catalogue.say("check.painting_empty", model=request.model.id))
        picture = painting.pictures[-1].picture
        return fine(
            self.catalogue.say(
                "check.painting_fine",
                width=picture.width,
                height=picture.height,
                seconds=f"{painting.seconds:.1f}",
                price=f"${painting.dollars:.3f}",
            )
        )

    def _wrong(self, failure: Failure) -> Finding:
        return problem(remedy(failure, self.settings, self.catalogue))

    @property
    def _request(self) -> Request:
        gemini = self.settings.gemini
        model = gemini.models[gemini.model]
        return Request(model, (Content("user", (Text(WORDS),)),), size=next(iter(model.sizes), None))
