"""What a drawable kind of thing is."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.gemini.painter.colours import RGB
from bot.sandbox.gemini.painter.pen import Pen


@dataclass(frozen=True)
class Look:
    """How one thing shall look; None leaves it to the kind."""

    colour: RGB | None = None
    accent: RGB | None = None
    text: str = ""

    def main(self, usual: RGB) -> RGB:
        """Its colour, or the usual one."""
        return self.colour or usual

    def second(self, usual: RGB) -> RGB:
        """The colour of its roof, sail, shirt …, or the usual one."""
        return self.accent or usual


@dataclass(frozen=True)
class Head:
    """Where a thing would wear a hat: the middle of its brim, and half as wide as the crown, of the thing's height."""

    x: float
    y: float
    half: float


@dataclass(frozen=True)
class Kind:
    """How a thing is drawn, how wide it is for its height, and where it belongs."""

    draw: Callable[[Pen, Look], None]
    wide: float  # of its height
    tall: float  # of the shorter side of the picture
    place: str = "ground"  # ground, water, sky or table
    row: float = 0.88  # the foot line's place, as a fraction of the height
    depth: float = 1.0  # how round it looks
    shadow: bool = True
    head: Head | None = None
