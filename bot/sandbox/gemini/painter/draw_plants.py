"""What grows, and what lies about."""

import math

from bot.sandbox.gemini.painter.colours import RGB, WHITE, darker, lighter, mix
from bot.sandbox.gemini.painter.kind import Kind, Look
from bot.sandbox.gemini.painter.pen import Pen, ring

LEAF: RGB = (88, 148, 78)
BARK: RGB = (118, 82, 58)
PETALS: tuple[RGB, ...] = (
    (232, 92, 92),
    (246, 190, 76),
    (240, 138, 172),
    (160, 120, 206),
    (250, 246, 240),
    (240, 132, 76),
)


def tree(pen: Pen, look: Look) -> None:
    """A broad-leaved tree."""
    leaf = look.accent or look.main(LEAF)
    leaf = mix(leaf, (150, 170, 70), pen.rng.uniform(0, 0.18)) if look.colour is None else leaf
    pen.poly(
        [
            (-0.055, 0),
            (-0.04, 0.42),
            (-0.16, 0.56),
            (-0.12, 0.58),
            (0, 0.46),
            (0.10, 0.60),
            (0.14, 0.58),
            (0.045, 0.40),
            (0.065, 0),
        ],
        BARK,
    )
    crown = [
        (-0.22, 0.54, 0.20),
        (0.22, 0.54, 0.20),
        (-0.13, 0.72, 0.22),
        (0.15, 0.73, 0.21),
        (0.0, 0.60, 0.24),
        (0.01, 0.84, 0.17),
    ]
    for x, y, radius in crown:
        pen.oval((x * pen.rng.uniform(0.9, 1.1), y), (radius, radius * 0.9), darker(leaf, 0.16))
    for x, y, radius in crown:
        pen.oval((x - 0.025, y + 0.035), (radius * 0.80, radius * 0.72), leaf)
    for x, y, radius in crown[2:]:
        pen.oval((x - 0.07, y + 0.075), (radius * 0.42, radius * 0.34), lighter(leaf, 0.13))


def pine(pen: Pen, look: Look) -> None:
    """A fir."""
    leaf = look.accent or look.main((58, 112, 84))
    pen.box((-0.045, 0), (0.045, 0.2), BARK)
    for base, half, top in ((0.12, 0.31, 0.52), (0.32, 0.25, 0.72), (0.53, 0.19, 1.0)):
        pen.poly(
            [
                (-half, base),
                (0, top),
                (half, base),
                (half * 0.4, base + 0.03),
                (0, base - 0.01),
                (-half * 0.4, base + 0.03),
            ],
            leaf,
        )
        pen.poly([(0, top), (half, base), (half * 0.4, base + 0.03), (half * 0.1, base + 0.02)], darker(leaf, 0.2))


def palm(pen: Pen, look: Look) -> None:
    """A palm that leans a little."""
    leaf = look.accent or look.main((84, 158, 88))
    trunk = [(-0.02, 0), (0.02, 0.28), (0.09, 0.55), (0.19, 0.78)]
    pen.curve(trunk, 0.062, (168, 124, 84))
    for x, y in ((0.0, 0.16), (0.03, 0.32), (0.07, 0.48), (0.13, 0.63)):
        pen.line([(x - 0.025, y), (x + 0.03, y - 0.008)], 0.012, (128, 92, 64))
    for turn, reach in ((200, 0.40), (165, 0.44), (130, 0.36), (-18, 0.42), (18, 0.44), (55, 0.36), (95, 0.30)):
        _frond(pen, turn, reach, mix(leaf, (40, 110, 80), 0.3 if turn in {200, -18} else 0.0))
    for x, y in ((0.16, 0.76), (0.22, 0.75)):
        pen.oval((x, y), (0.036, 0.036), (110, 72, 48))


def _frond(pen: Pen, turn: float, reach: float, colour: RGB) -> None:
    angle, (x, y) = math.radians(turn), (0.19, 0.79)
    dx, dy = math.cos(angle) * reach, math.sin(angle) * reach * 0.6
    tip = (x + dx, y + dy - 0.14 * reach)
    upper, lower = (x + dx * 0.5, y + dy * 0.5 + 0.13), (x + dx * 0.5, y + dy * 0.5 + 0.03)
    pen.blob([(x, y), upper, tip, lower], colour)


def flower(pen: Pen, look: Look) -> None:
    """A single flower."""
    petal = look.main(pen.rng.choice(PETALS))
    lean = pen.rng.uniform(-0.06, 0.06)
    pen.curve([(0, 0), (lean * 0.3, 0.35), (lean, 0.72)], 0.045, (92, 146, 76))
    pen.oval((-0.11, 0.24), (0.13, 0.05), (104, 160, 82), 150)
    pen.oval((0.12, 0.34), (0.13, 0.05), (92, 146, 76), 30)
    for step in range(7):
        angle = math.tau * step / 7
        pen.oval(
            (lean + 0.145 * math.cos(angle), 0.76 + 0.145 * math.sin(angle)), (0.125, 0.085), petal, math.degrees(angle)
        )
    pen.oval((lean, 0.76), (0.1, 0.1), (250, 206, 86) if petal != PETALS[1] else (150, 96, 56))


def bush(pen: Pen, look: Look) -> None:
    """A round bush."""
    leaf = look.main((82, 140, 80))
    puffs = ((-0.5, 0.34, 0.36), (0.5, 0.32, 0.34), (0.0, 0.50, 0.46))
    for x, y, radius in puffs:
        pen.oval((x, y), (radius, radius), darker(leaf, 0.14))
    pen.box((-0.8, 0.0), (0.8, 0.34), darker(leaf, 0.14), 0.16)
    for x, y, radius in puffs:
        pen.oval((x - 0.04, y + 0.08), (radius * 0.78, radius * 0.72), leaf)


def cactus(pen: Pen, look: Look) -> None:
    """A tall cactus with two arms."""
    skin = look.main((88, 148, 96))
    pen.curve([(-0.05, 0.42), (-0.25, 0.42), (-0.26, 0.66)], 0.12, skin)
    pen.curve([(0.05, 0.32), (0.24, 0.34), (0.25, 0.54)], 0.11, skin)
    pen.line([(0, 0.04), (0, 0.90)], 0.19, skin)
    for x in (-0.05, 0.0, 0.05):
        pen.line([(x, 0.06), (x, 0.92)], 0.01, darker(skin, 0.25))
    pen.oval((0.02, 1.0), (0.06, 0.05), (240, 130, 160))


def mushroom(pen: Pen, look: Look) -> None:
    """A toadstool."""
    cap = look.main((212, 66, 58))
    pen.blob([(-0.16, 0), (-0.12, 0.52), (0.12, 0.52), (0.16, 0)], (248, 238, 220))
    pen.blob([(-0.50, 0.46), (-0.40, 0.78), (0, 1.0), (0.40, 0.78), (0.50, 0.46), (0, 0.40)], cap)
    for x, y, radius in ((-0.24, 0.66, 0.075), (0.06, 0.82, 0.085), (0.28, 0.60, 0.06), (-0.02, 0.58, 0.05)):
        pen.oval((x, y), (radius, radius * 0.85), WHITE)


def rock(pen: Pen, look: Look) -> None:
    """A boulder."""
    stone = look.main((150, 152, 160))
    pen.poly([(-0.72, 0), (-0.60, 0.52), (-0.22, 0.92), (0.20, 0.98), (0.58, 0.62), (0.74, 0)], darker(stone, 0.16))
    pen.poly([(-0.72, 0), (-0.60, 0.52), (-0.22, 0.92), (0.10, 0.60), (0.02, 0)], stone)
    pen.poly([(-0.22, 0.92), (0.20, 0.98), (0.40, 0.76), (0.10, 0.60)], lighter(stone, 0.25))


def campfire(pen: Pen, look: Look) -> None:
    """A fire that gives light."""
    flame = look.main((248, 146, 52))
    pen.glow((0, 0.4), 1.9, (255, 150, 60))
    for tilt in (24, -24):
        pen.oval((0, 0.10), (0.48, 0.075), (108, 74, 52), tilt)
    pen.flame([(-0.30, 0.16), (-0.26, 0.50), (-0.06, 0.98), (0.20, 0.56), (0.30, 0.20), (0, 0.06)], lighter(flame, 0.1))
    pen.flame([(-0.18, 0.16), (-0.14, 0.40), (0.04, 0.72), (0.16, 0.38), (0.18, 0.16), (0, 0.08)], (254, 208, 100))
    pen.lamp(ring((0.01, 0.2), (0.09, 0.13)), (255, 240, 190))


PLANTS = {
    "tree": Kind(tree, 0.95, 0.36, row=0.80),
    "pine": Kind(pine, 0.72, 0.36, row=0.80),
    "palm": Kind(palm, 1.15, 0.46, row=0.86),
    "flower": Kind(flower, 0.65, 0.085, row=0.95, depth=0.6),
    "bush": Kind(bush, 1.9, 0.08, row=0.84),
    "cactus": Kind(cactus, 0.75, 0.26, row=0.86),
    "mushroom": Kind(mushroom, 1.1, 0.10, row=0.94),
    "rock": Kind(rock, 1.6, 0.08, row=0.88, depth=0.5),
    "campfire": Kind(campfire, 1.05, 0.13, row=0.92, shadow=False),
}
