"""From a scene to a picture."""

from random import Random

from PIL import Image

from bot.sandbox.gemini.painter import blend, lettering, tones
from bot.sandbox.gemini.painter.canvas import Canvas, Size
from bot.sandbox.gemini.painter.draw_abstract import draw_abstract
from bot.sandbox.gemini.painter.draw_land import draw_far, draw_near
from bot.sandbox.gemini.painter.draw_room import draw_room
from bot.sandbox.gemini.painter.draw_sky import draw_rainbow, draw_sky
from bot.sandbox.gemini.painter.scene import Scene, Thing
from bot.sandbox.gemini.painter.things import draw_thing, is_behind
from bot.sandbox.gemini.painter.weather import OVERLAYS

LARGEST = 2048 * 2048  # pixels that are really drawn; larger pictures are enlarged from there


def render(scene: Scene, size: Size) -> Image.Image:
    """The finished picture of a scene, of exactly that many pixels."""
    wanted = size
    if tones.turns_sideways(scene.finish):
        size = (size[1], size[0])
    while size[0] * size[1] > LARGEST * 1.5:
        size = (size[0] // 2, size[1] // 2)
    image = _drawn(scene, size)
    for inset in scene.insets:
        image = blend.lay(image, inset)
    for name, value in scene.finish:
        image = tones.apply(image, name, value)
    if image.size != wanted:
        image = image.resize(wanted, Image.Resampling.BICUBIC)
    return dressed(image, scene)


def dressed(image: Image.Image, scene: Scene) -> Image.Image:
    """The picture with the scene's frame and words."""
    if scene.frame:
        image = lettering.frame(image, scene.frame)
    for text, place, colour in scene.words:
        image = lettering.write(image, text, place, colour)
    return image


def _drawn(scene: Scene, size: Size) -> Image.Image:
    canvas = Canvas(scene, size)
    if scene.ground == "table":
        draw_room(canvas)
    elif scene.ground == "abstract":
        draw_abstract(canvas)
    else:
        _outdoors(canvas)
    for thing in in_front(scene):
        draw_thing(canvas, thing)
    image = canvas.image
    for name, overlay in OVERLAYS.items():
        if name in scene.weather:
            image = overlay(image, Random(f"{scene.seed} {name}"))
    return image


def _outdoors(canvas: Canvas) -> None:
    draw_sky(canvas)
    for thing in canvas.scene.things:
        if is_behind(thing):
            draw_thing(canvas, thing)
    if "rainbow" in canvas.scene.weather:
        draw_rainbow(canvas)
    draw_far(canvas)
    draw_near(canvas)


def in_front(scene: Scene) -> list[Thing]:
    """The things before the land, the far ones first."""
    return sorted((thing for thing in scene.things if not is_behind(thing)), key=lambda thing: (thing.y, thing.order))
