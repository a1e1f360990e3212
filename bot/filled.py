"""A recipe that was filled in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Filled:
    """What its turn is called, the pictures it needs, what is done in the end."""

    title: str
    pictures: int = 1
    finish: str | None = None
