"""The ground one stands on."""

from functools import partial

from PIL import ImageDraw

from bot.sandbox.gemini.painter.canvas import Canvas, Size, box
from bot.sandbox.gemini.painter.colours import RGB, WHITE, darker, lighter, mix, named
from bot.sandbox.gemini.painter.draw_sky import sky_stops
from bot.sandbox.gemini.painter.land import WATER, below, bend, ground_colour, ridge, start_of, track
from bot.sandbox.gemini.painter.pen import Point

BLOSSOMS: tuple[RGB, ...] = ((252, 248, 240), (246, 222, 120), (240, 160, 180), (200, 170, 226))


def ground(canvas: Canvas, start: float) -> None:
    """Everything from `start` down, with what grows on it."""
    colour = ground_colour(canvas)
    line = ridge(canvas, "ground", start, 0.016)
    light = canvas.light
    stops = (
        (0.0, light.far(lighter(colour, 0.16), 0.12)),
        (0.35, light.on(colour)),
        (1.0, light.on(darker(colour, 0.22))),
    )
    if canvas.scene.has_water:
        _foam(canvas, line, colour)
    canvas.region(below(line), stops)
    for index in range(3):
        swell = ridge(canvas, f"swell {index}", start + 0.07 + 0.09 * index, 0.02)
        shade = light.on(darker(colour, 0.05 + 0.06 * index))
        canvas.region(below(swell), ((0.0, shade), (0.5, mix(shade, stops[-1][1], 0.5)), (1.0, stops[-1][1])))
    if canvas.scene.ground in {"meadow", "forest", "autumn"}:
        canvas.details(box(0, start, 1, 1), partial(_tufts, canvas, colour))
    if canvas.scene.ground == "meadow":
        canvas.details(box(0, start, 1, 1), partial(_blossoms, canvas))


def _foam(canvas: Canvas, line: list[Point], colour: RGB) -> None:
    wet = canvas.light.on(darker(mix(colour, WATER, 0.25), 0.1))
    crest = 0.022 if "sea" in canvas.scene.lands else 0.015
    for lift, shade in ((crest, mix(canvas.light.on(WHITE), sky_stops(canvas)[-1][1], 0.25)), (0.012, wet)):
        canvas.region(below([(x, y - lift) for x, y in line]), ((0.0, shade), (1.0, shade)))


def _tufts(canvas: Canvas, colour: RGB, draw: ImageDraw.ImageDraw, size: Size) -> None:
    rng = canvas.rng("tufts")
    for _ in range(round(170 * canvas.size[0] / canvas.unit)):
        depth = rng.random() ** 0.8
        x, y = rng.random() * size[0], (0.06 + 0.94 * depth) * size[1]
        tall = canvas.unit * (0.010 + 0.024 * depth)
        shade = canvas.light.on(
            lighter(colour, rng.uniform(0, 0.22)) if rng.random() < 0.5 else darker(colour, rng.uniform(0.05, 0.22))
        )
        for lean in (-0.5, 0.05, 0.55):
            draw.polygon(
                ((x - tall * 0.14, y), (x + lean * tall, y - tall * rng.uniform(0.7, 1.1)), (x + tall * 0.14, y)),
                (*shade, 190),
            )


def road(canvas: Canvas) -> None:
    """A road that winds towards the horizon."""
    asked = canvas.scene.paint_of("road")
    colour = named(asked) if asked else (112, 112, 122)
    start = start_of(canvas)
    outline = track(canvas, start, (0.018, 0.34))
    shade = canvas.light.on(colour)
    canvas.region(outline, ((0.0, canvas.light.far(colour, 0.3)), (1.0, shade)))
    canvas.details(box(0, start, 1, 1), partial(_dashes, canvas))


def _dashes(canvas: Canvas, draw: ImageDraw.ImageDraw, size: Size) -> None:
    colour = (*canvas.light.on((250, 244, 220)), 230)
    for index in range(7):
        first, second = (index / 7) ** 1.5, ((index + 0.5) / 7) ** 1.5
        spots = []
        for depth, side in ((first, -1), (first, 1), (second, 1), (second, -1)):
            half = (0.0015 + 0.008 * depth) * canvas.unit / canvas.size[0]
            spots.append(((bend(depth) + side * half) * size[0], depth * size[1]))
        draw.polygon(spots, colour)


def _blossoms(canvas: Canvas, draw: ImageDraw.ImageDraw, size: Size) -> None:
    rng = canvas.rng("blossoms")
    for _ in range(round(46 * canvas.size[0] / canvas.unit)):
        depth = rng.random() ** 0.9
        x, y = rng.random() * size[0], (0.10 + 0.88 * depth) * size[1]
        radius = canvas.unit * (0.0018 + 0.0042 * depth)
        petal = canvas.light.on(rng.choice(BLOSSOMS))
        for dx, dy in ((-1, 0), (1, 0), (0, -1), (0, 1)):
            spot = (x + dx * radius, y + dy * radius * 0.8)
            draw.ellipse((spot[0] - radius, spot[1] - radius, spot[0] + radius, spot[1] + radius), (*petal, 230))
        draw.ellipse(
            (x - radius * 0.7, y - radius * 0.7, x + radius * 0.7, y + radius * 0.7),
            (*canvas.light.on((250, 206, 86)), 255),
        )
