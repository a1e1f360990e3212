"""A kitchen: a wall, a window, and a table to put things on."""

from bot.sandbox.gemini.painter.canvas import Canvas, box, column
from bot.sandbox.gemini.painter.colours import RGB, WHITE, darker, lighter, named

TABLE: RGB = (190, 136, 90)
EDGE = 0.70  # where the table begins, as a fraction of the height


def draw_room(canvas: Canvas) -> None:
    """Fill the picture with a kitchen."""
    wall = named(canvas.scene.paint_of("wall") or "cream")
    light = canvas.light
    stops = ((0.0, light.on(lighter(wall, 0.2))), (0.7, light.on(wall)), (1.0, light.on(darker(wall, 0.1))))
    canvas.image.paste(column(stops, canvas.size), (0, 0))
    _tiles(canvas, wall)
    _window(canvas)
    table = named(canvas.scene.paint_of("ground")) if canvas.scene.paint_of("ground") else TABLE
    _table(canvas, table)


def _tiles(canvas: Canvas, wall: RGB) -> None:
    line = canvas.light.on(darker(wall, 0.07))
    thin = 0.0016
    for row in range(4):
        y = EDGE - 0.065 * (row + 1)
        canvas.region([(0, y), (1, y), (1, y + thin), (0, y + thin)], ((0.0, line), (1.0, line)))
        for step in range(24):
            x = (step + 0.5 * (row % 2)) / 12
            canvas.region([(x, y), (x + thin, y), (x + thin, y + 0.065), (x, y + 0.065)], ((0.0, line), (1.0, line)))


def _window(canvas: Canvas) -> None:
    half = 0.17 * canvas.unit / canvas.size[0]
    white = canvas.light.on(WHITE)
    left, right, top, bottom = 0.5 - half, 0.5 + half, 0.08, 0.36
    canvas.region(box(left - 0.012, top - 0.016, right + 0.012, bottom + 0.016), ((0.0, white), (1.0, white)))
    canvas.region(box(left, top, right, bottom), canvas.light.sky)
    hill = canvas.light.far((122, 178, 96), 0.3)
    canvas.region(
        [(left, bottom), (left, 0.29), (0.5, 0.27), (right, 0.30), (right, bottom)], ((0.0, hill), (1.0, hill))
    )
    canvas.region(box(0.497, top, 0.503, bottom), ((0.0, white), (1.0, white)))


def _table(canvas: Canvas, colour: RGB) -> None:
    light = canvas.light
    canvas.region(
        box(-0.01, EDGE, 1.01, 1.02), ((0.0, light.on(lighter(colour, 0.2))), (1.0, light.on(darker(colour, 0.15))))
    )
    for y in (0.77, 0.86, 0.96):
        shade = light.on(darker(colour, 0.18))
        canvas.region(box(-0.01, y, 1.01, y + 0.003), ((0.0, shade), (1.0, shade)))
