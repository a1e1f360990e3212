"""Long life drawn: the queue of a crowd, and what could pile up over days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

SIZE, DPI = (12.0, 9.0), 100
INK, FAINT, STOP, BACKUP = "#24292f", "#d0d7de", "#e76f51", "#8c959f"
MEMORY, COUNTS, DATA, LINES = "#7b61ff", ("#7b61ff", "#2a9d8f", "#e9c46a", "#e76f51"), "#2a9d8f", 1.4
Series = Mapping[str, Sequence[float]]


def draw(path: Path, drawn: Mapping[str, Any]) -> None:
    """Write the chart of what was done."""
    figure = Figure(figsize=SIZE, dpi=DPI, layout="constrained")
    FigureCanvasAgg(figure)
    rows = 2 * ("crowd" in drawn) + 3 * ("days" in drawn)
    axes = list(figure.subplots(rows, 1, squeeze=False)[:, 0])
    if "crowd" in drawn:
        _crowd(axes.pop(0), axes.pop(0), drawn["crowd"])
    if "days" in drawn:
        _days(axes, drawn["days"])
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path)


def _crowd(above: Axes, below: Axes, told: Mapping[str, Any]) -> None:
    _line(above, told, {"waiting": "asks that wait for a place", "under_way": "asks under way"})
    _titled(above, "A thousand conversations ask within a minute of a painter who takes 20 s", "seconds")
    _line(below, told, {"memory": "MiB in memory"})
    _titled(below, "", "seconds")


def _days(axes: Sequence[Axes], told: Mapping[str, Any]) -> None:
    memory, counts, data = axes
    _line(memory, told, {"memory": "MiB in memory"})
    _titled(memory, "Days of a busy server; red: SIGTERM or SIGKILL", "hours")
    _line(counts, told, {name: name for name in ("tasks", "files", "threads", "waiting")})
    _titled(counts, "", "hours")
    kept = "MiB in the data folder; words and pictures are kept for a day"
    _line(
        data,
        told,
        {"data": kept, "log": "of them the write-ahead log"},
    )
    _titled(data, "", "hours")
    for each in axes:
        for at in told["stops"]:
            each.axvline(at, color=STOP, linewidth=0.8, alpha=0.7)


def _line(axes: Axes, told: Series, lines: Mapping[str, str]) -> None:
    """A line breaks where the bot was away."""
    for (name, label), colour in zip(lines.items(), COUNTS, strict=False):
        axes.plot(told["at"], told[name], color=colour, linewidth=LINES, label=label)


def _titled(axes: Axes, title: str, below: str) -> None:
    axes.set_title(title, loc="left", color=INK, fontsize=12)
    axes.set_xlabel(below, color=INK, loc="right")
    axes.legend(loc="upper right", frameon=False)
    axes.grid(color=FAINT, linewidth=0.6)
    axes.set_ylim(bottom=0)
    axes.margins(x=0.01)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
