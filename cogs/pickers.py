"""Small questions that a press answers: which picture, which base, once more."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

import discord

from bot import receipt
from bot.catalogue import Catalogue
from bot.errors import Unreachable
from bot.model import Ask
from bot.store import Store
from bot.studio import Studio
from cogs.answers import acknowledge, announce, whisper
from cogs.asker import promise
from cogs.router import Handler, custom_id
from cogs.telling import fetched
from cogs.translate import Translator, member


class Pickers:
    """The picker, `use as the base`, and `paint it again`."""

    def __init__(self, studio: Studio, store: Store, translator: Translator, catalogue: Catalogue) -> None:
        self._studio = studio
        self._store = store
        self._translator = translator
        self._catalogue = catalogue
        self.verbs: Mapping[str, Handler] = {
            "pick": self._pick,
            "base": self._use_as_base,
            "again": self._again,
            "reword": self._reword,
        }

    async def _pick(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        """An answer to `which one?`: the ask is read again from its message, with the choice."""
        await acknowledge(interaction)
        channel, message, choice = map(int, arguments)
        try:
            asked = await fetched(interaction.client, channel, message)
        except Unreachable as error:
            await whisper(interaction, self._catalogue.say("error.gone_ask" if error.forever else "error.discord_slow"))
            return
        ask = await self._translator.ask_from(asked, choice)
        if ask is None:
            await whisper(interaction, self._catalogue.say("error.stale_button"))
            return
        admitted = await self._studio.hear(ask, self._translator.barred(asked))
        key = "picker.waits" if admitted.waits else "picker.taken"
        told = self._catalogue.say(key, name=_pressed(interaction))
        with suppress(discord.HTTPException):  # a picker that stays asks about what is done
            await interaction.edit_original_response(content=told, view=None)

    async def _use_as_base(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        version = await self._studio.use_as_base(int(arguments[0]))
        if version is None:
            await whisper(interaction, self._catalogue.say("error.stale_button"))
            return
        await announce(interaction, self._catalogue.say("button.based", version=f"v{version.number}"))

    async def _again(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        """The same ask once more, by whoever presses first; from the same picture, whatever was painted since."""
        async with self._studio.promises.made(promise(interaction)):
            await acknowledge(interaction)
            await self._repeat(interaction, int(arguments[0]))

    async def _reword(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        """The same ask in other words, which are kept with it until somebody takes one of them."""
        failed, place = map(int, arguments)
        async with self._studio.promises.made(promise(interaction)):
            await acknowledge(interaction)
            turn = await self._store.turns.get(failed)
            if turn is not None and not turn.wordings:
                await whisper(interaction, self._catalogue.say("button.again_taken"))
            else:
                await self._repeat(interaction, failed, turn.wordings[place - 1] if turn else "")

    async def _repeat(self, interaction: discord.Interaction, failed: int, words: str = "") -> None:
        channel, message = interaction.channel, interaction.message
        assert message is not None
        if not isinstance(channel, discord.abc.Messageable) or await self._store.turns.get(failed) is None:
            await whisper(interaction, self._catalogue.say("error.stale_button"))
            return
        place, asker = self._translator.place(channel, message.id, ""), member(interaction.user)
        ask = Ask(interaction.id, place, asker, words, message=message.id, again=failed)
        admitted = await self._studio.hear(ask, self._translator.closed(channel))
        if admitted.refusal:
            await whisper(interaction, admitted.refusal)
        elif admitted.taken:
            await whisper(interaction, self._catalogue.say("button.again_taken"))
        elif admitted.turn:
            with suppress(discord.HTTPException):  # a button that stays says that it was pressed
                await interaction.edit_original_response(view=None)


def _pressed(interaction: discord.Interaction) -> str:
    """What the pressed button says."""
    rows = interaction.message.components if interaction.message else []
    buttons = [each for row in rows if isinstance(row, discord.ActionRow) for each in row.children]
    wanted = custom_id(interaction)
    labels = [each.label for each in buttons if isinstance(each, discord.Button) and each.custom_id == wanted]
    return receipt.plain(labels[0] or "") if labels else ""
