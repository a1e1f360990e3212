"""The text model as the adviser sees it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.gemini.client import Gemini
from bot.gemini.writing import Pen
from bot.painting.adviser import Written


@dataclass(frozen=True)
class GeminiWriter:
    """A pen in the hand of the one client."""

    gemini: Gemini
    pen: Pen

    @property
    def model(self) -> str:
        """Its id."""
        return self.pen.model

    def cost(self, prompt: str) -> float:
        """Dollars that an answer costs at most."""
        return self.pen.cost(prompt)

    async def write(self, prompt: str) -> Written:
        """An answer in words. Raises a Failure."""
        return await self.gemini.write(self.pen, prompt)
