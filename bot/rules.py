"""What the moderators of a server have decided for it: its rules, and how they stand to channels, members and roles."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any


class Consent(StrEnum):
    """Whether others may edit a picture that a member posted outside the bot's threads, until that member says."""

    ASK = "ask"
    ALWAYS = "always"
    NEVER = "never"


class Subject(StrEnum):
    """What a stance is about."""

    CHANNEL = "channel"
    MEMBER = "member"
    ROLE = "role"


@dataclass(frozen=True, slots=True)
class Rules:
    """A server's rules. None is no opinion; `broken` names those that can't be read, which therefore grant nothing."""

    paused: bool = False  #: nothing is painted, nothing is taken
    dollars_per_day: float | None = None  #: the whole server's budget
    dollars_per_30_days: float | None = None
    moderators_exempt: bool = False  #: from limits per role
    audit: int | None = None  #: the channel that is told of everything
    consent: Consent = Consent.ASK
    automod: bool = True  #: the server's AutoMod keyword rules hold for asks, too
    relaxed: bool = False  #: milder safety thresholds in age-restricted channels, where the operator allows it
    retention_days: int | None = None  #: pictures and words are deleted so long after they came; None keeps them
    broken: tuple[str, ...] = ()

    @classmethod
    def read(cls, values: Mapping[str, str]) -> Rules:
        """From JSON by name. A pause that can't be read is a pause; a name of another program's is passed over."""
        rules = cls()
        for name, value in values.items():
            if name not in SHAPES:
                continue
            try:
                rules = replace(rules, **{name: SHAPES[name](json.loads(value))})
            except (ValueError, TypeError):
                rules = replace(rules, broken=(*rules.broken, name), paused=rules.paused or name == "paused")
        return rules


@dataclass(frozen=True, slots=True)
class Stance:
    """A channel, member or role that is let in or kept out. `until` in seconds since the epoch; None for good."""

    kind: Subject
    subject: int
    allowed: bool
    reason: str
    until: float | None
    member: int  #: who decided it
    at: float

    def holds(self, now: float) -> bool:
        """It has not ended."""
        return self.until is None or now < self.until


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(value)
    return value


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(value)
    return value


def _dollars(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
        raise ValueError(value)
    return float(value)


SHAPES: Mapping[str, Callable[[Any], Any]] = {
    "paused": _truth,
    "dollars_per_day": _dollars,
    "dollars_per_30_days": _dollars,
    "moderators_exempt": _truth,
    "audit": _whole,
    "consent": Consent,
    "automod": _truth,
    "relaxed": _truth,
    "retention_days": _whole,
}
