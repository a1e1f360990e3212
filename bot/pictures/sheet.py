"""The contact sheet: pictures in rows, and above each row the rails of its branches, as on a map of trains."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

from bot.pictures.lettering import Face
from bot.pictures.look import EDGE, GROUND, INK, PANEL, QUIET, colour, framed, pill, rounded
from bot.pictures.plans import Card, Sheet

MARGIN, GAP, TILE, RADIUS = 44, 28, 256, 20  #: pixels
CELL = TILE + GAP
LANE, ABOVE, STEM = 26, 22, 26  #: between two rails, over the first, and down to the picture
LINE, DOT, RING = 7, 10, 6  #: thick; a dot is as wide on each side
BEND = 0.5  #: cells that a rail takes to leave another
TITLE, BELOW, LABEL, WHO, WORDS = Face(44, bold=True), Face(28), Face(30, bold=True), Face(26, bold=True), Face(26)
LEADING, CAPTION = 34, 128  #: a line of words, and all of them under a picture
HEADER, FOOTER = 128, 20
FINE = 3  #: how much finer rails are drawn than they are shown

Point = tuple[float, float]


def sheet(plan: Sheet, pictures: Sequence[Image.Image]) -> Image.Image:
    """The drawing."""
    columns = min(5, max(2, math.ceil(math.sqrt(len(plan.cards)))))
    rows = [Row(plan, first, columns) for first in range(0, len(plan.cards), columns)]
    width = 2 * MARGIN + columns * CELL - GAP
    canvas = Image.new("RGB", (width, HEADER + sum(row.height for row in rows) + FOOTER), GROUND)
    _header(canvas, plan)
    top, rest = HEADER, iter(pictures)
    for row in rows:
        canvas.paste(row.strip(width), (0, top))
        for place, card in enumerate(row.cards):
            _card(canvas, (MARGIN + place * CELL, top + row.rails_height), card, rest)
        top += row.height
    return canvas


def _header(canvas: Image.Image, plan: Sheet) -> None:
    pen, room = ImageDraw.Draw(canvas), canvas.width - 2 * MARGIN
    TITLE.draw(pen, (MARGIN, 70), TITLE.line(plan.title, room), INK)
    BELOW.draw(pen, (MARGIN, 112), BELOW.line(plan.below, room), QUIET)


def _card(canvas: Image.Image, at: tuple[int, int], card: Card, pictures: Iterator[Image.Image]) -> None:
    if card.instead:
        _tombstone(canvas, at, card)
    else:
        canvas.paste(framed(next(pictures), (TILE, TILE)), at, rounded((TILE, TILE), RADIUS))
    if card.badge:
        _ring(canvas, at)
        pill(canvas, (at[0] + 12, at[1] + TILE - 52), card.badge, WHO, light=True)
    pill(canvas, (at[0] + 12, at[1] + 12), card.label, LABEL)
    _caption(canvas, (at[0] + 2, at[1] + TILE + 38), card)


def _caption(canvas: Image.Image, at: tuple[int, int], card: Card) -> None:
    pen, (left, base) = ImageDraw.Draw(canvas), at
    origin = WHO.line(card.origin, TILE)
    room = TILE - (WHO.width(origin) + 12 if origin else 0)
    end = WHO.draw(pen, at, WHO.line(card.who, room), INK)
    WHO.draw(pen, (end + 12, base), origin, colour(card.branch))
    for count, line in enumerate(WORDS.lines(card.words, TILE, 2), 1):
        WORDS.draw(pen, (left, base + count * LEADING), line, QUIET)


def _ring(canvas: Image.Image, at: tuple[int, int]) -> None:
    """Around the one that counts."""
    outer = (TILE + 2 * RING, TILE + 2 * RING)
    mask = rounded(outer, RADIUS + RING).copy()
    mask.paste(0, (RING, RING), rounded((TILE, TILE), RADIUS))
    canvas.paste(Image.new("RGB", outer, INK), (at[0] - RING, at[1] - RING), mask)


def _tombstone(canvas: Image.Image, at: tuple[int, int], card: Card) -> None:
    canvas.paste(Image.new("RGB", (TILE, TILE), EDGE), at, rounded((TILE, TILE), RADIUS))
    inner = (TILE - 4, TILE - 4)
    canvas.paste(Image.new("RGB", inner, PANEL), (at[0] + 2, at[1] + 2), rounded(inner, RADIUS - 2))
    pen, middle, arm = ImageDraw.Draw(canvas), (at[0] + TILE / 2, at[1] + TILE / 2 - 14), 22
    for slope in (1, -1):
        ends = (middle[0] - arm, middle[1] - slope * arm, middle[0] + arm, middle[1] + slope * arm)
        pen.line(ends, fill=EDGE, width=8)
    said = BELOW.line(card.instead, TILE - 24)
    BELOW.draw(pen, (middle[0] - BELOW.width(said) / 2, middle[1] + 68), said, QUIET)


@dataclass(frozen=True)
class Row:
    """The cards of one row, and the rails above them."""

    plan: Sheet
    first: int
    columns: int

    @property
    def cards(self) -> Sequence[Card]:
        """From left to right."""
        return self.plan.cards[self.first : self.first + self.columns]

    @property
    def lanes(self) -> int:
        """How many rails there is room for."""
        seen = [lane for _, lane, start, end in self.plan.rails if start < self.end and end > self.first]
        return 1 + max(seen, default=0)

    @property
    def end(self) -> float:
        """The first cell of the next row."""
        return self.first + self.columns

    @property
    def rails_height(self) -> int:
        """Pixels above the pictures."""
        return ABOVE + (self.lanes - 1) * LANE + STEM

    @property
    def height(self) -> int:
        """Pixels of all."""
        return self.rails_height + TILE + CAPTION

    def strip(self, width: int) -> Image.Image:
        """The rails; those with a high number first, so that the head's lies upon all others."""
        strip = Image.new("RGB", (width * FINE, self.rails_height * FINE), GROUND)
        pen = ImageDraw.Draw(strip)
        forked = {branch for branch, *_ in self.plan.forks}
        for branch, lane, start, end in sorted(self.plan.rails, key=lambda rail: -rail[1]):
            self._straight(pen, branch, lane, (start + BEND if branch in forked else start, end))
        for branch, at, origin, lane in self.plan.forks:
            self._curve(pen, branch, at, (origin, lane))
        for place, card in enumerate(self.cards):
            self._stop(pen, self.first + place + 0.5, card)
        return strip.resize((width, self.rails_height), Image.Resampling.BOX)

    def _straight(self, pen: ImageDraw.ImageDraw, branch: int, lane: int, span: Point) -> None:
        """A rail as far as it lies in this row, with an edge so that what it crosses lies under it."""
        start = span[0] if span[0] > self.first else self.first - 1
        end = min(span[1], self.end + 1)
        if end > start:
            ends = (self._x(start), self._y(lane), self._x(end), self._y(lane))
            pen.line(ends, fill=GROUND, width=(LINE + 6) * FINE)
            pen.line(ends, fill=colour(branch), width=LINE * FINE)

    def _curve(self, pen: ImageDraw.ImageDraw, branch: int, at: float, lanes: tuple[int, int]) -> None:
        """From one rail up or down to another."""
        if not self.first <= at < self.end:
            return
        low, high = (self._y(lane) for lane in lanes)
        parts = [step / 24 for step in range(25)]
        points = [(self._x(at + BEND * part), low + (high - low) * (3 - 2 * part) * part * part) for part in parts]
        pen.line(points, fill=colour(branch), width=LINE * FINE, joint="curve")

    def _stop(self, pen: ImageDraw.ImageDraw, place: float, card: Card) -> None:
        x, y, ink = self._x(place), self._y(card.lane), colour(card.branch)
        pen.line((x, y, x, self.rails_height * FINE), fill=GROUND, width=(LINE + 8) * FINE)
        pen.line((x, y, x, self.rails_height * FINE), fill=ink, width=LINE * FINE)
        _disc(pen, (x, y), (DOT + 5) * FINE, GROUND)
        _disc(pen, (x, y), DOT * FINE, INK if card.badge else ink)
        if not card.badge:
            _disc(pen, (x, y), (DOT - 5) * FINE, GROUND)

    def _x(self, place: float) -> float:
        return (MARGIN - GAP / 2 + (place - self.first) * CELL) * FINE

    def _y(self, lane: int) -> float:
        """The head's rail is the lowest, next to the pictures."""
        return (self.rails_height - STEM - lane * LANE) * FINE


def _disc(pen: ImageDraw.ImageDraw, at: Point, radius: float, ink: str) -> None:
    pen.ellipse((at[0] - radius, at[1] - radius, at[0] + radius, at[1] + radius), fill=ink)
