"""How a crowd was served: each once, with a picture, soon, in the order of asking, and nothing of it is left."""

from __future__ import annotations

import math
import statistics
from bisect import bisect
from collections.abc import Iterator, Sequence
from itertools import pairwise

from tests.soak.crowd import Ask, Course, Outcome
from tests.soak.findings import Finding
from tests.soak.gauges import MIB, WORKERS

SIGN = 3.0  #: seconds until everybody has seen that they were heard
POSTED = 5.0  #: seconds from the painter's answer to the picture in the thread, everybody's at once
SOON = 1.0  #: seconds; of two who ask closer together either may be first
LATE = 0.5  #: seconds past a heartbeat's time; Discord hangs up on who is much later
BLOCKS = 1.1  #: likewise
HELD = 1.3  #: times the memory before


def findings(outcome: Outcome) -> Iterator[Finding]:
    """Everything that is required of a crowd, and some more."""
    course, asks = outcome.course, outcome.asks
    yield Finding("asks", "asks within the time", len(asks))
    yield from answers(asks)
    yield Finding(
        "books", "something wrong in Discord, at the till or in the books", len(outcome.wrong), 0, why=outcome.wrong
    )
    yield Finding("sign", "latest first sign, s", max(ask.reacted - ask.at for ask in asks), SIGN)
    waits = sorted(begun - ask.at for ask, begun in _patient(outcome))
    yield Finding("wait", "until the painter begins, median, s", statistics.median(waits))
    yield Finding("wait_most", "until the painter begins, longest, s", waits[-1], _ideal(course) + SIGN)
    there = max(ask.answered[0] - ask.at if ask.answered else math.inf for ask, _ in _patient(outcome))
    yield Finding(
        "there_most", "until the picture is there, longest, s", there, _ideal(course) + course.painter + POSTED
    )
    yield from _fairness(outcome)
    yield Finding("heartbeat", "latest heartbeat, s past its time", outcome.heartbeat, LATE)
    yield from _sizes(outcome)


def answers(asks: Sequence[Ask]) -> Iterator[Finding]:
    """Everybody has one, and it is a picture."""
    once = [ask for ask in asks if len(ask.answered) == 1]
    yield Finding("once", "of them answered exactly once", len(once), least=len(asks))
    yield Finding("painted", "and with a picture", sum(ask.painted for ask in once), least=len(asks))


def _ideal(course: Course) -> float:
    """How long the last one waits where each place is taken again at once."""
    rounds = (course.asks - 1) // course.at_once
    return rounds * max(course.painter - course.at_once * course.within / course.asks, 0.0)


def _hungry(outcome: Outcome) -> range:
    """Where those stand that come from one member."""
    first = len(outcome.asks) // 3
    return range(first, first + outcome.course.greedy)


def _patient(outcome: Outcome) -> list[tuple[Ask, float]]:
    """Everybody else's asks, and when they were painted."""
    pairs = list(zip(outcome.asks, outcome.begun, strict=True))
    hungry = _hungry(outcome)
    return [*pairs[: hungry.start], *pairs[hungry.stop :]]


def _fairness(outcome: Outcome) -> Iterator[Finding]:
    both = _patient(outcome)
    overtaken = sum(
        any(other.at > ask.at + SOON and sooner + SOON < begun for other, sooner in both) for ask, begun in both
    )
    yield Finding("fair", "overtaken by somebody who asked a second later", overtaken, 0)
    greedy = statistics.median(outcome.begun[at] - outcome.asks[at].at for at in _hungry(outcome))
    yield Finding("greedy", "median wait of who asks 20 things at once, s", greedy)
    beginnings, most = sorted(outcome.begun), SIGN * outcome.course.at_once / outcome.course.painter
    off = [
        abs(bisect(beginnings, begun - 1e-6) - bisect(beginnings, at) - (place - 1))
        for ask, begun in both
        for at, place in ask.places
    ]
    yield Finding("places", "places in the queue told", len(off))
    yield Finding("off", "places that a told one was off, at most", max(off, default=0), most)
    back = sum(any(later > sooner for (_, sooner), (_, later) in pairwise(ask.places)) for ask, _ in both)
    yield Finding("back", "asks that were told a worse place than before", back, 0)


def _sizes(outcome: Outcome) -> Iterator[Finding]:
    before, peak, after = outcome.before, outcome.peak, outcome.after
    yield Finding("memory", "MiB in memory before", before.memory / MIB)
    yield Finding("peak", "MiB in memory at the peak", peak.memory / MIB)
    workers = max(each.workers for each in outcome.samples) / MIB
    yield Finding("workers", "MiB in the processes that open pictures, at most", workers, WORKERS)
    yield Finding(
        "each",
        "MiB at the peak for each that is painted",
        (peak.memory - before.memory) / MIB / outcome.course.at_once,
        4.5,
    )
    yield Finding("rest", "MiB in memory afterwards, times those before", after.memory / before.memory, HELD)
    more = after.told["blocks"] / before.told["blocks"]
    yield Finding("blocks", "Python's own blocks of memory afterwards, times those before", more, BLOCKS)
    for name, (was, is_now) in outcome.idle.items():
        yield Finding(f"left_{name}", f"{name} left over", is_now - was, 2)
    yield Finding("ourselves", "latest of the stand-ins' own loop, s", outcome.late)
    yield Finding("others", "processors that others kept busy meanwhile", outcome.others)


def drawn(outcome: Outcome) -> dict[str, list[float]]:
    """Lines for the chart, by seconds."""
    began, samples = outcome.asks[0].at, outcome.samples
    return {
        "at": [round(each.at - began, 1) for each in samples],
        "waiting": [each.told["waiting"] for each in samples],
        "under_way": [each.told["turns"] for each in samples],
        "memory": [round(each.memory / MIB, 1) for each in samples],
    }
