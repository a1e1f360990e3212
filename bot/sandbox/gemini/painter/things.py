"""Every kind of thing the painter can draw, and how one of them gets onto the picture."""

from collections.abc import Mapping
from random import Random
from types import MappingProxyType

from PIL import Image, ImageOps

from bot.sandbox.gemini.painter.canvas import Canvas
from bot.sandbox.gemini.painter.colours import named
from bot.sandbox.gemini.painter.draw_beasts import BEASTS
from bot.sandbox.gemini.painter.draw_food import FOOD
from bot.sandbox.gemini.painter.draw_hats import HATS, USUAL, wear
from bot.sandbox.gemini.painter.draw_homes import HOMES
from bot.sandbox.gemini.painter.draw_people import PEOPLE
from bot.sandbox.gemini.painter.draw_pets import PETS
from bot.sandbox.gemini.painter.draw_plants import PLANTS
from bot.sandbox.gemini.painter.draw_sky import SKY
from bot.sandbox.gemini.painter.draw_vehicles import VEHICLES
from bot.sandbox.gemini.painter.draw_wild import WILD
from bot.sandbox.gemini.painter.kind import Kind, Look
from bot.sandbox.gemini.painter.land import SHORE
from bot.sandbox.gemini.painter.pen import Pen
from bot.sandbox.gemini.painter.scene import PLAIN, Thing

KINDS: Mapping[str, Kind] = MappingProxyType(
    {**SKY, **PETS, **BEASTS, **WILD, **PEOPLE, **PLANTS, **HOMES, **VEHICLES, **FOOD, **HATS}
)


def is_behind(thing: Thing) -> bool:
    """Whether it hangs in the sky, behind all land."""
    return thing.kind in SKY


def look_of(thing: Thing) -> Look:
    """Its colours, out of their names."""
    colour = named(thing.colour) if thing.colour else None
    return Look(colour, named(thing.accent) if thing.accent else None, thing.text)


def draw_on(pen: Pen, thing: Thing) -> None:
    """Draw one thing, and the hat it wears."""
    kind = KINDS[thing.kind]
    kind.draw(pen, look_of(thing))
    if thing.hat and kind.head:
        wear(pen, kind.head, USUAL if thing.hat == PLAIN else named(thing.hat))


def afloat(canvas: Canvas, thing: Thing) -> bool:
    """Whether it is on the water rather than ashore."""
    return canvas.scene.ground == "water" or (canvas.scene.has_water and thing.y < SHORE)


def mirror(canvas: Canvas, tile: Image.Image, where: tuple[int, int], foot: float) -> None:
    """The faint image of a tile in the water below its foot line."""
    above = ImageOps.flip(tile.crop((0, 0, tile.width, round(foot))))
    room = canvas.size[1] if canvas.scene.ground == "water" else round((SHORE - 0.036) * canvas.size[1])
    squat = above.resize((above.width, max(1, round(above.height * 0.5))))
    shown = squat.crop((0, 0, squat.width, max(0, min(squat.height, room - where[1]))))
    if shown.height:
        shown.putalpha(shown.getchannel("A").point([round(level * 0.26) for level in range(256)]))
        canvas.put(shown, where)


def draw_thing(canvas: Canvas, thing: Thing) -> None:
    """Put one thing where it belongs: its shadow, itself, and the light it gives."""
    kind = KINDS[thing.kind]
    height = max(8, round(thing.size * canvas.unit))
    pen = Pen(height, kind.wide, canvas.light, Random(thing.seed))
    draw_on(pen, thing)
    tile, (foot_x, foot_y) = pen.tile(kind.depth), pen.foot()
    if thing.flip:
        tile, foot_x = ImageOps.mirror(tile), tile.width - foot_x
    x, y = canvas.spot((thing.x, thing.y))
    if kind.place == "water" and afloat(canvas, thing):
        mirror(canvas, tile, (round(x - foot_x), round(y)), foot_y)
    elif kind.shadow:
        canvas.shadow((x + height * 0.05, y), (height * kind.wide * 0.52, height * 0.055))
    canvas.put(tile, (round(x - foot_x), round(y - foot_y)))
    for centre, radius, colour in pen.glows:
        side = -centre[0] if thing.flip else centre[0]
        canvas.shine((x + side * height, y - centre[1] * height), radius * height, colour, 0.85)
