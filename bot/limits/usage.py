"""What is left for a member at each limit, when some of it comes back, and which role gives it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot import receipt
from bot.catalogue import Catalogue
from bot.config import Limits
from bot.letters import TEXT_LIMIT, cut
from bot.limits.permit import Permit
from bot.moments import DAY, HOUR, MONTH, relative
from bot.quota import MICROS, Claim, Fence, Unit, Whose, budgets, fences, opens, windows
from bot.store import Ledger, Spent

NEAR = 0.8  #: a part of a limit; with so much of it used, people are told
FEW = 2  #: pictures; with no more left, too
CELLS = 10  #: of a bar
FULL, EMPTY = "■", "□"
OWN = {Whose.MEMBER, Whose.HERE}
WINDOWS: Mapping[int, str] = {HOUR: "hour", DAY: "day", MONTH: "30_days"}
SHOWN = ("largest_size", "variations", "models")  #: of what needs no count


@dataclass(frozen=True, slots=True)
class Gauge:
    """What counts at a fence now; `back` is when some of it counts no longer, in seconds since the epoch."""

    fence: Fence
    used: int
    back: float | None = None

    @property
    def left(self) -> int:
        """Never less than nothing, even where the limit was lowered meanwhile."""
        return max(0, self.fence.most - self.used)

    @property
    def part(self) -> float:
        """How much of it is left, from 0 to 1."""
        return self.left / self.fence.most if self.fence.most else 0.0

    @property
    def is_near(self) -> bool:
        """Its end is near."""
        few = self.fence.unit is Unit.PICTURES and self.fence.whose in OWN and self.left <= FEW
        return few or self.used >= NEAR * self.fence.most

    @property
    def bar(self) -> str:
        """What is left of it, to be seen without colours; something is left as long as there is a cell."""
        cells = max(1, round(self.part * CELLS)) if self.left else 0
        return FULL * cells + EMPTY * (CELLS - cells)

    def amount(self, counted: int) -> str:
        """So much of what it counts, as people read it."""
        return receipt.amount(self.fence, counted)


def watched(limits: Limits, permit: Permit) -> list[Fence]:
    """Every fence whose end is of interest to a member."""
    operators = [each for each in fences(limits) if each.unit in {Unit.PICTURES, Unit.MONEY}]
    if permit.place.server is None:
        operators = [each for each in operators if each.whose is not Whose.SERVER]
    theirs = [fence for held in permit.held for fence in windows(held)]
    shared = [fence for held in permit.held for fence in budgets(held)] if permit.place.server is not None else []
    return [*theirs, *operators, *shared]


async def gauges(ledger: Ledger, fences: Sequence[Fence], claim: Claim, now: float) -> list[Gauge]:
    """How each of them stands."""
    used = await ledger.used(fences, claim, now)
    pairs = zip(fences, used, strict=True)
    return [Gauge(fence, amount, await _back(ledger, Gauge(fence, amount), claim, now)) for fence, amount in pairs]


async def _back(ledger: Ledger, gauge: Gauge, claim: Claim, now: float) -> float | None:
    if not gauge.used or not gauge.fence.most:
        return None
    taken = await ledger.taken(gauge.fence, claim, now)
    if not gauge.left:
        return opens(gauge.fence, 1, taken)
    return next((at + gauge.fence.seconds for at, amount in taken if amount), None)


def tightest(gauges: Iterable[Gauge]) -> list[Gauge]:
    """Of those that count a member's same doings over the same time the one that ends first, in their order."""
    found: dict[tuple[bool, int], Gauge] = {}
    for each in gauges:
        key = each.fence.is_money, each.fence.seconds
        if each.fence.whose in OWN and (key not in found or each.left < found[key].left):
            found[key] = each
    return [found[key] for key in sorted(found)]


def nearing(room: Iterable[tuple[Fence, int]], catalogue: Catalogue) -> str:
    """A few words for the receipt where a limit of the member's is near its end; `room` is what counts by then."""
    near = [each for each in tightest(Gauge(*pair) for pair in room if pair[0].seconds in WINDOWS) if each.is_near]
    if not near:
        return ""
    gauge = min(near, key=lambda each: each.part)
    left = "left" if gauge.left else "last"
    return catalogue.say(f"usage.{left}_{WINDOWS[gauge.fence.seconds]}", left=gauge.amount(gauge.left))


@dataclass(frozen=True)
class Account:
    """Writes what `/usage` says. `refusal`: why nothing would be painted at all; `models` by their ids."""

    permit: Permit
    gauges: Sequence[Gauge]
    going: int
    thread: Spent
    catalogue: Catalogue
    models: Mapping[str, str]
    refusal: str = ""

    def page(self) -> str:
        """All of it, the limits first."""
        lines = [self._say("heading"), *filter(None, [self.refusal]), *self._limits(), *self._shared(), *self._thread()]
        return cut("\n".join(lines), TEXT_LIMIT)

    def _limits(self) -> Iterator[str]:
        own = tightest(self.gauges)
        if any(held.exempt for held in self.permit.held):
            yield self._say("exempt")
        elif not own:
            yield self._say("free")
        yield from map(self._gauge, own)
        yield from self._at_once()
        if len(self.permit.held) == 1:
            yield from filter(None, map(self._plain, SHOWN))

    def _gauge(self, gauge: Gauge) -> str:
        kind = "dollars" if gauge.fence.is_money else "pictures"
        window = WINDOWS[gauge.fence.seconds]
        what = self.catalogue.say(f"dimension.{kind}_per_{window}")
        return self._line(what, gauge, self._giver(gauge.fence))

    def _line(self, what: str, gauge: Gauge, giver: str) -> str:
        left = self._say("left", left=gauge.amount(gauge.left), most=gauge.amount(gauge.fence.most))
        back = self._say("back", when=relative(gauge.back + 1)) if gauge.back else ""
        return self._say("line", what=what, told=" · ".join(filter(None, [f"`{gauge.bar}` {left}", back, giver])))

    def _giver(self, fence: Fence) -> str:
        held = next((each for each in self.permit.held if each.server == fence.server), None)
        return self._say("everybody") if held is None else self._by(held.grants[fence.name].role, fence.server)

    def _by(self, role: int, server: int | None) -> str:
        held = next(each for each in self.permit.held if each.server == server)
        called = self.permit.called(held, role)
        return self._say("by", role=called if isinstance(called, str) else self.catalogue.say(*called))

    def _at_once(self) -> Iterator[str]:
        found = [(each.value("at_once"), each) for each in self.permit.held if "at_once" in each.grants]
        if found:
            most, held = min(found, key=lambda each: each[0])
            told = [str(most), self._going(), self._by(held.grants["at_once"].role, held.server)]
            yield self._say("line", what=self.catalogue.say("dimension.at_once"), told=" · ".join(filter(None, told)))
        elif self.going:
            yield self._going()

    def _going(self) -> str:
        return self._say("going", count=self.going) if self.going else ""

    def _plain(self, name: str) -> str:
        """A dimension in which nothing is counted."""
        [held] = self.permit.held
        if name not in held.grants:
            return ""
        value = held.value(name)
        if name == "models":
            value = self.catalogue.listed(self.models.get(each, each) for each in value) or "–"
        told = f"{value} · {self._by(held.grants[name].role, held.server)}"
        return self._say("line", what=self.catalogue.say(f"dimension.{name}"), told=told)

    def _shared(self) -> Iterator[str]:
        """What is not the member's alone, where its end is near."""
        for each in self.gauges:
            if each.fence.whose is Whose.SERVER and each.is_near:
                kind = "server_money" if each.fence.is_money else "server_pictures"
                yield self._line(self._say(f"{kind}_{WINDOWS[each.fence.seconds]}"), each, "")
        if any(each.fence.whose is Whose.EVERYBODY and each.is_near for each in self.gauges):
            yield self._say("bot_near")

    def _thread(self) -> Iterator[str]:
        if not (self.thread.pictures or self.thread.micros):
            return
        alone = self.thread.pictures == self.thread.own_pictures and self.thread.micros == self.thread.own_micros
        key = "thread_alone" if alone else "thread"
        if self.permit.place.server is None:
            key = "direct"
        yield self._say(
            key,
            pictures=self.thread.pictures,
            dollars=receipt.dollars(self.thread.micros / MICROS),
            **({} if key != "thread" else self._mine()),
        )

    def _mine(self) -> Mapping[str, object]:
        return {"own": self.thread.own_pictures, "own_dollars": receipt.dollars(self.thread.own_micros / MICROS)}

    def _say(self, key: str, **values: object) -> str:
        return self.catalogue.say(f"usage.{key}", **values)
