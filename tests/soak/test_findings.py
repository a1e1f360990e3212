"""What is required of long life can be missed."""

from __future__ import annotations

import pytest

from tests.bench.club import Seat
from tests.soak.crowd import Ask, answers
from tests.soak.day import Calendar, Report
from tests.soak.findings import missed
from tests.soak.growth import deeds
from tests.soak.people import Done

WORKED = [Done("edits", at, at + 1.0) for at in range(40)]


def report(*done: Done) -> Report:
    return Report(Calendar(), [], [], 0.0, away=[(100.0, 110.0)], done=[*WORKED, *done])


def unmet(*done: Done) -> set[str]:
    return {each.key for each in missed(list(deeds(report(*done))))}


def test_a_kind_of_deed_that_mostly_comes_to_nothing_is_noticed():
    assert unmet(*(Done("reports", at, at + 1.0, TimeoutError if at % 3 else None) for at in range(6))) == {"vain_kind"}


def test_what_comes_to_nothing_while_the_bot_is_away_is_nobodys_mistake():
    assert unmet(*(Done("reports", at, at + 3.0, TimeoutError) for at in range(98, 110))) == set()


def test_deeds_that_meet_something_else_than_they_should_count_apart():
    assert unmet(*(Done("edits", at, at + 1.0, AssertionError) for at in range(4))) == {"unlike"}


@pytest.mark.parametrize(
    ("answered", "painted", "missing"), [(1, 1, set()), (1, 0, {"painted"}), (2, 2, {"once", "painted"})]
)
def test_an_ask_must_be_answered_once_and_with_a_picture(answered: int, painted: int, missing: set[str]):
    asks = [Ask(Seat(1, 2), "a house", answered=[1.0] * answered, painted=painted)]
    assert {each.key for each in missed(list(answers(asks)))} == missing
