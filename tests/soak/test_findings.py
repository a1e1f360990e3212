"""What is required of long life can be missed."""

from __future__ import annotations

import pytest

from tests.bench.club import Seat
from tests.soak.crowd import Ask
from tests.soak.day import Calendar, Report
from tests.soak.findings import missed
from tests.soak.gauges import COUNTED, MIB, Sample
from tests.soak.growth import deeds, findings
from tests.soak.people import DEEDS, Done
from tests.soak.service import answers

WORKED = [Done("edits", at, at + 1.0) for at in range(40)] + [Done(deed.__name__, 50.0, 51.0) for deed in DEEDS]
AT_REST = dict.fromkeys(COUNTED, 0.0) | {"tasks": 15.0, "blocks": 500_000.0}


def report(*done: Done) -> Report:
    return Report(Calendar(), [], [], 0.0, away=[(100.0, 110.0)], done=[*WORKED, *done])


def unmet(*done: Done) -> set[str]:
    return {each.key for each in missed(list(deeds(report(*done))))}


def sample(at: int, **told: float) -> Sample:
    sizes = {"memory": 100 * MIB, "files": 30, "threads": 20, "workers": 0, "data": MIB, "log": 0}
    return Sample(at=float(at), start=1, told=AT_REST | told, **sizes)


def test_a_few_things_that_are_left_over_are_noticed_whatever_was_there_before():
    samples = [sample(at) for at in range(40)]
    left = sample(40, tasks=18, lanes=1)
    found = findings(Report(Calendar(), [*samples, left], [], 0.0, done=WORKED))
    assert {each.key for each in missed(list(found))} == {"end_tasks", "end_lanes"}


def test_a_kind_of_deed_that_nobody_ever_did_is_noticed():
    done = [each for each in WORKED if each.name != "reports"]
    assert {each.key for each in missed(list(deeds(Report(Calendar(), [], [], 0.0, done=done))))} == {"kinds"}


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
