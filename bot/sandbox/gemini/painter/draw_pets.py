"""Small animals."""

from bot.sandbox.gemini.painter.colours import INK, WHITE, darker, lighter, mix
from bot.sandbox.gemini.painter.kind import Head, Kind, Look
from bot.sandbox.gemini.painter.pen import Pen, Point

PINK = (236, 150, 150)
BEAK = (240, 164, 60)


def eye(pen: Pen, centre: Point, size: float) -> None:
    """A dark eye with a glint."""
    pen.oval(centre, (size, size * 1.15), INK)
    pen.oval((centre[0] + size * 0.3, centre[1] + size * 0.4), (size * 0.35, size * 0.35), WHITE)


def dog(pen: Pen, look: Look) -> None:
    """A dog that stands and looks to the right."""
    coat = look.main((196, 138, 82))
    far, ear = darker(coat, 0.28), darker(coat, 0.38)
    pen.curve([(-0.40, 0.54), (-0.54, 0.66), (-0.58, 0.84), (-0.50, 0.94)], 0.085, coat)
    for x in (-0.26, 0.27):
        pen.box((x - 0.055, 0), (x + 0.055, 0.42), far, 0.05)
    body = [
        (-0.46, 0.50),
        (-0.40, 0.66),
        (-0.12, 0.69),
        (0.18, 0.74),
        (0.37, 0.66),
        (0.36, 0.42),
        (0.14, 0.33),
        (-0.18, 0.33),
        (-0.40, 0.36),
    ]
    pen.blob(body, coat)
    pen.blob([(0.26, 0.62), (0.37, 0.62), (0.36, 0.42), (0.24, 0.36)], lighter(coat, 0.45))
    for x in (-0.37, 0.17):
        pen.box((x - 0.062, 0), (x + 0.062, 0.46), coat, 0.055)
        pen.oval((x + 0.025, 0.035), (0.085, 0.04), lighter(coat, 0.3))
    pen.blob([(0.10, 0.62), (0.22, 0.86), (0.40, 0.86), (0.42, 0.60), (0.28, 0.50)], coat)
    pen.line([(0.15, 0.645), (0.40, 0.60)], 0.05, (200, 60, 60))
    pen.oval((0.36, 0.565), (0.035, 0.035), (240, 196, 80))
    pen.oval((0.36, 0.83), (0.185, 0.165), coat)
    pen.oval((0.51, 0.765), (0.135, 0.09), lighter(coat, 0.4))
    pen.oval((0.615, 0.805), (0.04, 0.034), INK)
    pen.curve([(0.60, 0.735), (0.53, 0.715), (0.47, 0.735)], 0.014, darker(coat, 0.6))
    pen.blob([(0.28, 0.97), (0.17, 0.90), (0.15, 0.70), (0.22, 0.62), (0.30, 0.70), (0.33, 0.88)], ear)
    eye(pen, (0.43, 0.865), 0.028)


def cat(pen: Pen, look: Look) -> None:
    """A cat that sits and looks at you."""
    coat = look.main((232, 152, 84))
    dark, pale = darker(coat, 0.3), lighter(coat, 0.55)
    pen.curve([(0.16, 0.07), (0.38, 0.06), (0.46, 0.22), (0.38, 0.38), (0.42, 0.48)], 0.095, dark)
    pen.blob(
        [(-0.27, 0.03), (-0.29, 0.20), (-0.19, 0.46), (0, 0.60), (0.19, 0.46), (0.29, 0.20), (0.27, 0.03), (0, 0.0)],
        coat,
    )
    pen.blob([(-0.12, 0.10), (-0.13, 0.32), (0, 0.48), (0.13, 0.32), (0.12, 0.10)], pale)
    for side in (-1, 1):
        pen.oval((side * 0.11, 0.045), (0.10, 0.055), lighter(coat, 0.2))
        pen.poly([(side * 0.25, 0.72), (side * 0.235, 1.0), (side * 0.05, 0.87)], coat)
        pen.poly([(side * 0.215, 0.78), (side * 0.21, 0.93), (side * 0.10, 0.86)], PINK)
    pen.oval((0, 0.72), (0.265, 0.205), coat)
    for x in (-0.08, 0, 0.08):
        pen.line([(x, 0.90), (x * 0.8, 0.84)], 0.022, dark)
    for side in (-1, 1):
        pen.oval((side * 0.06, 0.645), (0.075, 0.058), pale)
        pen.oval((side * 0.115, 0.745), (0.05, 0.052), (214, 226, 120))
        pen.oval((side * 0.115, 0.745), (0.022, 0.046), INK)
        pen.oval((side * 0.115 + 0.012, 0.765), (0.011, 0.012), WHITE)
        for rise in (-0.02, 0.02):
            pen.line([(side * 0.12, 0.65), (side * 0.32, 0.65 + rise * 2)], 0.006, WHITE)
    pen.poly([(-0.03, 0.69), (0.03, 0.69), (0, 0.655)], PINK)


def rabbit(pen: Pen, look: Look) -> None:
    """A rabbit with its ears up."""
    coat = look.main((198, 184, 172))
    for x, tilt in ((-0.10, 8), (0.08, -10)):
        pen.oval((x, 0.82), (0.065, 0.19), coat, tilt)
        pen.oval((x, 0.81), (0.032, 0.14), PINK, tilt)
    pen.oval((-0.33, 0.16), (0.09, 0.085), WHITE)
    pen.blob([(-0.30, 0.04), (-0.30, 0.30), (-0.08, 0.46), (0.16, 0.40), (0.24, 0.12), (0.18, 0.0), (-0.18, 0.0)], coat)
    pen.oval((0.12, 0.04), (0.12, 0.05), lighter(coat, 0.3))
    pen.oval((-0.14, 0.04), (0.15, 0.06), darker(coat, 0.12))
    pen.oval((0.02, 0.55), (0.20, 0.17), coat)
    pen.oval((0.14, 0.49), (0.08, 0.065), lighter(coat, 0.5))
    pen.oval((0.20, 0.525), (0.022, 0.018), PINK)
    eye(pen, (0.08, 0.60), 0.03)


def bird(pen: Pen, look: Look) -> None:
    """A bird on the wing, flying to the right."""
    coat = look.main((250, 250, 252))
    wing = darker(coat, 0.22)
    pen.blob([(-0.10, 0.46), (-0.34, 0.86), (-0.52, 1.0), (-0.30, 0.98), (0.02, 0.78), (0.16, 0.50)], wing)
    pen.poly([(-0.36, 0.44), (-0.72, 0.54), (-0.66, 0.40), (-0.74, 0.30)], wing)
    pen.blob([(-0.44, 0.42), (-0.10, 0.52), (0.26, 0.54), (0.48, 0.44), (0.24, 0.28), (-0.14, 0.26)], coat)
    pen.poly([(0.50, 0.50), (0.68, 0.43), (0.50, 0.40)], BEAK)
    pen.oval((0.40, 0.47), (0.13, 0.12), coat)
    pen.blob([(-0.16, 0.42), (-0.20, 0.76), (-0.06, 1.04), (0.10, 0.86), (0.18, 0.44)], mix(coat, wing, 0.45))
    eye(pen, (0.45, 0.50), 0.03)


def duck(pen: Pen, look: Look) -> None:
    """A duck, afloat or ashore."""
    coat = look.main((250, 214, 92))
    pen.blob(
        [
            (-0.56, 0.44),
            (-0.46, 0.20),
            (-0.12, 0.04),
            (0.26, 0.08),
            (0.44, 0.28),
            (0.32, 0.46),
            (0.0, 0.42),
            (-0.36, 0.36),
        ],
        coat,
    )
    pen.poly([(0.46, 0.74), (0.68, 0.66), (0.46, 0.60)], BEAK)
    pen.oval((0.30, 0.70), (0.22, 0.21), coat)
    pen.blob([(0.12, 0.58), (0.14, 0.36), (0.42, 0.36), (0.48, 0.60)], coat)
    pen.blob([(-0.34, 0.32), (-0.10, 0.38), (0.16, 0.28), (-0.06, 0.14), (-0.28, 0.18)], darker(coat, 0.16))
    eye(pen, (0.36, 0.76), 0.034)


def fish(pen: Pen, look: Look) -> None:
    """A fish that leaps to the right."""
    scales = look.main((246, 142, 70))
    fin = darker(scales, 0.2)
    pen.blob([(-0.40, 0.44), (-0.80, 0.74), (-0.70, 0.46), (-0.78, 0.16)], fin)
    pen.blob([(-0.12, 0.70), (0.02, 0.96), (0.26, 0.74)], fin)
    pen.blob(
        [(-0.52, 0.46), (-0.20, 0.74), (0.24, 0.78), (0.60, 0.54), (0.70, 0.44), (0.28, 0.16), (-0.20, 0.20)], scales
    )
    pen.blob([(-0.36, 0.38), (0.0, 0.34), (0.44, 0.36), (0.28, 0.18), (-0.18, 0.22)], lighter(scales, 0.5))
    for x in (-0.20, -0.02, 0.16):
        pen.curve([(x, 0.64), (x + 0.07, 0.52), (x, 0.40)], 0.02, fin)
    pen.blob([(0.06, 0.40), (-0.10, 0.22), (0.16, 0.28)], fin)
    pen.oval((0.46, 0.54), (0.075, 0.08), WHITE)
    eye(pen, (0.475, 0.54), 0.042)


def butterfly(pen: Pen, look: Look) -> None:
    """A butterfly with open wings."""
    wing = look.main((240, 140, 76))
    for side in (-1, 1):
        pen.blob([(0, 0.50), (side * 0.24, 0.92), (side * 0.52, 0.94), (side * 0.50, 0.62), (side * 0.20, 0.46)], wing)
        pen.blob([(0, 0.48), (side * 0.36, 0.46), (side * 0.40, 0.20), (side * 0.20, 0.10)], darker(wing, 0.18))
        pen.oval((side * 0.36, 0.78), (0.07, 0.08), lighter(wing, 0.6))
        pen.oval((side * 0.26, 0.30), (0.05, 0.06), lighter(wing, 0.6))
        pen.curve([(0, 0.72), (side * 0.06, 0.86), (side * 0.12, 0.90)], 0.018, INK)
    pen.oval((0, 0.48), (0.05, 0.26), INK)


def penguin(pen: Pen, look: Look) -> None:
    """A penguin that looks at you."""
    coat = look.main((52, 58, 78))
    for side in (-1, 1):
        pen.oval((side * 0.11, 0.03), (0.11, 0.045), BEAK)
        pen.oval((side * 0.30, 0.42), (0.075, 0.24), darker(coat, 0.15), side * 14)
    pen.blob(
        [(-0.26, 0.06), (-0.31, 0.40), (-0.22, 0.84), (0, 1.0), (0.22, 0.84), (0.31, 0.40), (0.26, 0.06), (0, 0.02)],
        coat,
    )
    pen.blob(
        [(-0.18, 0.08), (-0.21, 0.38), (-0.12, 0.62), (0, 0.66), (0.12, 0.62), (0.21, 0.38), (0.18, 0.08), (0, 0.05)],
        WHITE,
    )
    for side in (-1, 1):
        pen.oval((side * 0.08, 0.76), (0.085, 0.10), WHITE)
        eye(pen, (side * 0.075, 0.78), 0.03)
    pen.poly([(-0.055, 0.715), (0.055, 0.715), (0, 0.64)], BEAK)


PETS = {
    "dog": Kind(dog, 1.3, 0.20, row=0.92, head=Head(0.345, 0.955, 0.13)),
    "cat": Kind(cat, 0.95, 0.18, row=0.93, head=Head(0, 0.885, 0.15)),
    "rabbit": Kind(rabbit, 0.85, 0.13, row=0.93, head=Head(0, 0.69, 0.13)),
    "bird": Kind(bird, 1.5, 0.085, "sky", 0.26, shadow=False, head=Head(0.42, 0.57, 0.09)),
    "duck": Kind(duck, 1.25, 0.10, "water", 0.93, head=Head(0.3, 0.87, 0.13)),
    "fish": Kind(fish, 1.6, 0.14, "water", 0.80, shadow=False),
    "butterfly": Kind(butterfly, 1.1, 0.075, "sky", 0.56, 0.5, shadow=False),
    "penguin": Kind(penguin, 0.75, 0.19, row=0.92, head=Head(0, 0.93, 0.14)),
}
