"""What came of all runs, as a table."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from statistics import median

from tests.crash.play import Run
from tests.crash.points import Point

WIDTH = 78


@dataclass
class Line:
    """One group of points."""

    kills: int = 0
    missed: int = 0  #: the point was not passed that often: killed at rest, or a moment later
    wrong: int = 0
    seconds: list[float] = field(default_factory=list)


def table(runs: Iterable[Run]) -> str:
    """Points by outcome, with the seconds from the last start until all was answered."""
    lines: dict[str, Line] = {}
    for run in runs:
        for point, struck in zip(run.points, run.struck, strict=True):
            line = lines.setdefault(point.group, Line())
            line.kills += 1
            line.missed += not struck
            line.wrong += bool(run.wrong)
            line.seconds.append(run.seconds)
    return "\n".join(_told(lines))


def _told(lines: dict[str, Line]) -> Iterator[str]:
    yield f"{'killed':<{WIDTH}} {'kills':>6} {'there':>6} {'wrong':>6} {'half':>7} {'worst':>7}"
    whole = Line()
    for name, line in sorted(lines.items()):
        yield _row(name, line)
        whole.kills += line.kills
        whole.missed += line.missed
        whole.wrong += line.wrong
        whole.seconds += line.seconds
    if whole.seconds:
        yield _row("all", whole)


def _row(name: str, line: Line) -> str:
    half, worst = median(line.seconds), max(line.seconds)
    return (
        f"{name[:WIDTH]:<{WIDTH}} {line.kills:>6} {line.kills - line.missed:>6} {line.wrong or '–':>6}"
        f" {half:>5.1f} s {worst:>5.1f} s"
    )


def complaint(run: Run, seed: int) -> str:
    """What is wrong with a run, and how to play it again."""
    points = " ".join(f"--point {shlex.quote(str(each))}" for each in run.points)
    wrong = "\n".join(f"  {each}" for each in run.wrong)
    again = f"python -m tests.crash --seed {seed} --only {run.number} {points}"
    return f"run {run.number}, killed at {_places(run.points)}\n{wrong}\n  again: {again}"


def _places(points: Iterable[Point]) -> str:
    return ", then at ".join(f"{each.name or 'a random time'} ({each.nth})" for each in points)
