from collections.abc import Awaitable, Callable

import pytest

from bot.errors import Crowded, Declined, Failure, Misconfigured, Uncertain
from bot.gemini.patience import Patience
from bot.model import Painting, Usage

DONE = Painting((), Usage(), 0.0, "m")


class Attempts:
    """Fails as it is told, one failure after another, and then paints; its sleeps are only written down."""

    def __init__(self, *failures: Failure) -> None:
        self.failures = list(failures)
        self.made = 0
        self.slept: list[float] = []

    async def attempt(self) -> Painting:
        self.made += 1
        if self.failures:
            raise self.failures.pop(0)
        return DONE

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    async def run(self, told: Callable[[float], None] | None = None, **patience: float) -> Painting:
        return await Patience(sleep=self.sleep, **patience).see_through(self.attempt, told)  # type: ignore[arg-type]


def busy() -> Crowded:
    return Crowded("overloaded", tries=1)


async def test_what_works_is_asked_once():
    attempts = Attempts()
    assert await attempts.run() is DONE
    assert (attempts.made, attempts.slept) == (1, [])


async def test_a_busy_model_is_tried_three_times_with_growing_pauses():
    attempts = Attempts(busy(), Crowded("internal", tries=1), busy())
    with pytest.raises(Crowded) as caught:
        await attempts.run()
    assert attempts.made == 3
    assert caught.value.values["tries"] == 3
    first, second = attempts.slept
    assert 1 <= first <= 2 <= second <= 4


async def test_a_busy_model_is_given_up_when_time_is_over():
    attempts = Attempts(busy(), busy())
    with pytest.raises(Crowded):
        await attempts.run(within=0.5)
    assert attempts.made == 1


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
