"""One router for every press and every form sent in, for ever: what one does stands in its custom id.

`on_interaction` is used instead of views: discord.py 2.7.1 silently forgets a registered pattern when a message's
view is edited, and drops a form that was opened before a restart. A custom id is `verb:arguments`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import cast

import discord
from discord.ext import commands

from bot.catalogue import Catalogue

Handler = Callable[[discord.Interaction, list[str]], Awaitable[None]]
#: For whoever sees them: they turn a page, call for a moderator, or look themselves at who presses.
ANYBODY = {
    *("help", "settings", "forget", "retain", "consent", "stance", "report", "reporting", "judge", "audit", "limits")
}
ROUTED = {discord.InteractionType.component, discord.InteractionType.modal_submit}


class Router(commands.Cog):
    """Finds the handler by the verb of a custom id."""

    def __init__(self, catalogue: Catalogue, *verbs: Mapping[str, Handler]) -> None:
        self._catalogue = catalogue
        self._handlers = {verb: handler for each in verbs for verb, handler in each.items()}

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Answer a press or a form. One that nobody knows is told so, to the presser alone."""
        if interaction.type not in ROUTED:
            return
        verb, *arguments = custom_id(interaction).split(":")
        handler = self._handlers.get(verb)
        if handler is None:
            await whisper(interaction, self._catalogue.say("error.stale_button"))
        elif verb not in ANYBODY and not may_write(interaction):
            await whisper(interaction, self._catalogue.say("error.may_not_write"))
        else:
            await handler(interaction, arguments)


def custom_id(interaction: discord.Interaction) -> str:
    """What was pressed, or the form that was sent in."""
    data = cast("Mapping[str, object]", interaction.data or {})
    return str(data.get("custom_id", ""))


async def whisper(interaction: discord.Interaction, text: str, view: discord.ui.View | None = None) -> None:
    """Tell the presser alone."""
    shown = discord.utils.MISSING if view is None else view
    if interaction.response.is_done():
        await interaction.followup.send(text, ephemeral=True, view=shown)
    else:
        await interaction.response.send_message(text, ephemeral=True, view=shown)


def manages(interaction: discord.Interaction) -> bool:
    """Whether somebody may manage the server, as Discord says with each press."""
    return interaction.guild_id is not None and interaction.permissions.manage_guild


def may_write(interaction: discord.Interaction) -> bool:
    """Who may not ask in words may not ask by pressing."""
    if interaction.guild_id is None:
        return True
    name = "send_messages_in_threads" if isinstance(interaction.channel, discord.Thread) else "send_messages"
    return bool(getattr(interaction.permissions, name))
