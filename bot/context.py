"""Which pictures and words go into a request. Pure.

`focused`: one user turn with the base, the references, a recap in words and the instruction. Its cost does not grow
with the thread and it needs no signature. `full`: the branch's last turns verbatim, for words that refer back.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from bot.model import Content, Memory, Model, Painted, Part, Picture, Request, Text, Turn, Version

RECAP = 6  #: earlier instructions told in words
FULL_TURNS = 4  #: earlier turns sent verbatim
WORDS = 200  #: characters kept of each earlier instruction

BACKWARD = re.compile(
    r"\b(again|before|previous(ly)?|earlier|undo|go back|back to|as it was|like (the )?(first|last)|original(ly)?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Past:
    """An earlier turn of the branch: what it edited, and the model's answer."""

    turn: Turn
    base: Picture | None
    parts: tuple[Part, ...]

    @property
    def last_picture(self) -> str | None:
        """The digest of the last picture in what can be sent again."""
        digests = [part.picture.digest for part in self.spoken if isinstance(part, Painted)]
        return digests[-1] if digests else None

    @property
    def spoken(self) -> tuple[Part, ...]:
        """The answer without the model's thoughts, which are never sent back."""
        return tuple(part for part in self.parts if not part.thought)


def refers_back(words: str) -> bool:
    """Whether words lean on what was said earlier, so that the model should see it."""
    return BACKWARD.search(words) is not None


def compose(turn: Turn, base: Version | None, branch: Sequence[Past], model: Model) -> Request:
    """The request for a turn. `branch` holds its ancestors, oldest first."""
    replayed = _replayed(turn, branch, model) if turn.memory is Memory.FULL else []
    history = [content for past in replayed for content in _verbatim(past, first=past is replayed[0])]
    recap = branch if not replayed else ()
    last = Content("user", tuple(_ask(turn, _base_to_send(base, replayed), base, recap)))
    return Request(model, (*history, last), _ratio(turn, base, model), _size(turn, model))


def nearest_ratio(width: int, height: int, ratios: Sequence[str]) -> str | None:
    """The ratio nearest to a picture's shape, by proportion; None where the model knows none."""

    def distance(ratio: str) -> float:
        across, down = map(int, ratio.split(":"))
        return abs(math.log((width / height) / (across / down)))

    return min(ratios, key=distance, default=None)


def _ask(turn: Turn, sent: Picture | None, base: Version | None, recap: Sequence[Past]) -> list[Part]:
    pictures = [*([sent] if sent else []), *(each.picture for each in turn.references)]
    texts = [_labels(turn, sent, base), _recap(recap), _instruction(turn, base)]
    return [*map(Painted, pictures), *(Text(text) for text in texts if text)]


def _labels(turn: Turn, sent: Picture | None, base: Version | None) -> str:
    names = [f"the picture to edit (v{base.number})"] if sent and base else []
    names += [f"a reference ({each.name})" for each in turn.references]
    return " ".join(f"Picture {place} is {name}." for place, name in enumerate(names, start=1))


def _recap(branch: Sequence[Past]) -> str:
    if not branch:
        return ""
    said = "; ".join(_short(past.turn.words) for past in branch[-RECAP:] if past.turn.words)
    return " ".join(filter(None, [f"Earlier in this thread: {said}." if said else "", _answered(branch[-1])]))


def _answered(past: Past) -> str:
    """A text-only answer, so that the words after it are understood."""
    texts = [part.text for part in past.spoken if isinstance(part, Text)]
    return f"To that you answered: {_short(' '.join(texts))}" if texts and past.last_picture is None else ""


def _instruction(turn: Turn, base: Version | None) -> str:
    if base is None and not turn.references:
        return turn.words
    keep = "\nChange only this and keep everything else exactly as it is." if base else ""
    return f"Instruction: {turn.words}{keep}"


def _replayed(turn: Turn, branch: Sequence[Past], model: Model) -> list[Past]:
    """The newest turns that can go verbatim: painted by this model, and all their pictures fit."""
    room = model.pictures - len(turn.references) - 2
    chosen: list[Past] = []
    for past in takewhile(lambda each: _replayable(each, model), reversed(branch[-FULL_TURNS:])):
        room -= len(past.turn.references) + sum(isinstance(part, Painted) for part in past.parts)
        if room < 0:
            break
        chosen.insert(0, past)
    return chosen


def _replayable(past: Past, model: Model) -> bool:
    return past.turn.model == model.id and bool(past.spoken)


def _verbatim(past: Past, *, first: bool) -> list[Content]:
    """A turn as it was. Only the first brings its base: the others' is the answer before them."""
    base = [Painted(past.base)] if first and past.base else []
    references = [Painted(each.picture) for each in past.turn.references]
    return [Content("user", (*base, *references, Text(past.turn.words))), Content("model", past.spoken)]


def _base_to_send(base: Version | None, replayed: Sequence[Past]) -> Picture | None:
    if base is None or (replayed and replayed[-1].last_picture == base.picture.digest):
        return None
    return base.picture


def _ratio(turn: Turn, base: Version | None, model: Model) -> str | None:
    """As asked; else the base's own shape, which must be said where another picture comes last."""
    if turn.ratio in model.ratios:
        return turn.ratio
    if base is None or (not turn.references and turn.memory is Memory.FOCUSED):
        return None
    return nearest_ratio(base.picture.width, base.picture.height, model.ratios)


def _size(turn: Turn, model: Model) -> str | None:
    return turn.size if turn.size in model.sizes else None


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= WORDS else line[: WORDS - 1] + "…"


def without_history(turn: Turn) -> Turn:
    """The same ask, painted from the base and the words alone."""
    return replace(turn, memory=Memory.FOCUSED)
