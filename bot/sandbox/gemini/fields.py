"""The fields the API knows: both spellings are read, unknown ones are refused with their path."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from bot.sandbox.gemini.errors import bad_fields, invalid

ANYTHING = None


def _plain(names: str) -> dict[str, Any]:
    return dict.fromkeys(names.split(), ANYTHING)


PART: dict[str, Any] = {
    "inlineData": _plain("data mimeType displayName"),
    "fileData": _plain("fileUri mimeType displayName"),
    **_plain("text thought thoughtSignature functionCall functionResponse executableCode codeExecutionResult"),
    **_plain("videoMetadata mediaResolution partMetadata toolCall toolResponse"),
}
CONTENT: dict[str, Any] = {"role": ANYTHING, "parts": [PART]}
GENERATION: dict[str, Any] = {
    "imageConfig": _plain("aspectRatio imageSize"),
    "thinkingConfig": _plain("includeThoughts thinkingLevel thinkingBudget"),
    "responseFormat": {"image": _plain("aspectRatio imageSize mimeType delivery"), **_plain("text audio")},
    **_plain("temperature topP topK candidateCount maxOutputTokens stopSequences responseLogprobs logprobs"),
    **_plain("presencePenalty frequencyPenalty seed responseMimeType responseSchema responseJsonSchema"),
    **_plain("responseModalities mediaResolution speechConfig enableEnhancedCivicAnswers"),
    **_plain("audioTranscriptionConfig continuationToken"),
}
TOOL: dict[str, Any] = {
    "googleSearch": {
        "searchTypes": _plain("webSearch imageSearch"),
        **_plain("timeRangeFilter excludeDomains blockingConfidence"),
    },
    **_plain("functionDeclarations googleSearchRetrieval codeExecution urlContext googleMaps computerUse"),
    **_plain("fileSearch mcpServers"),
}
GENERATE: Mapping[str, Any] = MappingProxyType(
    {
        "contents": [CONTENT],
        "systemInstruction": CONTENT,
        "generationConfig": GENERATION,
        "safetySettings": [_plain("category threshold method")],
        "tools": [TOOL],
        **_plain("model toolConfig cachedContent labels serviceTier store"),
    }
)


def camel(name: str) -> str:
    """The wire's own spelling of a field: `mime_type` and `mimeType` are one."""
    return re.sub(r"_([a-z0-9])", lambda found: found[1].upper(), name)


def snake(name: str) -> str:
    """The spelling that error messages use."""
    return re.sub(r"([A-Z])", lambda found: "_" + found[1].lower(), name)


def tidy(tree: Any) -> dict[str, Any]:
    """The same tree with every known field in camelCase; 400 with all unknown names at once."""
    if not isinstance(tree, dict):
        raise invalid("Invalid JSON payload received. Root element must be a message.")
    violations: list[tuple[str, str]] = []
    tidied = _message(tree, GENERATE, "", violations)
    if violations:
        raise bad_fields(violations)
    return tidied


def _message(
    tree: dict[str, Any], shape: Mapping[str, Any], path: str, violations: list[tuple[str, str]]
) -> dict[str, Any]:
    known: dict[str, Any] = {}
    for key, value in tree.items():
        name = camel(key)
        if name in shape:
            step = f"{path}.{snake(name)}" if path else snake(name)
            known[name] = _value(value, shape[name], step, violations)
        else:
            violations.append((path, _unknown(key, path)))
    return known


def _unknown(key: str, path: str) -> str:
    place = f" at '{path}'" if path else ""
    return f'Invalid JSON payload received. Unknown name "{key}"{place}: Cannot find field.'


def _value(value: Any, shape: Any, path: str, violations: list[tuple[str, str]]) -> Any:
    if value is None or shape is ANYTHING:
        return value
    if isinstance(shape, list):
        listed = value if isinstance(value, list) else [value]
        return [_value(item, shape[0], f"{path}[{index}]", violations) for index, item in enumerate(listed)]
    if isinstance(value, dict):
        return _message(value, shape, path, violations)
    violations.append((path, f"Invalid value at '{path}' (type.googleapis.com/…), {str(value)[:40]!r}"))
    return value
