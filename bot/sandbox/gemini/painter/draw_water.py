"""Sea, lake and river, and the light on them."""

from functools import partial

from PIL import ImageDraw

from bot.sandbox.gemini.painter.canvas import Canvas, Size, between
from bot.sandbox.gemini.painter.colours import RGB, darker, lighter, mix, named
from bot.sandbox.gemini.painter.draw_sky import sky_stops
from bot.sandbox.gemini.painter.land import SHORE, WATER, below, ground_colour, ridge, start_of, track
from bot.sandbox.gemini.painter.pen import Point, smooth


def sea(canvas: Canvas) -> None:
    """Water to the horizon."""
    start, end = canvas.horizon, 1.0 if canvas.scene.ground == "water" else SHORE + 0.08
    _water(canvas, [(-0.01, start), (1.01, start), (1.01, end), (-0.01, end)])


def lake(canvas: Canvas) -> None:
    """Water between two shores."""
    far = canvas.light.far(mix(ground_colour(canvas), (96, 150, 110), 0.3), 0.35)
    canvas.region(below(ridge(canvas, "far shore", 0.615, 0.006)), ((0.0, far), (1.0, far)))
    shore = smooth([(-0.12, 0.70), (0.2, 0.65), (0.6, 0.64), (0.94, 0.655), (1.14, 0.71), (1.02, 0.86), (-0.02, 0.86)])
    _water(canvas, shore)


def river(canvas: Canvas) -> None:
    """Water that winds through the ground."""
    start = start_of(canvas)
    _water(canvas, track(canvas, start, (0.03, 0.42)))


def _water(canvas: Canvas, outline: list[Point]) -> None:
    asked = canvas.scene.paint_of("sea")
    colour = named(asked) if asked else WATER
    sky = sky_stops(canvas)
    mirror = mix(sky[-1][1], canvas.light.on(colour), 0.36)
    deep = mix(canvas.light.on(darker(colour, 0.16)), between(sky, 0.4), 0.3)
    canvas.region(outline, ((0.0, mirror), (0.35, mix(mirror, deep, 0.55)), (1.0, deep)))
    canvas.details(outline, partial(_ripples, canvas, lighter(mirror, 0.35)))
    for thing in canvas.scene.things:
        if thing.kind in {"sun", "moon"}:
            canvas.details(outline, partial(_glitter, canvas, thing.x))


def _ripples(canvas: Canvas, colour: RGB, draw: ImageDraw.ImageDraw, size: Size) -> None:
    rng = canvas.rng("ripples")
    for _ in range(round(90 * canvas.size[0] / canvas.unit)):
        depth = rng.random()
        x, y = rng.random() * size[0], depth**1.5 * size[1]
        width, thick = (
            canvas.unit * (0.012 + 0.07 * depth) * rng.uniform(0.5, 1.2),
            canvas.unit * (0.0012 + 0.004 * depth),
        )
        draw.ellipse((x - width, y - thick, x + width, y + thick), (*colour, round(30 + 90 * rng.random())))


def _glitter(canvas: Canvas, x: float, draw: ImageDraw.ImageDraw, size: Size) -> None:
    """The path of light that leads to sun or moon."""
    rng = canvas.rng("glitter")
    colour = (255, 250, 225) if canvas.light.name == "day" else (255, 226, 170)
    if canvas.light.lamps:
        colour = (226, 230, 250)
    for _ in range(110):
        depth = rng.random()
        spread = canvas.unit * (0.03 + 0.10 * depth)
        left, y = x * size[0] + rng.gauss(0, 1) * spread, depth * size[1]
        width, thick = (
            canvas.unit * (0.008 + 0.03 * depth) * rng.uniform(0.5, 1.3),
            canvas.unit * (0.001 + 0.003 * depth),
        )
        draw.ellipse((left - width, y - thick, left + width, y + thick), (*colour, round(60 + 110 * rng.random())))
