"""All land of a picture, from the far to the near."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from bot.sandbox.gemini.painter.canvas import Canvas, box
from bot.sandbox.gemini.painter.draw_far import city, hills, mountains, tree_line
from bot.sandbox.gemini.painter.draw_ground import ground, road
from bot.sandbox.gemini.painter.draw_water import lake, river, sea
from bot.sandbox.gemini.painter.land import ground_colour, start_of

FAR: Mapping[str, Callable[[Canvas], None]] = MappingProxyType(
    {"mountains": mountains, "city": city, "hills": hills, "forest": tree_line, "sea": sea, "lake": lake}
)
NEAR: Mapping[str, Callable[[Canvas], None]] = MappingProxyType({"river": river, "road": road})


def draw_far(canvas: Canvas) -> None:
    """Everything between the sky and the water's edge."""
    plain = canvas.light.far(ground_colour(canvas), 0.45)
    canvas.region(box(-0.01, canvas.horizon, 1.01, 1.01), ((0.0, plain), (1.0, plain)))
    for name, draw in FAR.items():
        if name in canvas.scene.lands:
            draw(canvas)


def draw_near(canvas: Canvas) -> None:
    """The ground one stands on, and what runs through it."""
    if "sea" in canvas.scene.lands and canvas.scene.ground == "water":
        return
    ground(canvas, start_of(canvas))
    for name, draw in NEAR.items():
        if name in canvas.scene.lands:
            draw(canvas)
