"""What all land has in common: its colours, its lines, and where the near ground begins."""

import math
from collections.abc import Mapping
from types import MappingProxyType

from bot.sandbox.gemini.painter.canvas import Canvas
from bot.sandbox.gemini.painter.colours import RGB, named
from bot.sandbox.gemini.painter.pen import Point

GROUNDS: Mapping[str, RGB] = MappingProxyType({
    "meadow": (122, 178, 88), "beach": (240, 216, 166), "snow": (236, 242, 250), "desert": (234, 184, 116),
    "city": (150, 158, 150), "forest": (84, 138, 82), "autumn": (186, 156, 78),
})  # fmt: skip
WATER: RGB = (54, 134, 188)
SHORE = 0.76  # where the near ground begins when there is water behind it
NEAR = 0.68  # where it begins otherwise


def start_of(canvas: Canvas) -> float:
    """Where the near ground begins, as a fraction of the height."""
    return SHORE if canvas.scene.has_water else NEAR


def ground_colour(canvas: Canvas) -> RGB:
    """The colour of the near ground, before light."""
    asked = canvas.scene.paint_of("ground")
    return named(asked) if asked else GROUNDS.get(canvas.scene.ground, WATER)


def ridge(canvas: Canvas, name: str, level: float, swing: float) -> list[Point]:
    """A soft line of hills across the picture: fractions, from left to right."""
    rng = canvas.rng(name)
    waves = [
        (rng.uniform(0.5, 1.1), rng.uniform(0, math.tau), 1.0),
        (rng.uniform(1.4, 2.6), rng.uniform(0, math.tau), 0.45),
    ]
    wide = canvas.size[0] / canvas.unit
    spots = []
    for step in range(61):
        x = step / 60
        lift = sum(part * math.sin(x * wide * math.tau * pace * 0.55 + start) for pace, start, part in waves)
        spots.append((x, level - swing * lift * canvas.unit / canvas.size[1]))
    return spots


def below(line: list[Point], bottom: float = 1.02) -> list[Point]:
    """The outline of everything under a line."""
    return [(-0.02, bottom), (-0.02, line[0][1]), *line, (1.02, line[-1][1]), (1.02, bottom)]


def track(canvas: Canvas, start: float, widths: tuple[float, float]) -> list[Point]:
    """The outline of a road or river, `widths` wide at its far and near end."""
    left, right = [], []
    for step in range(31):
        depth = step / 30
        middle = bend(depth)
        half = (widths[0] + (widths[1] - widths[0]) * depth**1.6) / 2 * canvas.unit / canvas.size[0] * 1.3
        y = start - 0.004 + (1.02 - start) * depth
        left.append((middle - half, y))
        right.append((middle + half, y))
    return [*left, *reversed(right)]


def bend(depth: float) -> float:
    """The middle of a road or river, from the horizon (0) to the front edge (1), as a fraction of the width."""
    return 0.56 + 0.10 * math.sin(depth * 4.2) * (1 - depth * 0.35) - 0.08 * depth
