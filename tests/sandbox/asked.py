"""Requests as the painter gets them, without a wire, and pictures straight from words."""

from __future__ import annotations

from dataclasses import replace

from PIL import Image

from bot.sandbox.gemini.models import Model, live_models
from bot.sandbox.gemini.painter.compose import compose
from bot.sandbox.gemini.painter.draw import render
from bot.sandbox.gemini.painter.intent import understand
from bot.sandbox.gemini.painter.scene import Scene
from bot.sandbox.gemini.request import Config, Part, Request, Turn

MODEL = live_models()["gemini-nano-banana-2.1"]
SQUARE = Config()


def smaller(times: int) -> Model:
    """The same model with pictures so many times smaller each way, which are painted sooner."""
    return replace(MODEL, ratios={name: (wide // times, tall // times) for name, (wide, tall) in MODEL.ratios.items()})


def user(*parts: str | bytes | Part) -> Turn:
    """What a member sends: words, files, and parts as they are."""
    return Turn("user", tuple(_part(part) for part in parts))


def _part(part: str | bytes | Part) -> Part:
    if isinstance(part, str):
        return Part(text=part)
    return Part(data=part, mime="image/png") if isinstance(part, bytes) else part


def asked(*parts: str | bytes | Part, model: Model = MODEL, config: Config = SQUARE) -> Request:
    """A request of one turn."""
    return Request(model, (user(*parts),), config)


def paint_words(words: str, size: tuple[int, int]) -> tuple[Image.Image, Scene]:
    """A picture and its scene straight from words, of any size."""
    scene = compose(words, understand(words), size[0] / size[1])
    return render(scene, size), scene
