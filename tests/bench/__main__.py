"""`python -m tests.bench`: measure, print, write build/bench.json; exit 1 if something required does not hold."""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.admission import admission_figures
from tests.bench.age import age_figures
from tests.bench.contestant import NAMES, open_workshop
from tests.bench.crowd import crowd_figures, rush
from tests.bench.figures import Figure, missed, table, write_json
from tests.bench.growth import Growth, grow, growth_figures
from tests.bench.page import publish
from tests.bench.room import room_figures
from tests.bench.sealed import sealed_figures
from tests.bench.sheet import sheet_figures
from tests.bench.throughput import throughput_figures
from tests.bench.way import walk
from tests.bench.words import words_figures

OUT = Path("build/bench.json")


@dataclass(frozen=True)
class Course:
    """How much is measured: rounds of single edits, turns of one thread, rounds of a hundred, waiting asks, a past."""

    walks: int = 12
    turns: int = 200
    rushes: int = 6
    waiting: int = 1000
    past: int = 1_000_000
    ages: int = 6
    plain_turns: int = 60
    plain_rushes: int = 2
    plain_seconds: float = 75.0


QUICK = Course(walks=4, turns=20, rushes=2, waiting=300, past=30_000, ages=4, plain_turns=8, plain_rushes=0)


async def measure(course: Course, folder: Path) -> tuple[Sequence[Figure], dict[str, Growth]]:
    """All figures, and how requests grew."""
    workshop = open_workshop(folder)
    figures = [*await walk(workshop, NAMES, course.walks)]
    growths = {
        "easel": await grow(workshop, "easel", course.turns, course.plain_seconds),
        "plain": await grow(workshop, "plain", course.plain_turns, course.plain_seconds),
    }
    figures += growth_figures(growths, course.turns)
    rushes = {**await rush(workshop, ("floor", "easel"), course.rushes)}
    if course.plain_rushes:
        rushes |= await rush(workshop, ("plain",), course.plain_rushes)
    ours = [*await room_figures(workshop, course.waiting), *await throughput_figures(workshop, course.waiting)]
    ours += await age_figures(workshop, folder, course.past, course.ages)
    alone = [*await sheet_figures(folder), *await sealed_figures(folder), *await words_figures(folder)]
    alone += await admission_figures(folder)
    return [*figures, *crowd_figures(rushes), *ours, *alone], growths


def main() -> int:
    """Measure what the arguments ask for."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds, in about two minutes")
    parser.add_argument("--publish", action="store_true", help="put table and chart into docs/performance.md")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="easel-bench-") as folder:
        course = QUICK if options.quick else Course()
        figures, growths = asyncio.run(measure(course, Path(folder)))
    print(table(figures))  # noqa: T201 - what the command is for
    sizes = {name: [load.size for load in growth.loads] for name, growth in growths.items()}
    machine = f"{os.cpu_count()} processors, Python {platform.python_version()}, {platform.system()}"
    write_json(OUT, figures, machine=machine, bytes_by_turn=sizes, plain_ended=growths["plain"].ended)
    if options.publish:
        publish(figures, sizes, _below(machine, growths["plain"].ended))
    for figure in missed(figures):
        print(f"not met: {figure.title}", file=sys.stderr)  # noqa: T201 - likewise
    return 1 if missed(figures) else 0


def _below(machine: str, ended: int | None) -> str:
    died = f" The plain bot's thread was dead at turn {ended}." if ended else ""
    return f"Measured on {machine}.{died}"


if __name__ == "__main__":
    sys.exit(main())
