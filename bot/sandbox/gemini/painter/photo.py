"""Edits of pictures that the painter did not paint: what needs no understanding, and an honest word about the rest."""

from dataclasses import dataclass
from random import Random

from PIL import Image, ImageChops, ImageFilter, ImageOps, ImageStat

from bot.sandbox.gemini.painter import lettering, tones
from bot.sandbox.gemini.painter.colours import RGB, named
from bot.sandbox.gemini.painter.intent import Edit
from bot.sandbox.gemini.painter.light import LIGHTS
from bot.sandbox.gemini.painter.pen import Pen
from bot.sandbox.gemini.painter.phrases import Mention
from bot.sandbox.gemini.painter.reply import HOURS, counted, finished, is_or_are, there_is
from bot.sandbox.gemini.painter.scene import Thing, seed_of
from bot.sandbox.gemini.painter.things import KINDS, draw_on
from bot.sandbox.gemini.painter.weather import OVERLAYS

SKY_ENDS = 0.62  # of the height; below that nothing is taken for sky
SEASONS = {"snowland": ("muted", "cool", "bright"), "autumn": ("warm", "vivid"), "clear": ("warm", "bright")}
ATTEMPTS = {
    "remove": "take {0} away", "colour": "recolour {0}", "grow": "make {0} bigger", "shrink": "make {0} smaller",
    "move": "move {0}", "replace": "replace {0}", "hat": "give {0} a hat", "unhat": "take the hat off {0}",
}  # fmt: skip
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
        return Touched(tones.apply(image, edit.value, edit.colour), finished(edit.value, edit.colour))
    if edit.do == "spare":
        return Touched(image, missed=f"paint anything {edit.colour}")
    if edit.do == "write":
        place = {"up": "top", "centre": "middle"}.get(edit.place, "bottom")
        return Touched(lettering.write(image, edit.value, place, edit.colour), f"“{edit.value}” is written on it")
    if edit.do == "frame":
        return Touched(lettering.frame(image, edit.colour or "wooden"), f"it has a {edit.colour or 'wooden'} frame")
    return _to_what(image, edit)


def _to_what(image: Image.Image, edit: Edit) -> Touched:
    mention = edit.what
    if mention is None:
        return Touched(image, missed="do that")
    shown = edit.other if edit.do == "replace" and edit.other else mention
    if shown.sort == "hour":
        return Touched(tones.apply(image, shown.name), f"it looks like {HOURS[shown.name]} now")
    if shown.name in SEASONS and edit.do in {"add", "replace"}:
        return _season(image, shown)
    if mention.name == "sky" and mention.colour:
        return Touched(sky_coloured(image, mention.colour), f"the sky is {mention.colour} now")
    if edit.do == "add" or (edit.do == "hat" and edit.other is None):
        return _added(image, mention)
    return Touched(image, missed=ATTEMPTS.get(edit.do, "change {0}").format(_named(edit)))


def _named(edit: Edit) -> str:
    owner = edit.other if edit.do in {"hat", "unhat"} else edit.what
    return f"the {owner.word}" if owner else "anybody"


def _season(image: Image.Image, mention: Mention) -> Touched:
    for step in SEASONS[mention.name]:
        image = tones.apply(image, step)
    looks = {"snowland": "winter", "autumn": "autumn"}.get(mention.name)
    fair = "summer" if mention.word.startswith("summer") else "a clear day"
    return Touched(image, f"it looks like {looks or fair} now")


def _added(image: Image.Image, mention: Mention) -> Touched:
    if mention.name in OVERLAYS:
        rng = Random(seed_of(mention.name, image.size))
        return Touched(OVERLAYS[mention.name](image, rng), f"{there_is(mention.name)} now")
    if mention.sort in {"thing", "hat"}:
        return Touched(sticker(image, mention), f"{counted(mention)} {is_or_are(mention)} stuck on it")
    return Touched(image, missed=f"change the {mention.word}")


def sky_coloured(image: Image.Image, name: str) -> Image.Image:
    """The picture with whatever resembles its upper edge, in its upper part, in another colour."""
    band = image.crop((0, 0, image.width, max(1, image.height // 9)))
    usual = [round(level) for level in ImageStat.Stat(band).median]
    apart = ImageChops.difference(image, Image.new("RGB", image.size, (usual[0], usual[1], usual[2])))
    like = ImageOps.grayscale(apart).point([max(0, min(255, 255 - (level - 26) * 9)) for level in range(256)])
    soft = like.filter(ImageFilter.MedianFilter(5)).filter(ImageFilter.GaussianBlur(min(image.size) / 300))
    done = image.copy()
    done.paste(_tinted(image, named(name), sum(usual) / 3), (0, 0), ImageChops.multiply(soft, _ramp(image.size)))
    return done


def _tinted(image: Image.Image, colour: RGB, usual: float) -> Image.Image:
    """The picture's light and shade in one colour; its usual level becomes the colour itself."""
    grey = ImageOps.grayscale(image)
    channels = [grey.point([min(255, round(level * part / max(usual, 24))) for level in range(256)]) for part in colour]
    return Image.merge("RGB", channels)


def _ramp(size: tuple[int, int]) -> Image.Image:
    column = Image.new("L", (1, size[1]))
    column.putdata([max(0, min(255, round(765 * (1 - row / (size[1] * SKY_ENDS))))) for row in range(size[1])])
    return column.resize(size)


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
    draw_on(pen, Thing(mention.name, 0, 0, 0, seed, mention.colour, text=mention.text or "HELLO", hat=mention.hat))
    tile = pen.tile(kind.depth)
    edge = tile.getchannel("A").filter(ImageFilter.MaxFilter(2 * max(2, height // 50) + 1))
    x = round(middle * image.width - tile.width / 2)
    y = round(image.height * 0.05) if kind.place == "sky" else image.height - tile.height
    image.paste((20, 20, 30), (x + height // 60, y + height // 40), edge.filter(ImageFilter.GaussianBlur(height / 40)))
    image.paste((255, 255, 255), (x, y), edge)
    image.paste(tile, (x, y), tile)
