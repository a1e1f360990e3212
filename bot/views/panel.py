"""The panel behind `More…`: what else can be done with a version, and what that costs. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bot import receipt
from bot.catalogue import Catalogue
from bot.letters import Button
from bot.model import Model, Picture, Version
from bot.price import usual
from bot.size import pixels

SAME = 0.03  #: how far two shapes may be apart, as a share, and still be the same to the eye
SMALLER = 0.7  #: of the pixels along a side of the model's smallest size; such a picture has no size of the model's
IN_A_ROW = 5  #: buttons
ROOM = 19  #: offers below the first row; the last place is for a report
LAST = 4  #: row


@dataclass(frozen=True)
class Offer:
    """A version painted anew in another shape or size. `label` names that."""

    verb: str
    label: str
    dollars: float


@dataclass(frozen=True)
class Panel:
    """Everything that can be pressed. `base` is the version's own, where there is one to compare it with."""

    version: Version
    base: int | None
    model: Model
    may_delete: bool
    may_report: bool = False

    def buttons(self, catalogue: Catalogue) -> tuple[Button, ...]:
        """What can be done at once in the first row, what is painted in those below."""
        painted = offers(self.version.picture, self.model)
        priced = (_priced(place, each, self.version) for place, each in enumerate(painted))
        return (*self._tools(catalogue), *priced, *self._report(catalogue))

    def _report(self, catalogue: Catalogue) -> tuple[Button, ...]:
        """Apart from all else, where there are moderators to read it."""
        if not self.may_report:
            return ()
        return (Button(catalogue.say("more.report"), f"report:{self.version.number}", row=LAST),)

    def _tools(self, catalogue: Catalogue) -> tuple[Button, ...]:
        number, say = self.version.number, catalogue.say
        compared = f"compare:{self.base or 0}:{number}"
        return (
            Button(say("more.original"), f"original:{number}", row=0),
            Button(say("more.compare"), compared, disabled=self.base is None, row=0),
            Button(say("more.recipes"), f"recipes:{number}", row=0),
            Button(say("more.information"), f"information:{number}", row=0),
            Button(say("more.delete"), f"delete:{number}", disabled=not self.may_delete, row=0),
        )


def offers(picture: Picture, model: Model) -> list[Offer]:
    """The sizes and shapes that the model paints and that the picture has not got."""
    size = size_of(picture, model.sizes)
    sizes = [Offer("render", each, usual(model, each)) for each in model.sizes if each != size]
    shapes = [Offer("extend", each, usual(model, size)) for each in model.ratios if not has(picture, each)]
    return [*sizes, *shapes][:ROOM]


def size_of(picture: Picture, sizes: Sequence[str]) -> str | None:
    """The size of the model's that a picture is nearest to; None for one that is smaller than all, or where none is."""
    side = math.sqrt(picture.width * picture.height)
    if side < SMALLER * min(map(pixels, sizes), default=math.inf):
        return None
    return min(sizes, key=lambda each: abs(math.log(side / pixels(each))))


def has(picture: Picture, ratio: str) -> bool:
    """Whether the picture is of this shape already."""
    across, down = map(int, ratio.split(":"))
    return abs(math.log(picture.width * down / (picture.height * across))) < SAME


def _priced(place: int, offer: Offer, version: Version) -> Button:
    label = f"{offer.label} · {receipt.dollars(offer.dollars)}"
    return Button(label, f"{offer.verb}:{version.number}:{offer.label}", row=1 + place // IN_A_ROW)
