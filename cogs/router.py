"""One router for every press and every form sent in, for ever: what one does stands in its custom id.

`on_interaction` is used instead of views: discord.py 2.7.1 silently forgets a registered pattern when a message's
view is edited, and drops a form that was opened before a restart. A custom id is `verb:arguments`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol, cast

import discord
from discord.ext import commands

from bot.catalogue import Catalogue
from cogs.answers import answering, whisper

Handler = Callable[[discord.Interaction, list[str]], Awaitable[None]]
ROUTED = {discord.InteractionType.component, discord.InteractionType.modal_submit}


class Gate(Protocol):
    """Knows who may press what."""

    async def closed(self, interaction: discord.Interaction, key: str) -> str | None:
        """Why somebody may not, in words; None where they may."""


class Router(commands.Cog):
    """Finds the handler by the verb of a custom id."""

    def __init__(self, gate: Gate, catalogue: Catalogue, *verbs: Mapping[str, Handler]) -> None:
        self._gate = gate
        self._catalogue = catalogue
        self._handlers = {verb: handler for each in verbs for verb, handler in each.items()}

    @property
    def verbs(self) -> frozenset[str]:
        """All that can be pressed."""
        return frozenset(self._handlers)

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Answer a press or a form. Of one that nobody knows, or not for them, the presser alone is told."""
        if interaction.type not in ROUTED:
            return
        async with answering(interaction, self._catalogue):
            await self._route(interaction)

    async def _route(self, interaction: discord.Interaction) -> None:
        verb, *arguments = custom_id(interaction).split(":")
        handler = self._handlers.get(verb)
        if handler is None:
            await whisper(interaction, self._catalogue.say("error.stale_button"))
        elif told := await self._gate.closed(interaction, custom_id(interaction)):
            await whisper(interaction, told)
        else:
            await handler(interaction, arguments)


def custom_id(interaction: discord.Interaction) -> str:
    """What was pressed, or the form that was sent in."""
    data = cast("Mapping[str, object]", interaction.data or {})
    return str(data.get("custom_id", ""))
