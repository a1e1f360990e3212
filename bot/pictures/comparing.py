"""Two pictures compared: beside each other with what changed outlined, one wiped over the other, or in turn."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from bot.pictures.difference import difference
from bot.pictures.lettering import Face
from bot.pictures.look import GROUND, INK, QUIET, Size, colour, framed, opaque, pill, rounded
from bot.pictures.moving import Frame
from bot.pictures.plans import Blink, Comparison, Wipe, percent

MARGIN, GAP, RADIUS = 40, 32, 22  #: pixels
PANEL = 760  #: pixels of a picture's longest side
WIDE = 1.45  #: from this shape on, one stands below the other, so that a phone shows them large
LABEL, WORDS, SAID = Face(34, bold=True), Face(28), Face(34, bold=True)
CAPTION, SENTENCE = 64, 76  #: pixels of the words under a picture, and of the sentence under all
REACH = 9  #: pixels around what changed, so that its outline lies beside it
STEPS, STILL, EACH = 14, 900, 60  #: frames of a wipe one way; milliseconds at its ends, and of a step
TURN = 800  #: milliseconds of a picture that blinks


def comparison(plan: Comparison, pictures: Sequence[Image.Image]) -> tuple[Image.Image, float]:
    """The drawing, and the share of pixels that changed, 0 to 1."""
    before, after = (_sized(each, PANEL) for each in pictures)
    found = difference(before, after)
    edge = _edge(found.mask, after.size)
    # Where both have one shape the outline can lie on both; else the earlier one would have to be bent for it.
    same = abs(before.width / before.height - after.width / after.height) < 0.02
    outlined = (_outlined(found.before, edge) if same else opaque(before), _outlined(opaque(after), edge))
    sentence = plan.changed.replace("%", percent(found.share))
    return _beside(outlined, plan, sentence), found.share


def wipe(plan: Wipe, pictures: Sequence[Image.Image]) -> list[Frame]:
    """To the right and back."""
    before, after = _alike(pictures)
    parts = (0.5 - 0.5 * math.cos(math.pi * step / STEPS) for step in range(STEPS + 1))
    there = [_wiped((before, after), plan.labels, part) for part in parts]
    shown = [*there, *there[-2:0:-1]]
    return [Frame(each, STILL if place in {0, STEPS} else EACH) for place, each in enumerate(shown)]


def blink(plan: Blink, pictures: Sequence[Image.Image]) -> list[Frame]:
    """One, the other, and so on."""
    return [Frame(_labelled(each, label), TURN) for each, label in zip(_alike(pictures), plan.labels, strict=True)]


def _sized(picture: Image.Image, longest: int) -> Image.Image:
    return ImageOps.contain(picture, (longest, longest), Image.Resampling.LANCZOS)


def _alike(pictures: Sequence[Image.Image]) -> tuple[Image.Image, Image.Image]:
    """The earlier one laid into the frame of the later."""
    before, after = (_sized(each, PANEL) for each in pictures)
    return framed(difference(before, after).before, after.size), opaque(after)


def _edge(mask: Image.Image, size: Size) -> Image.Image:
    """A smooth line around what changed, small gaps closed."""
    grown = mask.filter(ImageFilter.MaxFilter(REACH)).filter(ImageFilter.GaussianBlur(3)).point(_half)
    area = grown.resize(size, Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(2)).point(_half)
    framed_area = ImageOps.expand(area, 4, 0)  # the line is drawn along the picture's own edge, too
    line = ImageChops.subtract(framed_area, framed_area.filter(ImageFilter.MinFilter(7)))
    return line.crop((4, 4, 4 + size[0], 4 + size[1]))


def _half(value: int) -> int:
    return 255 if value > 127 else 0


def _outlined(picture: Image.Image, edge: Image.Image) -> Image.Image:
    """A light line with a dark one around it: to be seen on any picture."""
    picture = picture.copy()
    halo = edge.filter(ImageFilter.MaxFilter(5)).filter(ImageFilter.GaussianBlur(1))
    picture.paste(Image.new("RGB", picture.size, GROUND), (0, 0), halo)
    picture.paste(Image.new("RGB", picture.size, colour(1)), (0, 0), edge.filter(ImageFilter.GaussianBlur(0.6)))
    return picture


def _beside(panels: Sequence[Image.Image], plan: Comparison, sentence: str) -> Image.Image:
    stacked = min(each.width / each.height for each in panels) >= WIDE
    across = max(each.width for each in panels) if stacked else sum(each.width for each in panels) + GAP
    down = sum(each.height + CAPTION for each in panels) if stacked else max(each.height for each in panels) + CAPTION
    canvas = Image.new("RGB", (across + 2 * MARGIN, down + MARGIN + SENTENCE), GROUND)
    left, top = MARGIN, MARGIN
    for panel, label, words in zip(panels, plan.labels, plan.words, strict=True):
        canvas.paste(panel, (left, top), rounded(panel.size, RADIUS))
        pill(canvas, (left + 14, top + 14), label, LABEL)
        said = WORDS.line(words, panel.width - 8)
        WORDS.draw(ImageDraw.Draw(canvas), (left + 4, top + panel.height + 42), said, QUIET)
        left, top = (left, top + panel.height + CAPTION) if stacked else (left + panel.width + GAP, top)
    said = SAID.line(sentence, canvas.width - 2 * MARGIN)
    SAID.draw(ImageDraw.Draw(canvas), (MARGIN + 4, canvas.height - 36), said, INK)
    return canvas


def _wiped(pair: tuple[Image.Image, Image.Image], labels: Sequence[str], part: float) -> Image.Image:
    before, after = pair
    cut = round(before.width * part)
    frame = before.copy()
    frame.paste(after.crop((0, 0, cut, after.height)), (0, 0))
    if 0 < cut < before.width:
        ImageDraw.Draw(frame).rectangle((cut - 2, 0, cut + 1, frame.height), fill=INK)
    ends = [round(LABEL.width(label)) + 54 for label in labels]  # of a pill, beside the edge
    if cut > ends[1]:
        pill(frame, (16, 16), labels[1], LABEL)
    if before.width - cut > ends[0]:
        pill(frame, (before.width - ends[0], 16), labels[0], LABEL)
    return frame


def _labelled(picture: Image.Image, label: str) -> Image.Image:
    picture = picture.copy()
    pill(picture, (16, 16), label, LABEL)
    return picture
