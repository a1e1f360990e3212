"""The points at which the bot is killed: known from rehearsals, and chosen so that rare ones have their turn too."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field

AWAIT, STORE, WIRE, EVENT, TIME = "await", "store", "wire", "event", "time"
SHARES = {AWAIT: 50, STORE: 15, WIRE: 20, EVENT: 5, TIME: 10}
OFTEN = 4  #: of a place that is passed more often, one of the first so many


@dataclass(frozen=True)
class Point:
    """The `nth` time that a place is passed; for `time` so many milliseconds."""

    kind: str
    name: str
    nth: int

    def __str__(self) -> str:
        return f"{self.kind}|{self.name}|{self.nth}"

    @property
    def group(self) -> str:
        """The line of the table that it counts in."""
        if self.kind == AWAIT:
            return f"await in {self.name.split(':')[0].removeprefix('await ')}"
        return f"{self.kind}: {self.name}" if self.kind != TIME else "at a random time"


def read(text: str) -> Point:
    """A point as it was printed."""
    kind, name, nth = text.split("|")
    return Point(kind, name, int(nth))


@dataclass
class Places:
    """How often each place was passed while people asked, and while the bot started."""

    asked: dict[str, Counter[str]] = field(default_factory=dict)
    started: dict[str, Counter[str]] = field(default_factory=dict)

    def choose(self, chance: random.Random, seconds: float, *, starting: bool = False) -> Point:
        """Any place as likely as any other of its kind."""
        known = self.started if starting else self.asked
        kinds = [kind for kind in SHARES if known.get(kind) or kind == TIME]
        [kind] = chance.choices(kinds, [SHARES[each] for each in kinds])
        if kind == TIME:
            return Point(kind, "", round(1000 * chance.uniform(0, seconds)))
        name = chance.choice(sorted(known[kind]))
        return Point(kind, name, chance.randint(1, min(known[kind][name], OFTEN)))


def sorted_out(passed: Counter[str]) -> dict[str, Counter[str]]:
    """What the program passed, by kind."""
    found: dict[str, Counter[str]] = {AWAIT: Counter(), STORE: Counter()}
    for name, times in passed.items():
        found[AWAIT if name.startswith("await ") else STORE][name] = times
    return found
