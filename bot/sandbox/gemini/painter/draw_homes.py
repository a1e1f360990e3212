"""What people build."""

from bot.sandbox.gemini.painter.colours import INK, RGB, WHITE, darker, lighter
from bot.sandbox.gemini.painter.kind import Head, Kind, Look
from bot.sandbox.gemini.painter.pen import Pen, Point

GLASS: RGB = (148, 196, 220)
LAMP: RGB = (255, 214, 122)
WOOD: RGB = (150, 106, 72)


def window(pen: Pen, low: Point, high: Point) -> None:
    """A window with a cross; by night there is light in it."""
    pen.box((low[0] - 0.018, low[1] - 0.018), (high[0] + 0.018, high[1] + 0.018), WHITE, 0.008)
    corners = [low, (high[0], low[1]), high, (low[0], high[1])]
    if pen.light.lamps:
        pen.lamp(corners, LAMP)
        pen.glow(((low[0] + high[0]) / 2, (low[1] + high[1]) / 2), 0.34, LAMP)
    else:
        pen.poly(corners, GLASS)
        pen.poly([low, (low[0], high[1]), (high[0], high[1])], lighter(GLASS, 0.35))
    middle = ((low[0] + high[0]) / 2, (low[1] + high[1]) / 2)
    pen.line([(middle[0], low[1]), (middle[0], high[1])], 0.012, WHITE)
    pen.line([(low[0], middle[1]), (high[0], middle[1])], 0.012, WHITE)


def house(pen: Pen, look: Look) -> None:
    """A house seen from its corner."""
    wall, roof = look.main((240, 222, 190)), look.second((178, 78, 66) if look.colour is None else (96, 84, 92))
    pen.box((0.32, 0.70), (0.42, 1.02), darker(wall, 0.3))
    pen.box((0.30, 1.0), (0.44, 1.04), darker(wall, 0.5))
    pen.poly([(0.0, 0), (0.0, 0.5), (0.58, 0.5), (0.58, 0)], darker(wall, 0.2))
    pen.poly([(-0.52, 0), (-0.52, 0.48), (-0.26, 0.86), (0.0, 0.48), (0.0, 0)], wall)
    pen.poly([(-0.26, 0.94), (0.36, 0.94), (0.66, 0.44), (0.04, 0.44)], roof)
    for step in (0.25, 0.5, 0.75):
        y = 0.94 - 0.5 * step
        pen.line([(-0.26 + 0.30 * step, y), (0.36 + 0.30 * step, y)], 0.008, darker(roof, 0.22))
    pen.line([(-0.58, 0.42), (-0.26, 0.92), (0.05, 0.44)], 0.055, darker(roof, 0.2))
    pen.box((-0.335, 0), (-0.185, 0.30), WHITE, 0.02)
    pen.box((-0.315, 0), (-0.205, 0.28), WOOD, 0.015)
    pen.oval((-0.225, 0.14), (0.012, 0.012), (240, 200, 90))
    pen.oval((-0.26, 0.62), (0.062, 0.062), WHITE)
    pen.oval((-0.26, 0.62), (0.045, 0.045), LAMP if pen.light.lamps else GLASS)
    for x in (0.11, 0.35):
        window(pen, (x, 0.18), (x + 0.13, 0.36))
    pen.box((-0.54, 0), (0.60, 0.035), darker(wall, 0.42))


def castle(pen: Pen, look: Look) -> None:
    """A castle with four towers."""
    stone, roof = look.main((206, 200, 200)), look.second((92, 108, 170))
    for x in (-0.26, 0.26):
        _tower(pen, x, (0.08, 0.74), (darker(stone, 0.18), darker(roof, 0.1)))
    pen.box((-0.52, 0), (0.52, 0.40), stone)
    for step in range(9):
        x = -0.52 + step * 0.118
        pen.box((x, 0.38), (x + 0.07, 0.46), stone)
    for x in (-0.52, 0.52):
        _tower(pen, x, (0.12, 0.60), (stone, roof))
    pen.box((-0.15, 0), (0.15, 0.18), darker(stone, 0.35))
    pen.oval((0, 0.18), (0.15, 0.14), darker(stone, 0.35))
    pen.box((-0.11, 0), (0.11, 0.17), (110, 76, 54))
    pen.oval((0, 0.17), (0.11, 0.11), (110, 76, 54))
    for x in (-0.06, 0, 0.06):
        pen.line([(x, 0.01), (x, 0.24)], 0.008, (70, 48, 40))


def _tower(pen: Pen, x: float, size: tuple[float, float], colours: tuple[RGB, RGB]) -> None:
    (half, tall), (stone, roof) = size, colours
    pen.box((x - half, 0), (x + half, tall), lighter(stone, 0.08))
    pen.poly([(x + half * 0.2, 0), (x + half * 0.2, tall), (x + half, tall), (x + half, 0)], darker(stone, 0.12))
    pen.poly([(x - half * 1.3, tall - 0.01), (x, tall + half * 2.6), (x + half * 1.3, tall - 0.01)], roof)
    pen.poly([(x, tall + half * 2.6), (x + half * 1.3, tall - 0.01), (x + half * 0.2, tall - 0.01)], darker(roof, 0.2))
    pen.line([(x, tall + half * 2.5), (x, tall + half * 3.2)], 0.012, INK)
    pen.poly([(x, tall + half * 3.2), (x + 0.13, tall + half * 2.95), (x, tall + half * 2.7)], (224, 82, 74))
    window(pen, (x - half * 0.28, tall * 0.62), (x + half * 0.28, tall * 0.62 + half * 0.9))


def tent(pen: Pen, look: Look) -> None:
    """A tent with its flap open."""
    cloth = look.main((238, 148, 74))
    pen.poly([(-0.74, 0), (-0.08, 0.92), (0.20, 0.96), (0.86, 0.04), (0.40, 0)], darker(cloth, 0.2))
    pen.poly([(-0.74, 0), (-0.08, 0.92), (0.40, 0)], cloth)
    if pen.light.lamps:
        pen.glow((-0.12, 0.25), 0.7, LAMP)
        pen.lamp([(-0.34, 0), (-0.08, 0.72), (0.14, 0)], (250, 190, 96))
    else:
        pen.poly([(-0.34, 0), (-0.08, 0.72), (0.14, 0)], darker(cloth, 0.62))
    pen.poly([(-0.40, 0), (-0.08, 0.74), (-0.24, 0)], lighter(cloth, 0.3))
    pen.line([(-0.10, 0.88), (-0.06, 1.0)], 0.02, WOOD)


def lighthouse(pen: Pen, look: Look) -> None:
    """A striped lighthouse; its lamp shines from sunset on."""
    stripe = look.main((208, 70, 62))
    pen.poly([(-0.20, 0), (-0.12, 0.74), (0.12, 0.74), (0.20, 0)], WHITE)
    for low, high in ((0.06, 0.22), (0.38, 0.54)):
        left, right = (-0.20 + 0.08 * low / 0.74, -0.20 + 0.08 * high / 0.74)
        pen.poly([(left, low), (right, high), (-right, high), (-left, low)], stripe)
    pen.box((-0.05, 0), (0.05, 0.14), INK, 0.03)
    pen.box((-0.17, 0.73), (0.17, 0.77), INK)
    pen.box((-0.09, 0.77), (0.09, 0.88), lighter(LAMP, 0.2))
    pen.poly([(-0.13, 0.88), (0, 1.0), (0.13, 0.88)], stripe)
    if pen.light.name != "day":
        pen.glow((0, 0.82), 0.8, LAMP)


def windmill(pen: Pen, look: Look) -> None:
    """A windmill."""
    wall, cap = look.main((244, 236, 220)), look.second((150, 84, 66))
    pen.poly([(-0.22, 0), (-0.14, 0.60), (0.14, 0.60), (0.22, 0)], wall)
    pen.blob([(-0.16, 0.58), (-0.10, 0.70), (0, 0.74), (0.10, 0.70), (0.16, 0.58)], cap)
    pen.box((-0.05, 0), (0.05, 0.16), WOOD, 0.03)
    window(pen, (-0.04, 0.34), (0.04, 0.44))
    for dx, dy in ((0.30, 0.24), (-0.24, 0.30), (-0.30, -0.24), (0.24, -0.30)):
        pen.line([(0, 0.62), (dx, 0.62 + dy)], 0.018, WOOD)
        side = (-dy * 0.24, dx * 0.24)
        pen.poly(
            [
                (dx * 0.3, 0.62 + dy * 0.3),
                (dx, 0.62 + dy),
                (dx + side[0], 0.62 + dy + side[1]),
                (dx * 0.3 + side[0], 0.62 + dy * 0.3 + side[1]),
            ],
            lighter(wall, 0.3),
        )
    pen.oval((0, 0.62), (0.035, 0.035), INK)


def bridge(pen: Pen, look: Look) -> None:
    """A stone bridge with one arch."""
    stone = look.main((184, 172, 160))
    arch = [(-1.45, 0.30), (-0.8, 0.62), (0, 0.78), (0.8, 0.62), (1.45, 0.30)]
    hollow = [(0.72, 0), (0.60, 0.30), (0.30, 0.48), (0, 0.53), (-0.30, 0.48), (-0.60, 0.30), (-0.72, 0)]
    pen.poly([(-1.5, 0), *arch, (1.5, 0), *hollow], stone)
    pen.line(hollow, 0.07, darker(stone, 0.25))
    pen.curve([(x, y + 0.15) for x, y in arch], 0.075, lighter(stone, 0.2))
    for x, y in ((-1.2, 0.42), (-0.8, 0.62), (-0.4, 0.72), (0, 0.77), (0.4, 0.72), (0.8, 0.62), (1.2, 0.42)):
        pen.box((x - 0.04, y - 0.04), (x + 0.04, y + 0.14), stone)


def sign(pen: Pen, look: Look) -> None:
    """A wooden sign with words on it."""
    wood = look.main((196, 146, 98))
    for x in (-0.34, 0.34):
        pen.box((x - 0.045, 0), (x + 0.045, 0.56), darker(wood, 0.35), 0.02)
    pen.box((-0.74, 0.36), (0.74, 0.98), darker(wood, 0.25), 0.06)
    pen.box((-0.70, 0.40), (0.70, 0.94), wood, 0.045)
    for y in (0.58, 0.77):
        pen.line([(-0.66, y), (0.66, y)], 0.008, darker(wood, 0.18))
    pen.write(look.text, (-0.64, 0.44), (0.64, 0.90), darker(wood, 0.72))


def fence(pen: Pen, look: Look) -> None:
    """A picket fence."""
    wood = look.main((250, 246, 236))
    for y in (0.32, 0.70):
        pen.box((-1.9, y - 0.06), (1.9, y + 0.06), darker(wood, 0.12))
    for step in range(10):
        x = -1.76 + step * 0.39
        pen.poly([(x - 0.1, 0), (x - 0.1, 0.86), (x, 1.0), (x + 0.1, 0.86), (x + 0.1, 0)], wood)


HOMES = {
    "house": Kind(house, 1.35, 0.34, row=0.80, depth=0.5),
    "castle": Kind(castle, 1.45, 0.46, row=0.79, depth=0.5),
    "tent": Kind(tent, 1.75, 0.22, row=0.86, depth=0.6),
    "lighthouse": Kind(lighthouse, 0.55, 0.48, row=0.80, depth=0.8),
    "windmill": Kind(windmill, 0.95, 0.46, row=0.79, depth=0.5),
    "bridge": Kind(bridge, 3.0, 0.17, row=0.845, depth=0.5, shadow=False),
    "sign": Kind(sign, 1.6, 0.20, row=0.92, depth=0.5, head=Head(-0.45, 0.97, 0.17)),
    "fence": Kind(fence, 3.9, 0.085, row=0.86, depth=0.5),
}
