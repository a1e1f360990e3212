"""People, and what is built like them."""

from bot.sandbox.gemini.painter.colours import INK, RGB, WHITE, darker, lighter
from bot.sandbox.gemini.painter.draw_pets import eye
from bot.sandbox.gemini.painter.kind import Head, Kind, Look
from bot.sandbox.gemini.painter.pen import Pen

SKINS: tuple[RGB, ...] = ((250, 214, 186), (232, 184, 146), (198, 142, 104), (150, 100, 72), (112, 74, 54))
HAIRS: tuple[RGB, ...] = ((58, 42, 38), (96, 62, 42), (168, 110, 60), (226, 178, 96), (40, 38, 46), (150, 74, 52))
SHIRTS: tuple[RGB, ...] = (
    (206, 74, 66),
    (64, 122, 190),
    (240, 188, 76),
    (92, 158, 110),
    (148, 96, 168),
    (236, 138, 108),
)
TROUSERS: tuple[RGB, ...] = ((54, 66, 104), (88, 78, 74), (70, 96, 110), (110, 92, 72))


def person(pen: Pen, look: Look) -> None:
    """Somebody; who, is left to chance."""
    skin, hair = pen.rng.choice(SKINS), pen.rng.choice(HAIRS)
    shirt, trousers = pen.rng.choice(SHIRTS), pen.rng.choice(TROUSERS)
    shirt = look.accent or look.main(shirt)
    skirt = pen.rng.random() < {"she": 1.0, "he": 0.0}.get(look.text, 0.45)
    if skirt:
        pen.blob(
            [(-0.13, 0.80), (-0.17, 0.62), (-0.16, 0.86), (0, 0.98), (0.16, 0.86), (0.17, 0.62), (0.13, 0.80)], hair
        )
    for x in (-0.055, 0.055):
        pen.line([(x, 0.40), (x, 0.05)], 0.075, skin if skirt else trousers)
        pen.oval((x + 0.015, 0.022), (0.058, 0.026), INK)
    for side in (-1, 1):
        pen.curve([(side * 0.10, 0.69), (side * 0.175, 0.55), (side * 0.165, 0.42)], 0.055, darker(shirt, 0.12))
        pen.oval((side * 0.165, 0.40), (0.032, 0.034), skin)
    if skirt:
        pen.blob([(-0.10, 0.72), (-0.08, 0.52), (-0.18, 0.26), (0.18, 0.26), (0.08, 0.52), (0.10, 0.72)], shirt)
    else:
        pen.box((-0.115, 0.38), (0.115, 0.735), shirt, 0.06)
    pen.box((-0.035, 0.70), (0.035, 0.78), darker(skin, 0.1), 0.02)
    _head(pen, skin, hair)


def _head(pen: Pen, skin: RGB, hair: RGB) -> None:
    pen.oval((0, 0.865), (0.105, 0.12), skin)
    pen.blob([(-0.12, 0.86), (-0.11, 0.96), (0, 1.01), (0.11, 0.96), (0.12, 0.86), (0.07, 0.93), (-0.04, 0.945)], hair)
    for side in (-1, 1):
        pen.oval((side * 0.042, 0.868), (0.013, 0.017), INK)
        pen.oval((side * 0.066, 0.832), (0.02, 0.013), (232, 140, 128))
    pen.curve([(-0.034, 0.818), (0, 0.803), (0.034, 0.818)], 0.012, darker(skin, 0.55))


def snowman(pen: Pen, look: Look) -> None:
    """A snowman with hat and scarf."""
    snow, scarf = look.main((248, 250, 254)), look.second((208, 66, 60))
    for y, radius in ((0.24, 0.26), (0.55, 0.19), (0.79, 0.14)):
        pen.oval((0, y), (radius, radius * 0.94), snow)
    for side in (-1, 1):
        pen.line([(side * 0.16, 0.58), (side * 0.36, 0.70)], 0.022, (110, 78, 56))
        eye(pen, (side * 0.05, 0.82), 0.018)
    pen.poly([(0, 0.80), (0, 0.755), (0.16, 0.765)], (240, 140, 60))
    pen.line([(-0.12, 0.685), (0.12, 0.685)], 0.06, scarf)
    pen.line([(0.08, 0.68), (0.11, 0.52)], 0.055, darker(scarf, 0.1))
    for y in (0.60, 0.52, 0.34):
        pen.oval((0, y), (0.018, 0.02), INK)
    pen.box((-0.16, 0.885), (0.16, 0.915), INK, 0.01)
    pen.box((-0.10, 0.90), (0.10, 1.06), INK, 0.02)
    pen.box((-0.10, 0.915), (0.10, 0.95), scarf)


def robot(pen: Pen, look: Look) -> None:
    """A friendly robot."""
    metal, light = look.main((150, 176, 196)), look.second((90, 220, 220))
    pen.line([(0, 0.94), (0, 1.04)], 0.02, INK)
    pen.oval((0, 1.05), (0.035, 0.035), (232, 90, 80))
    for side in (-1, 1):
        pen.box((side * 0.12 - 0.06, 0), (side * 0.12 + 0.06, 0.24), darker(metal, 0.25), 0.03)
        pen.box((side * 0.12 - 0.085, 0), (side * 0.12 + 0.085, 0.06), INK, 0.03)
        pen.curve([(side * 0.25, 0.54), (side * 0.36, 0.42), (side * 0.34, 0.30)], 0.06, darker(metal, 0.2))
        pen.oval((side * 0.34, 0.27), (0.05, 0.05), INK)
    pen.box((-0.24, 0.20), (0.24, 0.60), metal, 0.07)
    pen.box((-0.13, 0.30), (0.13, 0.50), lighter(metal, 0.4), 0.03)
    for x, colour in ((-0.07, (232, 90, 80)), (0, (246, 204, 78)), (0.07, light)):
        pen.oval((x, 0.40), (0.025, 0.025), colour)
    pen.box((-0.22, 0.64), (0.22, 0.95), metal, 0.08)
    pen.box((-0.16, 0.71), (0.16, 0.88), INK, 0.06)
    for side in (-1, 1):
        pen.oval((side * 0.075, 0.80), (0.04, 0.045), light)
        pen.oval((side * 0.075 + 0.012, 0.815), (0.012, 0.014), WHITE)


PEOPLE = {
    "person": Kind(person, 0.5, 0.26, row=0.90, head=Head(0, 0.955, 0.1)),
    "snowman": Kind(snowman, 0.8, 0.26, row=0.90, head=Head(0, 0.89, 0.138)),
    "robot": Kind(robot, 0.85, 0.26, row=0.90, head=Head(0, 0.945, 0.16)),
}
