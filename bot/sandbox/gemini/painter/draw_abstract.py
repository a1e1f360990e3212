"""A pleasant composition for words that the painter does not know."""

import math

from bot.sandbox.gemini.painter.canvas import Canvas, column
from bot.sandbox.gemini.painter.colours import RGB, lighter, mix
from bot.sandbox.gemini.painter.pen import Point, ring, smooth

PALETTES: tuple[tuple[RGB, ...], ...] = (
    ((38, 56, 104), (82, 120, 180), (240, 150, 110), (250, 214, 150), (214, 84, 92)),
    ((28, 78, 86), (72, 150, 140), (244, 196, 120), (238, 132, 96), (250, 236, 214)),
    ((70, 44, 92), (150, 90, 150), (240, 150, 150), (252, 210, 170), (90, 140, 190)),
    ((40, 70, 60), (110, 160, 110), (230, 210, 130), (220, 130, 90), (246, 240, 220)),
)


def draw_abstract(canvas: Canvas) -> None:
    """Ribbons and discs in one palette."""
    rng = canvas.rng("abstract")
    palette = rng.choice(PALETTES)
    canvas.image.paste(column(((0.0, lighter(palette[3], 0.3)), (1.0, mix(palette[3], palette[2], 0.5))), canvas.size))
    wide = canvas.unit / canvas.size[0]
    tall = canvas.unit / canvas.size[1]
    for _ in range(7):
        colour, radius = rng.choice(palette), rng.uniform(0.06, 0.22)
        spots = ring((rng.random(), rng.uniform(0.05, 0.7)), (radius * wide, radius * tall))
        canvas.region(spots, ((0.0, lighter(colour, 0.35)), (1.0, colour)))
    for index in range(6):
        colour = palette[index % len(palette)]
        canvas.region(_ribbon(canvas, index), ((0.0, lighter(colour, 0.22)), (1.0, colour)))


def _ribbon(canvas: Canvas, index: int) -> list[Point]:
    rng = canvas.rng(f"ribbon {index}")
    level, swing, pace = 0.36 + index * 0.11, rng.uniform(0.05, 0.13), rng.uniform(0.6, 1.5)
    start = rng.uniform(0, math.tau)
    upper = [(x / 10, level + swing * math.sin(start + pace * x * 0.7)) for x in range(-1, 12)]
    lower = [(x, y + 0.10 + 0.05 * math.sin(start + x * 5)) for x, y in reversed(upper)]
    return [*smooth(upper, closed=False), *smooth(lower, closed=False)]
