"""A painter that writes down what it charges, in millionths of a dollar."""

from __future__ import annotations

import os

from bot.config import load
from bot.price import dollars
from bot.quota import micros
from bot.sandbox.gemini.painting import Painter, Painting
from bot.sandbox.gemini.request import Request
from bot.sandbox.gemini.usage import painted_usage
from bot.tokens import Usage
from tests.e2e.sketches import Sketches

SECRETS = {"DISCORD_TOKEN": "a token", "GEMINI_API_KEY": "a key"}


class Till(Sketches):
    """Sketches, and their prices."""

    def __init__(self, hand: Painter | None = None) -> None:
        super().__init__(hand)
        self.charged: list[int] = []
        self._models = load(None, os.environ | SECRETS).gemini.models

    def paint(self, request: Request, take: int) -> Painting:
        painting = super().paint(request, take)
        usage = painted_usage(request, painting)
        images = sum(each["tokenCount"] for each in usage.get("candidatesTokensDetails", []))
        tokens = Usage(
            usage["promptTokenCount"], usage["candidatesTokenCount"], usage.get("thoughtsTokenCount", 0), images
        )
        self.charged.append(micros(dollars(self._models[request.model.id].price, tokens)))
        return painting
