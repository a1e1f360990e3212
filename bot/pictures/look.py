"""How what is drawn looks: its colours, rounded corners, and pills with a word."""

from __future__ import annotations

from functools import lru_cache

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from bot.pictures.lettering import Face

GROUND, PANEL, EDGE = "#15161b", "#1f2128", "#3a3d49"
INK, QUIET = "#f4f4f6", "#a9adb8"
BRANCHES = (
    *("#6ea8fe", "#ffb454", "#7bd88f", "#f286c4", "#b79cff", "#5cd6d6"),
    *("#ff8b7b", "#d8d36a", "#c9a27e", "#9fb3c8", "#e0b0ff", "#8fce3f"),
)  #: neighbours are told apart by lightness, too; what belongs together is joined by lines in any case
FINE = 4  #: how much finer curves are drawn than they are shown

Size = tuple[int, int]


def colour(branch: int) -> str:
    """A branch's own."""
    return BRANCHES[branch % len(BRANCHES)]


@lru_cache(maxsize=32)
def rounded(size: Size, radius: int) -> Image.Image:
    """The mask of a tile with round corners."""
    corner = Image.new("L", (radius * FINE, radius * FINE), 0)
    ImageDraw.Draw(corner).pieslice((0, 0, 2 * radius * FINE - 1, 2 * radius * FINE - 1), 180, 270, fill=255)
    corner = corner.resize((radius, radius), Image.Resampling.LANCZOS)
    mask = Image.new("L", size, 255)
    right, bottom = size[0] - radius, size[1] - radius
    mask.paste(corner, (0, 0))
    mask.paste(ImageOps.mirror(corner), (right, 0))
    mask.paste(ImageOps.flip(corner), (0, bottom))
    mask.paste(ImageOps.flip(ImageOps.mirror(corner)), (right, bottom))
    return mask


def opaque(picture: Image.Image) -> Image.Image:
    """Without transparency, on a checkerboard where there was some."""
    if picture.mode != "RGBA":
        return picture.convert("RGB")
    board = Image.new("RGB", picture.size, "#c9ccd4")
    pen = ImageDraw.Draw(board)
    for top in range(0, picture.height, 16):
        for left in range(top % 32, picture.width, 32):
            pen.rectangle((left, top, left + 15, top + 15), fill="#e6e8ed")
    board.paste(picture, (0, 0), picture)
    return board


def framed(picture: Image.Image, size: Size) -> Image.Image:
    """The whole picture in a frame of another shape, the rest filled with a dark blur of itself."""
    fitted = ImageOps.contain(opaque(picture), size, Image.Resampling.LANCZOS)
    if fitted.size == size:
        return fitted
    tiny = fitted.resize((max(1, size[0] // 16), max(1, size[1] // 16)), Image.Resampling.BOX)
    blur = tiny.filter(ImageFilter.GaussianBlur(2)).resize(size, Image.Resampling.BICUBIC)
    frame = ImageEnhance.Brightness(blur).enhance(0.45)
    frame.paste(fitted, ((size[0] - fitted.width) // 2, (size[1] - fitted.height) // 2))
    return frame


def pill(canvas: Image.Image, at: tuple[int, int], text: str, face: Face, *, light: bool = False) -> int:
    """A word on a dark or light ground with round ends; `at` is its upper left corner. Returns its width."""
    text = face.line(text, canvas.width)
    height, inside = round(face.size * 1.55), round(face.size * 0.55)
    width = round(face.width(text)) + 2 * inside
    ground = Image.new("RGB", (width, height), INK if light else GROUND)
    mask = rounded((width, height), height // 2)
    canvas.paste(ground, at, mask if light else mask.point(lambda value: value * 215 // 255))
    baseline = at[1] + height / 2 + face.size * 0.36
    face.draw(ImageDraw.Draw(canvas), (at[0] + inside, baseline), text, GROUND if light else INK)
    return width
