"""The sky and what shines in it."""

from functools import partial

from PIL import Image, ImageDraw, ImageFilter

from bot.sandbox.gemini.painter.canvas import Canvas, Size, box, column
from bot.sandbox.gemini.painter.colours import RGB, WHITE, darker, lighter, mix, named
from bot.sandbox.gemini.painter.kind import Kind, Look
from bot.sandbox.gemini.painter.light import Stops
from bot.sandbox.gemini.painter.pen import Pen, ring, smooth

SUN: RGB = (255, 226, 130)
EVENING_SUN: RGB = (255, 196, 112)
MOON: RGB = (250, 244, 222)
BANDS: tuple[RGB, ...] = (
    (230, 84, 84),
    (244, 158, 74),
    (250, 222, 104),
    (112, 194, 118),
    (88, 150, 220),
    (140, 108, 194),
)


def sky_stops(canvas: Canvas) -> Stops:
    """The gradient of the sky: the hour's own, or around the colour that was asked for."""
    asked = canvas.scene.paint_of("sky")
    if not asked:
        return canvas.light.sky
    colour = named(asked)
    if canvas.scene.hour == "night":
        colour = darker(colour, 0.45)
    return (0.0, darker(colour, 0.22)), (0.5, colour), (1.0, lighter(colour, 0.62))


def draw_sky(canvas: Canvas) -> None:
    """Fill the picture with sky; below the horizon it stays at the horizon's colour."""
    stops = tuple((place * (canvas.horizon + 0.06), colour) for place, colour in sky_stops(canvas))
    canvas.image.paste(column((*stops, (1.0, stops[-1][1])), canvas.size), (0, 0))
    if "stars" in canvas.scene.weather:
        canvas.details(box(0, 0, 1, canvas.horizon), partial(_stars, canvas))
    if "aurora" in canvas.scene.weather:
        _aurora(canvas)


def _stars(canvas: Canvas, draw: ImageDraw.ImageDraw, size: Size) -> None:
    rng = canvas.rng("stars")
    for _ in range(150):
        x, y = rng.random() * size[0], rng.random() ** 1.3 * size[1]
        radius = rng.choice((0.7, 0.9, 1.1, 1.6, 2.2)) * canvas.unit / 720
        fill = (255, 250, rng.randint(220, 255), round(rng.uniform(110, 255) * (1 - 0.8 * y / size[1])))
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill)
        if radius > 2 * canvas.unit / 720:
            _sparkle(draw, (x, y), radius * 4, fill)


def _sparkle(draw: ImageDraw.ImageDraw, centre: tuple[float, float], reach: float, fill: tuple[int, ...]) -> None:
    x, y = centre
    thin = reach / 7
    draw.polygon(((x - reach, y), (x, y - thin), (x + reach, y), (x, y + thin)), fill)
    draw.polygon(((x, y - reach), (x - thin, y), (x, y + reach), (x + thin, y)), fill)


def _aurora(canvas: Canvas) -> None:
    rng = canvas.rng("aurora")
    small = (max(8, canvas.size[0] // 8), max(8, canvas.size[1] // 8))
    for index, colour in enumerate(((96, 240, 170), (110, 200, 240), (170, 120, 230))):
        top = 0.16 + 0.06 * index
        line = smooth([(x / 6, top + rng.uniform(-0.06, 0.06)) for x in range(-1, 8)], 12, closed=False)
        mask = Image.new("L", small)
        draw = ImageDraw.Draw(mask)
        for x, y in line:
            left, high, low = x * small[0], y * small[1], (y + rng.uniform(0.10, 0.22)) * small[1]
            draw.line((left, high, left + 1, low), rng.randint(90, 190), max(1, small[0] // 60))
        soft = mask.filter(ImageFilter.GaussianBlur(small[0] / 55)).resize(canvas.size, Image.Resampling.BICUBIC)
        canvas.image.paste(colour, (0, 0), soft)


def sun(pen: Pen, look: Look) -> None:
    """The sun, and the light around it."""
    usual = EVENING_SUN if pen.light.name in {"sunset", "morning"} else SUN
    shade = look.main(usual)
    pen.glow((0, 0.5), 2.6, shade)
    pen.glow((0, 0.5), 1.0, shade)
    pen.lamp(ring((0, 0.5), (0.5, 0.5)), lighter(shade, 0.25))
    pen.lamp(ring((0, 0.5), (0.43, 0.43)), lighter(shade, 0.42))


def moon(pen: Pen, look: Look) -> None:
    """A waxing moon, and a breath of light around it."""
    shade = look.main(MOON)
    pen.glow((0, 0.5), 1.7, mix(shade, (120, 150, 220), 0.35))
    pen.lamp(ring((0, 0.5), (0.46, 0.46)), shade)
    for x, y, radius in ((-0.16, 0.62, 0.09), (0.10, 0.40, 0.12), (0.18, 0.70, 0.06), (-0.14, 0.30, 0.06)):
        pen.lamp(ring((x, y), (radius, radius)), mix(shade, (150, 150, 160), 0.22))


def cloud(pen: Pen, look: Look) -> None:
    """A fair-weather cloud with a flat foot."""
    lit = mix(pen.light.far(look.main(WHITE), 0.35), WHITE, 0.0 if pen.light.lamps else 0.3)
    shaded = mix(lit, pen.light.haze, 0.6)
    puffs = [(-0.72, 0.30, 0.34), (-0.34, 0.50, 0.42), (0.10, 0.60, 0.46), (0.50, 0.42, 0.38), (0.84, 0.26, 0.28)]
    pen.lamp([(-0.86, 0.02), (0.92, 0.02), (1.06, 0.2), (0.92, 0.42), (-0.86, 0.42), (-1.02, 0.2)], shaded)
    for x, y, radius in puffs:
        pen.lamp(ring((x, y), (radius * pen.rng.uniform(0.94, 1.08), radius)), mix(lit, shaded, 0.4))
    for x, y, radius in puffs:
        pen.lamp(ring((x - 0.05, y + 0.07), (radius * 0.82, radius * 0.80)), lit)


def draw_rainbow(canvas: Canvas) -> None:
    """A rainbow from one side to the other, behind the land."""
    mask = Image.new("L", canvas.size, 0)
    width = max(2, round(canvas.unit * 0.017))
    centre, radius = (canvas.size[0] * 0.52, canvas.size[1] * 0.74), canvas.unit * 0.78
    layer = Image.new("RGB", canvas.size)
    draw, fade = ImageDraw.Draw(layer), ImageDraw.Draw(mask)
    for index, colour in enumerate(BANDS):
        reach = radius - index * width
        box = (centre[0] - reach, centre[1] - reach, centre[0] + reach, centre[1] + reach)
        draw.ellipse(box, colour)
        fade.ellipse(box, 118)
    reach = radius - len(BANDS) * width
    fade.ellipse((centre[0] - reach, centre[1] - reach, centre[0] + reach, centre[1] + reach), 0)
    soft = mask.resize((canvas.size[0] // 2, canvas.size[1] // 2)).resize(canvas.size, Image.Resampling.BICUBIC)
    canvas.image.paste(layer, (0, 0), soft)


SKY = {
    "sun": Kind(sun, 1.0, 0.15, "sky", 0.30, 0, shadow=False),
    "moon": Kind(moon, 1.0, 0.13, "sky", 0.28, 0, shadow=False),
    "cloud": Kind(cloud, 2.6, 0.10, "sky", 0.24, 0.5, shadow=False),
}
