"""Hats: on a head, or on the ground where nobody wears them."""

from bot.sandbox.gemini.painter.colours import RGB, darker, lighter
from bot.sandbox.gemini.painter.kind import Head, Kind, Look
from bot.sandbox.gemini.painter.pen import Pen

USUAL: RGB = (64, 84, 138)
ON_THE_GROUND = Head(0, 0.14, 0.5)


def wear(pen: Pen, head: Head, colour: RGB) -> None:
    """Put a hat on a head that is drawn already."""
    half, top = head.half * 0.85, head.y + head.half * 1.3
    pen.oval((head.x, head.y), (head.half * 1.6, head.half * 0.3), darker(colour, 0.2))
    pen.box((head.x - half, head.y), (head.x + half, top), colour, head.half * 0.35)
    pen.box((head.x - half, head.y + head.half * 0.08), (head.x + half, head.y + head.half * 0.4), lighter(colour, 0.7))


def hat(pen: Pen, look: Look) -> None:
    """A hat that somebody has put down."""
    wear(pen, ON_THE_GROUND, look.main(USUAL))


HATS = {"hat": Kind(hat, 1.6, 0.09, row=0.93)}
