"""What was measured, beside what is required of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

HEAD = ("", "floor", "easel", "times", "plain", "times", "required")


@dataclass(frozen=True)
class Figure:
    """A value per bot, and what each is a multiple of. `most` bounds Easel's multiple, `ceiling` its value."""

    key: str
    title: str
    values: Mapping[str, float]
    times: Mapping[str, float] = field(default_factory=dict)
    most: float | None = None
    ceiling: float | None = None

    @property
    def met(self) -> bool | None:
        """Whether it holds; None where nothing is required."""
        if self.most is None and self.ceiling is None:
            return None
        near = self.most is None or self.times["easel"] <= self.most
        return near and (self.ceiling is None or self.values["easel"] <= self.ceiling)

    @property
    def required(self) -> str:
        """The bound and whether it holds."""
        if self.met is None:
            return ""
        bounds = [] if self.ceiling is None else [f"{self.ceiling:g}"]
        bounds += [] if self.most is None else [f"{self.most:g} times"]
        return f"at most {', '.join(bounds)}: {'yes' if self.met else 'NO'}"

    @property
    def cells(self) -> tuple[str, ...]:
        """The line of a table."""
        shown = [number(self.values.get("floor"))]
        for name in ("easel", "plain"):
            shown += [number(self.values.get(name)), number(self.times.get(name))]
        return (self.title, *shown, self.required)


def against_floor(key: str, title: str, values: Mapping[str, float], most: float | None = None) -> Figure:
    """A figure in multiples of the floor's."""
    return Figure(key, title, values, {name: value / values["floor"] for name, value in values.items()}, most)


def over_time(key: str, title: str, ends: Mapping[str, tuple[float, float]], most: float | None = None) -> Figure:
    """A figure in multiples of what the same bot's was at first; `ends` are both, the later one is shown."""
    last = {name: pair[1] for name, pair in ends.items()}
    return Figure(key, title, last, {name: late / early for name, (early, late) in ends.items()}, most)


def missed(figures: Sequence[Figure]) -> list[Figure]:
    """Those that do not hold."""
    return [figure for figure in figures if figure.met is False]


def table(figures: Sequence[Figure]) -> str:
    """For the terminal."""
    lines = [HEAD, *(figure.cells for figure in figures)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(_aligned(line, widths) for line in lines)


def markdown(figures: Sequence[Figure]) -> str:
    """For a page."""
    rows = ["| " + " | ".join(line) + " |" for line in [HEAD, *(figure.cells for figure in figures)]]
    return "\n".join([rows[0], "|---|" + "---:|" * 5 + "---|", *rows[1:]])


def write_json(path: Path, figures: Sequence[Figure], **beside: Any) -> None:
    """For machines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    told = {"figures": [asdict(figure) | {"met": figure.met} for figure in figures], **beside}
    path.write_text(json.dumps(told, indent=1) + "\n", "utf-8")


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *middle, last = zip(cells, widths, strict=True)
    return "  ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in middle), last[0]]).rstrip()


def number(value: float | None) -> str:
    """Three digits that count."""
    if value is None:
        return ""
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
