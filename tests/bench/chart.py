"""The figures drawn: three bots side by side, and what a request weighs as its thread grows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from tests.bench.contestant import NAMES
from tests.bench.figures import Figure, number

SCALE = 2  #: pixels for a point, so that the lines are fine on any screen
SIZE = (960, 400)
PAPER, INK, FAINT = "#ffffff", "#24292f", "#d0d7de"
COLOURS = {"floor": "#8c959f", "easel": "#7b61ff", "plain": "#e76f51"}
SHOWN = {
    "latency": "Message to picture, ms",
    "cpu": "Processor per edit, ms",
    "wall": "100 asks at once, s",
    "delay": "Loop delay in it, p99, ms",
}
BARS, LINES = (40, 60, 470, 340), (560, 60, 920, 340)


@dataclass(frozen=True)
class Pen:
    """Draws in points."""

    draw: ImageDraw.ImageDraw

    def box(self, corners: Sequence[float], colour: str) -> None:
        """A filled box."""
        self.draw.rectangle([SCALE * each for each in corners], fill=colour)

    def line(self, points: Sequence[tuple[float, float]], colour: str, width: float = 1) -> None:
        """A line through points."""
        scaled = [(SCALE * x, SCALE * y) for x, y in points]
        self.draw.line(scaled, fill=colour, width=round(SCALE * width), joint="curve")

    def text(self, at: tuple[float, float], words: str, colour: str = INK, **how: int | str) -> None:
        """Words; `size` in points, `anchor` as Pillow has it."""
        font = ImageFont.load_default(SCALE * int(how.get("size", 11)))
        place = (SCALE * at[0], SCALE * at[1])
        self.draw.text(place, words, fill=colour, font=font, anchor=str(how.get("anchor", "la")))


def draw_chart(path: Path, figures: Sequence[Figure], sizes: Mapping[str, Sequence[int]]) -> None:
    """Write the chart; `sizes` holds the bytes of each bot's requests, turn by turn."""
    image = Image.new("RGB", (SCALE * SIZE[0], SCALE * SIZE[1]), PAPER)
    pen = Pen(ImageDraw.Draw(image))
    _bars(pen, {figure.key: figure for figure in figures})
    _lines(pen, sizes)
    _legend(pen)
    path.parent.mkdir(parents=True, exist_ok=True)
    image.quantize(32).save(path, optimize=True)


def _bars(pen: Pen, figures: Mapping[str, Figure]) -> None:
    left, top, right, bottom = BARS
    pen.text((left, top - 36), "One edit, and a hundred at once", size=15)
    shown = [(title, figures[key]) for key, title in SHOWN.items() if key in figures]
    height = (bottom - top) / max(len(shown), 1)
    for row, (title, figure) in enumerate(shown):
        pen.text((left, top + row * height), title)
        _group(pen, figure, (left, top + row * height + 16, right, top + (row + 1) * height - 8))


def _group(pen: Pen, figure: Figure, place: tuple[float, float, float, float]) -> None:
    left, top, right, bottom = place
    longest, thick = max(figure.values.values()), (bottom - top) / len(NAMES)
    for row, (name, value) in enumerate(figure.values.items()):
        end = left + (right - left - 60) * value / longest
        pen.box((left, top + row * thick, max(end, left + 1), top + (row + 1) * thick - 2), COLOURS[name])
        pen.text((end + 5, top + (row + 0.45) * thick), number(value), size=10, anchor="lm")


def _lines(pen: Pen, sizes: Mapping[str, Sequence[int]]) -> None:
    left, top, right, bottom = LINES
    pen.text((left, top - 36), "MB sent for one edit, by turn of the thread", size=15)
    most = max(max(each) for each in sizes.values()) / 1e6
    turns = max(map(len, sizes.values()))
    for part in range(5):
        level = bottom - (bottom - top) * part / 4
        pen.line([(left, level), (right, level)], FAINT)
        pen.text((left - 6, level), f"{most * part / 4:.0f}", size=10, anchor="rm")
    step = max(turns // 4 // 10 * 10, 10)
    for turn in range(step, turns + 1, step):
        pen.text((left + (right - left) * turn / turns, bottom + 6), str(turn), size=10, anchor="ma")
    for name, each in sizes.items():
        steps = [(left + (right - left) * (turn + 1) / turns, size / 1e6 / most) for turn, size in enumerate(each)]
        pen.line([(x, bottom - (bottom - top) * share) for x, share in steps], COLOURS[name], 2)


def _legend(pen: Pen) -> None:
    for place, name in enumerate(NAMES):
        left, top = BARS[0] + 110 * place, SIZE[1] - 32
        pen.box((left, top, left + 12, top + 12), COLOURS[name])
        pen.text((left + 18, top + 6), name, anchor="lm")
