"""Charts, by matplotlib: loaded only by the worker that draws one, which retires then, and never by the bot itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO

from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch
from matplotlib.ticker import MaxNLocator

from bot.pictures.lettering import Face
from bot.pictures.look import EDGE, GROUND, INK, PANEL, QUIET, colour
from bot.pictures.orders import Made
from bot.pictures.plans import Bar, Bars, Chart

DPI = 100
WIDTH, MARGIN, GAP = 1080, 48, 56  #: pixels
ROOM = WIDTH - 2 * MARGIN
SIDE = (ROOM - GAP) // 2
TITLE, HEADING = Face(50, bold=True), Face(36, bold=True)
FIGURES = tuple(Face(size, bold=True) for size in (76, 64, 52, 42))  #: the largest that there is room for
BELOW, LABEL, TOLD, TICK = Face(30), Face(30), Face(28), Face(26)
HEADER, COLUMNS, TICKS = 320, 330, 64  #: high
LINE, ROW, THICK, APART = 54, 80, 14, 40  #: of a legend, of a row with its bar, and between two boards
SWATCH = 26
NAMELESS = "–"  #: of whose name no letter can be drawn here
FINE = 31  #: columns that have room for a gap

Box = tuple[float, float, float, float]  #: left, top, width, height


def chart(plan: Chart) -> Made:
    """The drawing, as a PNG."""
    legend = list(_lines(plan))
    boards = max(sum(map(_height, side)) for side in (plan.left, plan.right))
    height = HEADER + LINE + COLUMNS + TICKS + LINE * len(legend) + APART + boards + MARGIN - APART
    paper = Paper(height)
    _header(paper, plan)
    _columns(paper, plan)
    top = HEADER + LINE + COLUMNS + TICKS
    for place, line in enumerate(legend):
        _legend(paper, plan, line, top + place * LINE + 36)
    for left, side in ((MARGIN, plan.left), (MARGIN + SIDE + GAP, plan.right)):
        below = top + len(legend) * LINE + APART
        for bars in side:
            _bars(paper, bars, (left, below))
            below += _height(bars)
    return Made(paper.png(), "PNG", WIDTH, height)


@dataclass(frozen=True)
class Paper:
    """A figure that is drawn on in pixels, from its upper left corner."""

    height: int

    @cached_property
    def figure(self) -> Figure:
        """What the library draws on."""
        figure = Figure(figsize=(WIDTH / DPI, self.height / DPI), dpi=DPI, facecolor=GROUND)
        FigureCanvasAgg(figure)
        return figure

    @cached_property
    def sheet(self) -> Axes:
        """All of it, one unit a pixel."""
        sheet = self.axes((0, 0, WIDTH, self.height))
        sheet.set(xlim=(0, WIDTH), ylim=(self.height, 0))
        sheet.axis("off")
        return sheet

    def axes(self, box: Box) -> Axes:
        """A part of it, with axes of its own."""
        left, top, width, height = box
        return self.figure.add_axes(
            (left / WIDTH, 1 - (top + height) / self.height, width / WIDTH, height / self.height), facecolor=GROUND
        )

    def write(self, at: tuple[float, float], text: str, face: Face, ink: str = INK, *, right: bool = False) -> None:
        """A line of text that begins at a point of its baseline, or ends there."""
        self.sheet.text(
            *at,
            text,
            color=ink,
            fontproperties=lettered(face),
            ha="right" if right else "left",
            va="baseline",
            parse_math=False,
        )

    def bar(self, box: Box, ink: str) -> None:
        """A bar with round ends."""
        left, top, width, height = box
        style = f"round,pad=0,rounding_size={min(width, height) / 2}"
        self.sheet.add_patch(FancyBboxPatch((left, top), width, height, boxstyle=style, color=ink, linewidth=0))

    def png(self) -> bytes:
        """Its bytes."""
        out = BytesIO()
        self.figure.savefig(out, format="png", facecolor=GROUND)
        return out.getvalue()


def lettered(face: Face) -> font_manager.FontProperties:
    """The same letters for the library, and the same fonts for those that the first has not."""
    families = []
    for font in face.fonts:
        path = str(font.path)
        font_manager.fontManager.addfont(path)
        families.append(font_manager.FontProperties(fname=path).get_name())
    weight = "bold" if face.bold else "medium"
    return font_manager.FontProperties(family=families, size=face.size * 72 / DPI, weight=weight)


def _header(paper: Paper, plan: Chart) -> None:
    paper.write((MARGIN, 88), TITLE.line(plan.title, ROOM), TITLE)
    paper.write((MARGIN, 136), BELOW.line(plan.below, ROOM), BELOW, QUIET)
    face = next((each for each in FIGURES if sum(_broad(each, *pair) for pair in plan.figures) <= ROOM), FIGURES[-1])
    left: float = MARGIN
    for figure, what in plan.figures:
        paper.write((left, 236), figure, face)
        paper.write((left, 280), what, BELOW, QUIET)
        left += _broad(face, figure, what)


def _broad(face: Face, figure: str, what: str) -> float:
    return max(face.width(figure), BELOW.width(what)) + GAP


def _columns(paper: Paper, plan: Chart) -> None:
    paper.write((MARGIN, HEADER + 30), HEADING.line(plan.heading, ROOM), HEADING)
    axes = paper.axes((MARGIN + 56, HEADER + LINE, ROOM - 56, COLUMNS))
    places, below = range(len(plan.columns)), [0] * len(plan.columns)
    for stack in plan.stacks:
        wide = 0.74 if len(places) <= FINE else 0.86
        axes.bar(places, stack.heights, wide, bottom=below, color=colour(stack.colour), linewidth=0)
        below = [low + high for low, high in zip(below, stack.heights, strict=True)]
    axes.set(xlim=(-0.6, len(places) - 0.4), ylim=(0, max(4, *below) * 1.06))
    axes.set_xticks([place for place in places if plan.columns[place]], [each for each in plan.columns if each])
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.grid(visible=True, axis="y", color=EDGE, linewidth=1)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, pad=10, colors=QUIET)
    for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        label.set_fontproperties(lettered(TICK))
    axes.spines[:].set_visible(False)


def _lines(plan: Chart) -> Iterator[Sequence[int]]:
    """Which entries of the legend stand on each line."""
    line: list[int] = []
    for place in range(len(plan.stacks)):
        if line and sum(_wide(plan, each) for each in line) + _wide(plan, place) > ROOM:
            yield line
            line = []
        line.append(place)
    if line:
        yield line


def _wide(plan: Chart, place: int) -> float:
    stack = plan.stacks[place]
    return SWATCH + 12 + LABEL.width(stack.label) + 10 + LABEL.width(stack.told) + 36


def _legend(paper: Paper, plan: Chart, line: Sequence[int], base: float) -> None:
    left: float = MARGIN
    for place in line:
        stack = plan.stacks[place]
        paper.bar((left, base - SWATCH + 3, SWATCH, SWATCH), colour(stack.colour))
        paper.write((left + SWATCH + 12, base), stack.label, LABEL)
        paper.write((left + SWATCH + 22 + LABEL.width(stack.label), base), stack.told, LABEL, QUIET)
        left += _wide(plan, place)


def _height(bars: Bars) -> int:
    return LINE + ROW * len(bars.rows) + APART


def _bars(paper: Paper, bars: Bars, at: tuple[float, float]) -> None:
    left, top = at
    paper.write((left, top + 30), HEADING.line(bars.title, SIDE), HEADING)
    longest = max((each.length for each in bars.rows), default=0) or 1
    for place, row in enumerate(bars.rows):
        _row(paper, row, (left, top + LINE + place * ROW), row.length / longest)


def _row(paper: Paper, row: Bar, at: tuple[float, float], part: float) -> None:
    left, top = at
    room = SIDE - TOLD.width(row.told) - 20
    paper.write((left, top + 36), LABEL.line(row.label, room) or NAMELESS, LABEL)
    paper.write((left + SIDE, top + 36), row.told, TOLD, QUIET, right=True)
    paper.bar((left, top + 50, SIDE, THICK), PANEL)
    if part:
        paper.bar((left, top + 50, max(THICK, SIDE * part), THICK), colour(0))
