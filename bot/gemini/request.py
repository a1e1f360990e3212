"""Our request as Google's: the body of a call. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.config import Settings
from bot.gemini.freight import Stow
from bot.model import Model, Painted, Part, Request

RULES = (
    "You paint and edit pictures for a group of people. Change only what is asked for, and keep everything else in "
    "the picture exactly as it is: people, composition, colours, light and style."
)
CATEGORIES = (
    "HARM_CATEGORY_HARASSMENT",
    "HARM_CATEGORY_HATE_SPEECH",
    "HARM_CATEGORY_SEXUALLY_EXPLICIT",
    "HARM_CATEGORY_DANGEROUS_CONTENT",
)


def strictest() -> dict[str, str]:
    """The most careful threshold for each category that Google lets us choose for."""
    return dict.fromkeys(CATEGORIES, "BLOCK_LOW_AND_ABOVE")


@dataclass(frozen=True)
class Terms:
    """How Google is asked, whatever the ask is. `safety` maps categories to thresholds, by Google's names."""

    key: str = field(repr=False)
    base_url: str = "https://generativelanguage.googleapis.com"
    deadline: float = 240.0  #: seconds for one call
    thinking: str = ""  #: the level, for models that have it; "" leaves it to the model
    safety: Mapping[str, str] = field(default_factory=strictest)
    relaxed: Mapping[str, str] = field(default_factory=dict)  #: laid over `safety` where a request is relaxed
    system: str = RULES

    @classmethod
    def of(cls, settings: Settings) -> Terms:
        """As the operator has it."""
        gemini = settings.gemini
        return cls(
            key=settings.api_key.value,
            base_url=gemini.base_url,
            deadline=gemini.deadline_seconds,
            safety={str(category): str(threshold) for category, threshold in gemini.safety.items()},
            relaxed={str(category): str(threshold) for category, threshold in gemini.relaxed_safety.items()},
            thinking=gemini.thinking,
        )


def body(request: Request, pictures: Mapping[str, bytes], stow: Stow, terms: Terms) -> dict[str, Any]:
    """All of it, by the names of Google's REST; `pictures` holds the bytes by digest. Nothing the model does not know.

    Source: https://ai.google.dev/api/generate-content
    """
    system = {"systemInstruction": {"parts": [{"text": terms.system}], "role": "user"}} if terms.system else {}
    return {
        "contents": _contents(request, pictures, stow),
        **system,
        "safetySettings": [
            {"category": category, "threshold": threshold} for category, threshold in _safety(request, terms).items()
        ],
        "store": False,  # a project's default keeps every prompt and picture for 55 days
        "generationConfig": {
            "responseModalities": ["TEXT", "IMAGE"],
            **_thinking(request.model, terms),
            **_image(request),
        },
    }


def digests(request: Request) -> frozenset[str]:
    """The pictures that `body` asks for."""
    parts = (part for content in request.contents for part in content.parts)
    return frozenset(part.picture.digest for part in parts if isinstance(part, Painted) and not part.thought)


def _contents(request: Request, pictures: Mapping[str, bytes], stow: Stow) -> list[dict[str, Any]]:
    """The conversation. Thoughts are the model's own and are not sent back."""
    said = ((each.role, [part for part in each.parts if not part.thought]) for each in request.contents)
    return [{"parts": [_part(part, pictures, stow) for part in parts], "role": role} for role, parts in said if parts]


def _part(part: Part, pictures: Mapping[str, bytes], stow: Stow) -> dict[str, Any]:
    signature = {} if part.signature is None else {"thoughtSignature": stow(part.signature)}
    if isinstance(part, Painted):
        data = stow(pictures[part.picture.digest])
        return {"inlineData": {"data": data, "mimeType": part.picture.mime}} | signature
    return {"text": part.text} | signature


def _safety(request: Request, terms: Terms) -> Mapping[str, str]:
    return {**terms.safety, **terms.relaxed} if request.relaxed else terms.safety


def _thinking(model: Model, terms: Terms) -> dict[str, Any]:
    known = terms.thinking in model.thinking
    return {"thinkingConfig": {"thinkingLevel": terms.thinking.upper()}} if known else {}


def _image(request: Request) -> dict[str, Any]:
    ratio = {"aspectRatio": request.ratio} if request.ratio in request.model.ratios else {}
    size = {"imageSize": request.size} if request.size in request.model.sizes else {}
    return {"imageConfig": {**ratio, **size}} if ratio or size else {}
