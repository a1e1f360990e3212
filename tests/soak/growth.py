"""What grew: each thing's samples over the long stretch without a restart, early against late."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from tests.soak.day import DAY, Report
from tests.soak.findings import Finding
from tests.soak.gauges import COUNTED, MIB, WORKERS, Sample
from tests.soak.people import DEEDS, Done

WARM = 0.2  #: of a stretch, which is not looked at
GROWN = 5.0  #: per cent of growth that a noisy number may show
LEFT = ("turns", "chores", "lanes", "places", "views", "waiting", "waiters", "tasks")
OWN = 2.0  #: tasks more than before the first ask: some of the bot's own come and go
POOLED = 10.0  #: threads more: pools fill up by and by
MORE = 3.0  #: things at rest more than at first; fewer than one for each hour of the stretch
WAL = 24.0  #: MiB: the log is folded into the database at eight, and grows beyond while somebody reads
ROOM = 25.0  #: per cent by which the folder may be larger when a day has gone in which as much went as came
LATE = 0.5  #: seconds past a heartbeat's time
VAIN = 50.0  #: per cent of one kind of deed that may come to nothing while the bot is there: Discord has bad days
TRIED = 4  #: times, for a kind of deed to be judged
UNLIKE = 5.0  #: per cent of deeds that may meet something else than they should: of two panels the other is found


def longest(samples: Sequence[Sample]) -> list[Sample]:
    """The stretch between two restarts with the most samples, without its beginning."""
    [(start, _)] = Counter(each.start for each in samples).most_common(1)
    stretch = [each for each in samples if each.start == start]
    return stretch[round(WARM * len(stretch)) :]


def trend(samples: Sequence[Sample], what: Callable[[Sample], float]) -> tuple[float, float]:
    """The straight line of least squares through them: its value at the first sample and at the last."""
    times = [each.at for each in samples]
    slope, height = statistics.linear_regression(times, [what(each) for each in samples])
    return height + slope * times[0], height + slope * times[-1]


def low(samples: Sequence[Sample], what: Callable[[Sample], float]) -> float:
    """What is there at rest: the level below which a fifth of the samples lie."""
    ordered = sorted(map(what, samples))
    return ordered[len(ordered) // 5]


def findings(report: Report) -> Iterator[Finding]:
    """Everything that is required of long life."""
    calendar, stretch = report.calendar, longest(report.samples)
    yield Finding("days", "days on the bot's clock", calendar.days)
    yield Finding("asks_of_days", "asks in them", report.asks)
    yield Finding("restarts", "restarts, half of them kills", len(report.stops))
    yield Finding("gusts", "times that Discord broke off, forgot, repeated or failed", report.gusts)
    yield Finding("wrong", "something wrong at last, in Discord, the books, the doctor's word or the log",
                  len(report.wrong), 0, why=report.wrong)  # fmt: skip
    yield from deeds(report)
    yield Finding("late", "latest heartbeat, s past its time", report.late, LATE)
    hours = (stretch[-1].at - stretch[0].at) * calendar.times / 3600
    yield Finding("stretch", "hours of the longest stretch without a restart", hours)
    yield from _grown("memory", "memory", stretch, lambda each: each.memory, MIB)
    workers = max(each.workers for each in report.samples) / MIB
    yield Finding("workers", "MiB in the processes that open pictures, at most", workers, WORKERS)
    yield from _grown("blocks", "Python's own blocks of memory", stretch, lambda each: each.told["blocks"], 1)
    for name in COUNTED:
        halves = stretch[: len(stretch) // 2], stretch[len(stretch) // 2 :]
        early, late = (low(half, lambda each: each.counts[name]) for half in halves)  # noqa: B023 - called at once
        yield Finding(
            f"more_{name}",
            f"{name} at rest, more in its second half",
            late - early,
            POOLED if name == "threads" else MORE,
        )
    first, last = report.samples[0].counts, report.samples[-1].counts
    for name in LEFT:
        most = OWN if name == "tasks" else 0.0
        yield Finding(f"end_{name}", f"{name} left over when everybody has gone home", last[name] - first[name], most)
    yield Finding("wal", "MiB of the write-ahead log, at most", max(each.log for each in report.samples) / MIB, WAL)
    yield from _kept(report)
    yield Finding("others_of_days", "processors that others kept busy meanwhile", report.others)


def _grown(
    key: str, title: str, stretch: Sequence[Sample], what: Callable[[Sample], float], unit: float
) -> Iterator[Finding]:
    first, last = trend(stretch, what)
    yield Finding(key, f"{title} at its end{', MiB' if unit == MIB else ''}", last / unit)
    yield Finding(f"{key}_grown", f"growth of it over the stretch, % ({title})", 100 * (last - first) / first, GROWN)


def deeds(report: Report) -> Iterator[Finding]:
    """What people did while the bot was there: each kind of it works."""
    there = [each for each in report.done if not each.within(report.away)]
    kinds: dict[str, list[Done]] = {}
    for each in there:
        kinds.setdefault(each.name, []).append(each)
    vain = {name: _share(did) for name, did in kinds.items() if len(did) >= TRIED}
    why = [f"{name}: {share:.0f} % of {len(kinds[name])}" for name, share in vain.items() if share > VAIN]
    yield Finding("deeds", "deeds that people set about while the bot was there", len(there))
    yield Finding("kinds", "kinds of deeds among them, of all that there are", len(kinds), least=len(DEEDS))
    yield Finding("vain", "of them came to nothing, %", _share(there), VAIN)
    yield Finding("vain_kind", "of the kind that did most often, %", max(vain.values(), default=0.0), VAIN, why=why)
    unlike = [each for each in there if each.failure is AssertionError]
    yield Finding("unlike", "of all met something else than they should, %", 100 * len(unlike) / max(len(there), 1),
                  UNLIKE, why=sorted({each.name for each in unlike}))  # fmt: skip


def _share(deeds: Sequence[Done]) -> float:
    return 100 * sum(each.failure is not None for each in deeds) / max(len(deeds), 1)


def _kept(report: Report) -> Iterator[Finding]:
    """The folder grows for the time that things are kept, and then no more."""
    day = DAY / report.calendar.times
    full = [each for each in report.samples if each.at > report.began + 1.25 * day]
    if len(full) < 8:
        return
    part = len(full) // 4
    early, late = (statistics.median(each.data - each.log for each in side) for side in (full[:part], full[-part:]))
    yield Finding("data", "MiB in the data folder at last, retention being a day", late / MIB)
    yield Finding("data_grown", "growth of it once a day is kept, %", 100 * (late - early) / early, ROOM)


def drawn(report: Report) -> dict[str, list[float | None]]:
    """Lines for the chart, by hours on the bot's clock; a gap where the bot was started anew."""
    rows: list[Sample | None] = []
    for sample in report.samples:
        if rows and rows[-1] and rows[-1].start != sample.start:
            rows.append(None)
        rows.append(sample)
    hour = 3600 / report.calendar.times
    lines: dict[str, Callable[[Sample], float]] = {
        "at": lambda each: (each.at - report.began) / hour,
        "memory": lambda each: each.memory / MIB,
        "data": lambda each: each.data / MIB,
        "log": lambda each: each.log / MIB,
        **{name: (lambda each, name=name: each.counts[name]) for name in COUNTED},  # type: ignore[misc]
    }
    told: dict[str, list[float | None]] = {
        name: [None if each is None else round(what(each), 3) for each in rows] for name, what in lines.items()
    }
    return told | {"stops": [(at - report.began) / hour for at, _ in report.stops]}
