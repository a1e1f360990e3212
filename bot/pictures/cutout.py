"""A subject cut out of a plain background, as a sticker: what the background is, the picture's edge tells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO

from PIL import Image, ImageChops, ImageFilter

from bot.errors import BadPicture
from bot.pictures.orders import Made

WORKED_AT = 1024  #: pixels of the longest side; finer edges are not to be seen in a sticker
SIDE = 320  #: pixels of a sticker, as Discord has it
LIKE = 28  #: of 255, in any channel: a JPEG's noise around an outline is no colour of its own
PLAIN = 0.6  #: of the edge, at least, for a background; the subject may reach over the rest
SPECK, BLEND = 5, 5  #: pixels: what is smaller is dirt, and what is so near to the background has taken its colour
RUN = re.compile(rb"\xff+")


def sticker(image: Image.Image) -> Made:
    """The subject on nothing, upright in the middle of a square. Raises BadPicture where there is no background."""
    mask = _subject(image)
    box = mask.getbbox()
    if box is None:
        raise BadPicture("no_subject")
    cut = image.convert("RGB")
    cut.putalpha(mask)
    return _made(_fitted(cut.crop(box)))


def _subject(image: Image.Image) -> Image.Image:
    """255 where the subject is. What is like the background within it, such as an eye's white, belongs to it."""
    if image.mode == "RGBA":
        return image.getchannel("A")
    rough = _outline(_like_the_edge(image))
    return rough.filter(ImageFilter.MedianFilter(SPECK)).filter(ImageFilter.MinFilter(BLEND))


def _like_the_edge(image: Image.Image) -> Image.Image:
    """255 where a pixel has the colour of the picture's edge."""
    edge = _edge(image)
    colour = tuple(sorted(channel)[len(channel) // 2] for channel in zip(*edge, strict=True))
    near = sum(all(abs(one - other) <= LIKE for one, other in zip(pixel, colour, strict=True)) for pixel in edge)
    if near < PLAIN * len(edge):
        raise BadPicture("no_backdrop")
    difference = ImageChops.difference(image, Image.new("RGB", image.size, colour)).split()
    furthest = ImageChops.lighter(ImageChops.lighter(difference[0], difference[1]), difference[2])
    return furthest.point(lambda value: 255 * (value <= LIKE))


def _edge(image: Image.Image) -> list[tuple[int, int, int]]:
    width, height = image.size
    sides = [(0, 0, width, 1), (0, height - 1, width, height), (0, 0, 1, height), (width - 1, 0, width, height)]
    data = b"".join(image.crop(side).tobytes() for side in sides)
    return list(zip(data[::3], data[1::3], data[2::3], strict=True))


def _outline(like: Image.Image) -> Image.Image:
    """255 but where background reaches in from the edge, found in runs: rows of it that touch are one."""
    width, height = like.size
    rows = [list(_runs(like.crop((0, y, width, y + 1)).tobytes())) for y in range(height)]
    outside = [[start == 0 or end == width or y in {0, height - 1} for start, end in row] for y, row in enumerate(rows)]
    _spread(rows, outside)
    mask = bytearray(b"\xff" * (width * height))
    for y, row in enumerate(rows):
        for (start, end), out in zip(row, outside[y], strict=True):
            if out:
                mask[y * width + start : y * width + end] = bytes(end - start)
    return Image.frombytes("L", like.size, bytes(mask))


def _runs(row: bytes) -> Iterator[tuple[int, int]]:
    return (found.span() for found in RUN.finditer(row))


def _spread(rows: list[list[tuple[int, int]]], outside: list[list[bool]]) -> None:
    """Whatever touches the outside is outside, row by row, on and on."""
    waiting = [(y, place) for y, row in enumerate(outside) for place, out in enumerate(row) if out]
    while waiting:
        y, place = waiting.pop()
        start, end = rows[y][place]
        for beside in (y - 1, y + 1):
            if not 0 <= beside < len(rows):
                continue
            for other, (left, right) in enumerate(rows[beside]):
                if left < end and start < right and not outside[beside][other]:
                    outside[beside][other] = True
                    waiting.append((beside, other))


def _fitted(cut: Image.Image) -> Image.Image:
    scale = SIDE / max(cut.size)
    size = tuple(max(round(side * scale), 1) for side in cut.size)
    small = cut.convert("RGBa").resize((size[0], size[1]), Image.Resampling.LANCZOS).convert("RGBA")
    square = Image.new("RGBA", (SIDE, SIDE))
    square.paste(small, ((SIDE - small.width) // 2, (SIDE - small.height) // 2))
    return square


def _made(image: Image.Image) -> Made:
    """As PNG: even noise of this size has fewer bytes than Discord takes for a sticker."""
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return Made(out.getvalue(), "PNG", image.width, image.height)
