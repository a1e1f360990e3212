"""Edits of pictures that the painter did not paint: what needs no understanding, and an honest word about the rest."""

from dataclasses import dataclass
from random import Random

from PIL import Image, ImageChops, ImageFilter, ImageOps

from bot.sandbox.gemini.painter import lettering, tones
from bot.sandbox.gemini.painter.colours import named
from bot.sandbox.gemini.painter.edits import counted
from bot.sandbox.gemini.painter.intent import Edit
from bot.sandbox.gemini.painter.light import LIGHTS
from bot.sandbox.gemini.painter.pen import Pen
from bot.sandbox.gemini.painter.phrases import Mention
from bot.sandbox.gemini.painter.scene import Thing, seed_of
from bot.sandbox.gemini.painter.scenery import there_is
from bot.sandbox.gemini.painter.things import KINDS, look_of
from bot.sandbox.gemini.painter.weather import OVERLAYS

SKY_ENDS = 0.62  # of the height; below that nothing is taken for sky
COLUMNS = {"left": 0.22, "centre": 0.5, "right": 0.78}


@dataclass(frozen=True)
class Touched:
    """A photograph after an edit, and a clause about it: what was done, or what could not be."""

    image: Image.Image
    done: str = ""
    missed: str = ""


def apply(image: Image.Image, edit: Edit) -> Touched:
    """The photograph with one edit done to it, or as it was."""
    if edit.do == "rotate":
        return Touched(tones.apply(image, "rotate", edit.value), "it is rotated")
    if edit.do == "finish":
        return Touched(tones.apply(image, edit.value))
    if edit.do == "write":
        place = {"up": "top", "centre": "middle"}.get(edit.place, "bottom")
        return Touched(lettering.write(image, edit.value, place, edit.colour), f"“{edit.value}” is written on it")
    if edit.do == "frame":
        return Touched(lettering.frame(image, edit.colour or "wooden"), f"it has a {edit.colour or 'wooden'} frame")
    return _to_what(image, edit)


def _to_what(image: Image.Image, edit: Edit) -> Touched:
    mention = edit.other or edit.what
    if mention is None:
        return Touched(image, missed=f"{edit.do} something in a photograph")
    if edit.do in {"add", "replace"} and mention.sort == "hour":
        return Touched(tones.apply(image, mention.name), f"it looks like {mention.word} now")
    if edit.do == "add" and mention.name in OVERLAYS:
        rng = Random(seed_of(mention.name, image.size))
        return Touched(OVERLAYS[mention.name](image, rng), f"{there_is(mention.name)} now")
    if mention.name == "sky" and mention.colour:
        return Touched(sky_coloured(image, mention.colour), f"the sky is {mention.colour} now, as far as I can tell it")
    if edit.do == "add" and mention.sort == "thing":
        return Touched(sticker(image, mention), f"{counted(mention)} {_is(mention)} on it, as a sticker")
    return Touched(image, missed=f"{edit.do} the {(edit.what or mention).word} in a photograph")


def _is(mention: Mention) -> str:
    return "are" if (mention.count or 1) > 1 else "is"


def sky_coloured(image: Image.Image, name: str) -> Image.Image:
    """The bright upper part of a picture in another colour; what is darker keeps its own."""
    grey = ImageOps.grayscale(image)
    lit = grey.point([max(0, min(255, (level - 95) * 4)) for level in range(256)])
    soft = lit.filter(ImageFilter.MedianFilter(7)).filter(ImageFilter.GaussianBlur(min(image.size) / 200))
    ramp = Image.new("L", (1, image.height))
    ramp.putdata(
        [max(0, min(255, round(255 * 3 * (1 - row / (image.height * SKY_ENDS))))) for row in range(image.height)]
    )
    mask = ImageChops.multiply(soft, ramp.resize(image.size))
    tinted = ImageOps.colorize(grey, (30, 20, 40), (255, 252, 240), named(name), midpoint=150)
    done = image.copy()
    done.paste(tinted, (0, 0), mask)
    return done


def sticker(image: Image.Image, mention: Mention) -> Image.Image:
    """The picture with drawn things stuck on it, each with a white edge."""
    done = image.copy()
    count = mention.count or 1
    for number in range(count):
        middle = COLUMNS.get(mention.place, 0.78 if count == 1 else (number + 0.5) / count)
        _stick(done, mention, (middle, seed_of(mention.name, number)))
    return done


def _stick(image: Image.Image, mention: Mention, where: tuple[float, int]) -> None:
    middle, seed = where
    kind = KINDS[mention.name]
    height = max(24, round(min(image.size) * min(0.4, kind.tall * 1.3 * mention.size)))
    pen = Pen(height, kind.wide, LIGHTS["day"], Random(seed))
    kind.draw(pen, look_of(Thing(mention.name, 0, 0, 0, seed, mention.colour, text=mention.text or "HELLO")))
    tile = pen.tile(kind.depth)
    edge = tile.getchannel("A").filter(ImageFilter.MaxFilter(2 * max(2, height // 50) + 1))
    x = round(middle * image.width - tile.width / 2)
    y = round(image.height * 0.05) if kind.place == "sky" else image.height - tile.height
    image.paste((20, 20, 30), (x + height // 60, y + height // 40), edge.filter(ImageFilter.GaussianBlur(height / 40)))
    image.paste((255, 255, 255), (x, y), edge)
    image.paste(tile, (x, y), tile)
