"""A sticker: the things of a scene by themselves, on white, with a dark line around them."""

import re
from dataclasses import replace

from PIL import Image, ImageChops, ImageFilter

from bot.sandbox.gemini.painter.canvas import Size
from bot.sandbox.gemini.painter.compose import is_sky
from bot.sandbox.gemini.painter.draw import render
from bot.sandbox.gemini.painter.scene import Scene

ASKED = re.compile(r"\bsticker\b.*\bwhite\b", re.IGNORECASE | re.DOTALL)
APART = 36  #: of 255: what differs less is shadow
LINE, MARGIN = 11, 0.12  #: pixels, and the share of the picture
INK = "#2b2330"


def is_asked(words: str) -> bool:
    """Whether words want one, to be cut out."""
    return ASKED.search(words) is not None


def sticker(scene: Scene, size: Size) -> Image.Image | None:
    """The sticker; None where there is nothing in the scene but land and sky."""
    bare = replace(scene, things=(), insets=(), finish=(), words=(), frame="", weather=())
    things = tuple(thing for thing in scene.things if not is_sky(thing.kind))
    drawn = render(replace(bare, things=things), size)
    mask = _different(drawn, render(bare, size))
    box = mask.getbbox()
    return _mounted(drawn.crop(box), mask.crop(box), size) if box else None


def _different(one: Image.Image, other: Image.Image) -> Image.Image:
    red, green, blue = ImageChops.difference(one, other).split()
    furthest = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    rough = furthest.point(lambda value: 255 * (value > APART))
    return rough.filter(ImageFilter.MaxFilter(5)).filter(ImageFilter.MinFilter(7)).filter(ImageFilter.MaxFilter(3))


def _mounted(drawn: Image.Image, mask: Image.Image, size: Size) -> Image.Image:
    room = min(size) * (1 - 2 * MARGIN)
    scale = room / max(drawn.size)
    fitted = (max(round(drawn.width * scale), 1), max(round(drawn.height * scale), 1))
    at = ((size[0] - fitted[0]) // 2, (size[1] - fitted[1]) // 2)
    shape = Image.new("L", size)
    shape.paste(mask.resize(fitted, Image.Resampling.LANCZOS), at)
    picture = Image.new("RGB", size, "white")
    picture.paste(INK, mask=shape.filter(ImageFilter.MaxFilter(LINE)).filter(ImageFilter.GaussianBlur(1)))
    whole = Image.new("RGB", size, "white")
    whole.paste(drawn.resize(fitted, Image.Resampling.LANCZOS), at)
    picture.paste(whole, mask=shape)
    return picture
