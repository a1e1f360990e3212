"""`More…`: the panel for the presser alone, and all that it offers."""

from __future__ import annotations

import io
import logging
from collections.abc import Mapping
from dataclasses import dataclass

import discord

from bot import card, receipt, row
from bot.catalogue import Catalogue
from bot.errors import Unreachable
from bot.gallery import Gallery, Missing
from bot.letters import Button, file_name
from bot.model import Model, Turn, Version
from bot.panel import Panel, size_of
from bot.removal import Removal
from bot.store import Store
from cogs.asker import Asker
from cogs.postman import TOO_LARGE, Row
from cogs.router import Handler, whisper

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Kit:
    """What the panel works with. `models` are all that ever painted, by id; `model` paints now."""

    store: Store
    gallery: Gallery
    removal: Removal
    models: Mapping[str, Model]
    model: Model


@dataclass(frozen=True)
class More:
    """What the panel's buttons do. Their ids carry the version's number; the thread tells the conversation."""

    asker: Asker
    kit: Kit
    catalogue: Catalogue

    @property
    def verbs(self) -> Mapping[str, Handler]:
        """By their custom ids."""
        return {
            "more": self._more,
            "original": self._original,
            "information": self._information,
            "delete": self._delete,
            "erase": self._erase,
            "extend": self._extend,
            "render": self._render,
        }

    async def _more(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        """Open the panel; on a message with several pictures, first ask which."""
        numbers = row.numbers(arguments[0])
        found = await self.kit.store.versions.named(_conversation(interaction), numbers)
        if len(found) > 1:
            buttons = [Button(f"v{each.number}", f"more:{each.number}") for each in found]
            await whisper(interaction, self.catalogue.say("picker.meant"), Row(buttons))
        elif version := await self._version(interaction, found[0].number if found else numbers[0]):
            await self._open(interaction, version)

    async def _open(self, interaction: discord.Interaction, version: Version) -> None:
        turn = await self._turn(version)
        base = await self.kit.store.versions.get(turn.conversation, turn.base)
        panel = Panel(version, base.number if base else None, self.kit.model, _may_delete(interaction, turn))
        text, view = self.catalogue.say("more.panel", number=version.number), Row(panel.buttons(self.catalogue))
        if interaction.message is not None and interaction.message.flags.ephemeral:
            await interaction.response.edit_message(content=text, view=view)  # in the place of the question which
        else:
            await whisper(interaction, text, view)

    async def _original(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        """The stored bytes exactly as they are, as a file."""
        version = await self._version(interaction, int(arguments[0]))
        if version is None:
            return
        picture, limit = version.picture, interaction.filesize_limit
        large = self.catalogue.say("more.too_large", size=card.weight(picture.size), limit=card.weight(limit))
        if picture.size > limit:
            await whisper(interaction, large)
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        try:
            data = io.BytesIO(await self.kit.gallery.get(picture.digest))
            name = f"{file_name(version.turn, version.number)}.{_extension(picture.mime)}"
            await interaction.followup.send(file=discord.File(data, name), ephemeral=True)
        except Missing:
            log.exception("the original of v%s can't be found", version.number)
            await whisper(interaction, self.catalogue.say("more.missing"))
        except discord.HTTPException as error:
            if error.code not in TOO_LARGE and error.status != 413:
                raise
            await whisper(interaction, large)

    async def _information(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        number = int(arguments[0])
        if found := await card.read(self.kit.store, _conversation(interaction), number):
            await whisper(interaction, card.lines(found, self.kit.models, self.catalogue))
        else:
            await self._version(interaction, number)

    async def _delete(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        """Ask whether it is meant."""
        if version := await self._deletable(interaction, int(arguments[0])):
            say = self.catalogue.say
            sure = Button(say("more.erase", number=version.number), f"erase:{version.number}", danger=True)
            await whisper(interaction, say("more.sure", number=version.number), Row([sure]))

    async def _erase(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        """Delete it; where plain words changed it, everybody reads what they change now."""
        version = await self._deletable(interaction, int(arguments[0]))
        if version is None:
            return
        await interaction.response.defer()
        conversation = _conversation(interaction)
        try:
            removed = await self.kit.removal.remove(conversation, version.number)
        except Unreachable as error:
            await whisper(interaction, self.catalogue.say("more.undeletable", detail=error.values.get("detail", "")))
            return
        key = "more.deleted" if removed.done else "more.early" if removed.early else "error.version_gone"
        told = self.catalogue.say(key, number=version.number)
        await interaction.edit_original_response(content=told, view=None)
        if removed.was_head:
            await interaction.followup.send(self._led_back(interaction, version, removed.head))

    def _led_back(self, interaction: discord.Interaction, version: Version, head: Version | None) -> str:
        named = {"name": receipt.plain(interaction.user.display_name), "number": version.number}
        if head is None:
            return self.catalogue.say("more.blank", **named)
        link = card.address(interaction.guild_id, _conversation(interaction), head.message)
        return self.catalogue.say("more.led_back", head=head.number, link=link, **named)

    async def _extend(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        """The same scene in another shape."""
        number, ratio = int(arguments[0]), ":".join(arguments[1:])
        if version := await self._version(interaction, number):
            size = size_of(version.picture, self.kit.model.sizes)
            await self._ask(interaction, version, self.catalogue.say("ask.extend", ratio=ratio), ratio=ratio, size=size)

    async def _render(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        """The same picture with more detail, or less."""
        if version := await self._version(interaction, int(arguments[0])):
            words = self.catalogue.say("ask.render", size=arguments[1])
            await self._ask(interaction, version, words, size=arguments[1])

    async def _ask(self, interaction: discord.Interaction, version: Version, words: str, **fields: str | None) -> None:
        about = version.message or _conversation(interaction)
        await self.asker.ask(interaction, words, about, base=version.number, **fields)

    async def _deletable(self, interaction: discord.Interaction, number: int) -> Version | None:
        """The version, where it is there and the presser may delete it; else they are told."""
        version = await self._version(interaction, number)
        if version is None or _may_delete(interaction, await self._turn(version)):
            return version
        await whisper(interaction, self.catalogue.say("more.not_yours"))
        return None

    async def _version(self, interaction: discord.Interaction, number: int) -> Version | None:
        """The version; where it is gone, the presser is told."""
        found = await self.kit.store.versions.find(_conversation(interaction), number)
        if found is not None and not found.gone:
            return found
        gone = self.catalogue.say("error.version_gone", number=number)
        await whisper(interaction, gone if found else self.catalogue.say("error.stale_button"))
        return None

    async def _turn(self, version: Version) -> Turn:
        turn = await self.kit.store.turns.get(version.turn)
        assert turn is not None
        return turn


def _may_delete(interaction: discord.Interaction, turn: Turn) -> bool:
    """Who asked for it, and moderators."""
    moderates = interaction.guild_id is not None and interaction.permissions.manage_messages
    return moderates or interaction.user.id == turn.member.id


def _conversation(interaction: discord.Interaction) -> int:
    assert interaction.channel_id is not None
    return interaction.channel_id


def _extension(mime: str) -> str:
    return mime.removeprefix("image/").replace("jpeg", "jpg")
