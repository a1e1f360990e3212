"""The picture while it is drawn: smooth regions, soft light, and fine detail on top of one another."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from random import Random

from PIL import Image, ImageChops, ImageDraw

from bot.sandbox.gemini.painter.colours import RGB, mix
from bot.sandbox.gemini.painter.light import LIGHTS, Light, Stops
from bot.sandbox.gemini.painter.pen import Point
from bot.sandbox.gemini.painter.scene import HORIZON, Scene

SMOOTH = 2  # how many times finer outlines are drawn
Size = tuple[int, int]


class Canvas:
    """A picture of `size` pixels; places are fractions of it, from the top left."""

    def __init__(self, scene: Scene, size: Size) -> None:
        self.scene = scene
        self.light: Light = LIGHTS[scene.hour]
        self.size = size
        self.unit = min(size)
        self.image = Image.new("RGB", size)

    @property
    def horizon(self) -> float:
        """Where sky and land meet, as a fraction of the height."""
        return HORIZON

    def rng(self, name: str) -> Random:
        """Chance for one part of the drawing."""
        return self.scene.rng(name)

    def spot(self, point: Point) -> Point:
        """A place in pixels."""
        return point[0] * self.size[0], point[1] * self.size[1]

    def region(self, outline: Sequence[Point], stops: Stops) -> None:
        """Fill an outline with colours from its top to its bottom."""
        spots = [self.spot(point) for point in outline]
        box = self._box(spots)
        if box[2] > box[0] and box[3] > box[1]:
            mask = outline_mask(spots, box)
            self.image.paste(column(stops, mask.size), box[:2], mask)

    def _box(self, spots: Sequence[Point]) -> tuple[int, int, int, int]:
        xs, ys = [spot[0] for spot in spots], [spot[1] for spot in spots]
        left, top = max(0, int(min(xs))), max(0, int(min(ys)))
        return left, top, min(self.size[0], int(max(xs)) + 2), min(self.size[1], int(max(ys)) + 2)

    def details(self, outline: Sequence[Point], draw: Callable[[ImageDraw.ImageDraw, Size], None]) -> None:
        """Let `draw` loose on a fine transparent sheet as large as an outline, and keep what falls inside it."""
        spots = [self.spot(point) for point in outline]
        box = self._box(spots)
        if box[2] <= box[0] or box[3] <= box[1]:
            return
        sheet = Image.new("RGBA", ((box[2] - box[0]) * SMOOTH, (box[3] - box[1]) * SMOOTH))
        draw(ImageDraw.Draw(sheet), sheet.size)
        small = sheet.reduce(SMOOTH)
        inside = ImageChops.multiply(small.getchannel("A"), outline_mask(spots, box))
        self.image.paste(small.convert("RGB"), box[:2], inside)

    def shine(self, centre: Point, radius: float, colour: RGB, strength: float = 1.0) -> None:
        """Add soft light around a place in pixels; `radius` in pixels."""
        side = max(2, round(radius * 2))
        mask = glow_mask(side, strength)
        where = (round(centre[0] - side / 2), round(centre[1] - side / 2))
        area = (where[0], where[1], where[0] + side, where[1] + side)
        below = self.image.crop(area)
        lit = ImageChops.screen(below, Image.new("RGB", (side, side), colour))
        self.image.paste(lit, where, mask)

    def shadow(self, centre: Point, radii: Point, strength: float = 0.28) -> None:
        """A soft, flat shadow on the ground, in pixels."""
        width, height = max(4, round(radii[0] * 2.6)), max(4, round(radii[1] * 2.6))
        mask = glow_mask(256, strength * 1.6).resize((width, height), Image.Resampling.BILINEAR)
        where = (round(centre[0] - width / 2), round(centre[1] - height / 2))
        self.image.paste(mix(self.light.on((20, 24, 40)), (10, 12, 30), 0.5), where, mask)

    def put(self, tile: Image.Image, where: tuple[int, int]) -> None:
        """Lay a transparent tile over the picture, its corner at a place in pixels."""
        self.image.paste(tile, where, tile)


def box(left: float, top: float, right: float, bottom: float) -> list[Point]:
    """The outline of a rectangle."""
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def column(stops: Stops, size: Size) -> Image.Image:
    """An upright gradient: (fraction of the height, colour) pairs from top to bottom."""
    line = Image.new("RGB", (1, size[1]))
    last = max(1, size[1] - 1)
    line.putdata([between(stops, row / last) for row in range(size[1])])
    return line.resize(size, Image.Resampling.NEAREST)


def between(stops: Stops, place: float) -> RGB:
    """The colour of a gradient at a place."""
    for (start, first), (end, second) in pairwise(stops):
        if place <= end:
            return mix(first, second, max(0.0, (place - start) / max(end - start, 1e-6)))
    return stops[-1][1]


def outline_mask(spots: Sequence[Point], box: tuple[int, int, int, int]) -> Image.Image:
    """A smooth mask of an outline given in pixels, as large as the box."""
    size = ((box[2] - box[0]) * SMOOTH, (box[3] - box[1]) * SMOOTH)
    mask = Image.new("L", size)
    fine = [((x - box[0]) * SMOOTH, (y - box[1]) * SMOOTH) for x, y in spots]
    ImageDraw.Draw(mask).polygon(fine, 255)
    return mask.reduce(SMOOTH)


def glow_mask(side: int, strength: float) -> Image.Image:
    """A round spot that fades from `strength` in the middle to nothing at the edge."""
    table = [round(255 * min(1.0, strength) * max(0.0, 1 - value / 180) ** 2.2) for value in range(256)]
    return Image.radial_gradient("L").point(table).resize((side, side), Image.Resampling.BILINEAR)
