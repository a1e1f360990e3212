"""`More…`: the panel for the presser alone, and all that it offers."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass

import discord

from bot import receipt
from bot.audit import witness
from bot.catalogue import Catalogue
from bot.deleting.removal import Removal
from bot.errors import Unreachable
from bot.gallery import Gallery, Missing
from bot.letters import Button, File, file_name
from bot.model import Model, Turn, Version
from bot.rights import RIGHTS, may
from bot.store import Store
from bot.views import card
from bot.views.panel import Panel, size_of
from cogs.answers import acknowledge, amend, whisper
from cogs.asker import Asker, conversation
from cogs.attachment import Attachment
from cogs.gate import person
from cogs.postman import Row
from cogs.router import Handler
from cogs.telling import TOO_LARGE
from cogs.translate import member

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Kit:
    """What the panel works with. `models` are all that are known, by id."""

    store: Store
    gallery: Gallery
    removal: Removal
    models: Mapping[str, Model]


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
        if version := await self.asker.which(interaction, "more", arguments[0]):
            await self._open(interaction, version)

    async def _open(self, interaction: discord.Interaction, version: Version) -> None:
        turn = await self._turn(version)
        base = await self.kit.store.versions.get(turn.conversation, turn.base)
        model = await self.asker.translator.model(interaction)
        may_delete, may_report = _may_delete(interaction, turn), interaction.guild_id is not None
        panel = Panel(version, base.number if base else None, model, may_delete, may_report)
        text, view = self.catalogue.say("more.panel", number=version.number), Row(panel.buttons(self.catalogue))
        if interaction.message is not None and interaction.message.flags.ephemeral:
            await amend(interaction, content=text, view=view)  # in the place of the question which
        else:
            await whisper(interaction, text, view)

    async def _original(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        """The stored bytes exactly as they are, as a file."""
        version = await self.asker.version(interaction, int(arguments[0]))
        if version is None:
            return
        picture, limit = version.picture, interaction.filesize_limit
        large = self.catalogue.say("more.too_large", size=card.weight(picture.size), limit=card.weight(limit))
        if picture.size > limit:
            await whisper(interaction, large)
            return
        await acknowledge(interaction, ephemeral=True, thinking=True)
        try:
            data = await self.kit.gallery.get(picture.digest)
            name = f"{file_name(version.turn, version.number)}.{_extension(picture.mime)}"
            await interaction.followup.send(file=Attachment(File(name, data, alt="")), ephemeral=True)
        except Missing:
            log.exception("the original of v%s can't be found", version.number)
            await whisper(interaction, self.catalogue.say("more.missing"))
        except discord.HTTPException as error:
            if error.code not in TOO_LARGE and error.status != 413:
                raise
            await whisper(interaction, large)

    async def _information(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        number = int(arguments[0])
        if found := await card.read(self.kit.store, conversation(interaction), number):
            await whisper(interaction, card.lines(found, self.kit.models, self.catalogue))
        else:
            await self.asker.version(interaction, number)

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
        await acknowledge(interaction)
        try:
            removed = await self.kit.removal.remove(conversation(interaction), version.number)
        except Unreachable as error:
            await whisper(interaction, self.catalogue.say("more.undeletable", detail=error.values.get("detail", "")))
            return
        if removed.done:
            await self._note(interaction, version)
        key = "more.deleted" if removed.done else "more.early" if removed.early else "error.version_gone"
        told = self.catalogue.say(key, number=version.number)
        await amend(interaction, content=told, view=None)
        if removed.was_head:
            await interaction.followup.send(self._led_back(interaction, version, removed.head))

    async def _note(self, interaction: discord.Interaction, version: Version) -> None:
        """What moderators delete of others is told in the audit channel."""
        turn, by = await self._turn(version), member(interaction.user)
        if turn.member.id != by.id:
            async with self.kit.store.write() as desk:
                await witness.deleted(desk, turn, version.number, by)

    def _led_back(self, interaction: discord.Interaction, version: Version, head: Version | None) -> str:
        named = {"name": receipt.plain(interaction.user.display_name), "number": version.number}
        if head is None:
            return self.catalogue.say("more.blank", **named)
        link = card.address(interaction.guild_id, conversation(interaction), head.message)
        return self.catalogue.say("more.led_back", head=head.number, link=link, **named)

    async def _extend(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        """The same scene in another shape."""
        number, ratio = int(arguments[0]), ":".join(arguments[1:])
        if version := await self.asker.version(interaction, number):
            model = await self.asker.translator.model(interaction)
            fields = {"ratio": ratio, "size": size_of(version.picture, model.sizes)}
            words = self.catalogue.say("ask.extend", ratio=ratio)
            await self.asker.ask(interaction, words, version, base=number, **fields)

    async def _render(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        """The same picture with more detail, or less."""
        if version := await self.asker.version(interaction, int(arguments[0])):
            words = self.catalogue.say("ask.render", size=arguments[1])
            await self.asker.ask(interaction, words, version, base=version.number, size=arguments[1])

    async def _deletable(self, interaction: discord.Interaction, number: int) -> Version | None:
        """The version, where it is there and the presser may delete it; else they are told."""
        version = await self.asker.version(interaction, number)
        if version is None or _may_delete(interaction, await self._turn(version)):
            return version
        await whisper(interaction, self.catalogue.say("more.not_yours"))
        return None

    async def _turn(self, version: Version) -> Turn:
        turn = await self.kit.store.turns.get(version.turn)
        assert turn is not None
        return turn


def _may_delete(interaction: discord.Interaction, turn: Turn) -> bool:
    """Who asked for it, and moderators."""
    return may(RIGHTS["delete"], person(interaction, own=interaction.user.id == turn.member.id))


def _extension(mime: str) -> str:
    return mime.removeprefix("image/").replace("jpeg", "jpg")
