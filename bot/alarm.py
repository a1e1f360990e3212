"""What only the operator can mend: how it stands, and when they are told of it: once, and not at every sign. Pure."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from bot.errors import Blank, Declined, EaselError, Failure
from bot.moments import HOUR

AGAIN = 6 * HOUR  #: seconds until a trouble that stands is told again
PAUSE = 600.0  #: seconds at least between two tellings of one that comes and goes, or changes
LONG = 300.0  #: seconds that a model may be overloaded before it is worth telling

#: Which trouble a failure of a call is a sign of; `{}` stands for the model.
SIGNS = MappingProxyType(
    {
        **{f"misconfigured_{state}": "key" for state in ("key", "leaked", "denied")},
        **{f"misconfigured_{state}": "billing" for state in ("billing", "spent", "free")},
        **{f"misconfigured_{state}": "way" for state in ("place", "address")},
        "misconfigured_model": "model {}",
        "crowded_day": "quota {}",
    }
)
GATES = MappingProxyType({"over_spending": "spending", "over_budget": "spending"})
OF_MODELS = ("model {}", "quota {}", "busy {}")
MENDED = ("key", "billing", "way", *OF_MODELS)  #: by an answer


class Telling(StrEnum):
    """What is told of a trouble."""

    TROUBLE = "trouble"
    STILL = "still"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Alarm:
    """What was told last of a trouble. `state` names its sentence, `number` is what the log knows it by."""

    name: str
    state: str
    number: str
    since: float
    told_at: float
    over: bool = False


@dataclass
class Sign:
    """How something stands, in seconds since the epoch; `detail` is for the log alone."""

    standing: bool = False
    state: str = ""
    detail: str = ""
    since: float = 0.0
    last: float = 0.0


@dataclass
class Watch:
    """Hears of good and bad signs. Cheap: it is told of every call."""

    clock: Callable[[], float] = time.time
    signs: dict[str, Sign] = field(default_factory=dict)

    def bad(self, name: str, state: str, detail: object = "") -> None:
        """It is in this state."""
        now, sign = self.clock(), self.signs.setdefault(name, Sign())
        sign.since = sign.since if sign.standing else now
        sign.standing, sign.state, sign.detail, sign.last = True, state, str(detail), now

    def good(self, name: str) -> None:
        """It is as it should be."""
        self.signs.setdefault(name, Sign()).standing = False

    def called(self, model: str, failure: Failure | None) -> None:
        """A call to a model ended: with an answer where there is no failure."""
        if failure is None or isinstance(failure, Blank | Declined):
            for each in MENDED:
                self.good(each.format(model))
        elif name := SIGNS.get(failure.key):
            self.bad(name.format(model), failure.key.removeprefix("misconfigured_"), failure.values.get("message", ""))

    def refused(self, error: EaselError) -> None:
        """An ask was turned away."""
        if name := GATES.get(error.key):
            self.bad(name, error.key)


def due(sign: Sign, alarm: Alarm | None, now: float) -> Telling | None:
    """What is to be told now, after what was told last."""
    if not sign.standing:
        return Telling.OVER if alarm and not alarm.over else None
    if alarm is None:
        return Telling.TROUBLE
    passed = abs(now - alarm.told_at)  # a clock that was set back keeps nothing from being told
    if alarm.over or sign.state != alarm.state:
        return Telling.TROUBLE if passed >= PAUSE else None
    return Telling.STILL if passed >= AGAIN and sign.last > alarm.told_at else None


def model(name: str) -> str:
    """The model that a trouble is of; none where it is of something else."""
    return name.partition(" ")[2]
