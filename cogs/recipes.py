"""Recipes: `/recipe`, and the menu of them for one picture. Whatever one asks for is an ask like any other."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

import discord
from discord import app_commands
from discord.ext import commands

from bot.asking.target import numbers
from bot.catalogue import Catalogue
from bot.config.recipes import Recipe
from bot.cookbook import Cookbook
from bot.errors import Refusal
from bot.model import Ask, Place, Upload
from cogs.answers import acknowledge, amend, open_form, whisper
from cogs.asker import Asker, conversation, promise
from cogs.forms import PICTURES, texts, written
from cogs.imagine import begin, turned_away
from cogs.router import Handler
from cogs.translate import member, uploads

SHOWN = 25  #: choices in a menu, and among what is offered while somebody types
MENUS = 5  #: in a message


@dataclass(frozen=True)
class Order:
    """A recipe that somebody wants. `version` is the picture it is used on, where one was named."""

    recipe: Recipe
    version: int | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    uploads: tuple[Upload, ...] = ()

    @property
    def wants_form(self) -> bool:
        """Something is still to be said, and there is nothing yet of what there is to say."""
        return bool(self.recipe.lacks(self.values) or (self.recipe.fields and not self.values))

    @property
    def title(self) -> str:
        """What its turn is called."""
        return self.recipe.filled(self.values).title


@dataclass(frozen=True)
class Lack:
    """How many pictures are still missing; `optional` where one is there, for the others may be named in words."""

    pictures: int
    optional: bool


class Recipes(commands.Cog):
    """The command, the menu and the form."""

    def __init__(self, asker: Asker, book: Cookbook) -> None:
        self._asker = asker
        self._store = asker.store
        self._book = book
        self._catalogue = asker.catalogue
        self.verbs: Mapping[str, Handler] = {"recipes": self._menu, "recipe": self._chosen, "reciped": self._sent}

    @app_commands.command(name="recipe")
    async def recipe(  # noqa: PLR0913, PLR0917 - a slash command's options are its parameters
        self,
        interaction: discord.Interaction,
        name: str,
        version: app_commands.Range[int, 1] | None = None,
        image1: discord.Attachment | None = None,
        image2: discord.Attachment | None = None,
        image3: discord.Attachment | None = None,
        image4: discord.Attachment | None = None,
        detail1: app_commands.Range[str, 0, 1000] | None = None,
        detail2: app_commands.Range[str, 0, 1000] | None = None,
        detail3: app_commands.Range[str, 0, 1000] | None = None,
    ) -> None:
        """A recipe: restore, sticker, poster, combine, styles and more."""
        recipe = self._book.named(name)
        if recipe is None:
            await whisper(interaction, self._catalogue.say("error.recipe_unknown"))
            return
        details = zip(recipe.fields, (detail1, detail2, detail3), strict=False)
        values = {slot.name: said[: slot.longest] for slot, said in details if said}
        images = uploads([each for each in (image1, image2, image3, image4) if each])
        await self._take(interaction, Order(recipe, version, values, images))

    @recipe.autocomplete("name")
    async def _offer(self, _: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        """Recipes with these letters in their names, else in what they do."""
        wanted = current.casefold().strip()
        known = self._book.recipes.values()
        named = [each for each in known if wanted in each.name.casefold()]
        told = [each for each in known if wanted in each.description.casefold() and each not in named]
        return [
            app_commands.Choice(name=f"{each.name}: {each.description}"[:100], value=each.id)
            for each in (*named, *told)[:SHOWN]
        ]

    async def _menu(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        """Every recipe, for one picture, to its presser alone."""
        version = await self._asker.which(interaction, "recipes", arguments[0])
        if version is not None:
            menu = Menu(version.number, list(self._book.recipes.values()), self._catalogue)
            await whisper(interaction, self._catalogue.say("recipe.choose", number=version.number), menu)

    async def _chosen(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        """One was chosen from the menu."""
        [chosen] = cast("Mapping[str, Any]", interaction.data)["values"]
        recipe = self._book.recipes.get(chosen)
        if recipe is None:
            await whisper(interaction, self._catalogue.say("error.stale_button"))
        else:
            await self._take(interaction, Order(recipe, int(arguments[0])))

    async def _sent(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        """Its form comes back; what came with the command lies in the store."""
        name, version, handed = arguments
        recipe = self._book.recipes.get(name)
        if recipe is None:
            await whisper(interaction, self._catalogue.say("error.stale_button"))
            return
        said = texts(interaction)
        values = {slot.name: said.get(slot.name, "") for slot in recipe.fields}
        files = (*await self._store.handed.of_form(int(handed)), *written(interaction).uploads)
        await self._cook(interaction, Order(recipe, int(version) or None, values, files))

    async def _take(self, interaction: discord.Interaction, order: Order) -> None:
        """Ask for what is missing, else cook."""
        named = len(numbers(order.recipe.fill(order.values)))
        there = await self._there(interaction, order) + len(order.uploads) + named
        missing = max(order.recipe.pictures - there, 0)
        if told := await turned_away(interaction, self._asker.studio, self._asker.translator):
            await whisper(interaction, told)
        elif order.wants_form or missing:
            await self._ask_more(interaction, order, Lack(missing, optional=there > 0))
        else:
            await self._cook(interaction, order)

    async def _ask_more(self, interaction: discord.Interaction, order: Order, lack: Lack) -> None:
        """Open the form. The pictures of a command wait in the store, for a form can't carry them."""
        handed = 0
        if order.uploads:
            handed = interaction.id
            async with self._store.write() as desk:
                await desk.handed.keep(handed, order.uploads, interaction.user.id, time.time())
        custom_id = f"reciped:{order.recipe.id}:{order.version or 0}:{handed}"
        await open_form(interaction, _form(custom_id, order, lack, self._catalogue))

    async def _cook(self, interaction: discord.Interaction, order: Order) -> None:
        """Ask for it: of a picture that is here, or on a canvas of its own."""
        if order.version is not None or await self._there(interaction, order):
            await self._edit(interaction, order)
        elif len(order.uploads) < order.recipe.pictures:
            few = Refusal("recipe_pictures", name=order.recipe.name, count=order.recipe.pictures)
            await whisper(interaction, self._catalogue.tell(few))
        else:
            await self._begin(interaction, order)

    async def _edit(self, interaction: discord.Interaction, order: Order) -> None:
        """Acknowledge to the presser alone, who also reads alone why it is refused: the answer is its own message."""
        version = await self._store.versions.find(conversation(interaction), order.version or 0)
        if order.version is not None and (version is None or version.gone):
            key = "error.version_gone" if version else "error.no_such_version"
            await whisper(interaction, self._catalogue.say(key, number=order.version))
            return
        channel, about = interaction.channel, version.message if version else None
        assert isinstance(channel, discord.abc.Messageable)
        translator, starter = self._asker.translator, about or conversation(interaction)
        ask = self._ask(interaction, order, translator.place(channel, starter, order.title))
        chosen = interaction.message is not None and interaction.message.flags.ephemeral  # from the menu of recipes
        async with self._asker.studio.promises.made(promise(interaction)):
            await acknowledge(interaction, ephemeral=not chosen, thinking=not chosen)
            edit = replace(ask, base=order.version, message=about)
            admitted = await self._asker.studio.hear(edit, translator.closed(channel))
        told = admitted.refusal or self._catalogue.say("recipe.taken", name=order.title)
        await amend(interaction, content=told, view=None)

    async def _begin(self, interaction: discord.Interaction, order: Order) -> None:
        """A fresh canvas, announced to everybody."""
        if told := await turned_away(interaction, self._asker.studio, self._asker.translator):
            await whisper(interaction, told)
            return
        studio, translator = self._asker.studio, self._asker.translator
        await begin(interaction, studio, translator, order.title, lambda place: self._ask(interaction, order, place))

    def _ask(self, interaction: discord.Interaction, order: Order, place: Place) -> Ask:
        recipe = order.recipe
        return Ask(
            id=interaction.id,
            place=place,
            member=member(interaction.user),
            words=recipe.fill(order.values),
            uploads=order.uploads,
            recipe=recipe.filled(order.values),
            ratio=recipe.ratio,
            size=recipe.size,
        )

    async def _there(self, interaction: discord.Interaction, order: Order) -> int:
        """How many pictures are here already to use it on: the one named, else the newest where none came along."""
        if order.version is not None:
            return 1
        if order.uploads or not order.recipe.pictures:
            return 0
        standing = await self._store.turns.conversation(conversation(interaction))
        return int(standing is not None and standing.head is not None)


class Menu(discord.ui.View):
    """Recipes to choose from, kept out of the library's own memory of views: it works after any restart."""

    def __init__(self, number: int, recipes: Sequence[Recipe], catalogue: Catalogue) -> None:
        super().__init__(timeout=None)
        for page in range(min(MENUS, -(-len(recipes) // SHOWN))):
            choices = recipes[page * SHOWN : (page + 1) * SHOWN]
            select = discord.ui.Select[Menu](
                custom_id=f"recipe:{number}:{page}",
                placeholder=catalogue.say("recipe.menu"),
                options=[
                    discord.SelectOption(label=each.name, value=each.id, description=each.description)
                    for each in choices
                ],
            )
            self.add_item(select)
        self.stop()


def _form(custom_id: str, order: Order, lack: Lack, catalogue: Catalogue) -> discord.ui.Modal:
    """The recipe's fields, and a place for pictures where none came along. It outlives a restart like every form."""
    modal = discord.ui.Modal(title=order.recipe.name, custom_id=custom_id)
    for slot in order.recipe.fields:
        style = discord.TextStyle.paragraph if slot.longest > 150 else discord.TextStyle.short
        words = discord.ui.TextInput[discord.ui.Modal](
            custom_id=slot.name, style=style, required=slot.required, max_length=slot.longest,
            placeholder=slot.placeholder, default=order.values.get(slot.name),
        )  # fmt: skip
        modal.add_item(discord.ui.Label(text=slot.label, component=words))
    if not order.uploads or lack.pictures:
        needed = 0 if lack.optional else lack.pictures
        files = discord.ui.FileUpload[discord.ui.Modal](
            custom_id="pictures", required=needed > 0, min_values=needed, max_values=PICTURES
        )
        label = catalogue.say("recipe.more_pictures" if lack.optional and lack.pictures else "recipe.pictures")
        modal.add_item(discord.ui.Label(text=label, component=files))
    modal.stop()
    return modal
