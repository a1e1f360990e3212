"""Words in pictures: on signs, under scenes, and the frames around them."""

import textwrap
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from bot.sandbox.gemini.painter.colours import INK, RGB, WHITE, brightness, darker, lighter, named

PLAIN = str.maketrans(
    {"–": "-", "—": "-", "…": "...", "’": "'", "‘": "'", "„": "“", "\u00a0": " "}
)  # signs the font lacks
LEAST = 9  # pixels; smaller letters cannot be read
FRAMES = {"wooden": (134, 92, 62), "wood": (134, 92, 62), "": (250, 248, 242)}


@lru_cache(maxsize=64)
def face(size: int) -> ImageFont.FreeTypeFont:
    """The font that Pillow carries along, so that every machine writes alike."""
    font = ImageFont.load_default(size)
    assert isinstance(font, ImageFont.FreeTypeFont)
    return font


def boldness(font: ImageFont.FreeTypeFont) -> int:
    """The stroke that makes letters of this font bold, in pixels."""
    return max(0, round(font.size / 30))


def fit(text: str, width: float, height: float) -> tuple[ImageFont.FreeTypeFont, str]:
    """The largest letters, and the lines, with which a text fits into a box of pixels."""
    text = text.translate(PLAIN)
    best = (face(LEAST), text)
    for count in range(1, 6):
        lines = _in_lines(text, count)
        size = _largest(lines, width, height)
        if size > best[0].size:
            best = (face(size), lines)
    return best


def _in_lines(text: str, count: int) -> str:
    return textwrap.fill(text, max(1, -(-len(text) // count) + (2 if count > 1 else 0)), break_long_words=False)


def _largest(lines: str, width: float, height: float) -> int:
    probe = face(64)
    box = ImageDraw.Draw(Image.new("L", (1, 1))).multiline_textbbox((0, 0), lines, probe, stroke_width=2)
    scale = min(width / max(1, box[2] - box[0]), height / max(1, box[3] - min(0, box[1])))
    return max(LEAST, int(64 * scale))


def write(image: Image.Image, text: str, place: str = "bottom", colour: str = "") -> Image.Image:
    """The picture with large words at its top, middle or bottom, readable on any ground."""
    shade = named(colour) if colour else WHITE
    width, height = image.size
    font, lines = fit(text, width * 0.88, height * 0.15)
    y = {"top": 0.11, "middle": 0.5}.get(place, 0.89) * height
    around = INK if brightness(shade) > 0.45 else WHITE
    dark = Image.new("L", image.size)
    stroke = boldness(font)
    ImageDraw.Draw(dark).multiline_text(
        (width / 2, y), lines, 150, font, anchor="mm", align="center", stroke_width=stroke * 3 + 2
    )
    done = image.copy()
    done.paste(around, (0, 0), dark.filter(ImageFilter.GaussianBlur(font.size / 9)))
    ImageDraw.Draw(done).multiline_text(
        (width / 2, y), lines, shade, font, anchor="mm", align="center", stroke_width=stroke, stroke_fill=shade
    )
    return done


def frame(image: Image.Image, name: str) -> Image.Image:
    """The picture with a frame laid over its edges; its size stays."""
    colour = FRAMES.get(name) or named(name)
    wide = max(4, round(min(image.size) * 0.045))
    done = image.copy()
    draw = ImageDraw.Draw(done)
    for inset, thick, shade in _mouldings(colour, wide):
        box = (inset, inset, image.width - 1 - inset, image.height - 1 - inset)
        draw.rectangle(box, outline=shade, width=thick)
    return done


def _mouldings(colour: RGB, wide: int) -> tuple[tuple[int, int, RGB], ...]:
    third = max(1, wide // 3)
    return (
        (0, wide, colour),
        (0, max(1, wide // 8), lighter(colour, 0.35)),
        (third, max(1, wide // 9), darker(colour, 0.18)),
        (wide - max(1, wide // 7), max(1, wide // 7), darker(colour, 0.4)),
    )
