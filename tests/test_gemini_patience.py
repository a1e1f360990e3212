import contextlib
from collections.abc import Awaitable, Callable

import pytest

from bot.breaker import REST, ROW, Breaker
from bot.errors import Crowded, Declined, Failure, Misconfigured, Uncertain
from bot.gemini.patience import Patience
from bot.model import Painting
from bot.tokens import Usage

DONE = Painting((), Usage(), 0.0, "m")


class Attempts:
    """Fails as it is told, one failure after another, and then paints; time passes on a clock of its own."""

    def __init__(self, *failures: Failure, each_takes: float = 0.0) -> None:
        self.failures = list(failures)
        self.each_takes = each_takes
        self.now = 1000.0
        self.begun: list[float] = []
        self.slept: list[float] = []
        self.breaker = Breaker("m", lambda: self.now)

    @property
    def made(self) -> int:
        return len(self.begun)

    async def attempt(self) -> Painting:
        self.begun.append(self.now - 1000)
        self.now += self.each_takes
        if self.failures:
            raise self.failures.pop(0)
        return DONE

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    async def run(self, told: Callable[[float], None] | None = None, **patience: float) -> Painting:
        patient = Patience(sleep=self.sleep, clock=lambda: self.now, **patience)  # type: ignore[arg-type]
        return await patient.see_through(self.attempt, self.breaker, told)


def busy() -> Crowded:
    return Crowded("overloaded", tries=1)


async def test_what_works_is_asked_once():
    attempts = Attempts()
    assert await attempts.run() is DONE
    assert (attempts.made, attempts.slept) == (1, [])


async def test_a_busy_model_is_tried_three_times_with_growing_pauses_that_are_not_worth_telling():
    told: list[float] = []
    attempts = Attempts(busy(), Crowded("unreached", tries=1), Crowded("internal", tries=1))
    with pytest.raises(Crowded) as caught:
        await attempts.run(told.append)
    assert (attempts.made, told) == (3, [])
    assert caught.value.values["tries"] == 3
    first, second = attempts.slept
    assert 1 <= first <= 2 <= second <= 4


@pytest.mark.parametrize(("each_takes", "tries"), [(0.0, 3), (6.0, 3), (15.0, 2), (25.0, 1)])
async def test_no_try_of_a_busy_model_begins_later_than_twenty_seconds_after_the_first(each_takes, tries):
    attempts = Attempts(*(busy() for _ in range(9)), each_takes=each_takes)
    with pytest.raises(Crowded) as caught:
        await attempts.run()
    assert attempts.made == caught.value.values["tries"] == tries
    assert all(begun <= 20 for begun in attempts.begun)


async def test_a_model_that_is_busy_after_a_limit_was_waited_out_is_tried_again_all_the_same():
    attempts = Attempts(Crowded("crowded_minute", after=55.0), busy())
    assert await attempts.run() is DONE
    assert attempts.made == 3


async def test_a_short_limit_is_waited_out_however_long_that_takes_and_told():
    told: list[float] = []
    attempts = Attempts(Crowded("crowded_minute", after=55.0))
    assert await attempts.run(told.append) is DONE
    assert told == attempts.slept
    assert 55 < told[0] <= 57


async def test_a_limit_that_never_ends_is_given_up_after_three_tries():
    attempts = Attempts(*(Crowded("crowded_minute", after=30.0) for _ in range(9)))
    with pytest.raises(Crowded):
        await attempts.run()
    assert attempts.made == 3


@pytest.mark.parametrize(
    "failure",
    [
        Crowded("crowded_day", after=6776.0),
        Crowded("crowded_day", after=30.0),
        Crowded("crowded_minute", after=61.0),
        Crowded("crowded_quota"),
        Uncertain("uncertain_dropped"),
        Uncertain("uncertain_deadline"),
        Declined("declined_words"),
        Misconfigured("misconfigured_key"),
    ],
    ids=lambda failure: failure.key,
)
async def test_nothing_else_is_ever_asked_twice(failure):
    attempts = Attempts(failure)
    with pytest.raises(type(failure)):
        await attempts.run()
    assert (attempts.made, attempts.slept) == (1, [])


async def test_an_attempt_may_be_any_function_that_gives_something_to_await():
    def attempt() -> Awaitable[Painting]:
        return Attempts().attempt()

    assert await Patience().see_through(attempt, Breaker("m")) is DONE


# -- the breaker -------------------------------------------------------------------------------------------------------


async def failing(attempts: Attempts, *failures: Failure) -> int:
    """How many attempts an ask makes that meets these failures, and paints after them."""
    attempts.failures, before = list(failures), attempts.made
    with contextlib.suppress(Failure):
        await attempts.run()
    return attempts.made - before


async def test_after_ten_failures_in_a_row_every_ask_has_one_try_and_after_an_answer_all_of_them_again():
    attempts = Attempts()
    asks = [await failing(attempts, *(busy() for _ in range(9))) for _ in range(6)]
    assert asks == [3, 3, 3, 1, 1, 1]
    assert await failing(attempts) == 1
    assert not attempts.breaker.is_open
    assert await failing(attempts, busy(), busy()) == 3


async def test_who_waits_for_another_try_when_the_breaker_opens_is_let_go_with_the_last_failure():
    attempts = Attempts()

    async def sleep(seconds: float) -> None:
        for _ in range(ROW):
            attempts.breaker.failed()

    attempts.failures = [busy()]
    with pytest.raises(Crowded) as caught:
        await Patience(sleep=sleep).see_through(attempts.attempt, attempts.breaker)
    assert (attempts.made, caught.value.values["tries"]) == (1, 1)


async def test_a_model_that_says_no_is_at_work():
    attempts = Attempts()
    for _ in range(ROW):
        attempts.breaker.failed()
    assert await failing(attempts, Declined("declined_words")) == 1
    assert not attempts.breaker.is_open


async def test_a_lost_answer_neither_opens_nor_closes_it():
    attempts = Attempts()
    for _ in range(ROW - 1):
        attempts.breaker.failed()
    await failing(attempts, Uncertain("uncertain_dropped"))
    assert not attempts.breaker.is_open
    attempts.breaker.failed()
    await failing(attempts, Uncertain("uncertain_dropped"))
    assert attempts.breaker.is_open


async def test_many_who_meet_a_limit_at_once_wait_it_out_as_told_and_only_one_that_still_stands_then_is_trouble():
    attempts = Attempts()
    for _ in range(2 * ROW):
        await failing(attempts, Crowded("crowded_minute", after=61.0))
    assert not attempts.breaker.is_open
    limited = [Crowded("crowded_minute", after=0.5) for _ in range(3)]
    asks = [await failing(attempts, *limited) for _ in range(7)]
    assert asks == [3, 3, 3, 3, 3, 1, 1]


async def test_after_a_rest_an_ask_may_try_again_and_one_failure_more_ends_that():
    attempts = Attempts()
    for _ in range(ROW):
        attempts.breaker.failed()
    attempts.now += REST
    assert not attempts.breaker.is_open
    assert await failing(attempts, busy()) == 1
    assert attempts.breaker.is_open
