"""One interaction: what a member did to the app, and how far the bot's answer has come."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.discord.nouns import Json, Message, Origin

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5


@dataclass
class Interaction:
    """One press, command or submitted form, and how far the bot's answer has come."""

    id: int
    kind: int
    user_id: int
    channel_id: int
    guild_id: int | None
    data: Json
    started_at: float
    nonce: Any = None
    session_id: str | None = None
    message: Message | None = None
    trigger: Interaction | None = None
    token: str = field(default_factory=lambda: secrets.token_urlsafe(90))
    acknowledged: bool = False
    failed: bool = False
    original_id: int | None = None
    modal: Json | None = None

    @property
    def origin(self) -> Origin:
        """What messages that answer it say about it."""
        return Origin(
            id=self.id,
            kind=self.kind,
            user_id=self.user_id,
            guild_id=self.guild_id,
            name=self.data.get("name"),
            message_id=self.message.id if self.message and self.kind == COMPONENT else None,
            target_id=int(self.data["target_id"]) if self.data.get("type") == 3 and "target_id" in self.data else None,
            trigger=self.trigger.origin if self.trigger else None,
        )
