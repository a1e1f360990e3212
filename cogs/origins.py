"""`Picture information`, in the menu of every message: what its pictures are, as far as the asker may know."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import discord
from discord import app_commands
from discord.ext import commands

from bot import receipt
from bot.catalogue import Catalogue
from bot.downloads import Downloads
from bot.errors import BadPicture
from bot.letters import TEXT_LIMIT, Button, cut
from bot.model import Model, Quoted, Upload
from bot.recognition import Recognised, Recognition
from bot.store import Spot
from bot.views import card
from cogs.answers import acknowledge, whisper
from cogs.asker import Asker, conversation
from cogs.menus import known_in
from cogs.postman import Row
from cogs.translate import is_restricted

AT_ONCE = 4  #: pictures that are fetched to be recognised, whoever asks
MOST = 4  #: pictures of one message
NAME = 40  #: characters of a file's name

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Sight:
    """What recognises pictures. `models` are all that are known, by id."""

    recognition: Recognition
    downloads: Downloads
    models: Mapping[str, Model]


class Origins(commands.Cog):
    """The menu's entry."""

    def __init__(self, asker: Asker, sight: Sight, catalogue: Catalogue) -> None:
        self._asker = asker
        self._sight = sight
        self._catalogue = catalogue
        self._hands = asyncio.Semaphore(AT_ONCE)
        self._entry = app_commands.ContextMenu(
            name=catalogue.say("menu.information"), callback=self._inform, extras={"key": "menu.information"}
        )

    async def cog_load(self) -> None:
        """Put the entry into the menu."""
        self._asker.translator.client.tree.add_command(self._entry)  # type: ignore[attr-defined]  # our client has one

    async def _inform(self, interaction: discord.Interaction, message: discord.Message) -> None:
        await acknowledge(interaction, ephemeral=True, thinking=True)
        quoted = self._asker.translator.shown_in(message)
        if known := await known_in(self._asker, interaction, quoted):
            await self._tell_known(interaction, [each.number for each in known])
            return
        for number in await self._asker.store.versions.buried_in(conversation(interaction), message.id):
            await whisper(interaction, self._catalogue.say("error.version_gone", number=number))
            return
        files = _files(message, quoted)
        told = [await self._origin(interaction, each) for each in files] or [self._catalogue.say("menu.no_picture")]
        await whisper(interaction, cut("\n\n".join(told), TEXT_LIMIT))

    async def _tell_known(self, interaction: discord.Interaction, numbers: Sequence[int]) -> None:
        if len(numbers) > 1:
            buttons = [Button(f"v{each}", f"information:{each}") for each in numbers]
            await whisper(interaction, self._catalogue.say("picker.meant"), Row(buttons))
        else:
            await whisper(interaction, await self._card(Spot(conversation(interaction), numbers[0])))

    async def _origin(self, interaction: discord.Interaction, upload: Upload) -> str:
        """What one file is, in words."""
        place = interaction.guild_id or conversation(interaction)
        try:
            async with self._hands, self._sight.downloads.fetch(upload) as file:
                found = await self._sight.recognition.recognise(file, place)
        except BadPicture as bad:
            named = {**bad.values, "name": receipt.plain(upload.name, NAME)}
            return self._catalogue.say(f"picture.{bad.key}", **named)
        return await self._told(interaction, found)

    async def _told(self, interaction: discord.Interaction, found: Recognised) -> str:
        say = self._catalogue.say
        if not found.spots:
            return say("origin.unknown")
        told = await self._tellable(interaction, found.spots)
        seen = [each for each in told if await _may_see(interaction, each.conversation)]
        if not seen:
            return say("origin.hidden" if found.certain else "origin.hidden_likely")
        if found.certain:
            return await self._card(seen[0])
        lines = [await self._line(each) for each in seen]
        return "\n".join([say("origin.likely"), *lines])

    async def _tellable(self, interaction: discord.Interaction, spots: Sequence[Spot]) -> list[Spot]:
        """But for those of age-restricted channels, of which nothing is told where others read along."""
        apart = set() if is_restricted(interaction.channel) else await self._asker.store.prints.restricted(spots)
        here = conversation(interaction)
        return [each for each in spots if each.conversation == here or each not in apart]

    async def _card(self, spot: Spot) -> str:
        found = await card.read(self._asker.store, spot.conversation, spot.number)
        if found is None:
            return self._catalogue.say("origin.unknown")
        return card.lines(found, self._sight.models, self._catalogue)

    async def _line(self, spot: Spot) -> str:
        """A candidate in one line."""
        found = await card.read(self._asker.store, spot.conversation, spot.number)
        if found is None:
            return ""
        return self._catalogue.say(
            "origin.candidate",
            number=spot.number,
            link=card.link(found.turn, found.version),
            words=receipt.plain(found.turn.words),
            name=receipt.plain(found.turn.member.name),
        )


def _files(message: discord.Message, quoted: Quoted) -> list[Upload]:
    """The files to look at, whoever posted them."""
    own = [Upload(each.id, each.filename, each.url, each.size) for each in message.attachments]
    return list(quoted.uploads or own)[:MOST]


async def _may_see(interaction: discord.Interaction, channel: int) -> bool:
    """Whether the asker can read the conversation. One that is gone can be read by nobody."""
    guild, asker = interaction.guild, interaction.user
    if guild is None or not isinstance(asker, discord.Member):
        return channel == interaction.channel_id
    try:
        place = guild.get_channel_or_thread(channel) or await guild.fetch_channel(channel)
        allowed = place.permissions_for(asker)
        if not (allowed.view_channel and allowed.read_message_history):
            return False
        if is_restricted(place) and not is_restricted(interaction.channel):
            return False
        if isinstance(place, discord.Thread) and place.is_private() and not allowed.manage_threads:
            await place.fetch_member(asker.id)
    except (discord.HTTPException, discord.ClientException, discord.InvalidData) as error:
        log.debug("conversation %s is not told to %s: %s", channel, asker.id, error)
        return False
    return True
