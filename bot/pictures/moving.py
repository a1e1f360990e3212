"""Moving pictures, as WebP: a few frames, each for as long as it is worth, within a number of bytes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageDraw, ImageOps

from bot.errors import BadPicture
from bot.pictures.lettering import Face
from bot.pictures.look import EDGE, GROUND, INK, QUIET, colour, framed, pill
from bot.pictures.orders import Made, mib
from bot.pictures.plans import Film

QUALITY = 80
TRIES, ROOM, LEAST = 3, 0.85, 0.25  #: smaller ones; below what would just fit; of a side at a time
EFFORT = 2  #: of WebP's 6: more takes seconds and saves a tenth
LONGEST = 720  #: pixels of a picture in a film
BAND, LEADING = 118, 38  #: pixels below it for two lines of words
LABEL, WORDS = Face(34, bold=True), Face(30)
STEP, LAST = 1100, 2800  #: milliseconds


@dataclass(frozen=True)
class Frame:
    """A picture and for how many milliseconds it is to be seen."""

    picture: Image.Image
    milliseconds: int


def film(plan: Film, pictures: Sequence[Image.Image]) -> list[Frame]:
    """All of them in the shape of the last."""
    last = pictures[-1]
    scale = LONGEST / max(last.size)
    size = (max(256, round(last.width * scale)), max(160, round(last.height * scale)))
    frames = []
    for place, picture in enumerate(pictures):
        canvas = Image.new("RGB", (size[0], size[1] + BAND), GROUND)
        canvas.paste(framed(picture, size), (0, 0))
        pill(canvas, (16, 16), plan.labels[place], LABEL)
        _subtitle(canvas, size[1], plan.words[place], (place + 1) / len(pictures))
        frames.append(Frame(canvas, LAST if place + 1 == len(pictures) else STEP))
    return frames


def _subtitle(canvas: Image.Image, top: int, words: str, part: float) -> None:
    """The words, and over them how far the story has come."""
    pen = ImageDraw.Draw(canvas)
    pen.rectangle((0, top, canvas.width, top + 5), fill=EDGE)
    pen.rectangle((0, top, round(canvas.width * part), top + 5), fill=colour(0))
    lines = WORDS.lines(words, canvas.width - 48, 2)
    base = top + 52 if len(lines) > 1 else top + 72
    for count, line in enumerate(lines):
        WORDS.draw(pen, (24, base + count * LEADING), line, INK if count == 0 else QUIET)


def moved(frames: Sequence[Frame], largest: int) -> Made:
    """The frames in one file of at most `largest` bytes, smaller where they must be. Raises BadPicture."""
    pictures, times = [frame.picture for frame in frames], [frame.milliseconds for frame in frames]
    data = _encoded(pictures, times)
    for _ in range(TRIES):
        if len(data) <= largest:
            break
        scale = max(LEAST, ROOM * math.sqrt(largest / len(data)))
        pictures = [ImageOps.scale(each, scale, Image.Resampling.LANCZOS) for each in pictures]
        data = _encoded(pictures, times)
    if len(data) > largest:
        raise BadPicture("too_many_bytes", size=mib(len(data)), limit=mib(largest))
    return Made(data, "WEBP", *pictures[0].size)


def _encoded(pictures: Sequence[Image.Image], times: Sequence[int]) -> bytes:
    out, (first, *others) = BytesIO(), pictures
    first.save(
        out, "WEBP", save_all=True, append_images=others, duration=list(times), loop=0, quality=QUALITY, method=EFFORT
    )
    return out.getvalue()
