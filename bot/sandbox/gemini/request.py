"""What a caller asks, as frozen values: turns of parts, and the configuration."""

import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
import pybase64

from bot.sandbox.gemini.errors import bad_fields, invalid
from bot.sandbox.gemini.fields import snake, tidy
from bot.sandbox.gemini.models import Model


@dataclass(frozen=True)
class Part:
    """One part of a turn: words, a picture's bytes, or the address of a file."""

    text: str | None = None
    data: bytes | None = None
    mime: str = ""
    signature: bytes | None = None
    thought: bool = False
    uri: str = ""
    other: str = ""  # the name of a field that is none of these


@dataclass(frozen=True)
class Turn:
    """Who spoke, and what."""

    role: str
    parts: tuple[Part, ...]

    @property
    def pictures(self) -> tuple[Part, ...]:
        """The pictures in order, drafts of thoughts left out."""
        return tuple(part for part in self.parts if part.data is not None and not part.thought)

    @property
    def texts(self) -> tuple[str, ...]:
        """The words in order, thoughts left out."""
        return tuple(part.text for part in self.parts if part.text and not part.thought)


@dataclass(frozen=True)
class Config:
    """The generationConfig, from wherever its fields stand; `raw` is the tree as it came."""

    ratio: str | None = None
    size: str | None = None
    mime: str | None = None
    modalities: tuple[str, ...] = ("TEXT", "IMAGE")
    level: str | None = None
    thoughts: bool = False
    raw: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Request:
    """One call of generateContent, read but not yet judged."""

    model: Model
    turns: tuple[Turn, ...]
    config: Config
    system: Turn | None = None
    tools: tuple[Mapping[str, Any], ...] = ()
    tier: str = "standard"
    body_bytes: int = 0
    safety: Mapping[str, str] = field(default_factory=dict)  #: thresholds by category

    @property
    def last(self) -> Turn:
        """The last turn of the user."""
        users = [turn for turn in self.turns if turn.role == "user"]
        return users[-1] if users else Turn("user", ())

    @property
    def prompt(self) -> str:
        """All words of the last user turn."""
        return "\n".join(self.last.texts)


def read_generate(body: bytes, model: Model) -> Request:
    """A generateContent body as a Request."""
    return _request(tidy(_json(body)), model, len(body))


def _json(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise invalid(f"Invalid JSON payload received. {error}") from error


def _request(tree: Mapping[str, Any], model: Model, size: int) -> Request:
    system = tree.get("systemInstruction")
    return Request(
        model,
        tuple(_turn(content, f"contents[{index}]") for index, content in enumerate(tree.get("contents") or ())),
        _config(tree.get("generationConfig") or {}),
        _turn(system, "system_instruction") if system else None,
        tuple(tree.get("tools") or ()),
        str(tree.get("serviceTier") or "standard").lower().removeprefix("service_tier_"),
        size,
        {str(each.get("category")): str(each.get("threshold")) for each in tree.get("safetySettings") or ()},
    )


def _turn(content: Mapping[str, Any], path: str) -> Turn:
    parts = content.get("parts") or ()
    return Turn(
        content.get("role") or "user",
        tuple(_part(part, f"{path}.parts[{index}]") for index, part in enumerate(parts)),
    )


def _part(tree: Mapping[str, Any], path: str) -> Part:
    blob, file = tree.get("inlineData"), tree.get("fileData")
    others = sorted(tree.keys() - {"text", "inlineData", "fileData", "thought", "thoughtSignature"})
    signature = tree.get("thoughtSignature")
    return Part(
        text=tree.get("text"),
        data=from_base64(blob.get("data") or "", f"{path}.inline_data.data") if blob else None,
        mime=str((blob or file or {}).get("mimeType") or "").lower(),
        signature=from_base64(signature, f"{path}.thought_signature") if signature else None,
        thought=bool(tree.get("thought")),
        uri=str((file or {}).get("fileUri") or ""),
        other=snake(others[0]) if others else "",
    )


def from_base64(text: Any, path: str) -> bytes:
    """Bytes out of base64 of either alphabet, padded or not; 400 if it is none."""
    try:
        alphabet = b"-_" if "-" in text or "_" in text else None
        return pybase64.b64decode(text + "=" * (-len(text) % 4), altchars=alphabet, validate=True)
    except (binascii.Error, ValueError, TypeError) as error:
        shown = f'Base64 decoding failed for "{str(text)[:60]}"'
        raise bad_fields([(path, f"Invalid value at '{path}' (TYPE_BYTES), {shown}")]) from error


def _config(tree: Mapping[str, Any]) -> Config:
    image: dict[str, Any] = dict(tree.get("imageConfig") or {})
    image |= (tree.get("responseFormat") or {}).get("image") or {}
    thinking = tree.get("thinkingConfig") or {}
    level = thinking.get("thinkingLevel")
    return Config(
        ratio=image.get("aspectRatio") or None,
        size=image.get("imageSize") or None,
        mime=image.get("mimeType") or tree.get("responseMimeType"),
        modalities=tuple(str(name).upper() for name in tree.get("responseModalities") or ()) or ("TEXT", "IMAGE"),
        level=str(level).upper() if level else None,
        thoughts=bool(thinking.get("includeThoughts")),
        raw=tree,
    )
