"""What the page tells about whoever paints."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from bot.sandbox.discord.nouns import Json
from bot.sandbox.gemini import CONTROL, Control

_NAME = "The offline painter"
_NOTE = (
    "These pictures come from an offline painter made of shapes, not from a model, so that everything can be tried "
    "without an account. With Gemini, Easel paints real ones."
)


@dataclass
class PainterCard:
    """The painter's name, a sentence about it, and how many seconds a picture takes it."""

    name: str
    note: str
    seconds: float = 0.0

    def set_pace(self, seconds: float) -> None:
        """Make it take so long from now on."""
        self.seconds = seconds

    @property
    def as_json(self) -> Json:
        """The card as the page reads it."""
        return {"name": self.name, "note": self.note, "seconds": self.seconds}


class OfflineCard(PainterCard):
    """The card of a Gemini stand-in; its control sets the pace."""

    def __init__(self, control: Control) -> None:
        super().__init__(_NAME, _NOTE, control.delay)
        self._control = control

    def set_pace(self, seconds: float) -> None:
        """Make the stand-in answer after so many seconds."""
        super().set_pace(seconds)
        self._control.delay = seconds


def card_of(gemini: web.Application | PainterCard) -> PainterCard:
    """The card of what was given to paint with."""
    return gemini if isinstance(gemini, PainterCard) else OfflineCard(gemini[CONTROL])
