"""Words from a text model: a short question, a short answer, a short wait."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from google.genai import types

from bot.gemini.request import Terms
from bot.painting.adviser import Written
from bot.price import LETTERS, MILLION

SECONDS = 10.0  #: for an answer; a member waits for it
ANSWER = 1000  #: tokens, thoughts among them


@dataclass(frozen=True, slots=True)
class Pen:
    """Which text model writes, and for how much: dollars per million tokens, of words in and of words out."""

    model: str
    price: tuple[float, float]

    def cost(self, prompt: str) -> float:
        """Dollars that an answer costs at most."""
        return self._dollars(len(prompt) // LETTERS + 1, ANSWER)

    def read(self, raw: str, prompt: str) -> Written:
        """The answer in a body; no words where there are none."""
        body = orjson.loads(raw)
        candidate = (body.get("candidates") or [{}])[0]
        parts = (candidate.get("content") or {}).get("parts") or []
        text = "".join(part.get("text", "") for part in parts if not part.get("thought"))
        usage = body.get("usageMetadata")
        return Written(text, self._used(usage) if usage else self.cost(prompt))

    def _used(self, usage: Mapping[str, Any]) -> float:
        out = usage.get("candidatesTokenCount", 0) + usage.get("thoughtsTokenCount", 0)
        return self._dollars(usage.get("promptTokenCount", 0), out)

    def _dollars(self, words_in: int, words_out: int) -> float:
        return (words_in * self.price[0] + words_out * self.price[1]) / MILLION


def config(terms: Terms) -> types.GenerateContentConfig:
    """What goes beside the question."""
    return types.GenerateContentConfig(
        response_modalities=["TEXT"],
        max_output_tokens=ANSWER,
        safety_settings=[
            types.SafetySetting(category=types.HarmCategory(category), threshold=types.HarmBlockThreshold(threshold))
            for category, threshold in terms.safety.items()
        ],
        store=False,
        automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
        automatic_continuation=False,
        should_return_http_response=True,
    )
