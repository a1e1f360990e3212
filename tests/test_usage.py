"""What is left: told by amount, by time and by role, and never wrongly."""

import json
import re
from dataclasses import replace

import hypothesis.strategies as st
import pytest
from hypothesis import given

from bot.catalogue import load_catalogue
from bot.config import Limits
from bot.errors import OverLimit
from bot.language import speaking
from bot.limits.gate import check
from bot.limits.permit import Permit
from bot.limits.usage import CELLS, EMPTY, FULL, Account, Gauge, gauges, nearing, tightest, watched
from bot.model import Member, Place
from bot.moments import DAY, HOUR, MONTH
from bot.quota import MICROS, Claim, Fence, Unit, Whose, fences, windows
from bot.rules.allowance import allowance, decided
from bot.rules.rules import Rules
from bot.store import Desk, Spent, open_store, spending
from tests.players import ADA, BOB, THREAD, png
from tests.test_gate import limited

SERVER, PAINTER, GUEST, NOW = 9, 11, 12, 1_000_000.0
CATALOGUE = load_catalogue()
NOBODY = Limits(
    pictures_per_member_hour=0,
    pictures_per_server_day=0,
    refused_per_member_hour=0,
    dollars_per_10_minutes=0,
    dollars_per_day=0,
)


def fence(most: int, unit: Unit = Unit.PICTURES, seconds: int = HOUR, whose: Whose = Whose.HERE) -> Fence:
    return Fence("over_role", unit, whose, seconds, most, SERVER, "pictures_per_hour")


def permitted(rules: Rules | None = None, roles: tuple[int, ...] = (PAINTER,), **limits: object) -> Permit:
    """What holds for somebody with these roles, of which Painter has these limits."""
    known = decided(SERVER, (), {PAINTER: {name: json.dumps(value) for name, value in limits.items()}})
    known = replace(known, rules=rules or Rules())
    return Permit([allowance(known, Member(1, "Ada", frozenset(roles)))], Place(50, 50, SERVER), NOW)


def page(permit: Permit, *found: Gauge, going: int = 0, thread: Spent | None = None) -> str:
    return Account(permit, found, going, thread or Spent(), CATALOGUE, {"m": "The Model"}).page()


@given(st.integers(0, 1000), st.integers(0, 1000))
def test_a_bar_has_cells_exactly_while_something_is_left(most, used):
    gauge = Gauge(fence(most), used)
    assert len(gauge.bar) == CELLS
    assert (FULL in gauge.bar) == (used < most)
    assert EMPTY in gauge.bar or gauge.part > 0.9
    assert gauge.left + min(used, most) == most


@given(st.integers(1, 1000), st.integers(0, 1000))
def test_the_end_of_a_limit_is_near_from_four_fifths_or_with_two_left(most, used):
    assert Gauge(fence(most), used).is_near == (used >= 0.8 * most or most - used <= 2)
    assert Gauge(fence(most, Unit.BORNE), used).is_near == (used >= 0.8 * most)
    assert Gauge(fence(most, whose=Whose.SERVER), used).is_near == (used >= 0.8 * most)


@given(st.lists(st.tuples(st.integers(0, 9), st.sampled_from((HOUR, DAY)), st.sampled_from(Whose)), max_size=6))
def test_of_the_same_doings_the_limit_that_ends_first_is_told(found):
    every = [Gauge(fence(most, seconds=seconds, whose=whose), 0) for most, seconds, whose in found]
    own = [each for each in every if each.fence.whose in {Whose.HERE, Whose.MEMBER}]
    told = tightest(every)
    assert {each.fence.seconds for each in told} == {each.fence.seconds for each in own}
    for each in told:
        assert each.left == min(one.left for one in own if one.fence.seconds == each.fence.seconds)


@pytest.mark.parametrize(
    ("room", "told"),
    [
        ([(fence(10), 7)], ""),
        ([(fence(10), 8)], "2 left this hour."),
        ([(fence(30), 24)], "6 left this hour."),
        ([(fence(30), 30)], "That was the last one this hour; `/usage` says when more comes back."),
        ([(fence(10), 8), (fence(10, seconds=DAY), 9)], "1 left within 24 hours."),
        ([(fence(MICROS, Unit.BORNE, MONTH), 900_000)], "$0.10 left within 30 days."),
        ([(fence(10, whose=Whose.SERVER, seconds=DAY), 10)], ""),
        ([(fence(MICROS, Unit.MONEY, 600, Whose.EVERYBODY), MICROS)], ""),
    ],
)
def test_a_receipt_says_in_a_few_words_which_limit_ends_first(room, told):
    assert nearing(room, CATALOGUE) == told


def test_each_line_tells_amount_time_and_role():
    permit = permitted(pictures_per_hour=5, dollars_per_day=1.0)
    pictures, money = windows(permit.held[0])
    told = page(permit, Gauge(pictures, 2, NOW), Gauge(money, 250_000))
    assert (
        f"**Pictures per hour** · `■■■■■■□□□□` 3 of 5 left · more comes back <t:{int(NOW) + 1}:R> · by <@&11>" in told
    )
    assert "**Money per day** · `■■■■■■■■□□` $0.75 of $1.00 left · by <@&11>" in told


def test_the_operators_own_limit_is_told_where_it_ends_first_or_is_the_only_one():
    [own] = fences(NOBODY.model_copy(update={"pictures_per_member_hour": 3}))[:1]
    assert "3 of 3 left · for everybody" in page(permitted(), Gauge(own, 0))
    permit = permitted(pictures_per_hour=5)
    [role] = windows(permit.held[0])
    assert "0 of 3 left · for everybody" in page(permit, Gauge(role, 3), Gauge(own, 3))


def test_who_is_not_limited_is_told_so_and_a_moderator_why():
    assert "No role of yours limits" in page(permitted())
    known = decided(SERVER, (), {SERVER: {"pictures_per_day": "1"}})
    known = replace(known, rules=Rules(moderators_exempt=True))
    exempt = allowance(known, Member(1, "Ana", frozenset(), moderator=True))
    assert "because you are a moderator" in page(Permit([exempt], Place(50, 50, SERVER), NOW))


def test_what_needs_no_count_is_told_with_its_role():
    told = page(permitted(at_once=2, largest_size="2K", variations=3, models=["m", "gone"]), going=1)
    assert "**Asks at once** · 2 · 1 on the way · by <@&11>" in told
    assert "**Largest size** · 2K · by <@&11>" in told
    assert "**Models** · The Model and gone · by <@&11>" in told


def test_the_servers_budget_is_told_only_near_its_end():
    permit = permitted(Rules(dollars_per_day=10.0))
    [budget] = [each for each in watched(NOBODY, permit) if each.whose is Whose.SERVER]
    assert "budget" not in page(permit, Gauge(budget, 7 * MICROS))
    assert "**This server's budget per day** · `■■□□□□□□□□` $2.00 of $10.00 left" in page(
        permit, Gauge(budget, 8 * MICROS)
    )


def test_a_direct_message_names_no_role_of_a_server_and_no_budget():
    permit = replace(permitted(Rules(dollars_per_day=1.0), pictures_per_day=2), place=Place(50, 50))
    assert [each.whose for each in watched(NOBODY, permit)] == [Whose.HERE]
    told = page(permit, Gauge(watched(NOBODY, permit)[0], 1), thread=Spent(1, MICROS, 1, MICROS))
    assert "1 of 2 left · by a server that we share" in told
    assert "Pictures in our conversation so far: 1, for $1.00." in told


def test_a_thread_tells_its_cost_and_whose():
    assert "so far" not in page(permitted())
    told = page(permitted(), thread=Spent(3, 120_000, 1, 40_000))
    assert told.endswith("Pictures in this thread so far: 3, for $0.12. By your asks: 1, for $0.04.")
    assert page(permitted(), thread=Spent(3, 1, 3, 1)).endswith("so far: 3, for <$0.01, all by your asks.")


def test_a_page_fits_a_message_whatever_there_is_to_tell():
    permit = permitted(
        pictures_per_hour=5,
        pictures_per_day=9,
        dollars_per_day=1.0,
        models=[f"model-{each}" for each in range(90)],
        largest_size="4K",
        variations=9,
    )
    told = page(permit, *(Gauge(each, 1, NOW) for each in windows(permit.held[0])))
    assert len(told) <= 2000


# -- counted


async def booked(desk: Desk, claim: Claim, at: float, turn: int) -> None:
    """A claim that was settled."""
    await desk.query.tell(
        "INSERT INTO claims (turn, member, server, at, pictures, micros, waiting, state, roles)"
        " VALUES (:turn, :member, :server, :at, :pictures, :micros, 0, 'settled', '[]')",
        turn=turn,
        member=claim.member,
        server=claim.server,
        at=at,
        pictures=claim.pictures,
        micros=claim.micros,
    )


@given(moments=st.lists(st.tuples(st.integers(1, 3600), st.integers(0, 3)), max_size=8), most=st.integers(0, 9))
async def test_more_comes_back_at_the_very_moment_told(moments, most, tmp_path_factory):
    async with open_store(tmp_path_factory.mktemp("store")) as store:
        for turn, (ago, pictures) in enumerate(moments):
            async with store.write() as desk:
                await booked(desk, Claim(1, SERVER, pictures, 1), NOW - ago, turn)
        claim, watching = Claim(1, SERVER), [fence(most)]
        [gauge] = await gauges(store.ledger, watching, claim, NOW)
        if gauge.back is None:
            assert gauge.used == 0 or most == 0
            return
        [just, before] = [(await gauges(store.ledger, watching, claim, gauge.back + at))[0] for at in (0.0, -0.5)]
        assert just.left > gauge.left
        assert before.left == gauge.left


async def test_what_is_left_by_the_page_is_what_the_gate_lets_through(tmp_path):
    permit = permitted(pictures_per_hour=3)
    async with open_store(tmp_path) as store:
        async with store.write() as desk:
            await booked(desk, Claim(1, SERVER, 2, 1), NOW - 9, 1)
        [gauge] = await gauges(store.ledger, watched(NOBODY, permit), Claim(1, SERVER), NOW)
        [(_, used)] = await check(store.ledger, NOBODY, Claim(1, SERVER, gauge.left, 1), NOW, permit)
        assert used == 3
        with pytest.raises(OverLimit):
            await check(store.ledger, NOBODY, Claim(1, SERVER, gauge.left + 1, 1), NOW, permit)


async def test_a_thread_adds_up_for_everybody_and_for_one(world):
    async with world.bot() as bot:
        await bot.paint("a cat", "a dog")
        await bot.hear(world.ask("a bird", member=BOB))
        await bot.settle()
        spent = await bot.store.spending.thread(THREAD.conversation, ADA.id)
        assert (spent.pictures, spent.own_pictures) == (3, 2)
        assert 0 < spent.own_micros < spent.micros
        assert await bot.store.spending.thread(51, ADA.id) == Spent()


async def test_asks_on_the_way_are_counted_until_they_are_painted(world):
    async with world.bot() as bot:
        await bot.paint("a cat")
        assert await bot.store.spending.going(ADA.id, THREAD.server) == 0
        await bot.store.query.tell("UPDATE turns SET state = 'painting'")
        assert await bot.store.spending.going(ADA.id, THREAD.server) == 1
        assert await bot.store.spending.going(ADA.id, 404) == 0
        await bot.store.query.tell("UPDATE turns SET state = 'posted'")


async def test_the_receipt_of_the_last_picture_says_so_and_the_next_is_refused(world):
    async with world.bot(settings=limited(pictures_per_member_hour=4)) as bot:
        await bot.paint("a cat", "a dog", "a bird", "a fish")
        left = [said.splitlines()[-1] for said in world.discord.said()]
        assert re.match("-# v1 .* \\$", left[0])
        assert left[1:3] == ["-# 2 left this hour.", "-# 1 left this hour."]
        assert left[3].startswith("-# That was the last one this hour")


async def test_a_picture_that_is_only_brought_says_nothing_of_limits(world):
    async with world.bot(settings=limited(pictures_per_member_hour=1)) as bot:
        await bot.hear(world.ask("", world.cdn.holds("a.png", png())))
        await bot.settle()
        assert all("left" not in said for said in world.discord.said())


async def test_questions_about_a_thread_and_a_day_look_at_their_own_rows_only(tmp_path):
    async with open_store(tmp_path) as store:
        values = dict.fromkeys(("member", "mark", "conversation", "server", "start", "end", "first", "last"), 1)
        for sql in (spending.THREAD, spending.OF_SOME_HOURS, spending.GOING):
            wanted = {name: values[name] for name in re.findall(r":(\w+)", sql)}
            plan = [row["detail"] for row in await store.query.all(f"EXPLAIN QUERY PLAN {sql}", **wanted)]
            scans = [each for each in plan if each.startswith("SCAN") and "turns_unfinished" not in each]
            assert [each for each in scans if "SUBQUERY" not in each] == []


def test_words_near_a_limit_are_said_in_the_language_of_the_ask():
    with speaking("de"):
        assert nearing([(fence(3), 2)], CATALOGUE)
