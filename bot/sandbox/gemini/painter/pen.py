"""A pen for one thing: it draws in the thing's own measure and hands back a softly shaded tile."""

import math
from collections.abc import Sequence
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from bot.sandbox.gemini.painter.colours import BLACK, RGB, WHITE
from bot.sandbox.gemini.painter.lettering import boldness, fit
from bot.sandbox.gemini.painter.light import Light

Point = tuple[float, float]
FINE = 3  # how many times finer than the picture a tile is drawn
MARGIN = 0.2  # of the height, around the thing


class Pen:
    """Draws a thing whose foot is at (0, 0) and whose top is at y = 1; x runs from -wide/2 to wide/2."""

    def __init__(self, height: int, wide: float, light: Light, rng: Random) -> None:
        self.light = light
        self.rng = rng
        self._scale = height * FINE
        self._left = wide / 2 + MARGIN
        self._top = 1 + MARGIN
        size = (max(4, round(self._left * 2 * self._scale)), max(4, round((1 + 2 * MARGIN) * self._scale)))
        self._tile = Image.new("RGBA", size)
        self._draw = ImageDraw.Draw(self._tile)
        self.glows: list[tuple[Point, float, RGB]] = []

    def _at(self, point: Point) -> Point:
        return (point[0] + self._left) * self._scale, (self._top - point[1]) * self._scale

    def poly(self, points: Sequence[Point], colour: RGB) -> None:
        """A filled polygon."""
        self._fill([self._at(point) for point in points], self.light.on(colour))

    def blob(self, points: Sequence[Point], colour: RGB) -> None:
        """A filled, smooth closed curve through the points."""
        self._fill([self._at(point) for point in smooth(points)], self.light.on(colour))

    def oval(self, centre: Point, radii: Point, colour: RGB, tilt: float = 0) -> None:
        """A filled ellipse, turned by `tilt` degrees against the clock."""
        self._fill([self._at(point) for point in ring(centre, radii, tilt)], self.light.on(colour))

    def lamp(self, points: Sequence[Point], colour: RGB) -> None:
        """A polygon that shines by itself, whatever the light."""
        self._fill([self._at(point) for point in points], colour)

    def flame(self, points: Sequence[Point], colour: RGB) -> None:
        """A smooth closed curve that shines by itself."""
        self.lamp(smooth(points), colour)

    def box(self, low: Point, high: Point, colour: RGB, radius: float = 0) -> None:
        """A filled rectangle between two corners, its own corners rounded."""
        (x0, y1), (x1, y0) = self._at(low), self._at(high)
        self._draw.rounded_rectangle((x0, y0, x1, y1), radius * self._scale, (*self.light.on(colour), 255))

    def line(self, points: Sequence[Point], width: float, colour: RGB) -> None:
        """A stroke with round ends and joints."""
        spots = [self._at(point) for point in points]
        fill, half = (*self.light.on(colour), 255), width * self._scale / 2
        self._draw.line(spots, fill, max(1, round(half * 2)))
        for x, y in spots:
            self._draw.ellipse((x - half, y - half, x + half, y + half), fill)

    def curve(self, points: Sequence[Point], width: float, colour: RGB) -> None:
        """A smooth stroke through the points."""
        self.line(smooth(points, closed=False), width, colour)

    def write(self, text: str, low: Point, high: Point, colour: RGB) -> None:
        """Words that fill the rectangle between two corners, on as many lines as suit them."""
        (x0, y1), (x1, y0) = self._at(low), self._at(high)
        font, lines = fit(text, x1 - x0, y1 - y0)
        middle, fill = ((x0 + x1) / 2, (y0 + y1) / 2), (*self.light.on(colour), 255)
        self._draw.multiline_text(
            middle, lines, fill, font, anchor="mm", align="center", stroke_width=boldness(font), stroke_fill=fill
        )

    def glow(self, centre: Point, radius: float, colour: RGB) -> None:
        """Remember a light that spills over its surroundings."""
        self.glows.append((centre, radius, colour))

    def _fill(self, spots: Sequence[Point], colour: RGB) -> None:
        self._draw.polygon(spots, (*colour, 255))

    def tile(self, depth: float = 1.0) -> Image.Image:
        """The finished tile at picture scale; `depth` says how round it looks."""
        small = shrunk(self._tile, FINE)
        return _rounded(small, depth) if depth else small

    def foot(self) -> Point:
        """Where (0, 0) lies on the finished tile, in pixels."""
        x, y = self._at((0, 0))
        return x / FINE, y / FINE


def shrunk(sheet: Image.Image, factor: int) -> Image.Image:
    """A transparent sheet made smaller; its pixels are solid or clear black, so no premultiplying is needed."""
    bands = [band.reduce(factor) for band in sheet.split()]
    return Image.merge("RGBa", bands).convert("RGBA")


def _rounded(tile: Image.Image, depth: float) -> Image.Image:
    """Light from the upper left: a bright rim there, a dark one opposite, both soft."""
    alpha = tile.getchannel("A")
    reach = max(1, round(tile.height * 0.035))
    soft = ImageFilter.BoxBlur(reach)
    body = tile.convert("RGB")
    for direction, colour, strength in ((-1, BLACK, 0.30), (1, WHITE, 0.20)):
        moved = ImageChops.offset(alpha, direction * reach, direction * reach)
        rim = ImageChops.subtract(alpha, moved).filter(soft).point(_scaled(strength * depth))
        body.paste(colour, (0, 0), rim)
    body.putalpha(alpha)
    return body


def _scaled(factor: float) -> list[int]:
    return [min(255, round(value * factor)) for value in range(256)]


def ring(centre: Point, radii: Point, tilt: float = 0, steps: int = 48) -> list[Point]:
    """Points around an ellipse."""
    turn = math.radians(tilt)
    cos, sin = math.cos(turn), math.sin(turn)
    spots = []
    for step in range(steps):
        angle = math.tau * step / steps
        x, y = radii[0] * math.cos(angle), radii[1] * math.sin(angle)
        spots.append((centre[0] + x * cos - y * sin, centre[1] + x * sin + y * cos))
    return spots


def smooth(points: Sequence[Point], steps: int = 8, *, closed: bool = True) -> list[Point]:
    """A Catmull-Rom curve through the points."""
    count = len(points)
    spots: list[Point] = []
    for index in range(count if closed else count - 1):
        around = [points[_near(index + offset, count, closed)] for offset in (-1, 0, 1, 2)]
        spots.extend(_between(around, step / steps) for step in range(steps))
    return spots if closed else [*spots, points[-1]]


def _near(index: int, count: int, closed: bool) -> int:
    return index % count if closed else max(0, min(count - 1, index))


def _between(around: Sequence[Point], t: float) -> Point:
    weights = (-t + 2 * t**2 - t**3, 2 - 5 * t**2 + 3 * t**3, t + 4 * t**2 - 3 * t**3, t**3 - t**2)
    x = sum(weight * point[0] for weight, point in zip(weights, around, strict=True)) / 2
    y = sum(weight * point[1] for weight, point in zip(weights, around, strict=True)) / 2
    return x, y
