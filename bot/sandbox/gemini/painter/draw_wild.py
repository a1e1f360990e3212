"""Animals of the woods and the sea."""

from bot.sandbox.gemini.painter.colours import INK, WHITE, darker, lighter
from bot.sandbox.gemini.painter.draw_pets import eye
from bot.sandbox.gemini.painter.kind import Head, Kind, Look
from bot.sandbox.gemini.painter.pen import Pen


def fox(pen: Pen, look: Look) -> None:
    """A fox that sits and looks at you."""
    coat = look.main((222, 118, 56))
    pale, dark = lighter(coat, 0.82), darker(coat, 0.55)
    pen.blob([(0.14, 0.04), (0.38, 0.0), (0.60, 0.18), (0.58, 0.44), (0.44, 0.34), (0.30, 0.22)], darker(coat, 0.1))
    pen.blob([(0.60, 0.22), (0.63, 0.40), (0.56, 0.58), (0.49, 0.42), (0.50, 0.28)], pale)
    pen.blob(
        [(-0.25, 0.03), (-0.26, 0.22), (-0.16, 0.46), (0, 0.58), (0.16, 0.46), (0.26, 0.22), (0.25, 0.03), (0, 0.0)],
        coat,
    )
    pen.blob([(-0.11, 0.12), (-0.13, 0.34), (0, 0.52), (0.13, 0.34), (0.11, 0.12)], pale)
    for side in (-1, 1):
        pen.oval((side * 0.10, 0.045), (0.085, 0.05), dark)
        pen.poly([(side * 0.28, 0.72), (side * 0.27, 1.04), (side * 0.05, 0.86)], coat)
        pen.poly([(side * 0.235, 0.80), (side * 0.235, 0.96), (side * 0.12, 0.87)], dark)
    _face(pen, coat)


def _face(pen: Pen, coat: tuple[int, int, int]) -> None:
    pen.blob([(-0.33, 0.68), (-0.20, 0.86), (0, 0.90), (0.20, 0.86), (0.33, 0.68), (0.10, 0.54), (-0.10, 0.54)], coat)
    for side in (-1, 1):
        pen.blob(
            [(side * 0.32, 0.68), (side * 0.16, 0.71), (side * 0.03, 0.60), (side * 0.06, 0.54), (side * 0.14, 0.55)],
            lighter(coat, 0.82),
        )
        eye(pen, (side * 0.115, 0.745), 0.03)
    pen.oval((0, 0.555), (0.045, 0.038), INK)


def whale(pen: Pen, look: Look) -> None:
    """A whale that swims to the right and blows."""
    skin = look.main((84, 122, 168))
    for side in (-1, 1):
        pen.curve([(0.34, 0.66), (0.34 + side * 0.06, 0.90), (0.34 + side * 0.20, 0.92)], 0.045, (206, 230, 244))
    pen.blob([(-0.74, 0.34), (-0.88, 0.62), (-1.08, 0.72), (-0.98, 0.52), (-1.02, 0.34), (-0.84, 0.24)], skin)
    pen.blob(
        [(-0.86, 0.40), (-0.52, 0.34), (-0.10, 0.62), (0.40, 0.70), (0.84, 0.50), (0.90, 0.22), (0.60, 0.03),
         (0.06, 0.0), (-0.50, 0.10)],
        skin,
    )  # fmt: skip
    pen.blob([(0.90, 0.26), (0.50, 0.24), (0.10, 0.16), (-0.28, 0.10), (0.10, 0.01), (0.62, 0.04)], lighter(skin, 0.6))
    pen.curve([(0.88, 0.28), (0.70, 0.25), (0.58, 0.30)], 0.02, darker(skin, 0.45))
    pen.blob([(0.28, 0.22), (0.10, 0.02), (-0.10, -0.06), (0.02, 0.14), (0.12, 0.26)], darker(skin, 0.2))
    pen.oval((0.60, 0.40), (0.045, 0.05), WHITE)
    eye(pen, (0.61, 0.40), 0.03)


WILD = {
    "fox": Kind(fox, 1.25, 0.19, row=0.92, head=Head(0, 0.87, 0.15)),
    "whale": Kind(whale, 2.0, 0.24, "water", 0.80, shadow=False),
}
