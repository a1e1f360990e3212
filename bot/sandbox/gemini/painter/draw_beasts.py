"""Larger animals."""

from bot.sandbox.gemini.painter.colours import INK, RGB, WHITE, darker, lighter
from bot.sandbox.gemini.painter.draw_pets import PINK, eye
from bot.sandbox.gemini.painter.kind import Head, Kind, Look
from bot.sandbox.gemini.painter.pen import Pen


def _leg(pen: Pen, x: float, tall: float, width: float, colours: tuple[RGB, RGB]) -> None:
    coat, hoof = colours
    pen.blob(
        [(x - width * 0.7, tall), (x - width * 0.42, 0.06), (x + width * 0.42, 0.06), (x + width * 0.7, tall)], coat
    )
    pen.box((x - width * 0.5, 0), (x + width * 0.5, 0.07), hoof, 0.02)


def horse(pen: Pen, look: Look) -> None:
    """A horse that looks to the right."""
    coat = look.main((150, 96, 62))
    mane = look.second(darker(coat, 0.5))
    for x in (-0.22, 0.13):
        _leg(pen, x, 0.52, 0.085, (darker(coat, 0.3), INK))
    pen.blob([(-0.38, 0.66), (-0.54, 0.60), (-0.56, 0.34), (-0.50, 0.20), (-0.44, 0.40), (-0.36, 0.54)], mane)
    pen.blob(
        [
            (-0.42, 0.58),
            (-0.36, 0.72),
            (-0.08, 0.69),
            (0.16, 0.72),
            (0.30, 0.64),
            (0.28, 0.48),
            (0.02, 0.44),
            (-0.26, 0.45),
        ],
        coat,
    )
    for x in (-0.33, 0.22):
        _leg(pen, x, 0.56, 0.095, (coat, INK))
    pen.blob([(0.06, 0.66), (0.16, 0.84), (0.28, 0.95), (0.40, 0.94), (0.38, 0.80), (0.33, 0.60), (0.22, 0.52)], coat)
    pen.blob([(0.02, 0.70), (0.10, 0.88), (0.26, 1.0), (0.36, 0.99), (0.24, 0.88), (0.14, 0.70)], mane)
    pen.poly([(0.33, 0.95), (0.37, 1.06), (0.42, 0.93)], coat)
    pen.blob([(0.27, 0.93), (0.40, 0.97), (0.50, 0.88), (0.60, 0.76), (0.60, 0.69), (0.53, 0.68), (0.40, 0.76)], coat)
    pen.blob([(0.52, 0.80), (0.61, 0.76), (0.60, 0.69), (0.53, 0.68), (0.48, 0.73)], lighter(coat, 0.3))
    pen.oval((0.575, 0.735), (0.012, 0.014), INK)
    eye(pen, (0.42, 0.885), 0.023)


def cow(pen: Pen, look: Look) -> None:
    """A cow with patches."""
    coat = look.main((250, 246, 240))
    patch = look.second((82, 66, 60))
    for x in (-0.34, 0.24):
        _leg(pen, x, 0.4, 0.1, (darker(coat, 0.22), INK))
    pen.curve([(-0.58, 0.70), (-0.68, 0.56), (-0.66, 0.34)], 0.03, coat)
    pen.blob(
        [
            (-0.60, 0.56),
            (-0.54, 0.78),
            (-0.10, 0.80),
            (0.32, 0.80),
            (0.42, 0.62),
            (0.36, 0.38),
            (-0.10, 0.33),
            (-0.52, 0.36),
        ],
        coat,
    )
    pen.blob([(-0.50, 0.74), (-0.28, 0.78), (-0.22, 0.58), (-0.42, 0.52)], patch)
    pen.blob([(0.02, 0.78), (0.24, 0.78), (0.22, 0.56), (0.04, 0.60)], patch)
    pen.oval((-0.22, 0.33), (0.1, 0.05), PINK)
    for x in (-0.45, 0.33):
        _leg(pen, x, 0.46, 0.11, (coat, INK))
    for x in (0.40, 0.64):
        pen.curve([(x, 0.94), (x + (x - 0.52) * 0.3, 1.04)], 0.035, (232, 214, 180))
    pen.oval((0.34, 0.86), (0.1, 0.045), patch, 20)
    pen.oval((0.70, 0.86), (0.1, 0.045), patch, -20)
    pen.blob([(0.38, 0.92), (0.52, 0.98), (0.66, 0.92), (0.64, 0.66), (0.52, 0.58), (0.40, 0.66)], coat)
    pen.oval((0.52, 0.645), (0.14, 0.085), PINK)
    for x in (0.47, 0.57):
        pen.oval((x, 0.65), (0.016, 0.02), darker(PINK, 0.4))
        eye(pen, (x + (x - 0.52) * 0.5, 0.83), 0.026)


def sheep(pen: Pen, look: Look) -> None:
    """A woolly sheep."""
    wool = look.main((250, 248, 242))
    for x in (-0.30, -0.12, 0.14, 0.30):
        pen.box((x - 0.04, 0), (x + 0.04, 0.34), (74, 66, 70), 0.03)
    for x, y, radius in (
        (-0.38, 0.48, 0.2),
        (-0.2, 0.66, 0.22),
        (0.06, 0.70, 0.23),
        (0.28, 0.58, 0.22),
        (0.2, 0.38, 0.22),
        (-0.08, 0.36, 0.24),
        (-0.3, 0.36, 0.18),
    ):
        pen.oval((x, y), (radius, radius * 0.92), wool)
    pen.oval((0.0, 0.52), (0.36, 0.24), wool)
    pen.oval((0.33, 0.72), (0.09, 0.045), (90, 80, 84), 28)
    pen.blob([(0.36, 0.78), (0.50, 0.84), (0.62, 0.70), (0.60, 0.54), (0.50, 0.48), (0.40, 0.58)], (90, 80, 84))
    pen.oval((0.44, 0.80), (0.13, 0.09), wool)
    pen.oval((0.53, 0.70), (0.028, 0.03), WHITE)
    pen.oval((0.535, 0.70), (0.015, 0.018), INK)


def frog(pen: Pen, look: Look) -> None:
    """A frog that smiles at you."""
    skin = look.main((110, 176, 78))
    for side in (-1, 1):
        pen.blob(
            [(side * 0.20, 0.34), (side * 0.62, 0.40), (side * 0.66, 0.12), (side * 0.40, 0.02)], darker(skin, 0.2)
        )
        pen.oval((side * 0.52, 0.04), (0.2, 0.05), darker(skin, 0.1))
    pen.blob(
        [(-0.42, 0.12), (-0.46, 0.44), (-0.30, 0.72), (0, 0.78), (0.30, 0.72), (0.46, 0.44), (0.42, 0.12), (0, 0.02)],
        skin,
    )
    pen.blob([(-0.28, 0.10), (-0.28, 0.34), (0, 0.42), (0.28, 0.34), (0.28, 0.10), (0, 0.05)], lighter(skin, 0.55))
    for side in (-1, 1):
        pen.oval((side * 0.23, 0.80), (0.15, 0.15), skin)
        pen.oval((side * 0.23, 0.82), (0.10, 0.10), WHITE)
        eye(pen, (side * 0.22, 0.82), 0.055)
        pen.oval((side * 0.32, 0.52), (0.06, 0.035), PINK)
        pen.oval((side * 0.16, 0.05), (0.1, 0.045), lighter(skin, 0.1))
    pen.curve([(-0.24, 0.56), (-0.10, 0.50), (0.10, 0.50), (0.24, 0.56)], 0.025, darker(skin, 0.55))


def elephant(pen: Pen, look: Look) -> None:
    """An elephant that looks to the right."""
    skin = look.main((150, 158, 172))
    for x in (-0.30, 0.16):
        pen.box((x - 0.09, 0), (x + 0.09, 0.4), darker(skin, 0.25), 0.05)
    pen.curve([(-0.54, 0.66), (-0.62, 0.50), (-0.60, 0.34)], 0.035, darker(skin, 0.2))
    pen.blob(
        [
            (-0.56, 0.54),
            (-0.46, 0.84),
            (-0.10, 0.92),
            (0.24, 0.86),
            (0.36, 0.60),
            (0.28, 0.32),
            (-0.10, 0.26),
            (-0.48, 0.30),
        ],
        skin,
    )
    for x in (-0.42, 0.05):
        pen.box((x - 0.10, 0), (x + 0.10, 0.46), skin, 0.06)
        for toe in (-0.05, 0.02, 0.08):
            pen.oval((x + toe, 0.025), (0.028, 0.025), lighter(skin, 0.5))
    pen.curve([(0.54, 0.66), (0.66, 0.46), (0.66, 0.22), (0.74, 0.10), (0.80, 0.16)], 0.12, skin)
    pen.blob([(0.48, 0.52), (0.58, 0.40), (0.70, 0.44), (0.56, 0.50)], WHITE)
    pen.oval((0.42, 0.72), (0.25, 0.24), skin)
    pen.blob([(0.22, 0.92), (0.02, 0.92), (-0.04, 0.64), (0.10, 0.44), (0.26, 0.56), (0.30, 0.78)], darker(skin, 0.14))
    pen.blob([(0.18, 0.84), (0.06, 0.84), (0.03, 0.64), (0.12, 0.53), (0.22, 0.62)], (214, 164, 168))
    eye(pen, (0.51, 0.78), 0.026)


BEASTS = {
    "horse": Kind(horse, 1.25, 0.30, row=0.90, head=Head(0.34, 0.985, 0.08)),
    "cow": Kind(cow, 1.45, 0.22, row=0.90, head=Head(0.52, 0.95, 0.11)),
    "sheep": Kind(sheep, 1.25, 0.16, row=0.90, head=Head(0.46, 0.865, 0.1)),
    "frog": Kind(frog, 1.4, 0.13, row=0.94, head=Head(0, 0.9, 0.17)),
    "elephant": Kind(elephant, 1.55, 0.34, row=0.90, head=Head(0.42, 0.93, 0.14)),
}
