"""Tokens: what Google counts, and what it asks for them."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as Google reports them; `images` is the part of `candidates` spent on pictures."""

    prompt: int = 0
    candidates: int = 0
    thoughts: int = 0
    images: int = 0


@dataclass(frozen=True, slots=True)
class Price:
    """Dollars per million tokens, and the tokens of one picture by size. Source: Google's price page, 2026-10-09."""

    text_in: float
    text_out: float
    image_out: float
    picture_in_tokens: int
    picture_out_tokens: dict[str, int] = field(hash=False)
