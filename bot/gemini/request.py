"""Our request as the SDK's: contents and configuration. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from google.genai import types

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


def contents(request: Request, pictures: Mapping[str, bytes], stow: Stow) -> list[types.Content]:
    """The conversation; `pictures` holds the bytes by digest. Thoughts are the model's own and are not sent back."""
    said = ((each.role, [part for part in each.parts if not part.thought]) for each in request.contents)
    return [
        types.Content(role=role, parts=[_part(part, pictures, stow) for part in parts]) for role, parts in said if parts
    ]


def _part(part: Part, pictures: Mapping[str, bytes], stow: Stow) -> types.Part:
    signature = None if part.signature is None else stow(part.signature)
    if isinstance(part, Painted):
        blob = types.Blob(data=stow(pictures[part.picture.digest]), mime_type=part.picture.mime)
        return types.Part(inline_data=blob, thought_signature=signature)
    return types.Part(text=part.text, thought_signature=signature)


def digests(request: Request) -> frozenset[str]:
    """The pictures that `contents` asks for."""
    parts = (part for content in request.contents for part in content.parts)
    return frozenset(part.picture.digest for part in parts if isinstance(part, Painted) and not part.thought)


def config(request: Request, terms: Terms) -> types.GenerateContentConfig:
    """What goes beside the conversation; nothing that the model does not know."""
    return types.GenerateContentConfig(
        response_modalities=["TEXT", "IMAGE"],
        system_instruction=terms.system or None,
        safety_settings=[
            types.SafetySetting(category=types.HarmCategory(category), threshold=types.HarmBlockThreshold(threshold))
            for category, threshold in _safety(request, terms).items()
        ],
        thinking_config=_thinking(request.model, terms),
        image_config=_image(request),
        store=False,  # a project's default keeps every prompt and picture for 55 days
        automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
        automatic_continuation=False,
        should_return_http_response=True,  # unparsed: the SDK loses the finishMessage, and parses on the loop
    )


def _safety(request: Request, terms: Terms) -> Mapping[str, str]:
    return {**terms.safety, **terms.relaxed} if request.relaxed else terms.safety


def _thinking(model: Model, terms: Terms) -> types.ThinkingConfig | None:
    known = terms.thinking in model.thinking
    return types.ThinkingConfig(thinking_level=types.ThinkingLevel(terms.thinking.upper())) if known else None


def _image(request: Request) -> types.ImageConfig | None:
    ratio = request.ratio if request.ratio in request.model.ratios else None
    size = request.size if request.size in request.model.sizes else None
    return types.ImageConfig(aspect_ratio=ratio, image_size=size) if ratio or size else None
