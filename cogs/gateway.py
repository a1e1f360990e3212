"""The line to Discord's gateway: taken up again after every break, and never more often than Discord allows.

discord.py 2.7.1 comes back at once however often it is sent away, ends at a frame that it can't read, and at a first
connection that fails.
"""

from __future__ import annotations

import asyncio
import logging
import random
import secrets
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket, ReconnectWebSocket

from bot.moments import HOUR
from bot.reason import reason

log = logging.getLogger(__name__)

OPENING = 60.0  #: seconds for a connection to be opened
SOUND = 60.0  #: seconds that a connection lives, or it counts as a failed try
LONGEST = 60.0  #: seconds between two tries
APART = 5.0  #: seconds between two sessions
SESSIONS = 30  #: new ones in an hour; Discord allows 1000 in a day, and then takes the token away
ASKING = 10.0  #: seconds for Discord to say how many of them are left
SILENCE = 4  #: heartbeats, after which a line on which nothing comes is thought dead
LONG_SILENCE = 60.0  #: seconds, likewise
LEAVING = 1.0  #: seconds for a connection that is given up to be closed
NO_INTENT, NORMAL = 4014, 1000
#: What Discord, a network or a proxy may have instead of an answer; RuntimeError: the session was closed at a stop.
UNTOLD = (discord.DiscordException, aiohttp.ClientError, OSError, LookupError, TypeError, ValueError, RuntimeError)


@dataclass
class Pacing:
    """When the next connection may be tried, in seconds of the monotonic clock."""

    failed: int = 0  #: connections in a row that did not live long
    begun: deque[float] = field(default_factory=lambda: deque(maxlen=SESSIONS))  #: the last new sessions

    def ended(self, lived: float) -> None:
        """A connection is over."""
        self.failed = 0 if lived >= SOUND else self.failed + 1

    def pause(self, now: float, *, anew: bool) -> float:
        """Seconds until the next one; a first break is mended at once, `anew` is a new session."""
        tries = self.failed - 1
        wait = min(0.5 * 2**tries, LONGEST) * random.uniform(0.75, 1.0) if tries > 0 else 0.0
        if anew and self.begun:
            wait = max(wait, self.begun[-1] + APART - now)
            if len(self.begun) == SESSIONS:
                wait = max(wait, self.begun[0] + HOUR - now)
        return wait


class Socket(DiscordWebSocket):
    """However it is given up, half-open too, it leaves neither a connection nor its heart's thread behind."""

    async def poll_event(self) -> None:
        """Hear the next event."""
        try:
            await super().poll_event()
        except BaseException:
            with suppress(TimeoutError):
                async with asyncio.timeout(LEAVING):
                    await self.close()
            raise


class Line:
    """One connection after the other, for as long as the client is open."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client
        self._pacing = Pacing()
        self._session: str | None = None
        self._sequence: int | None = None
        self._gateway: yarl.URL | None = None
        self._stumbled: int | None = None  # the last sequence at which something could not be read
        self._first = True
        self.rests_until: float | None = None  #: seconds since the epoch; no session may be begun before

    async def keep(self) -> None:
        """Hear what happens. Raises PrivilegedIntentsRequired and ConnectionClosed, where Discord wants us no more."""
        while not self._client.is_closed():
            await asyncio.sleep(self._pacing.pause(time.monotonic(), anew=self._session is None))
            if self._session is None:
                await self._rest()
            began = time.monotonic()
            try:
                await self._listen()
            except ReconnectWebSocket as error:
                if not error.resume:
                    self._session = None
            except discord.ConnectionClosed as error:
                await self._closed(error)
            except (OSError, discord.HTTPException, aiohttp.ClientError) as error:
                log.warning("Discord's gateway can't be reached: %s", reason(error) or "no answer came")
            except Exception:
                number = secrets.token_hex(4)
                log.exception("what Discord's gateway sent could not be read (%s)", number, extra={"id": number})
                self._stumble()
            self._client.dispatch("disconnect")
            self._pacing.ended(time.monotonic() - began)

    def begin(self) -> None:
        """A new session is about to be asked for."""
        self._pacing.begun.append(time.monotonic())

    async def _rest(self) -> None:
        """Other processes have begun sessions, too: while none is left for today, none is asked for."""
        while wait := await self._wait():
            self.rests_until = time.time() + wait
            until = datetime.fromtimestamp(self.rests_until, UTC).isoformat(timespec="seconds")
            log.warning("Discord lets this bot begin no new session before %s; look at what started it so often", until)
            await asyncio.sleep(min(wait, HOUR))
        self.rests_until = None

    async def _wait(self) -> float:
        """Seconds until a session may be begun, as Discord says; 0 where it does not say."""
        try:
            async with asyncio.timeout(ASKING):
                *_, limit = await self._client.http.get_bot_gateway()
            return max(limit["reset_after"] / 1000, APART) if limit["remaining"] < 1 else 0.0
        except UNTOLD as error:
            log.info("how many sessions are left is not known: %s", reason(error) or "no answer came")
            return 0.0

    async def _listen(self) -> None:
        """Open a connection, and hear what comes until it breaks."""
        resume = self._session is not None
        if not resume:
            self._sequence, self._gateway = None, None
        opening = Socket.from_client(
            self._client,
            initial=self._first,
            gateway=self._gateway,
            session=self._session,
            sequence=self._sequence,
            resume=resume,
        )
        async with asyncio.timeout(OPENING):
            self._client.ws = ws = await opening
        self._first = False
        heart = ws._keep_alive  # noqa: SLF001 - only it knows how often Discord wants to hear from us
        if heart and heart.interval:
            ws._max_heartbeat_timeout = min(SILENCE * heart.interval, LONG_SILENCE)  # noqa: SLF001 - no setting for it
        try:
            while True:
                await ws.poll_event()
        finally:
            self._session, self._sequence, self._gateway = ws.session_id, ws.sequence, ws.gateway

    async def _closed(self, error: discord.ConnectionClosed) -> None:
        """Only an end like any other can be mended by coming back."""
        if self._client.is_closed() or error.code == NORMAL:
            return
        if error.code == NO_INTENT:
            if self._session is None:
                self._pacing.begun.pop()  # none was begun
            self._session = None  # it would be taken up with what Discord withholds
            raise discord.PrivilegedIntentsRequired(error.shard_id) from None
        await self._client.close()
        raise error

    def _stumble(self) -> None:
        """What can't be read is asked for once more; where it is no better then, a new session leaves it behind."""
        if self._stumbled == self._sequence:
            self._session = None
        self._stumbled = self._sequence
