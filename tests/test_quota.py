from dataclasses import replace

import hypothesis.strategies as st
from hypothesis import given

from bot.config import Limits
from bot.model import Member
from bot.quota import Fence, Unit, Whose, budgets, fences, micros, opens, windows
from bot.rules.allowance import allowance, decided
from bot.rules.rules import Rules

HOURLY = Fence("over_member_hour", Unit.PICTURES, Whose.MEMBER, 3600, 3)


def test_a_limit_of_zero_is_no_fence():
    named = ("pictures_per_member_hour", "pictures_per_server_day", "refused_per_member_hour")
    none = Limits().model_copy(update=dict.fromkeys((*named, "dollars_per_10_minutes", "dollars_per_day"), 0))
    assert fences(none) == ()
    assert [each.key for each in fences(none.model_copy(update={"dollars_per_day": 2.5}))] == ["over_budget"]


def test_next_to_nothing_is_a_fence_that_nothing_passes_and_not_the_lack_of_one():
    none = Limits().model_copy(update={"dollars_per_10_minutes": 0, "dollars_per_day": 1e-7})
    [budget] = [each for each in fences(none) if each.unit is Unit.MONEY]
    assert (budget.key, budget.most) == ("over_budget", 0)
    assert opens(budget, 1, []) is None


def test_money_is_counted_in_millionths():
    [spending] = [each for each in fences(Limits()) if each.key == "over_spending"]
    assert (spending.most, spending.seconds) == (8_000_000, 600)
    assert sum([micros(0.1)] * 3) == micros(0.3)


def test_there_is_room_when_the_oldest_that_stands_in_the_way_has_left_the_window():
    assert opens(HOURLY, 1, [(100, 1), (200, 1), (300, 1)]) == 3700
    assert opens(HOURLY, 2, [(100, 1), (200, 1), (300, 1)]) == 3800
    assert opens(HOURLY, 1, [(100, 1), (200, 3)]) == 3800


def test_what_is_more_than_a_limit_allows_at_all_never_has_room():
    assert opens(HOURLY, 4, []) is None


@given(st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 3)), max_size=12).map(sorted), st.integers(1, 3))
def test_the_moment_told_is_the_first_with_room(taken, wanted):
    def counted(moment: float) -> int:
        return sum(amount for at, amount in taken if at > moment - HOURLY.seconds)

    now = 3000
    if counted(now) + wanted <= HOURLY.most:
        return  # nobody asks while there is room
    moment = opens(HOURLY, wanted, taken)
    assert moment is not None
    assert counted(moment) + wanted <= HOURLY.most < counted(moment - 1) + wanted


def test_windows_of_0_let_nothing_in_and_huge_ones_are_numbers_still():
    limits = {
        "pictures_per_day": "0",
        "dollars_per_day": "1e300",
        "dollars_per_30_days": "0",
        "pictures_per_hour": "9" * 30,
    }
    held = allowance(decided(9, (), {9: limits}), Member(1, "Ana"))
    found = {each.name: each.most for each in windows(held)}
    assert found["pictures_per_day"] == found["dollars_per_30_days"] == 0
    assert found["dollars_per_day"] == 10**15
    assert found["pictures_per_hour"] == int("9" * 30)
    assert budgets(held) == ()
    assert opens(windows(held)[1], 1, []) is None


def test_a_servers_budget_of_0_is_nothing_at_all():
    held = allowance(replace(decided(9, (), {}), rules=Rules(dollars_per_day=0.0)), Member(1, "Ana"))
    assert [(each.most, each.whose, each.server) for each in budgets(held)] == [(0, Whose.SERVER, 9)]
