"""The model that paints where a turn's own can't: who may have it, what it must be able to, when it steps in. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from bot.asking.drafting import noted
from bot.catalogue import Catalogue
from bot.config import Gemini
from bot.errors import Failure
from bot.limits.permit import USUAL, Permit
from bot.model import Kind, Model, Turn
from bot.price import set_aside
from bot.size import pixels

#: What is said of the turn's own model, by the failure that it ended with.
STEPS_IN: Mapping[str, str] = MappingProxyType(
    {
        "misconfigured_model": "fallback.gone",
        "overloaded": "fallback.overloaded",
        "internal": "fallback.overloaded",
        "crowded_minute": "fallback.limited",
        "crowded_day": "fallback.limited",
        "crowded_quota": "fallback.limited",
    }
)


def backed(turn: Turn, gemini: Gemini, permit: Permit) -> Turn:
    """The turn with the model that paints it where its own can't; without one where its asker may not have that."""
    other = gemini.models.get(gemini.fallback)
    if other is None or other.id == turn.model or turn.kind is not Kind.PAINT or not permit.lets(other.id):
        return turn
    return replace(turn, fallback=other.id) if _able(other, turn) else turn


def price(turn: Turn, models: Mapping[str, Model]) -> float:
    """Dollars to set aside for one picture of a turn: by the dearer of its models."""
    return max(_prices(turn, models))


def steps_in(turn: Turn, trouble: Failure, models: Mapping[str, Model]) -> bool:
    """Whether the other model is asked after this; it is asked once."""
    return turn.fallback in models and turn.fallback != turn.model and trouble.key in STEPS_IN


def begun(turn: Turn) -> int:
    """How often it was begun; what came to nothing before it was handed over cost nothing, and does not count."""
    return turn.attempts - (turn.fallback == turn.model)


def handed_over(turn: Turn, trouble: Failure, models: Mapping[str, Model], catalogue: Catalogue) -> Turn:
    """The turn in the hands of the other model, and why, for the receipt."""
    other = models[turn.fallback or ""]
    if turn.model == other.id:  # another of its takes was before
        return turn
    own = models[turn.model].name if turn.model in models else turn.model
    key = "fallback.painted" if turn.count == 1 else "fallback.painted_some"
    notes = [catalogue.say(key, model=other.name, why=catalogue.say(STEPS_IN[trouble.key], model=own))]
    if turn.size and other.sizes and turn.size not in other.sizes:
        notes.append(catalogue.say("receipt.no_size", model=other.name, size=turn.size))
    return noted(replace(turn, model=other.id), notes)


def _able(other: Model, turn: Turn) -> bool:
    """It takes all the pictures, and paints no larger than was asked for: more than that may not be allowed."""
    smallest = min(map(pixels, other.sizes or (USUAL,)))
    return len(turn.references) < other.pictures and smallest <= pixels(turn.size or USUAL)


def _prices(turn: Turn, models: Mapping[str, Model]) -> Iterator[float]:
    for each in filter(None, (turn.model, turn.fallback)):
        model = models[each]
        size = turn.size if turn.size in model.sizes else None
        yield set_aside(model, size, turn.memory, len(turn.references), len(turn.words))
