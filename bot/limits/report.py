"""What was painted in a server over some days, and what it cost: totals, a chart, and a table of every number."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache

from bot import receipt
from bot.catalogue import Catalogue
from bot.letters import cut
from bot.model import Member
from bot.moments import DAY
from bot.pictures import Bar, Bars, Chart, Stack
from bot.quota import MICROS
from bot.receipt import ALT
from bot.rules.allowance import Decisions, allowance
from bot.store import Outcome, Store, Tally

PERIODS = (7, 30, 90)  #: days that can be asked for
MEMBERS, ROLES, MODELS = 10, 5, 4  #: rows of a chart
TICKS = 7  #: days with a label under them
ROWS = 40_000  #: of a table, so that Discord takes it: some six million bytes
NAMED = 3  #: in the alternative text
DECIDING = ("pictures_per_hour", "pictures_per_day", "pictures_per_30_days", "dollars_per_day", "dollars_per_30_days")
STACKED: Mapping[Outcome, int] = {
    Outcome.PAINTED: 2,
    Outcome.WORDS: 0,
    Outcome.DECLINED: 1,
    Outcome.FAILED: 6,
    Outcome.CANCELLED: 9,
    Outcome.GOING: 7,
}  #: outcomes in the order of their stacks, and the colour of each
HEAD = ("day", "member_id", "member", "role", "model", "outcome", "asks", "pictures", "dollars")
FORMULAS = tuple("=+-@＝＋－＠")  #: what spreadsheets take for the beginning of a formula

Key = Callable[[Tally], Hashable]


@dataclass(frozen=True, slots=True)
class Total:
    """What some asks came to together."""

    asks: int
    pictures: int
    micros: int

    @property
    def told(self) -> str:
        """In a few signs."""
        return f"{self.pictures} · {receipt.dollars(self.micros / MICROS)}"


def total(tallies: Iterable[Tally]) -> Total:
    """The sum of them."""
    found = list(tallies)
    return Total(sum(each.asks for each in found), sum(each.pictures for each in found), sum(e.micros for e in found))


async def gathered(store: Store, server: int, days: range) -> tuple[list[Tally], Mapping[int, str]]:
    """All that happened on these days, and what members are called. Day by day, so that nobody waits for long."""
    tallies = [each for day in days for each in await store.spending.day(server, day)]
    newest = {each.member: each.newest for each in tallies if each.newest is not None}
    return tallies, await store.spending.names(sorted(newest.values()))


def last_days(count: int, now: float) -> range:
    """So many days with the one of this moment, counted from the epoch, in UTC."""
    today = int(now // DAY)
    return range(today - count + 1, today + 1)


def counted_under(decisions: Decisions, order: Sequence[int]) -> Callable[[str], int]:
    """The one role that an ask counts under, by the roles of who asked; `order` is that of the server, highest last.

    It is the role that gives the allowance; where none but @everyone has one, the highest.
    """

    @lru_cache(maxsize=4096)
    def role(roles: str) -> int:
        own = frozenset(json.loads(roles))
        grants = allowance(decisions, Member(0, "", own)).grants
        giving = (grants[name].role for name in DECIDING if name in grants)
        highest = next((each for each in reversed(order) if each in own), decisions.server)
        return next((each for each in giving if each != decisions.server), highest)

    return role


@dataclass(frozen=True)
class Names:
    """What things are called: the server, its roles and the models by their ids, members by theirs."""

    server: str
    roles: Mapping[int, str]
    models: Mapping[str, str]
    members: Mapping[int, str]


@dataclass(frozen=True)
class Report:
    """Adds up, draws and writes. Its work takes a moment for a busy server: call it in a thread."""

    days: range
    tallies: Sequence[Tally]
    names: Names
    role: Callable[[str], int]
    catalogue: Catalogue

    @cached_property
    def total(self) -> Total:
        """All of it."""
        return total(self.tallies)

    @property
    def period(self) -> tuple[str, str]:
        """The first and the last day."""
        return day(self.days[0]).isoformat(), day(self.days[-1]).isoformat()

    @property
    def headline(self) -> str:
        """What stands above the chart."""
        return self._say("shown", days=len(self.days), pictures=self.total.pictures, dollars=self._dollars)

    def chart(self) -> Chart:
        """The picture to be drawn."""
        members = {_whose(each) for each in self._known}
        first, last = self.period
        return Chart(
            title=self._say("title", server=self.names.server),
            below=self._say("period", first=first, last=last),
            figures=(
                (f"{self.total.pictures:,}", self._say("pictures")),
                (self._dollars, self._say("spent")),
                (f"{len(members):,}", self._say("members_count")),
            ),
            heading=self._say("by_day"),
            columns=self._columns(),
            stacks=[self._stack(each) for each in STACKED if any(one.outcome is each for one in self.tallies)],
            left=[self._bars("members", _whose, self._member, MEMBERS)],
            right=[
                self._bars("roles", lambda each: self.role(each.roles), self._role, ROLES),
                self._bars("models", lambda each: each.model, self._model, MODELS),
            ],
        )

    def alt(self) -> str:
        """The chart in words: its main numbers."""
        lists = [
            self._listed("members", _whose, self._member),
            self._listed("roles", lambda each: self.role(each.roles), self._role),
            self._listed("models", lambda each: each.model, self._model),
        ]
        outcomes = [f"{self._outcome(each)} {self._asks(each)}" for each in STACKED if self._asks(each)]
        told = self._say(
            "alt",
            days=len(self.days),
            server=self.names.server,
            pictures=self.total.pictures,
            dollars=self._dollars,
            outcomes=self.catalogue.enumerated(outcomes),
        )
        return cut(" ".join([told, *lists]), ALT)

    def table(self) -> tuple[bytes, int]:
        """A CSV that spreadsheets open, and how many of the oldest rows there was no room for."""
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(HEAD)
        rows = sorted(self.tallies, key=lambda each: (each.day, -each.pictures, each.member))
        writer.writerows(map(self._cells, rows[-ROWS:]))
        return out.getvalue().encode("utf-8-sig"), max(0, len(rows) - ROWS)

    def _cells(self, tally: Tally) -> Sequence[object]:
        whose = _whose(tally)
        known = tally.outcome is not Outcome.ERASED
        return (
            day(tally.day).isoformat(),
            whose or "",
            harmless(self._member(whose)),
            harmless(self._role(self.role(tally.roles)).removeprefix("@")) if known else "",
            harmless(tally.model),
            tally.outcome.value,
            tally.asks,
            tally.pictures,
            f"{tally.micros / MICROS:.6f}",
        )

    @cached_property
    def _known(self) -> Sequence[Tally]:
        """Those of which more is known than the sum."""
        return [each for each in self.tallies if each.outcome is not Outcome.ERASED]

    def _ranked(self, key: Key) -> list[tuple[Hashable, Total]]:
        groups: dict[Hashable, list[Tally]] = {}
        for each in self._known:
            groups.setdefault(key(each), []).append(each)
        sums = [(name, total(found)) for name, found in groups.items()]
        return sorted(sums, key=lambda pair: (-pair[1].pictures, -pair[1].micros, str(pair[0])))

    def _bars(self, what: str, key: Key, called: Callable[..., str], most: int) -> Bars:
        """The most of them; the rest are one row at the end."""
        ranked = self._ranked(key)
        rows = [Bar(called(name), found.told, found.pictures) for name, found in ranked[:most]]
        if rest := ranked[most:]:
            others = Total(0, sum(found.pictures for _, found in rest), sum(found.micros for _, found in rest))
            rows.append(Bar(self._say("others", count=len(rest)), others.told, others.pictures))
        return Bars(self._say(what), rows)

    def _listed(self, what: str, key: Key, called: Callable[..., str]) -> str:
        told = [f"{called(name)} {found.told}" for name, found in self._ranked(key)[:NAMED]]
        return f"{self._say(what)}: {', '.join(told)}."

    def _stack(self, outcome: Outcome) -> Stack:
        heights = dict.fromkeys(self.days, 0)
        for each in self.tallies:
            if each.outcome is outcome:
                heights[each.day] += each.asks
        told = f"{self._asks(outcome):,}"
        return Stack(self._outcome(outcome), told, STACKED[outcome], list(heights.values()))

    def _columns(self) -> list[str]:
        """Some of the days, evenly, the last among them."""
        every = -(-len(self.days) // TICKS)
        return [day(each).isoformat()[5:] if (self.days[-1] - each) % every == 0 else "" for each in self.days]

    def _asks(self, outcome: Outcome) -> int:
        return sum(each.asks for each in self.tallies if each.outcome is outcome)

    @property
    def _dollars(self) -> str:
        amount = self.total.micros / MICROS
        return f"${amount:,.2f}" if amount >= 1000 else receipt.dollars(amount)

    def _member(self, member: int) -> str:
        return self.names.members.get(member) or str(member) if member else self._say("deleted")

    def _role(self, role: int) -> str:
        return self.names.roles.get(role) or str(role)

    def _model(self, model: str) -> str:
        return self.names.models.get(model, model) or self._say("unknown")

    def _outcome(self, outcome: Outcome) -> str:
        return self._say(f"outcome_{outcome}")

    def _say(self, key: str, **values: object) -> str:
        return self.catalogue.say(f"report.{key}", **values)


def harmless(text: str) -> str:
    """Somebody's words as a cell that no spreadsheet takes for a formula, on one line."""
    seen = "".join(" " if unicodedata.category(each)[0] == "C" or each.isspace() else each for each in text)
    plain = " ".join(seen.split())
    return f"'{plain}" if plain.startswith(FORMULAS) else plain


def day(number: int) -> date:
    """A day by its number from the epoch."""
    return (datetime.fromtimestamp(0, UTC) + timedelta(days=number)).date()


def _whose(tally: Tally) -> int:
    """A member; those who were forgotten are one."""
    return max(0, tally.member)
