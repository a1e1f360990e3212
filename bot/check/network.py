"""The ways out that nothing else has gone, and whether this machine's clock is right: every answer bears its date."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import aiohttp

from bot.catalogue import Catalogue
from bot.check.finding import Finding, fine, problem, skipped
from bot.config import Settings
from bot.reason import reason

DEADLINE = 10.0  #: seconds for an answer
TOLERANCE = 5.0  #: seconds; servers tell whole ones, and an answer is on its way for a moment
LOOPBACK = {"127.0.0.1", "localhost", "::1"}  #: a CDN there may be on any port


@dataclass(frozen=True)
class Answer:
    """What came back from an address: the seconds by which our clock is ahead of theirs, where they told the time."""

    host: str
    ahead: float | None = None
    trouble: str = ""


@dataclass(frozen=True)
class Network:
    """Asks for nothing in particular: whatever is answered, somebody is there."""

    settings: Settings
    catalogue: Catalogue

    async def ways(self) -> Finding:
        """Whether the gateway and the CDN can be reached; what stands between may let only some of Discord through."""
        discord = self.settings.discord
        gateway = discord.gateway_url.replace("ws", "http", 1)
        files = [
            f"https://{f'[{host}]' if ':' in host else host}/" for host in discord.cdn_hosts if host not in LOOPBACK
        ]
        answers = await asyncio.gather(*map(_ask, (gateway, *files)))
        if lost := [f"{each.host}: {each.trouble}" for each in answers if each.trouble]:
            return problem(self.catalogue.say("check.network_shut"), *lost)
        return fine(self.catalogue.say("check.network_fine", hosts=", ".join(each.host for each in answers)))

    async def clock(self) -> Finding:
        """The first that tells the time is believed."""
        for address in (f"{self.settings.discord.api_url}/gateway", self.settings.gemini.base_url):
            answer = await _ask(address)
            if answer.ahead is not None:
                return self._told(answer.ahead, answer.host)
        return skipped(self.catalogue.say("check.clock_unknown"))

    def _told(self, ahead: float, host: str) -> Finding:
        say = self.catalogue.say
        if abs(ahead) <= TOLERANCE:
            return fine(say("check.clock_fine", host=host))
        seconds = f"{abs(ahead):,.0f}"
        if ahead > 0:
            return problem(say("check.clock_fast", seconds=seconds, host=host))
        return problem(say("check.clock_slow", seconds=seconds, host=host))


async def _ask(address: str) -> Answer:
    host = urlsplit(address).hostname or address
    before = time.time()
    try:
        async with (
            aiohttp.ClientSession(trust_env=host not in LOOPBACK) as session,
            session.get(address, allow_redirects=False, timeout=aiohttp.ClientTimeout(DEADLINE)) as answer,
        ):
            date = answer.headers.get("Date", "")
    except (aiohttp.ClientError, OSError) as error:
        return Answer(host, trouble=reason(error) or f"no answer within {DEADLINE:.0f} s")
    try:
        theirs = parsedate_to_datetime(date).timestamp() + 0.5  # half of the date's second, on average, has gone by
    except ValueError:
        return Answer(host)
    return Answer(host, (before + time.time()) / 2 - theirs)
