import logging

import pytest

from bot.breaker import REST, ROW, WITHIN, Breaker
from tests.clock import Clock


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker("nano", clock)


def fail(breaker: Breaker, clock: Clock, times: int = ROW, each: float = 0.0) -> None:
    for _ in range(times):
        clock.now += each
        breaker.failed()


def lasted(breaker: Breaker) -> float:
    return breaker.lasted


def test_it_opens_with_the_tenth_failure_in_a_row(breaker: Breaker, clock: Clock):
    fail(breaker, clock, ROW - 1)
    assert not breaker.is_open
    fail(breaker, clock, 1)
    assert breaker.is_open


def test_an_answer_in_between_begins_the_row_anew(breaker: Breaker, clock: Clock):
    fail(breaker, clock, ROW - 1)
    breaker.answered()
    fail(breaker, clock, ROW - 1)
    assert not breaker.is_open


def test_failures_that_come_slowly_do_not_open_it(breaker: Breaker, clock: Clock):
    fail(breaker, clock, 5 * ROW, each=WITHIN / (ROW - 2))
    assert not breaker.is_open


def test_it_stays_open_for_as_long_as_failures_come_and_a_minute_longer(breaker: Breaker, clock: Clock):
    fail(breaker, clock)
    fail(breaker, clock, 20, each=REST / 2)
    clock.now += REST - 1
    assert breaker.is_open
    clock.now += 1
    assert breaker.lasted == 20 * REST / 2
    assert not breaker.is_open


def test_how_long_it_lasts_is_counted_from_its_opening_to_the_last_failure_and_ends_with_an_answer(
    breaker: Breaker, clock: Clock
):
    assert lasted(breaker) == 0
    fail(breaker, clock)
    assert lasted(breaker) == 0
    fail(breaker, clock, 1, each=1000)
    assert lasted(breaker) == 1000
    breaker.answered()
    assert lasted(breaker) == 0


def test_its_opening_and_its_closing_are_told_once_each(
    breaker: Breaker, clock: Clock, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.INFO)
    fail(breaker, clock, 5 * ROW)
    clock.now += 312
    fail(breaker, clock)
    breaker.answered()
    breaker.answered()
    assert [record.getMessage() for record in caplog.records] == [
        "nano failed 10 times in a row: it is not tried again until it answers",
        "nano answers again, after 312 s",
    ]
