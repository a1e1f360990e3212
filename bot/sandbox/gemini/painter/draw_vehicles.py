"""What rides, sails and flies."""

import math

from bot.sandbox.gemini.painter.colours import INK, RGB, WHITE, darker, lighter
from bot.sandbox.gemini.painter.draw_homes import GLASS, WOOD
from bot.sandbox.gemini.painter.kind import Kind, Look
from bot.sandbox.gemini.painter.pen import Pen, smooth

STRIPES: tuple[RGB, ...] = ((226, 84, 74), (248, 196, 86), (72, 150, 178))


def boat(pen: Pen, look: Look) -> None:
    """A sailing boat."""
    hull, sail = look.main((176, 92, 64)), look.second((252, 248, 238))
    pen.line([(0.0, 0.14), (0.0, 0.99)], 0.022, WOOD)
    pen.blob([(0.03, 0.24), (0.04, 0.60), (0.03, 0.96), (0.24, 0.62), (0.40, 0.26)], sail)
    pen.blob([(-0.03, 0.28), (-0.05, 0.60), (-0.03, 0.86), (-0.18, 0.56), (-0.30, 0.28)], darker(sail, 0.1))
    pen.poly([(0.0, 1.0), (-0.14, 0.96), (0.0, 0.92)], (214, 70, 64))
    pen.blob(
        [(-0.48, 0.22), (-0.30, 0.20), (0.0, 0.19), (0.30, 0.20), (0.52, 0.23), (0.36, 0.03), (0, 0.0), (-0.34, 0.03)],
        hull,
    )
    pen.line([(-0.46, 0.20), (0.49, 0.20)], 0.035, lighter(hull, 0.45))
    pen.line([(-0.38, 0.105), (0.42, 0.105)], 0.014, darker(hull, 0.3))


def car(pen: Pen, look: Look) -> None:
    """A small car that drives to the right."""
    paint = look.main((214, 82, 72))
    pen.blob([(-0.58, 0.52), (-0.42, 0.94), (-0.05, 1.0), (0.26, 0.92), (0.52, 0.54)], paint)
    pen.poly([(-0.46, 0.56), (-0.36, 0.86), (-0.06, 0.90), (-0.06, 0.56)], GLASS)
    pen.poly([(0.01, 0.56), (0.01, 0.90), (0.22, 0.84), (0.40, 0.56)], GLASS)
    pen.poly([(-0.34, 0.56), (-0.24, 0.87), (-0.14, 0.885), (-0.22, 0.56)], lighter(GLASS, 0.45))
    pen.blob(
        [
            (-0.92, 0.24),
            (-0.90, 0.52),
            (-0.50, 0.60),
            (0.45, 0.60),
            (0.86, 0.50),
            (0.96, 0.24),
            (0.60, 0.16),
            (-0.60, 0.16),
        ],
        paint,
    )
    pen.line([(-0.86, 0.27), (0.90, 0.27)], 0.03, darker(paint, 0.25))
    pen.line([(-0.02, 0.28), (-0.02, 0.56)], 0.012, darker(paint, 0.3))
    pen.box((-0.16, 0.46), (-0.07, 0.49), darker(paint, 0.35), 0.01)
    pen.oval((0.88, 0.42), (0.06, 0.07), (255, 240, 180))
    pen.oval((-0.89, 0.42), (0.04, 0.07), (220, 50, 50))
    if pen.light.lamps:
        pen.glow((0.95, 0.40), 0.8, (255, 232, 160))
    for x in (-0.52, 0.54):
        _wheel(pen, x, 0.21)


def _wheel(pen: Pen, x: float, radius: float) -> None:
    pen.oval((x, radius), (radius, radius), INK)
    pen.oval((x, radius), (radius * 0.56, radius * 0.56), (206, 210, 216))
    pen.oval((x, radius), (radius * 0.2, radius * 0.2), INK)


def balloon(pen: Pen, look: Look) -> None:
    """A hot-air balloon."""
    base = look.main(STRIPES[0])
    other = look.second((250, 214, 120) if look.colour is None else lighter(base, 0.55))
    for x in (-0.10, 0.10):
        pen.line([(x * 2.0, 0.36), (x, 0.16)], 0.01, WOOD)
    for index in range(7):
        half = 0.40 * math.cos(math.pi / 2 * index / 7)
        following = 0.40 * math.cos(math.pi / 2 * (index + 1) / 7)
        for side in (-1, 1):
            _gore(pen, (side * half, side * following), base if index % 2 == 0 else other)
    pen.box((-0.075, 0.30), (0.075, 0.335), darker(base, 0.3), 0.01)
    pen.box((-0.085, 0.02), (0.085, 0.16), (168, 120, 78), 0.025)
    pen.line([(-0.085, 0.155), (0.085, 0.155)], 0.025, (128, 88, 58))
    if pen.light.lamps:
        pen.glow((0, 0.34), 0.4, (255, 190, 90))


def _gore(pen: Pen, edges: tuple[float, float], colour: RGB) -> None:
    outer, inner = edges
    points = [
        smooth([(0, 1.0), (x * 0.80, 0.92), (x, 0.70), (x * 0.72, 0.46), (x * 0.2, 0.32)], closed=False)
        for x in (outer, inner)
    ]
    pen.poly([*points[0], *reversed(points[1])], colour)


def plane(pen: Pen, look: Look) -> None:
    """An aeroplane that flies to the right."""
    paint = look.main((248, 248, 250))
    trim = look.second((70, 126, 190))
    pen.poly([(-0.98, 0.50), (-1.16, 0.98), (-0.94, 0.98), (-0.62, 0.58)], trim)
    pen.blob(
        [
            (-1.10, 0.50),
            (-0.60, 0.66),
            (0.50, 0.66),
            (1.02, 0.54),
            (1.14, 0.44),
            (0.96, 0.34),
            (0.30, 0.28),
            (-0.50, 0.34),
        ],
        paint,
    )
    pen.poly([(0.16, 0.46), (-0.44, 0.0), (-0.62, 0.0), (-0.26, 0.46)], darker(paint, 0.2))
    for step in range(7):
        pen.oval((-0.52 + step * 0.19, 0.53), (0.045, 0.05), trim)
    pen.poly([(0.86, 0.58), (0.98, 0.47), (0.80, 0.49), (0.76, 0.60)], GLASS)


def rocket(pen: Pen, look: Look) -> None:
    """A rocket on its way up."""
    paint, fin = look.main((246, 246, 250)), look.second((214, 76, 70))
    pen.glow((0, 0.08), 0.7, (255, 170, 80))
    pen.flame([(-0.09, 0.20), (-0.07, 0.06), (0, -0.12), (0.07, 0.06), (0.09, 0.20)], (250, 170, 70))
    for side in (-1, 1):
        pen.blob([(side * 0.10, 0.40), (side * 0.27, 0.26), (side * 0.28, 0.12), (side * 0.10, 0.20)], fin)
    pen.blob([(-0.12, 0.18), (-0.17, 0.46), (-0.12, 0.76), (0, 1.0), (0.12, 0.76), (0.17, 0.46), (0.12, 0.18)], paint)
    pen.blob([(-0.105, 0.80), (-0.06, 0.92), (0, 1.0), (0.06, 0.92), (0.105, 0.80), (0, 0.78)], fin)
    pen.oval((0, 0.58), (0.085, 0.085), (90, 100, 120))
    pen.oval((0, 0.58), (0.062, 0.062), GLASS)


def ufo(pen: Pen, look: Look) -> None:
    """A flying saucer."""
    metal, glow = look.main((160, 172, 190)), look.second((140, 240, 190))
    pen.glow((0, 0.3), 1.3, glow)
    pen.oval((0, 0.62), (0.36, 0.36), lighter(GLASS, 0.2))
    pen.oval((-0.1, 0.74), (0.09, 0.12), WHITE, 30)
    pen.oval((0, 0.44), (0.92, 0.24), metal)
    pen.oval((0, 0.50), (0.60, 0.12), lighter(metal, 0.3))
    for x in (-0.62, -0.32, 0, 0.32, 0.62):
        pen.oval((x, 0.34 - abs(x) * -0.06), (0.06, 0.06), glow)


def kite(pen: Pen, look: Look) -> None:
    """A kite with its tail."""
    cloth = look.main(pen.rng.choice(STRIPES))
    pen.curve([(0, 0.30), (-0.08, 0.20), (0.06, 0.10), (-0.06, 0.0)], 0.02, darker(cloth, 0.3))
    pen.poly([(0, 1.0), (-0.26, 0.70), (0, 0.28)], cloth)
    pen.poly([(0, 1.0), (0.26, 0.70), (0, 0.28)], lighter(cloth, 0.4))
    for x, y in ((-0.06, 0.20), (0.04, 0.08)):
        pen.poly(
            [(x - 0.07, y + 0.03), (x - 0.07, y - 0.03), (x + 0.07, y + 0.03), (x + 0.07, y - 0.03)], (248, 196, 86)
        )


def bicycle(pen: Pen, look: Look) -> None:
    """A bicycle."""
    frame = look.main((70, 150, 170))
    for x in (-0.48, 0.48):
        pen.oval((x, 0.32), (0.32, 0.32), INK)
        pen.oval((x, 0.32), (0.27, 0.27), (226, 230, 232))
        pen.oval((x, 0.32), (0.03, 0.03), INK)
    pen.line([(-0.48, 0.32), (-0.02, 0.30), (0.34, 0.74), (-0.18, 0.74), (-0.48, 0.32)], 0.045, frame)
    pen.line([(-0.02, 0.30), (-0.22, 0.84)], 0.045, frame)
    pen.line([(0.48, 0.32), (0.30, 0.92), (0.44, 0.96)], 0.045, darker(frame, 0.2))
    pen.line([(-0.34, 0.86), (-0.12, 0.86)], 0.07, INK)


VEHICLES = {
    "boat": Kind(boat, 1.1, 0.24, "water", 0.69, 0.7, shadow=False),
    "car": Kind(car, 2.0, 0.13, row=0.90, depth=0.7),
    "balloon": Kind(balloon, 0.85, 0.28, "sky", 0.42, shadow=False),
    "plane": Kind(plane, 2.4, 0.10, "sky", 0.24, shadow=False),
    "rocket": Kind(rocket, 0.65, 0.34, "sky", 0.52, shadow=False),
    "ufo": Kind(ufo, 1.9, 0.12, "sky", 0.28, shadow=False),
    "kite": Kind(kite, 0.65, 0.16, "sky", 0.34, 0.5, shadow=False),
    "bicycle": Kind(bicycle, 1.65, 0.14, row=0.92, depth=0.3),
}
