from collections.abc import Awaitable, Callable

import pytest

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
        return await Patience(sleep=self.sleep, clock=lambda: self.now, **patience).see_through(self.attempt, told)  # type: ignore[arg-type]


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

    assert await Patience().see_through(attempt, None) is DONE
