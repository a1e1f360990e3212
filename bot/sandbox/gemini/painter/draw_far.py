"""Mountains, hills, cities and forests, through the air between."""

from functools import partial

from PIL import ImageDraw

from bot.sandbox.gemini.painter.canvas import Canvas, Size, box
from bot.sandbox.gemini.painter.colours import RGB, darker, lighter, mix, named
from bot.sandbox.gemini.painter.land import GROUNDS, below, ridge
from bot.sandbox.gemini.painter.pen import Point


def mountains(canvas: Canvas) -> None:
    """Two ranges, the far one paler."""
    for layer, (distance, height, level) in enumerate(((0.55, 0.40, 0.01), (0.28, 0.26, 0.04))):
        rng = canvas.rng(f"mountains {layer}")
        asked = canvas.scene.paint_of("mountains")
        rock = named(asked) if asked else (104, 116, 148)
        count = max(3, round(canvas.size[0] / canvas.unit * 2.4))
        peaks = [((i + rng.uniform(0.1, 0.9)) / count, height * rng.uniform(0.6, 1.0)) for i in range(count)]
        for x, tall in sorted(peaks, key=lambda peak: -peak[1]):
            _peak(canvas, (x, canvas.horizon + level), tall * canvas.unit / canvas.size[1], (rock, distance))


def _peak(canvas: Canvas, foot: Point, tall: float, rock: tuple[RGB, float]) -> None:
    colour, distance = rock
    light, (x, base) = canvas.light, foot
    rng = canvas.rng(f"peak {x:.4f}")
    wide = tall * rng.uniform(0.85, 1.15) * canvas.size[1] / canvas.size[0]
    top = (x + wide * rng.uniform(-0.1, 0.1), base - tall)
    left = [(x - wide, base), (x - wide * 0.62, base - tall * 0.34), (x - wide * 0.36, base - tall * 0.58)]
    right = [(x + wide * 0.30, base - tall * 0.64), (x + wide * 0.58, base - tall * 0.36), (x + wide, base)]
    bright, dim = light.far(lighter(colour, 0.18), distance), light.far(darker(colour, 0.18), distance)
    low = light.far(lighter(colour, 0.3), min(1.0, distance + 0.3))
    canvas.region([*left, top, *right], ((0.0, bright), (1.0, low)))
    spine = [(x + wide * 0.06, base - tall * 0.66), (x - wide * 0.05, base - tall * 0.4), (x + wide * 0.16, base)]
    canvas.region([top, *right, *reversed(spine)], ((0.0, dim), (1.0, mix(dim, low, 0.7))))
    if tall * canvas.size[1] > canvas.unit * 0.12:
        _cap(canvas, (left[-1], top, right[0]), distance)


def _cap(canvas: Canvas, slope: tuple[Point, Point, Point], distance: float) -> None:
    left, top, right = slope
    snow = canvas.light.far((250, 252, 255), distance * 0.55)
    shade = canvas.light.far((190, 204, 230), distance * 0.6)
    middle = (top[0], top[1] + (left[1] - top[1]) * 0.78)
    notch = (towards(top, right, 0.6)[0], top[1] + (middle[1] - top[1]) * 0.8)
    canvas.region([top, towards(top, left, 0.62), towards(top, left, 0.86), middle], ((0.0, snow), (1.0, snow)))
    canvas.region([top, middle, notch, towards(top, right, 0.84)], ((0.0, shade), (1.0, shade)))


def towards(start: Point, end: Point, part: float) -> Point:
    """The point `part` of the way from one to the other."""
    return start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part


def hills(canvas: Canvas) -> None:
    """Three soft lines of hills."""
    asked = canvas.scene.paint_of("hills")
    base = (
        named(asked)
        if asked
        else mix(GROUNDS[canvas.scene.ground if canvas.scene.ground in GROUNDS else "meadow"], (96, 150, 110), 0.45)
    )
    for layer, (distance, level, swing) in enumerate(((0.62, -0.04, 0.030), (0.40, 0.01, 0.026), (0.18, 0.06, 0.022))):
        line = ridge(canvas, f"hills {layer}", canvas.horizon + level, swing)
        top = canvas.light.far(lighter(base, 0.12), distance)
        canvas.region(below(line), ((0.0, top), (0.5, canvas.light.far(darker(base, 0.12), distance)), (1.0, top)))


def city(canvas: Canvas) -> None:
    """Two rows of towers."""
    base = canvas.light.far((120, 128, 140), 0.3)
    canvas.region([(0, canvas.horizon + 0.02), (1, canvas.horizon + 0.02), (1, 1), (0, 1)], ((0.0, base), (1.0, base)))
    for layer, (distance, tall) in enumerate(((0.6, 0.40), (0.35, 0.28))):
        canvas.details(box(0, 0.1, 1, canvas.horizon + 0.12), partial(_towers, canvas, (layer, distance, tall)))


def _towers(canvas: Canvas, row: tuple[int, float, float], draw: ImageDraw.ImageDraw, size: Size) -> None:
    layer, distance, tall = row
    rng, x = canvas.rng(f"city {layer}"), -20.0
    unit = canvas.unit * 2
    while x < size[0]:
        width, height = unit * rng.uniform(0.05, 0.10), unit * tall * rng.uniform(0.4, 1.0)
        wall = canvas.light.far(mix((110, 122, 156), (150, 130, 140), rng.random()), distance)
        top = size[1] * 0.86 - height
        draw.rectangle((x, top, x + width, size[1]), (*wall, 255))
        _windows(canvas, draw, (x, top, width, height), (layer, wall))
        x += width * rng.uniform(0.9, 1.25)


def _windows(
    canvas: Canvas, draw: ImageDraw.ImageDraw, tower: tuple[float, float, float, float], paint: tuple[int, RGB]
) -> None:
    x, top, width, height = tower
    layer, wall = paint
    rng, step = canvas.rng(f"windows {layer} {x:.1f}"), width / 5
    lit = (255, 220, 140) if canvas.light.lamps else lighter(wall, 0.35)
    for row in range(int(height / (step * 1.5)) - 1):
        for place in range(4):
            if rng.random() < (0.45 if canvas.light.lamps else 0.8):
                left, high = x + step * (0.65 + place), top + step * (0.7 + row * 1.5)
                draw.rectangle(
                    (left, high, left + step * 0.55, high + step * 0.8), (*lit, 255 if canvas.light.lamps else 150)
                )


def tree_line(canvas: Canvas) -> None:
    """Three rows of treetops."""
    for layer, (distance, level, tall) in enumerate(((0.5, 0.03, 0.075), (0.28, 0.075, 0.10), (0.08, 0.13, 0.13))):
        line = ridge(canvas, f"trees {layer}", canvas.horizon + level, 0.02)
        colour = canvas.light.far(mix((52, 100, 74), (70, 120, 70), layer / 3), distance)
        rng = canvas.rng(f"tips {layer}")
        spots: list[Point] = []
        step, x = tall * 0.26 * canvas.unit / canvas.size[0], -0.02
        while x < 1.02:
            y = line[max(0, min(60, round(x * 60)))][1]
            spots += [(x, y), (x + step, y - tall * rng.uniform(0.6, 1.1) * canvas.unit / canvas.size[1])]
            x += step * 2
        canvas.region(
            [(-0.02, 1.0), *spots, (1.02, 1.0)],
            ((0.0, colour), (0.3, darker(colour, 0.15)), (1.0, lighter(colour, 0.1))),
        )
