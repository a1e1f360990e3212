"""Whether this machine's clock is right, by what Discord and Google say in passing."""

from __future__ import annotations

import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import aiohttp

from bot.catalogue import Catalogue
from bot.check.finding import Finding, fine, problem, skipped
from bot.config import Settings

DEADLINE = 10.0  #: seconds for an answer
TOLERANCE = 5.0  #: seconds; servers tell whole ones, and an answer is on its way for a moment


@dataclass(frozen=True)
class Clock:
    """Asks for nothing in particular: every answer bears its date."""

    settings: Settings
    catalogue: Catalogue

    async def check(self) -> Finding:
        """The first that answers is believed."""
        for address in (f"{self.settings.discord.api_url}/gateway", self.settings.gemini.base_url):
            ahead = await _ahead(address)
            if ahead is not None:
                return self._told(ahead, urlsplit(address).hostname or address)
        return skipped(self.catalogue.say("check.clock_unknown"))

    def _told(self, ahead: float, host: str) -> Finding:
        say = self.catalogue.say
        if abs(ahead) <= TOLERANCE:
            return fine(say("check.clock_fine", host=host))
        seconds = f"{abs(ahead):,.0f}"
        if ahead > 0:
            return problem(say("check.clock_fast", seconds=seconds, host=host))
        return problem(say("check.clock_slow", seconds=seconds, host=host))


async def _ahead(address: str) -> float | None:
    """Seconds by which our clock is ahead of theirs; None where nobody tells."""
    timeout = aiohttp.ClientTimeout(total=DEADLINE)
    before = time.time()
    try:
        async with (
            aiohttp.ClientSession(trust_env=True, timeout=timeout) as session,
            session.get(address, allow_redirects=False) as answer,
        ):
            theirs = parsedate_to_datetime(answer.headers["Date"]).timestamp()
    except (aiohttp.ClientError, OSError, KeyError, ValueError):
        return None
    return (before + time.time()) / 2 - (theirs + 0.5)  # the date's second has, on average, half gone by
