"""`/imagine`: a picture from words, or from pictures of one's own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import discord
from discord import app_commands
from discord.ext import commands

from bot import receipt
from bot.catalogue import Catalogue
from bot.errors import Refusal
from bot.letters import TEXT_LIMIT, cut
from bot.model import Ask, Model, Place
from bot.studio import Studio
from cogs.answers import announce, whisper
from cogs.asker import promise
from cogs.translate import Translator, member, uploads

CHOICES = 25  #: of one option; Discord takes no more
SHOWN = 1500  #: characters of the prompt in the message that a thread is opened from


class Imagine(commands.Cog):
    """The command."""

    def __init__(self, studio: Studio, translator: Translator) -> None:
        self._studio = studio
        self._translator = translator
        self._offer(translator.manners.models)

    @app_commands.command(name="imagine")
    async def imagine(  # noqa: PLR0913, PLR0917 - a slash command's options are its parameters
        self,
        interaction: discord.Interaction,
        prompt: app_commands.Range[str, 1, 4000],
        image1: discord.Attachment | None = None,
        image2: discord.Attachment | None = None,
        image3: discord.Attachment | None = None,
        image4: discord.Attachment | None = None,
        ratio: str | None = None,
        size: str | None = None,
    ) -> None:
        """Paint a picture from words, or start from pictures of yours."""
        if told := await turned_away(interaction, self._studio, self._translator):
            await whisper(interaction, told)
            return
        images = [each for each in (image1, image2, image3, image4) if each]

        def ask(place: Place) -> Ask:
            asker, words = member(interaction.user), prompt.strip()
            return Ask(interaction.id, place, asker, words, uploads(images), ratio=ratio, size=size)

        await begin(interaction, self._studio, self._translator, prompt, ask)

    def _offer(self, models: Sequence[Model]) -> None:
        """Fill the menus with what the models can do; which of them paints, each thread decides for itself."""
        parameters = self.imagine._params  # noqa: SLF001 - the library has no way to give choices at run time
        parameters["ratio"].choices = _choices(each for model in models for each in model.ratios)
        parameters["size"].choices = _choices(each for model in models for each in model.sizes)


async def turned_away(interaction: discord.Interaction, studio: Studio, translator: Translator) -> str | None:
    """Why nothing is painted there, or not for them now; before anybody else reads of it."""
    channel, catalogue = interaction.channel, translator.catalogue
    if channel is None or isinstance(channel, discord.ForumChannel | discord.CategoryChannel):
        return catalogue.say("error.no_thread_here")
    if closed := translator.closed(channel):
        return catalogue.tell(closed)
    place = translator.place(channel, interaction.id, "")
    ask = Ask(interaction.id, place, member(interaction.user), "", fresh=True)
    return await unasked(studio, catalogue, ask)


async def unasked(studio: Studio, catalogue: Catalogue, ask: Ask) -> str | None:
    """Why it may not be asked, as far as its words tell; None where it may."""
    try:
        await studio.look(ask)
    except Refusal as refusal:
        return catalogue.tell(refusal)
    return None


async def begin(
    interaction: discord.Interaction,
    studio: Studio,
    translator: Translator,
    title: str,
    ask: Callable[[Place], Ask],
) -> None:
    """A fresh canvas, announced to everybody; from then on somebody waits for it, so no stop may forget it."""
    assert isinstance(interaction.channel, discord.abc.Messageable)
    draft = replace(ask(translator.place(interaction.channel, interaction.id, title)), fresh=True)
    if told := await unasked(studio, translator.catalogue, draft):
        await whisper(interaction, told)
        return
    async with studio.promises.made(promise(interaction)):
        message = await _announce(interaction, translator.catalogue, title)
        place = translator.place(interaction.channel, message, title)
        fresh = replace(ask(place), message=None if place.title else message, fresh=True)
        admitted = await studio.hear(fresh)
    if admitted.refusal:
        await whisper(interaction, admitted.refusal)


async def _announce(interaction: discord.Interaction, catalogue: Catalogue, prompt: str) -> int:
    """Acknowledge at once with the message that the thread is opened from, or the answer replies to."""
    name, words = receipt.plain(interaction.user.display_name), receipt.plain(prompt, SHOWN)
    told = catalogue.say("command.asked", name=name, words=words)
    return await announce(interaction, cut(told, TEXT_LIMIT))


def _choices(values: Iterable[str]) -> list[app_commands.Choice[str | int | float]]:
    return [app_commands.Choice(name=value, value=value) for value in list(dict.fromkeys(values))[:CHOICES]]
