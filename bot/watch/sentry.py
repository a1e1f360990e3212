"""Tells the operator of trouble that only they can mend: in the log, as a number, and in a channel of theirs."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from bot.alarm import LONG, Alarm, Sign, Telling, due, model
from bot.catalogue import Catalogue
from bot.config import Settings
from bot.errors import OverLimit, Unreachable
from bot.letters import TEXT_LIMIT, Letter, Pace, Postman, cut
from bot.limits import gate
from bot.moments import relative
from bot.price import set_aside
from bot.quota import Claim, micros
from bot.store import Store, Trouble
from bot.watch.journal import Journal

MISSES = 2  #: looks in a row that a check fails before it is called trouble: a moment's load is none
PATIENCE = 5.0  #: seconds for a look, or for a note in the database
GONE = 600.0  #: seconds until a channel that takes no messages is tried again

Check = Callable[[], Awaitable[bool]]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Rounds:
    """How often it looks, in seconds."""

    look: float = 1.0
    check: float = 15.0


@dataclass
class Sentry:
    """Looks round once a second, and tells each trouble once. Never a member's words, nor Google's, in the channel."""

    store: Store
    postman: Postman
    settings: Settings
    catalogue: Catalogue
    journal: Journal
    checks: Mapping[str, Check]  #: of those named `disk` and `database`
    rounds: Rounds = field(default_factory=Rounds)
    alarms: dict[str, Alarm] = field(default_factory=dict)
    _unsent: dict[str, Letter] = field(default_factory=dict)
    _unkept: set[str] = field(default_factory=set)
    _misses: Counter[str] = field(default_factory=Counter)
    _checked: float = 0.0
    _closed: float = 0.0  #: until then its channel is left alone
    _pauses: Iterator[float] | None = None

    async def begin(self) -> None:
        """Recall what was told before this start."""
        self.alarms = await self.store.alarms.all()
        for alarm in self.alarms.values():
            self._show(alarm)

    async def work(self) -> None:
        """For ever."""
        while True:
            try:
                await self.look_round()
            except Exception:
                log.exception("nobody knows what the operator is to be told")
                await asyncio.sleep(self.rounds.check)
            await asyncio.sleep(self.rounds.look)

    async def look_round(self) -> None:
        """See what is wrong, tell what is news, and send what waits to be sent."""
        self._look_at_models()
        if time.monotonic() >= self._checked:
            self._checked = time.monotonic() + self.rounds.check
            await self._look_at_ground()
            await self._look_at_gate()
        watch = self.journal.watch
        for name, sign in list(watch.signs.items()):
            if telling := due(sign, self.alarms.get(name), watch.clock()):
                self._tell(name, sign, telling)
        await self._send()
        await self._keep()

    # -- what there is to see ----------------------------------------------------------------------------------------

    def _look_at_models(self) -> None:
        for each in self.journal.breakers.values():
            if each.lasted >= LONG:
                self.journal.watch.bad(f"busy {each.model}", "busy")

    async def _look_at_ground(self) -> None:
        for name in ("disk", "database"):
            well = name not in self.checks or await _passes(self.checks[name])
            self._misses[name] = 0 if well else self._misses[name] + 1
            if well:
                self.journal.watch.good(name)
            elif self._misses[name] >= MISSES:
                self.journal.watch.bad(name, name)

    async def _look_at_gate(self) -> None:
        """While the fences around the money are known to be reached, see whether a usual picture has room again."""
        alarm, sign = self.alarms.get("spending"), self.journal.watch.signs.get("spending")
        if not ((alarm and not alarm.over) or (sign and sign.standing)):
            return
        gemini, limits = self.settings.gemini, self.settings.limits
        dollars = set_aside(gemini.models[gemini.model], gemini.size, gemini.memory)
        money = limits.model_copy(update=dict.fromkeys(("pictures_per_member_hour", "refused_per_member_hour"), 0))
        with suppress(OverLimit, Trouble):
            await gate.check(self.store.ledger, money, Claim(0, None, 1, micros(dollars)), time.time())
            self.journal.watch.good("spending")

    # -- how it is told ----------------------------------------------------------------------------------------------

    def _tell(self, name: str, sign: Sign, telling: Telling) -> None:
        before, now = self.alarms.get(name), self.journal.watch.clock()
        known = before if before and not before.over else None
        number = known.number if known else secrets.token_hex(4)
        state = known.state if known and telling is Telling.OVER else sign.state
        alarm = Alarm(name, state, number, known.since if known else sign.since, now, telling is Telling.OVER)
        self.alarms[name] = alarm
        self._show(alarm)
        self._log(alarm, telling, sign.detail)
        self._unkept.add(name)
        if channel := self.settings.discord.operator_channel:
            nonce = f"o{number}{telling[0]}{round(now)}"
            self._unsent[name] = Letter(channel, cut(self._text(alarm, telling), TEXT_LIMIT), nonce=nonce)

    def _text(self, alarm: Alarm, telling: Telling) -> str:
        told, since = self._sentence(alarm), relative(alarm.since)
        if telling is Telling.OVER:
            return self.catalogue.say("sentry.over", told=told.partition("\n")[0], number=alarm.number, since=since)
        return self.catalogue.say(f"sentry.{telling}", told=told, number=alarm.number, since=since)

    def _sentence(self, alarm: Alarm) -> str:
        """What is wrong, and in a second line its remedy."""
        own = alarm.state in self.catalogue.texts["sentry"]
        values = {
            "variable": self.settings.gemini.api_key_env,
            "url": self.settings.gemini.base_url,
            "model": model(alarm.name),
            "detail": self.catalogue.say("sentry.detail", number=alarm.number),
        }
        return self.catalogue.say(f"sentry.{alarm.state}" if own else f"check.google_{alarm.state}", **values)

    def _log(self, alarm: Alarm, telling: Telling, detail: str) -> None:
        said = " ".join(self._sentence(alarm).split())
        named = {"id": alarm.number, "event": "trouble", "trouble": alarm.name, "told": str(telling)}
        if telling is Telling.OVER:
            log.warning("trouble %s is over: %s", alarm.number, alarm.name, extra=named)
        else:
            log.error("trouble %s: %s%s", alarm.number, said, f" [{detail}]" if detail else "", extra=named)

    def _show(self, alarm: Alarm) -> None:
        self.journal.metrics.trouble.labels(alarm.name).set(not alarm.over)

    async def _send(self) -> None:
        """Each in its channel; while Discord or the channel takes none, the newest of each trouble waits."""
        if time.monotonic() < self._closed:
            return
        for name, letter in list(self._unsent.items()):
            try:
                await self.postman.send(letter)
            except Unreachable as error:
                self._rest(error)
                return
            self._pauses = None
            if self._unsent.get(name) is letter:
                del self._unsent[name]

    def _rest(self, error: Unreachable) -> None:
        if self._pauses is None:
            log.warning("the operator's channel can't be told: %s", self.catalogue.tell(error))
            self._pauses = Pace().pauses()
        self._closed = time.monotonic() + (GONE if error.forever else next(self._pauses))

    async def _keep(self) -> None:
        """What was sent. A database that takes nothing now is tried again: the trouble may be its own."""
        for name in self._unkept - set(self._unsent):
            with suppress(Trouble, OSError, TimeoutError):
                async with asyncio.timeout(PATIENCE), self.store.write() as desk:
                    await desk.alarms.note(self.alarms[name])
                self._unkept.discard(name)


async def _passes(check: Check) -> bool:
    try:
        async with asyncio.timeout(PATIENCE):
            return await check()
    except Exception:  # noqa: BLE001 - whatever is wrong with it, it is not well
        return False
