"""Gateway events on their way to whoever may see them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import orjson

from bot.sandbox.discord.nouns import Json

Listener = Callable[["Event"], None]


@dataclass(frozen=True)
class Event:
    """One event: its place decides who sees it, unless `only` names them."""

    name: str
    data: Json
    guild_id: int | None = None
    channel_id: int | None = None
    only: frozenset[int] | None = None
    session_id: str | None = None
    # What a bot without the message content intent gets instead; None where the event carries no content.
    blanked: Json | None = None

    @cached_property
    def full(self) -> bytes:
        """The data as JSON, made once for all who see it."""
        return orjson.dumps(self.data)

    @cached_property
    def blank(self) -> bytes:
        """The same without content."""
        return self.full if self.blanked is None else orjson.dumps(self.blanked)
