"""How somebody stands in a server."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody has in a server: the ids of their roles, and whether they may manage it."""

    server: int
    roles: frozenset[int]
    moderator: bool = False
