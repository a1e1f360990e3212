"""Which setting holds: what a thread wishes over its server's defaults over the configuration. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from bot.config import Gemini, Settings
from bot.model import Memory, Model

Kind = TypeVar("Kind", bound=StrEnum)


class Asks(StrEnum):
    """Who may ask in a thread."""

    EVERYONE = "everyone"
    INVITED = "invited"  #: who started it, and those whom that member invited
    STARTER = "starter"


class Hears(StrEnum):
    """Which words in a thread are asks."""

    EVERYTHING = "everything"
    CALLED = "called"  #: replies to the bot and mentions of it
    AUTOMATIC = "automatic"  #: everything, until a second person talks there


class Others(StrEnum):
    """What may be done with pictures that other members posted in a thread of the bot's."""

    FREE = "free"  #: everybody edits them
    ASK_FIRST = "ask_first"  #: whoever posted one is asked


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a thread or a server has chosen; None where nothing."""

    ratio: str | None = None
    size: str | None = None
    model: str | None = None
    memory: Memory | None = None
    asks: Asks | None = None
    hears: Hears | None = None
    others: Others | None = None

    @classmethod
    def read(cls, values: Mapping[str, str]) -> Wishes:
        """From words by name; one that this program does not know is no wish."""
        return cls(
            values.get("ratio"),
            values.get("size"),
            values.get("model"),
            _known(Memory, values.get("memory")),
            _known(Asks, values.get("asks")),
            _known(Hears, values.get("hears")),
            _known(Others, values.get("others")),
        )


@dataclass(frozen=True, slots=True)
class Held:
    """What holds in a thread. `gone`: the model that was chosen, where it is no longer to be had."""

    model: Model
    ratio: str | None
    size: str | None
    memory: Memory
    asks: Asks
    hears: Hears
    others: Others = Others.FREE
    gone: str | None = None


def holding(thread: Wishes, server: Wishes, gemini: Gemini, today: date, *, ours: bool) -> Held:
    """What holds. A server's word on listening is for the bot's own threads: people's talk elsewhere is their own."""
    wished = [each.model for each in (thread, server) if each.model]
    there = {each.id for each in offered(gemini, today)}
    model = gemini.models[next((each for each in wished if each in there), gemini.model)]
    usual = Hears.EVERYTHING if ours else Hears.CALLED
    return Held(
        model=model,
        ratio=_among(model.ratios, thread.ratio, server.ratio, gemini.ratio),
        size=_among(model.sizes, thread.size, server.size, gemini.size),
        memory=thread.memory or server.memory or gemini.memory,
        asks=thread.asks or server.asks or Asks.EVERYONE,
        hears=thread.hears or (server.hears if ours else None) or usual,
        others=thread.others or server.others or Others.FREE,
        gone=next((each for each in wished[:1] if each not in there), None),
    )


def over(settings: Settings, held: Held) -> Settings:
    """The configuration as it holds in a thread."""
    gemini = settings.gemini
    usual = {"model": held.model.id, "ratio": held.ratio or "", "size": held.size or gemini.size, "memory": held.memory}
    return settings.model_copy(update={"gemini": gemini.model_copy(update=usual)})


def painted_with(settings: Settings, model: Model) -> Settings:
    """The configuration with another model, and the shape as far as that one has it."""
    gemini = settings.gemini
    usual = {"model": model.id, "ratio": gemini.ratio if gemini.ratio in model.ratios else ""}
    return settings.model_copy(update={"gemini": gemini.model_copy(update=usual)})


def offered(gemini: Gemini, today: date) -> list[Model]:
    """The models to choose among: those that Google has not taken away, and the configured one whatever its age."""
    return [
        each
        for each in gemini.models.values()
        if each.id == gemini.model or each.retires is None or each.retires > today
    ]


def _among(offers: Sequence[str], *wished: str | None) -> str | None:
    """The first wish that the model can fulfil."""
    return next((each for each in wished if each in offers), None)


def _known(kind: type[Kind], value: str | None) -> Kind | None:
    return next((each for each in kind if each.value == value), None)
