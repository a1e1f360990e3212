"""A picture's shape: what words ask for, and which of a model's shapes comes nearest. Pure.

A shape is written as width:height in whole numbers, as Google writes it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType

from bot.model import Model, Turn, Version

SAME = 0.025  #: of a natural logarithm; Google's own pictures are up to a hundredth off their ratio
TERMS = 20  #: a shape is told in numbers no larger than this, where it can be
EXTREME = 100  #: no picture is so many times as wide as high
USUAL = frozenset({"16:9", "9:16", "16:10", "10:16", "21:9", "9:21"})  #: nobody means anything else by these

NUMBERS = re.compile(r"(?<![\w:.,/])(\d{1,4})\s?(?::|x|×|by)\s?(\d{1,4})(?![\w:/]|[.,]\d)", re.IGNORECASE)
PIXELS = 64  #: from here on both numbers are pixels

#: By language: what in front of two numbers, or behind them, makes a shape of them.
BEFORE: Mapping[str, str] = MappingProxyType(
    {"en": r"(?:make (?:it|this|that)|in|into|as|to|at|ratio(?: of)?|format(?: of)?|aspect|shape)"}
)
BEHIND: Mapping[str, str] = MappingProxyType({"en": r"(?:aspect|ratio|format|shape|version|crop|picture|image)"})
#: By language: talk of numbers that are no shape.
OTHERWISE: Mapping[str, str] = MappingProxyType(
    {"en": r"\b(?:scores?|scored|won|lost|beat|clock|o'clock|verse|odds)\b"}
)

_FORM = r"(?:format|orientation|mode|shape|ratio|aspect|crop|layout)"
#: By language: words for a shape, the first that fits counts.
WORDS: Mapping[str, tuple[tuple[str, str], ...]] = MappingProxyType(
    {
        "en": (
            (rf"\bsquare {_FORM}\b|\b(?:make|crop|turn|cut) (?:it|this|that)(?: (?:in)?to)?(?: an?)? square\b", "1:1"),
            (r"\b(?:in|as an?) square\s*(?:[.,;!]|$)|^\W*square\W*$", "1:1"),
            (rf"\bultra-?\s?wide(?:screen)?(?: {_FORM}|\W*$)", "21:9"),
            (rf"\bcinema(?:scope|tic) {_FORM}\b|\bpanoram(?:a|ic) {_FORM}\b", "21:9"),
            (r"\bwide-?\s?screen\b(?! (?:tv|television|monitor|display|laptop|set))", "16:9"),
            (rf"\b(?:phone|mobile) (?:wallpaper|background|{_FORM})\b|\bstory {_FORM}\b", "9:16"),
            (r"\bdesktop (?:wallpaper|background)\b", "16:9"),
            (rf"\b(?:portrait|upright|vertical) {_FORM}\b|\bin portrait\s*(?:[.,;!]|$)", "3:4"),
            (r"\bmake (?:it|this|that) (?:vertical|upright)\b", "3:4"),
            (rf"\b(?:landscape|horizontal) {_FORM}\b|\bin landscape\s*(?:[.,;!]|$)", "4:3"),
            (r"\bmake (?:it|this|that) horizontal\b", "4:3"),
        )
    }
)  # fmt: skip


def asked(words: str) -> str | None:
    """The shape that words ask for, as they mean it; None where they speak of none."""
    return _in_numbers(words) or _in_words(words)


def nearest(shape: str, ratios: Sequence[str]) -> str | None:
    """Of these ratios, the one nearest to a shape by proportion; None where there are none."""
    wanted = _log(shape)
    return min(ratios, key=lambda each: abs(_log(each) - wanted), default=None)


def chosen(turn: Turn, base: Version | None, model: Model) -> str | None:
    """The ratio that goes to the model: as asked for, else the base's own; None where the model may choose."""
    wanted = _wanted(turn, base)
    return nearest(wanted, model.ratios) if wanted else None


def missed(turn: Turn, base: Version | None, model: Model) -> tuple[str, str] | None:
    """The shape that was wanted and the one there is instead, where the model has nothing like it."""
    wanted, found = _wanted(turn, base), chosen(turn, base, model)
    if not wanted or not found or abs(_log(wanted) - _log(found)) <= SAME:
        return None
    return _plain(wanted), found


def _wanted(turn: Turn, base: Version | None) -> str | None:
    return turn.ratio or (f"{base.picture.width}:{base.picture.height}" if base else None)


def _plain(shape: str) -> str:
    """In small numbers: `710:1536` is 6:13 to people."""
    across, down = map(int, shape.split(":"))
    long, short = max(across, down), min(across, down)
    near = Fraction(short, long).limit_denominator(TERMS)
    long, short = (near.denominator, near.numerator) if near else (round(long / short), 1)
    return f"{long}:{short}" if across >= down else f"{short}:{long}"


def _log(shape: str) -> float:
    across, down = map(int, shape.split(":"))
    return math.log(across / down)


def _in_numbers(words: str) -> str | None:
    if any(re.search(talk, words, re.IGNORECASE) for talk in OTHERWISE.values()):
        return None
    for found in NUMBERS.finditer(words):
        across, down = int(found[1]), int(found[2])
        if _is_shape(across, down) and _is_meant(words, found):
            return _least(across, down)
    return None


def _is_shape(across: int, down: int) -> bool:
    return bool(across and down) and max(across, down) <= EXTREME * min(across, down)


def _is_meant(words: str, found: re.Match[str]) -> bool:
    """Large numbers are pixels and some ratios are known to everybody; others need a word beside them, or no other."""
    across, down = int(found[1]), int(found[2])
    if min(across, down) >= PIXELS or f"{across}:{down}" in USUAL:
        return True
    before, behind = words[: found.start()], words[found.end() :]
    told = any(re.search(rf"\b{word}\W{{1,3}}(?:an?\W)?$", before, re.IGNORECASE) for word in BEFORE.values())
    called = any(re.match(rf"\W{{1,3}}{word}\b", behind, re.IGNORECASE) for word in BEHIND.values())
    return told or called or not (before + behind).strip(" .,;!")


def _least(across: int, down: int) -> str:
    common = math.gcd(across, down)
    return f"{across // common}:{down // common}"


def _in_words(words: str) -> str | None:
    flat = " ".join(words.split())
    return next(
        (shape for table in WORDS.values() for said, shape in table if re.search(said, flat, re.IGNORECASE)), None
    )
