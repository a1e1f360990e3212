"""The ledger against a plain model of it: random asks, calls, outcomes, cancellations, pauses and restarts."""

import asyncio
import shutil
import tempfile
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from unittest.mock import patch

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, precondition, rule

from bot.config import Limits
from bot.errors import OverLimit
from bot.gate import check
from bot.model import Member, Memory, Painted, Painting, Place, Turn
from bot.quota import DAY, HOUR, MINUTE, Claim, Fence, Unit, Whose, fences
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

    @rule(target=asked, member=st.integers(1, 2), server=st.sampled_from(SERVERS), cents=st.integers(1, 30))
    def ask(self, member, server, cents):
        entry = self.claim(member, server, cents)
        fits = all(self.counted(fence, entry.claim) + entry.claim.wanted(fence.unit) <= fence.most for fence in FENCES)
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

    @rule(seconds=st.sampled_from([1, MINUTE, 10 * MINUTE, HOUR, DAY]))
    def wait(self, seconds):
        self.now += seconds

    @precondition(lambda self: self.entries)
    @rule()
    def restart(self):
        """What was being called may have been charged; it is called once more."""
        self.runner.run(self.stack.aclose())
        self.open()
        self.runner.run(self.write(lambda desk: desk.ledger.lose_calls()))
        for entry in self.entries:
            if entry.state == "called":
                self.begin(entry, 5)

    # -- what must hold

    @invariant()
    def counts_are_those_of_the_model(self):
        for member in (1, 2):
            for server in SERVERS:
                claim = Claim(member, server)
                used = self.runner.run(self.store.ledger.used(FENCES, claim, self.now))
                assert used == [self.counted(fence, claim) for fence in FENCES]

    @invariant()
    def no_count_of_pictures_passes_its_limit(self):
        for fence in FENCES:
            if fence.unit is Unit.PICTURES:
                assert all(self.counted(fence, each.claim) <= fence.most for each in self.entries)

    @invariant()
    def money_passes_the_gate_by_no_more_than_answers_cost_above_their_claims(self):
        for fence in FENCES:
            if fence.unit is Unit.MONEY:
                since = self.now - fence.seconds
                recent = [each for each in self.entries if any(at > since for at, _ in each.calls)]
                above = sum(max(sum(cost for _, cost in each.calls) - each.reserved, 0) for each in recent)
                assert self.counted(fence, Claim(1, 7)) <= fence.most + above

    # -- the model

    def claim(self, member: int, server: int, cents: int) -> Entry:
        number = len(self.entries) + 1 + int(self.now * 1000)
        turn = Turn(number, server, Member(member, "A"), "a cat", MODEL.id, self.now, server=server)
        return Entry(turn, Claim(member, server, 1, cents * 10_000), cents * 10_000, [])

    def counted(self, fence: Fence, claim: Claim) -> int:
        since = self.now - fence.seconds
        if fence.unit is Unit.MONEY:
            called = sum(cost for each in self.entries for at, cost in each.calls if at > since)
            return called + sum(each.claim.micros for each in self.entries if each.state == "held")
        mine = [each for each in self.entries if each.turn.asked_at > since and self.same(fence, each.claim, claim)]
        if fence.unit is Unit.BROUGHT:
            return 0
        if fence.unit is Unit.REFUSALS:
            return sum(each.state == "refused" for each in mine)
        return sum(each.claim.pictures for each in mine)

    def same(self, fence: Fence, one: Claim, other: Claim) -> bool:
        return one.member == other.member if fence.whose is Whose.MEMBER else one.server == other.server

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
            await check(desk.ledger, LIMITS, entry.claim, self.now)
            await desk.ledger.hold(entry.turn, entry.claim)
            await desk.turns.add(entry.turn)

    async def write(self, change) -> None:
        async with self.store.write() as desk:
            await change(desk)


FENCES = fences(LIMITS)
LedgerMachine.TestCase.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
TestLedger = LedgerMachine.TestCase
