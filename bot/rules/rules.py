"""What the moderators of a server have decided for it: its rules, and how they stand to channels, members and roles."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from bot.rules.dimension import WHOLE, dollars, truth


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

    def mention(self, subject: int) -> str:
        """As a message names it."""
        return {Subject.CHANNEL: f"<#{subject}>", Subject.MEMBER: f"<@{subject}>", Subject.ROLE: f"<@&{subject}>"}[self]


@dataclass(frozen=True, slots=True)
class Rules:
    """A server's rules. None is no opinion; of those in `broken`, which can't be read, the `LEAST` holds."""

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
        """From JSON by name. What can't be read opens no door; a name of another program's is passed over."""
        rules = cls()
        for name, value in values.items():
            if name not in SHAPES:
                continue
            try:
                rules = replace(rules, **{name: SHAPES[name](json.loads(value))})
            except (ValueError, TypeError, RecursionError):
                least = {name: LEAST[name]} if name in LEAST else {}
                rules = replace(rules, broken=(*rules.broken, name), **least)
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


SHAPES: Mapping[str, Callable[[Any], Any]] = {
    "paused": truth,
    "dollars_per_day": dollars,
    "dollars_per_30_days": dollars,
    "moderators_exempt": truth,
    "audit": WHOLE,
    "consent": Consent,
    "automod": truth,
    "relaxed": truth,
    "retention_days": WHOLE,
}

#: What holds in place of a rule that can't be read, where it is not what holds without one. A retention time is not
#: among them: what is deleted by mistake never comes back.
LEAST: Mapping[str, Any] = MappingProxyType(
    {"paused": True, "dollars_per_day": 0.0, "dollars_per_30_days": 0.0, "consent": Consent.NEVER}
)
