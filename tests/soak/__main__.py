"""`python -m tests.soak`: a thousand at once, then days in minutes; exits with 1 if something required does not hold.

Prints a table, and writes build/soak.json and a chart beside it. Two processors that do nothing else are enough;
whatever else they do shows in the figures that measure time.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import platform
import signal
import sys
import tempfile
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from tests.soak import crowd, growth, service
from tests.soak.chart import draw
from tests.soak.crowd import Course
from tests.soak.day import Calendar, days
from tests.soak.findings import Finding, missed, table, write_json
from tests.soak.page import publish

OUT = Path("build/soak.json")
CHART = Path("build/soak.png")
DAYS_IN_AN_HOUR = 15.0
Result = TypeVar("Result")


def main() -> int:
    """Do what the arguments ask for."""
    options = _parser().parse_args()
    logging.disable()  # the stand-ins are surprised by each connection that ends in the middle of a word
    calendar = replace(Calendar(), seed=options.seed)
    if options.hours:
        calendar = replace(calendar, seconds=3600 * options.hours, days=DAYS_IN_AN_HOUR * options.hours)
    findings, drawn = _run(calendar, options.only)
    _say(table(findings))
    machine = f"{os.cpu_count()} processors, Python {platform.python_version()}, {platform.system()}"
    write_json(OUT, findings, machine=machine, **drawn)
    draw(CHART, drawn)
    if options.publish:
        publish(findings, drawn, machine)
    for each in missed(findings):
        _say("\n  ".join([f"not met: {each.title}", *each.why[:20]]))
    return 1 if missed(findings) else 0


def _run(calendar: Calendar, only: str | None) -> tuple[Sequence[Finding], dict[str, Any]]:
    """Each part in a folder of its own, for a crowd leaves gigabytes."""
    found: list[Finding] = []
    drawn: dict[str, Any] = {}
    if only != "days":
        course = Course()
        _say(f"{course.asks} conversations ask within {course.within:g} s: about five minutes")
        with _folder() as folder:
            outcome = _stoppable(crowd.crowd(folder, course))
        found += service.findings(outcome)
        drawn["crowd"] = service.drawn(outcome)
    if only != "crowd":
        _say(f"{calendar.days:g} days pass in {calendar.seconds / 60:.0f} minutes")
        with _folder() as folder:
            report = _stoppable(days(folder, calendar))
        found += growth.findings(report)
        drawn["days"] = growth.drawn(report)
    return found, drawn


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="easel-soak-") as name:
        yield Path(name)


def _stoppable(work: Coroutine[Any, Any, Result]) -> Result:
    """Told to end, it stops what it has started."""

    async def guarded() -> Result:
        task = asyncio.current_task()
        assert task is not None
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        return await work

    return asyncio.run(guarded())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    longer = f"so long, with {DAYS_IN_AN_HOUR:g} days in each, instead of two days in eight minutes"
    parser.add_argument("--hours", type=float, help=longer)
    parser.add_argument("--only", choices=("crowd", "days"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--publish", action="store_true", help="put table and chart into docs/reliability.md")
    return parser


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
