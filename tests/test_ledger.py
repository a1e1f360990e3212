"""The ledger against a plain model: random asks, calls, outcomes, cancellations, pauses, restarts, wrong clocks."""

import asyncio
import itertools
import shutil
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, precondition, rule

from bot.config import Limits
from bot.errors import OverLimit
from bot.limits.gate import check
from bot.limits.permit import Permit
from bot.model import Member, Memory, Painted, Painting, Place, Turn
from bot.moments import DAY, HOUR, MINUTE
from bot.quota import Claim, Fence, Unit, Whose, budgets, fences, opens, windows
from bot.rules.allowance import allowance, decided
from bot.rules.rules import Rules
from bot.store import Store, open_store
from bot.tokens import Usage
from tests.players import MODEL, picture

LIMITS = Limits(
    pictures_per_member_hour=3,
    pictures_per_server_day=6,
    refused_per_member_hour=4,
    dollars_per_10_minutes=0.5,
    dollars_per_day=1.2,
)
SERVERS = (7, 8)
ARTIST = 70  #: a role of the second member's in server 7
DECIDED = {
    7: decided(7, (), {7: {"pictures_per_hour": "2", "dollars_per_day": "0.5"}, ARTIST: {"pictures_per_hour": "4"}}),
    8: decided(8, (), {8: {"pictures_per_day": "4", "pictures_per_30_days": "7", "dollars_per_30_days": "0.9"}}),
}
RULES = {7: Rules(dollars_per_day=0.8), 8: Rules(dollars_per_30_days=1.5)}
ROLES = {(2, 7): frozenset({ARTIST})}


def permit(member: int, server: int | None, now: float) -> Permit:
    """In direct messages both servers are shared."""
    held = [
        allowance(
            replace(DECIDED[each], rules=RULES[each]), Member(member, "A", ROLES.get((member, each), frozenset()))
        )
        for each in ([server] if server else SERVERS)
    ]
    return Permit(held, Place(server or 1, server or 1, server), now)


def standing(member: int, server: int | None) -> list[Fence]:
    """Every fence that an ask meets."""
    inner = [
        fence
        for held in permit(member, server, 0.0).held
        for fence in (*windows(held), *(budgets(held) if server else ()))
    ]
    return [*(each for each in FENCES if server or each.whose is not Whose.SERVER), *inner]


@dataclass
class Entry:
    """What the model knows of one claim."""

    turn: Turn
    claim: Claim
    reserved: int
    calls: list[tuple[float, int]]  # when, and what it counts at the gate
    state: str = "held"
    attempts: int = 0


class LedgerMachine(RuleBasedStateMachine):
    asked: Bundle[Entry] = Bundle("asked")
    calling: Bundle[Entry] = Bundle("calling")
    ended: Bundle[Entry] = Bundle("ended")

    def __init__(self) -> None:
        super().__init__()
        self.now = 1_000_000.0
        self.entries: list[Entry] = []
        self.numbers = itertools.count(1)
        self.set_back = False
        self.folder = Path(tempfile.mkdtemp())
        self.runner = asyncio.Runner()
        self.clock = patch.object(time, "time", lambda: self.now)
        self.clock.start()
        self.open()

    def open(self) -> None:
        self.stack = AsyncExitStack()
        self.store: Store = self.runner.run(self.stack.enter_async_context(open_store(self.folder)))

    def teardown(self) -> None:
        self.runner.run(self.stack.aclose())
        self.clock.stop()
        self.runner.close()
        shutil.rmtree(self.folder)

    # -- what happens

    @rule(target=asked, member=st.integers(1, 2), server=st.sampled_from((*SERVERS, None)), cents=st.integers(1, 30))
    def ask(self, member, server, cents):
        entry = self.claim(member, server, cents)
        fits = all(
            self.counted(fence, entry.claim) + entry.claim.wanted(fence.unit) <= fence.most
            for fence in standing(member, server)
        )
        try:
            self.runner.run(self.admit(entry))
        except OverLimit:
            assert not fits
            entry.state = "never"
            return entry
        assert fits
        self.entries.append(entry)
        return entry

    @rule(target=calling, entry=consumes(asked), cents=st.integers(1, 40))
    def call(self, entry, cents):
        if entry.state == "held":
            self.begin(entry, cents)
        return entry

    @rule(target=ended, entry=consumes(calling), cents=st.integers(0, 60), pictures=st.integers(0, 3))
    def paint(self, entry, cents, pictures):
        if entry.state == "called":
            parts = tuple(Painted(picture(f"{entry.turn.id}-{place}")) for place in range(pictures))
            made = Painting(parts, Usage(), cents / 100, MODEL.id)
            self.runner.run(self.write(lambda desk: desk.turns.keep(self.turn(entry), made)))
            self.settle(entry, "settled", cents, pictures=1 if pictures else 0, charged=cents)
        return entry

    @rule(target=ended, entry=consumes(calling), cents=st.integers(0, 40), declined=st.booleans())
    def fail(self, entry, cents, declined):
        if entry.state == "called":
            reason = "declined_prompt_safety" if declined else "overloaded"
            self.runner.run(self.write(lambda desk: desk.turns.fail(self.turn(entry), "No.", reason, cents / 100)))
            self.settle(entry, "refused" if declined else "returned", cents)
        return entry

    @rule(target=ended, entry=consumes(asked))
    def cancel(self, entry):
        if entry.state == "held":
            self.runner.run(self.write(lambda desk: desk.turns.cancel(entry.turn.id)))
            entry.state, entry.claim = "returned", replace(entry.claim, pictures=0, micros=0)
        return entry

    @rule(entry=ended)
    def again(self, entry):
        """Whatever is told of an ended ask once more changes nothing: the invariant looks."""
        if entry.state != "never":
            self.runner.run(self.write(lambda desk: desk.ledger.settle(entry.turn.id)))
            self.runner.run(self.write(lambda desk: desk.ledger.fail(self.turn(entry), "declined_prompt_safety", 9.0)))
            self.runner.run(self.write(lambda desk: desk.turns.cancel(entry.turn.id)))

    @rule(seconds=st.sampled_from([1, MINUTE, 10 * MINUTE, HOUR, HOUR + 7, DAY, 9 * DAY]))
    def wait(self, seconds):
        self.now += seconds

    @rule(seconds=st.sampled_from([1, MINUTE, HOUR, 2 * DAY]))
    def set_the_clock_back(self, seconds):
        """What was counted later than now counts all the same, and what was over counts again."""
        self.now -= seconds
        self.set_back = True

    @precondition(lambda self: self.entries)
    @rule()
    def restart(self):
        """What was being called may have been charged; it is called once more."""
        self.runner.run(self.stack.aclose())
        self.open()
        self.runner.run(self.write(lambda desk: desk.ledger.lose_calls()))
        for entry in self.entries:
            entry.turn = replace(entry.turn, asked_at=min(entry.turn.asked_at, self.now))
            entry.calls = [(min(at, self.now), cost) for at, cost in entry.calls]
            if entry.state == "called":
                self.begin(entry, 5)

    # -- what must hold

    @invariant()
    def counts_are_those_of_the_model(self):
        for member in (1, 2):
            for server in (*SERVERS, None):
                claim, found = Claim(member, server), standing(member, server)
                used = self.runner.run(self.store.ledger.used(found, claim, self.now))
                assert used == [self.counted(fence, claim) for fence in found]

    @invariant()
    def when_there_is_room_again_is_told_to_the_moment(self):
        for member in (1, 2):
            for server in (*SERVERS, None):
                claim = Claim(member, server, 1, 10_000)
                for fence in standing(member, server):
                    found = self.runner.run(self.store.ledger.taken(fence, claim, self.now))
                    every = [(at, amount) for at, amount in self.moments(fence, claim) if amount]
                    total, wanted = sum(amount for _, amount in every), claim.wanted(fence.unit)
                    assert sum(amount for _, amount in found) == total
                    if total + wanted > fence.most:
                        assert opens(fence, wanted, found) == opens(fence, wanted, every)
                    assert [at for at, amount in found if amount][:1] == [at for at, _ in every][:1]

    def moments(self, fence, claim) -> list[tuple[float, int]]:
        since = self.now - fence.seconds
        if fence.unit is Unit.MONEY:
            called = [(at, cost) for each in self.entries for at, cost in each.calls if at > since]
            return [*sorted(called), *((self.now, each.claim.micros) for each in self.entries if each.state == "held")]
        mine = [each for each in self.entries if each.turn.asked_at > since and self.same(fence, each.claim, claim)]
        counted: Callable[[Any], int] = {
            Unit.BORNE: lambda each: each.claim.micros,
            Unit.PICTURES: lambda each: each.claim.pictures,
            Unit.REFUSALS: lambda each: int(each.state == "refused"),
            Unit.BROUGHT: lambda each: 0,
        }[fence.unit]
        return sorted((each.turn.asked_at, counted(each)) for each in mine)

    @invariant()
    def an_hours_sum_is_that_of_its_rows_and_nothing_is_below_nothing(self):
        rows = self.runner.run(
            self.store.query.all(
                "SELECT server, hour, pictures, micros FROM hours WHERE pictures <> 0 OR micros <> 0"
                " ORDER BY server, hour"
            )
        )
        sums: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
        for each in self.entries:
            if each.turn.server and each.state != "never":
                place = sums[each.turn.server, int(each.turn.asked_at // HOUR)]
                place[0] += each.claim.pictures
                place[1] += each.claim.micros
            for at, cost in each.calls:
                sums[0, int(at // HOUR)][1] += cost
        assert [tuple(row) for row in rows] == [(*key, *both) for key, both in sorted(sums.items()) if any(both)]
        low = "SELECT 1 FROM claims WHERE pictures < 0 OR micros < 0 OR waiting < 0"
        assert self.runner.run(self.store.query.all(low)) == []

    @invariant()
    def no_count_of_pictures_passes_its_limit(self):
        if self.set_back:
            return
        for each in self.entries:
            for fence in standing(each.claim.member, each.claim.server):
                if fence.unit is Unit.PICTURES:
                    assert self.counted(fence, each.claim) <= fence.most

    @invariant()
    def money_passes_the_gate_by_no_more_than_answers_cost_above_their_claims(self):
        if self.set_back:
            return
        for member, server in itertools.product((1, 2), SERVERS):
            for fence in (each for each in standing(member, server) if each.is_money):
                since = self.now - fence.seconds
                recent = [each for each in self.entries if any(at > since for at, _ in each.calls)]
                above = sum(max(sum(cost for _, cost in each.calls) - each.reserved, 0) for each in recent)
                assert self.counted(fence, Claim(member, server)) <= fence.most + above

    # -- the model

    def claim(self, member: int, server: int | None, cents: int) -> Entry:
        number = next(self.numbers)
        turn = Turn(number, server or 1, Member(member, "A"), "a cat", MODEL.id, self.now, server=server)
        return Entry(turn, Claim(member, server, 1, cents * 10_000), cents * 10_000, [])

    def counted(self, fence: Fence, claim: Claim) -> int:
        since = self.now - fence.seconds
        if fence.unit is Unit.MONEY:
            called = sum(cost for each in self.entries for at, cost in each.calls if at > since)
            return called + sum(each.claim.micros for each in self.entries if each.state == "held")
        mine = [each for each in self.entries if each.turn.asked_at > since and self.same(fence, each.claim, claim)]
        if fence.unit is Unit.BROUGHT:
            return 0
        if fence.unit is Unit.BORNE:
            return sum(each.claim.micros for each in mine)
        if fence.unit is Unit.REFUSALS:
            return sum(each.state == "refused" for each in mine)
        return sum(each.claim.pictures for each in mine)

    def same(self, fence: Fence, one: Claim, other: Claim) -> bool:
        mine = one.member == other.member
        if fence.whose is Whose.HERE:
            return mine and one.server in {fence.server, None}
        return mine if fence.whose is Whose.MEMBER else one.server == (fence.server or other.server)

    def begin(self, entry: Entry, cents: int) -> None:
        entry.attempts += 1
        self.runner.run(self.write(lambda desk: desk.turns.start(self.turn(entry), cents / 100)))
        entry.calls.append((self.now, max(cents * 10_000, entry.reserved)))
        entry.state = "called"

    def settle(self, entry: Entry, state: str, cents: int, pictures: int = 0, charged: int = 0) -> None:
        entry.calls[-1] = (entry.calls[-1][0], cents * 10_000)
        entry.state = state
        entry.claim = replace(entry.claim, pictures=pictures, micros=charged * 10_000)

    def turn(self, entry: Entry) -> Turn:
        return replace(entry.turn, attempts=entry.attempts)

    async def admit(self, entry: Entry) -> None:
        async with self.store.write() as desk:
            await desk.turns.open(Place(entry.turn.conversation, entry.turn.conversation), Memory.FOCUSED)
            allowed = permit(entry.claim.member, entry.claim.server, self.now)
            await check(desk.ledger, LIMITS, entry.claim, self.now, allowed)
            await desk.ledger.hold(entry.turn, entry.claim)
            await desk.turns.add(entry.turn)

    async def write(self, change) -> None:
        async with self.store.write() as desk:
            await change(desk)


FENCES = fences(LIMITS)
LedgerMachine.TestCase.settings = settings(max_examples=25, stateful_step_count=40, deadline=None)
TestLedger = LedgerMachine.TestCase
