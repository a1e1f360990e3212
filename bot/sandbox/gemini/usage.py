"""Token counts as Google reports them, near enough to compute what a call would have cost."""

import hashlib
from typing import Any

from bot.sandbox.gemini.painting import Painting
from bot.sandbox.gemini.request import Request

LEAST_THOUGHT, MOST_THOUGHT = 300, 750
LEAST_EXCESS, MOST_EXCESS = 88, 160  # the real counts exceed the sum of their details, too


def words_tokens(text: str) -> int:
    """About four characters a token."""
    return -(-len(text) // 4)


def prompt_usage(request: Request) -> dict[str, Any]:
    """The request's own side."""
    turns = (*request.turns, *([request.system] if request.system else []))
    words = sum(words_tokens(text) for turn in turns for text in turn.texts)
    pictures = sum(len(turn.pictures) for turn in turns) * request.model.picture_tokens
    details = [{"modality": "TEXT", "tokenCount": words}]
    if pictures:
        details.append({"modality": "IMAGE", "tokenCount": pictures})
    return {"promptTokenCount": words + pictures, "promptTokensDetails": details}


def thought_tokens(request: Request) -> int:
    """How much it thought: 300 to 750 tokens, the same for the same words."""
    if not request.model.thinking:
        return 0
    return _between(request.prompt, LEAST_THOUGHT, MOST_THOUGHT)


def painted_usage(request: Request, painting: Painting) -> dict[str, Any]:
    """The usage of a call that painted, or only spoke."""
    pictures = len(painting.pictures) * request.model.sizes.get(request.config.size or "1K", 0)
    words = sum(words_tokens(text) for text in painting.texts)
    excess = _between(request.prompt[::-1], LEAST_EXCESS, MOST_EXCESS) if pictures else 0
    usage = prompt_usage(request) | {"candidatesTokenCount": pictures + words + excess}
    if pictures:
        usage["candidatesTokensDetails"] = [{"modality": "IMAGE", "tokenCount": pictures}]
    return _total(usage, thought_tokens(request), request.tier)


def refused_usage(request: Request) -> dict[str, Any]:
    """The usage of a picture withheld: the candidates mirror the thoughts, and are counted once."""
    thoughts = thought_tokens(request)
    usage = prompt_usage(request) | {"candidatesTokenCount": thoughts, "thoughtsTokenCount": thoughts}
    return usage | {"totalTokenCount": usage["promptTokenCount"] + thoughts}


def blocked_usage(request: Request) -> dict[str, Any]:
    """The usage of a prompt that was never answered."""
    usage = prompt_usage(request)
    return usage | {"totalTokenCount": usage["promptTokenCount"]}


def _total(usage: dict[str, Any], thoughts: int, tier: str) -> dict[str, Any]:
    if thoughts:
        usage["thoughtsTokenCount"] = thoughts
    total = usage["promptTokenCount"] + usage["candidatesTokenCount"] + thoughts
    return usage | {"totalTokenCount": total, "serviceTier": tier}


def _between(text: str, least: int, most: int) -> int:
    digest = hashlib.sha256(text.encode()).digest()
    return least + int.from_bytes(digest[:4], "big") % (most - least + 1)
