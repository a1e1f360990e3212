"""`Edit this picture`, in the menu of every message: the form for a version, or for a picture that somebody posted."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Mapping

import discord
from discord import app_commands
from discord.ext import commands

from bot.catalogue import Catalogue
from bot.errors import ForeignPicture
from bot.letters import Button, cut
from bot.model import Ask, Quoted, Version
from bot.owners.consent import Lending
from cogs.answers import open_form, whisper
from cogs.asker import Asker, conversation
from cogs.forms import edit_form, written
from cogs.postman import Row
from cogs.router import Handler
from cogs.translate import member

REMEMBERED = 200  #: messages whose form may come back
LABEL = 80  #: characters of a button

log = logging.getLogger(__name__)


class Menus(commands.Cog):
    """The menu's entry, and the form that it opens. What may be edited by whom is what holds for replies."""

    def __init__(self, asker: Asker, catalogue: Catalogue) -> None:
        self._asker = asker
        self._catalogue = catalogue
        # Without the intent a message shows its pictures only in the moment in which its menu is used.
        self._remembered: OrderedDict[int, Quoted] = OrderedDict()
        self._entry = app_commands.ContextMenu(
            name=catalogue.say("menu.edit"), callback=self._edit, extras={"key": "menu.edit"}
        )
        self.verbs: Mapping[str, Handler] = {"brought": self._brought, "sent": self._sent}

    async def cog_load(self) -> None:
        """Put the entry into the menu."""
        self._asker.translator.client.tree.add_command(self._entry)  # type: ignore[attr-defined]  # our client has one

    async def _edit(self, interaction: discord.Interaction, message: discord.Message) -> None:
        """Open the form for the message's picture; where there are several, first ask which."""
        quoted = self._asker.translator.shown_in(message)
        if known := await known_in(self._asker, interaction, quoted):
            await self._edit_version(interaction, known)
        elif told := await self._uneditable(interaction, quoted):
            await whisper(interaction, told)
        else:
            await self._edit_upload(interaction, quoted)

    async def _edit_version(self, interaction: discord.Interaction, known: list[Version]) -> None:
        say = self._catalogue.say
        if len(known) > 1:
            buttons = [Button(f"v{each.number}", f"edit:{each.number}") for each in known]
            await whisper(interaction, say("picker.which"), Row(buttons))
            return
        number = known[0].number
        await self._open(interaction, f"edited:{number}", say("form.edit", number=number))

    async def _edit_upload(self, interaction: discord.Interaction, quoted: Quoted) -> None:
        self._remember(quoted)
        say = self._catalogue.say
        if len(quoted.uploads) > 1:
            named = enumerate(cut(each.name, LABEL) for each in quoted.uploads)
            buttons = [Button(name, f"brought:{quoted.message}:{place}") for place, name in named]
            await whisper(interaction, say("picker.which"), Row(buttons))
        else:
            await self._open(interaction, f"sent:{quoted.message}:0", say("menu.edit"))

    async def _brought(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        """Which one was answered."""
        await self._open(interaction, ":".join(["sent", *arguments]), self._catalogue.say("menu.edit"))

    async def _open(self, interaction: discord.Interaction, custom_id: str, title: str) -> None:
        model = await self._asker.translator.model(interaction)
        await open_form(interaction, edit_form(custom_id, title, model, self._catalogue))

    async def _sent(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        """The form comes back: an ask that replies to the message with the picture."""
        message, choice = map(int, arguments)
        quoted = self._remembered.get(message) or await self._found(interaction, message)
        if quoted is None or choice >= len(quoted.uploads):
            await whisper(interaction, self._catalogue.say("menu.forgotten"))
            return
        form, several = written(interaction), len(quoted.uploads) > 1
        fields = {"uploads": form.uploads, "ratio": form.ratio, "size": form.size}
        ask = self._ask(interaction, quoted, form.words, choice=choice if several else None, **fields)
        await self._asker.hand_in(interaction, ask)

    def _ask(self, interaction: discord.Interaction, quoted: Quoted, words: str, **fields: object) -> Ask:
        channel = interaction.channel
        assert isinstance(channel, discord.abc.Messageable)
        place = self._asker.translator.place(channel, quoted.message, words)
        message = quoted.message if place.title is None else None  # a thread that opens from it answers it already
        named = {"quoted": quoted, "message": message, **fields}
        return Ask(interaction.id, place, member(interaction.user), words, **named)  # type: ignore[arg-type]  # Ask's own

    async def _uneditable(self, interaction: discord.Interaction, quoted: Quoted) -> str | None:
        """Why there is nothing to edit, in words."""
        say, channel = self._catalogue.say, interaction.channel
        for number in await self._asker.store.versions.buried_in(conversation(interaction), quoted.message):
            return say("error.version_gone", number=number)
        if not quoted.uploads or not isinstance(channel, discord.abc.Messageable):
            return say("menu.no_picture")
        if closed := self._asker.translator.closed(channel):
            return self._catalogue.tell(closed)
        if any(each.forward for each in quoted.uploads):
            return None  # whose it is takes a look that the form can't wait for
        try:
            await Lending(self._asker.store, self._ask(interaction, quoted, "")).lends()
        except ForeignPicture as never:  # whoever may still say yes is asked once there are words to say it to
            return self._catalogue.tell(never)
        return None

    async def _found(self, interaction: discord.Interaction, message: int) -> Quoted | None:
        """The message once more, for a form that outlived what was remembered."""
        assert isinstance(interaction.channel, discord.abc.Messageable)
        try:
            return self._asker.translator.shown_in(await interaction.channel.fetch_message(message))
        except discord.HTTPException as error:
            log.info("message %s can't be read again: %s", message, error)
            return None

    def _remember(self, quoted: Quoted) -> None:
        self._remembered[quoted.message] = quoted
        if len(self._remembered) > REMEMBERED:
            self._remembered.popitem(last=False)


async def known_in(asker: Asker, interaction: discord.Interaction, quoted: Quoted) -> list[Version]:
    """The versions to be seen in a message, where they are all that it shows; one of this very moment by its name."""
    versions, where = asker.store.versions, conversation(interaction)
    known = await versions.of_message(where, quoted.message) or await versions.named(where, quoted.shows)
    return known if len(known) >= len(quoted.uploads) else []
