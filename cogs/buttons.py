"""One router for every press, for ever: what a button does stands in its custom id, so no restart can break it.

`on_interaction` is used instead of views: discord.py 2.7.1 silently forgets a registered pattern when a message's
view is edited. A custom id is `verb:arguments`; a new verb is one line in `VERBS`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import cast

import discord
from discord.ext import commands

from bot import receipt
from bot.catalogue import Catalogue
from bot.model import Ask
from bot.store import Store
from bot.studio import Studio
from cogs.translate import Translator, member

Handler = Callable[[discord.Interaction, list[str]], Awaitable[None]]


@dataclass(frozen=True)
class Router:
    """Finds the handler of a press by the verb of its custom id."""

    catalogue: Catalogue
    handlers: Mapping[str, Handler] = field(default_factory=dict)

    async def route(self, interaction: discord.Interaction) -> None:
        """Answer a press. One that nobody knows is told so, to the presser alone."""
        verb, *arguments = _custom_id(interaction).split(":")
        handler = self.handlers.get(verb)
        if handler is None:
            await whisper(interaction, self.catalogue.say("error.stale_button"))
        else:
            await handler(interaction, arguments)


class Buttons(commands.Cog):
    """The picker, `use as the base`, and `paint it again`."""

    def __init__(self, studio: Studio, store: Store, translator: Translator, catalogue: Catalogue) -> None:
        self._studio = studio
        self._store = store
        self._translator = translator
        self._catalogue = catalogue
        self._router = Router(catalogue, {"pick": self._pick, "base": self._use_as_base, "again": self._again})

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Every press arrives here."""
        if interaction.type is discord.InteractionType.component:
            await self._router.route(interaction)

    async def _pick(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        """An answer to `which one?`: the ask is read again from its message, with the choice."""
        channel, message, choice = map(int, arguments)
        told = self._catalogue.say("picker.taken", name=_pressed(interaction))
        await interaction.response.edit_message(content=told, view=None)
        client = interaction.client
        try:
            place = client.get_channel(channel) or await client.fetch_channel(channel)
            assert isinstance(place, discord.abc.Messageable)
            asked = await place.fetch_message(message)
        except discord.NotFound:
            await interaction.followup.send(self._catalogue.say("error.gone_ask"), ephemeral=True)
            return
        if ask := await self._translator.ask_from(asked, choice):
            await self._studio.hear(ask, self._translator.closed(asked.channel))

    async def _use_as_base(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        version = await self._studio.use_as_base(int(arguments[0]))
        if version is None:
            await whisper(interaction, self._catalogue.say("error.stale_button"))
            return
        told = self._catalogue.say("button.based", version=f"v{version.number}")
        await interaction.response.send_message(told)

    async def _again(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        """The same ask once more, by whoever presses first; from the same picture, whatever was painted since."""
        await interaction.response.defer()
        channel, message, failed = interaction.channel, interaction.message, int(arguments[0])
        assert message is not None
        if not isinstance(channel, discord.abc.Messageable) or await self._store.turns.get(failed) is None:
            await interaction.followup.send(self._catalogue.say("error.stale_button"), ephemeral=True)
            return
        place, asker = self._translator.place(channel, message.id, ""), member(interaction.user)
        ask = Ask(interaction.id, place, asker, words="", message=message.id, again=failed)
        admitted = await self._studio.hear(ask, self._translator.closed(channel))
        if admitted.taken:
            await interaction.followup.send(self._catalogue.say("button.again_taken"), ephemeral=True)
        elif admitted.turn:
            with suppress(discord.HTTPException):  # a button that stays says that it was pressed
                await interaction.edit_original_response(view=None)


def _pressed(interaction: discord.Interaction) -> str:
    """What the pressed button says."""
    rows = interaction.message.components if interaction.message else []
    buttons = [each for row in rows if isinstance(row, discord.ActionRow) for each in row.children]
    wanted = _custom_id(interaction)
    labels = [each.label for each in buttons if isinstance(each, discord.Button) and each.custom_id == wanted]
    return receipt.plain(labels[0] or "") if labels else ""


def _custom_id(interaction: discord.Interaction) -> str:
    data = cast("Mapping[str, object]", interaction.data or {})
    return str(data.get("custom_id", ""))


async def whisper(interaction: discord.Interaction, text: str) -> None:
    """Tell the presser alone."""
    await interaction.response.send_message(text, ephemeral=True)
