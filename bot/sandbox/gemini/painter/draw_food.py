"""A kitchen table and what stands on it."""

from bot.sandbox.gemini.painter.colours import INK, RGB, WHITE, darker, lighter
from bot.sandbox.gemini.painter.kind import Kind, Look
from bot.sandbox.gemini.painter.pen import Pen, ring

CROPS: tuple[RGB, ...] = ((214, 68, 58), (240, 150, 64), (120, 176, 84), (246, 208, 92))


def pot(pen: Pen, look: Look) -> None:
    """A pot that steams."""
    metal = look.main((88, 118, 150))
    for x in (-0.18, 0.04, 0.24):
        pen.curve([(x, 0.66), (x + 0.06, 0.78), (x - 0.04, 0.88), (x + 0.03, 1.0)], 0.035, (250, 250, 252))
    for side in (-1, 1):
        pen.oval((side * 0.66, 0.42), (0.14, 0.07), darker(metal, 0.3))
    pen.oval((0, 0.12), (0.58, 0.14), metal)
    pen.box((-0.60, 0.10), (0.60, 0.58), metal, 0.06)
    pen.oval((0, 0.58), (0.62, 0.12), lighter(metal, 0.35))
    pen.oval((0, 0.58), (0.55, 0.085), look.second((222, 134, 70)))
    pen.poly([(-0.48, 0.14), (-0.40, 0.14), (-0.42, 0.5), (-0.50, 0.5)], lighter(metal, 0.4))


def bowl(pen: Pen, look: Look) -> None:
    """A bowl, full."""
    clay = look.main((236, 226, 210))
    for x, y, colour in (
        (-0.36, 0.66, CROPS[0]),
        (0.0, 0.74, CROPS[2]),
        (0.34, 0.66, CROPS[3]),
        (0.15, 0.60, CROPS[1]),
    ):
        pen.oval((x, y), (0.27, 0.24), look.accent or colour)
    pen.blob([(-0.82, 0.62), (-0.58, 0.16), (-0.24, 0.0), (0.24, 0.0), (0.58, 0.16), (0.82, 0.62), (0, 0.56)], clay)
    pen.curve([(-0.74, 0.46), (0, 0.38), (0.74, 0.46)], 0.04, (92, 138, 190))


def plate(pen: Pen, look: Look) -> None:
    """A plate with a meal."""
    pen.oval((0, 0.22), (1.0, 0.22), darker(WHITE, 0.12))
    pen.oval((0, 0.27), (1.0, 0.22), WHITE)
    pen.oval((0, 0.28), (0.72, 0.14), (240, 240, 236))
    pen.blob(
        [(-0.56, 0.30), (-0.34, 0.62), (0, 0.76), (0.36, 0.60), (0.56, 0.30), (0, 0.22)], look.main((240, 190, 84))
    )
    for x, y, colour in (
        (-0.24, 0.52, CROPS[0]),
        (0.06, 0.62, CROPS[2]),
        (0.28, 0.44, CROPS[0]),
        (-0.02, 0.42, CROPS[2]),
    ):
        pen.oval((x, y), (0.085, 0.065), colour)
    pen.curve([(0.02, 0.70), (0.12, 0.88), (0.26, 0.90)], 0.05, CROPS[2])


def vegetable(pen: Pen, look: Look) -> None:
    """A tomato, a carrot's cousin or a leafy thing: round, with green on top."""
    skin = look.main(pen.rng.choice(CROPS))
    pen.oval((0, 0.42), (0.46, 0.42), skin)
    pen.oval((-0.16, 0.58), (0.13, 0.09), lighter(skin, 0.5), 30)
    for turn in (-0.24, 0, 0.24):
        pen.blob([(0, 0.80), (turn, 1.0), (turn * 1.4, 0.86)], (98, 150, 80))
    pen.line([(0, 0.80), (0.03, 0.98)], 0.05, (88, 132, 72))


def cup(pen: Pen, look: Look) -> None:
    """A cup of something hot."""
    clay = look.main((214, 110, 92))
    pen.curve([(0.34, 0.54), (0.56, 0.50), (0.54, 0.24), (0.32, 0.20)], 0.08, clay)
    pen.blob([(-0.40, 0.66), (-0.38, 0.16), (-0.26, 0.02), (0.26, 0.02), (0.38, 0.16), (0.40, 0.66)], clay)
    pen.oval((0, 0.65), (0.40, 0.09), lighter(clay, 0.4))
    pen.oval((0, 0.645), (0.34, 0.065), (110, 72, 50))
    for x in (-0.1, 0.1):
        pen.curve([(x, 0.74), (x + 0.06, 0.84), (x - 0.02, 0.98)], 0.03, WHITE)


def cake(pen: Pen, look: Look) -> None:
    """A cake with candles."""
    cream = look.main((246, 178, 196))
    pen.oval((0, 0.06), (0.78, 0.08), (226, 226, 232))
    pen.box((-0.62, 0.06), (0.62, 0.44), (214, 160, 104), 0.06)
    pen.box((-0.62, 0.30), (0.62, 0.54), cream, 0.06)
    for x in (-0.5, -0.28, -0.04, 0.2, 0.44):
        pen.oval((x, 0.29), (0.1, 0.10 + 0.04 * (x > 0)), cream)
    for x in (-0.34, 0, 0.34):
        pen.line([(x, 0.54), (x, 0.78)], 0.05, (110, 170, 210))
        pen.glow((x, 0.86), 0.3, (255, 210, 120))
        pen.lamp(ring((x, 0.86), (0.04, 0.08)), (255, 214, 110))
    for x in (-0.17, 0.17):
        pen.oval((x, 0.56), (0.075, 0.07), (208, 60, 66))


def knife(pen: Pen, look: Look) -> None:
    """A board with a knife."""
    wood = look.main((206, 158, 108))
    pen.poly([(-1.3, 0.0), (-1.05, 0.62), (1.15, 0.62), (1.35, 0.0)], wood)
    pen.poly([(-1.3, 0.0), (1.35, 0.0), (1.35, -0.1), (-1.3, -0.1)], darker(wood, 0.3))
    pen.poly([(-0.2, 0.30), (0.75, 0.26), (0.62, 0.42), (-0.2, 0.42)], (214, 220, 226))
    pen.line([(-0.24, 0.36), (-0.66, 0.38)], 0.11, INK)


FOOD = {
    "pot": Kind(pot, 1.7, 0.34, "table", 0.80, 0.8),
    "bowl": Kind(bowl, 1.8, 0.20, "table", 0.86, 0.8),
    "plate": Kind(plate, 2.1, 0.24, "table", 0.90, 0.7),
    "vegetable": Kind(vegetable, 1.05, 0.12, "table", 0.90, 0.9),
    "cup": Kind(cup, 1.2, 0.17, "table", 0.88, 0.8),
    "cake": Kind(cake, 1.7, 0.28, "table", 0.86, 0.8),
    "knife": Kind(knife, 2.8, 0.13, "table", 0.92, 0.5),
}
