"""Answers as they go over the wire."""

import io
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import orjson
import pybase64
from PIL import Image

from bot.sandbox.gemini import usage
from bot.sandbox.gemini.painting import Painting
from bot.sandbox.gemini.request import Part, Request
from bot.sandbox.gemini.signatures import Signer

DRAFT_PIXELS = 384
PLAN = "**Planning the picture**\n\nI am deciding on the light and on where things stand."


@dataclass(frozen=True)
class Answer:
    """One candidate, or none when the prompt itself was blocked; `end` is what closes the candidate."""

    model: str
    usage: dict[str, Any]
    parts: tuple[dict[str, Any], ...] = ()
    end: dict[str, Any] = field(default_factory=dict)
    content: dict[str, Any] | None = None  # instead of parts, where a refusal has its own shape
    feedback: dict[str, Any] | None = None
    ratings: tuple[dict[str, Any], ...] = ()

    def body(self) -> bytes:
        """The answer to generateContent."""
        tree: dict[str, Any] = (
            {"promptFeedback": self.feedback} if self.feedback else {"candidates": [self._candidate()]}
        )
        tree |= {"usageMetadata": self.usage, "modelVersion": self.model, "responseId": secrets.token_urlsafe(17)}
        return orjson.dumps(tree)

    def _candidate(self) -> dict[str, Any]:
        content = {"parts": self.parts, "role": "model"} if self.parts else self.content
        shown = {} if content is None else {"content": content}
        ratings = {"safetyRatings": self.ratings} if self.ratings else {}
        return shown | self.end | {"index": 0} | ratings


def painted(request: Request, painting: Painting, signer: Signer) -> Answer:
    """The answer that carries a painting, signed, behind its thoughts if those were asked for."""
    thoughts = _thoughts(painting) if request.config.thoughts and request.model.thinking else ()
    parts = (*thoughts, *signed(request, painting.parts, signer))
    counted = usage.painted_usage(request, painting)
    return Answer(request.model.id, counted, tuple(_wire(part) for part in parts), {"finishReason": "STOP"})


def signed(request: Request, parts: Iterable[Part], signer: Signer) -> tuple[Part, ...]:
    """The first part and every picture with their signatures, if the model signs."""
    if not request.model.signs:
        return tuple(parts)
    return tuple(
        replace(part, signature=signer.sign(request.model, part))
        if not part.thought and (index == 0 or part.data is not None)
        else part
        for index, part in enumerate(parts)
    )


def with_draft(painting: Painting) -> Painting:
    """The painting with an earlier try of its first picture in front, which nothing marks as one."""
    first = painting.pictures[0]
    draft = replace(first, data=draft_of(first.data or b""))
    return Painting((draft, Part(text="Let me improve that."), first))


def _thoughts(painting: Painting) -> tuple[Part, ...]:
    drafts = [Part(data=draft_of(part.data or b""), mime="image/jpeg", thought=True) for part in painting.pictures[:1]]
    return (Part(text=PLAN, thought=True), *drafts)


def draft_of(data: bytes) -> bytes:
    """A small, rough version of a picture, in its own file format."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(data)) as image:
        small = image.convert("RGB")
        small.thumbnail((DRAFT_PIXELS, DRAFT_PIXELS))
        small.save(out, image.format or "JPEG")
    return out.getvalue()


def _wire(part: Part) -> dict[str, Any]:
    tree: dict[str, Any] = {} if part.text is None else {"text": part.text}
    if part.data is not None:
        tree["inlineData"] = {"mimeType": part.mime, "data": pybase64.b64encode(part.data).decode()}
    if part.thought:
        tree["thought"] = True
    if part.signature:
        tree["thoughtSignature"] = pybase64.b64encode(part.signature).decode()
    return tree
