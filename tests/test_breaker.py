import logging

import pytest

from bot.breaker import REST, ROW, WITHIN, Breaker


class Time:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def breaker(time: Time) -> Breaker:
    return Breaker("nano", time)


def fail(breaker: Breaker, time: Time, times: int = ROW, each: float = 0.0) -> None:
    for _ in range(times):
        time.now += each
        breaker.failed()


def lasted(breaker: Breaker) -> float:
    return breaker.lasted


def test_it_opens_with_the_tenth_failure_in_a_row(breaker: Breaker, time: Time):
    fail(breaker, time, ROW - 1)
    assert not breaker.is_open
    fail(breaker, time, 1)
    assert breaker.is_open


def test_an_answer_in_between_begins_the_row_anew(breaker: Breaker, time: Time):
    fail(breaker, time, ROW - 1)
    breaker.answered()
    fail(breaker, time, ROW - 1)
    assert not breaker.is_open


def test_failures_that_come_slowly_do_not_open_it(breaker: Breaker, time: Time):
    fail(breaker, time, 5 * ROW, each=WITHIN / (ROW - 2))
    assert not breaker.is_open


def test_it_stays_open_for_as_long_as_failures_come_and_a_minute_longer(breaker: Breaker, time: Time):
    fail(breaker, time)
    fail(breaker, time, 20, each=REST / 2)
    time.now += REST - 1
    assert breaker.is_open
    time.now += 1
    assert breaker.lasted == 20 * REST / 2
    assert not breaker.is_open


def test_how_long_it_lasts_is_counted_from_its_opening_to_the_last_failure_and_ends_with_an_answer(
    breaker: Breaker, time: Time
):
    assert lasted(breaker) == 0
    fail(breaker, time)
    assert lasted(breaker) == 0
    fail(breaker, time, 1, each=1000)
    assert lasted(breaker) == 1000
    breaker.answered()
    assert lasted(breaker) == 0


def test_its_opening_and_its_closing_are_told_once_each(breaker: Breaker, time: Time, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO)
    fail(breaker, time, 5 * ROW)
    time.now += 312
    fail(breaker, time)
    breaker.answered()
    breaker.answered()
    assert [record.getMessage() for record in caplog.records] == [
        "nano failed 10 times in a row: it is not tried again until it answers",
        "nano answers again, after 312 s",
    ]
