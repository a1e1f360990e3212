"""`/words`: the server's own list of words that I take no asks for, and whether its AutoMod's rules hold, too."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import Sequence
from dataclasses import replace

import discord
from discord import app_commands
from discord.ext import commands

from bot import receipt
from bot.automod import AutoMod
from bot.catalogue import Catalogue
from bot.downloads import Downloads
from bot.errors import BadPicture, Unlisted
from bot.letters import TEXT_LIMIT, cut
from bot.limits.moderation import Moderation
from bot.wordlist import MOST, entry, imported, merged, plain
from bot.words import Words
from cogs.answers import acknowledge, whisper
from cogs.translate import member, uploads

CHOICES = 25  #: that Discord shows while somebody types
INLINE = 900  #: characters of a list that is shown in the message itself
FILE = 100_000  #: bytes of a file that is imported
NAMED = 5  #: rules, patterns and lines that are named
NAME = 60  #: characters of each
SHOWN = 20  #: entries that are new
BETWEEN = re.compile(r"[,;\n،，、；]")  #: stands between two entries, in whatever script


class WordLists(commands.Cog):
    """The command, for those who manage the server."""

    words = app_commands.Group(
        name="words",
        description="Words that I take no asks for",
        default_permissions=discord.Permissions(manage_guild=True),
        guild_only=True,
    )

    def __init__(self, words: Words, downloads: Downloads, catalogue: Catalogue) -> None:
        self._words = words
        self._downloads = downloads
        self._catalogue = catalogue
        self._moderation = Moderation(words.store)

    @words.command(name="add")
    async def add(self, interaction: discord.Interaction, words: app_commands.Range[str, 1, 4000]) -> None:
        """Put words on the server's list: cat, cat*, *cat, *cat*; a comma between two."""
        try:
            entries = [entry(each) for each in BETWEEN.split(words) if each.strip()]
            added, count = await self._write(interaction, add=entries)
        except Unlisted as error:
            await whisper(interaction, self._catalogue.tell(error))
            return
        await whisper(interaction, self._added(added, count))

    @words.command(name="remove")
    async def remove(self, interaction: discord.Interaction, word: app_commands.Range[str, 1, 100]) -> None:
        """Take a word off the server's list."""
        removed, count = await self._write(interaction, drop=word)
        key = "words.removed" if removed else "words.not_there"
        await whisper(interaction, self._catalogue.say(key, word=receipt.plain(word), count=count))

    @remove.autocomplete("word")
    async def _known(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        known = await self._words.store.words.of(_server(interaction))
        found = [each for each in known if plain(typed) in plain(each)]
        return [app_commands.Choice(name=each, value=each) for each in found[:CHOICES]]

    @words.command(name="show")
    async def show(self, interaction: discord.Interaction) -> None:
        """The server's list, and what holds of its AutoMod rules."""
        server = _server(interaction)
        entries = await self._words.store.words.of(server)
        told = [self._own(entries), *self._theirs(await self._words.automod(server))]
        text = "\n".join(entries)
        if len(text) <= INLINE:
            shown = "\n".join(f"> {receipt.plain(each)}" for each in entries)
            await whisper(interaction, cut("\n".join([told[0], *filter(None, [shown]), *told[1:]]), TEXT_LIMIT))
            return
        await acknowledge(interaction, ephemeral=True, thinking=True)
        file = discord.File(io.BytesIO(text.encode()), "words.txt")
        await interaction.followup.send(cut("\n".join(told), TEXT_LIMIT), file=file, ephemeral=True)

    @words.command(name="import")
    async def bring(self, interaction: discord.Interaction, file: discord.Attachment, instead: bool = False) -> None:
        """Put a text file's lines on the server's list, or in place of it."""
        await acknowledge(interaction, ephemeral=True, thinking=True)
        try:
            entries, bad = await asyncio.to_thread(imported, await self._read(file))
            added, count = await self._write(interaction, add=entries, anew=instead)
        except Unlisted as error:
            await interaction.followup.send(self._catalogue.tell(error), ephemeral=True)
            return
        told = [self._added(added, count)]
        if bad:
            lines = self._catalogue.enumerated([*map(str, bad[:NAMED]), *(["…"] if len(bad) > NAMED else [])])
            told.append(self._catalogue.say("words.left_out", bad=len(bad), lines=lines))
        await interaction.followup.send("\n".join(told), ephemeral=True)

    @words.command(name="automod")
    async def automod(self, interaction: discord.Interaction, on: bool) -> None:
        """Whether the keyword rules of the server's AutoMod hold for what I paint, too."""
        server = _server(interaction)
        async with self._moderation.change(server, member(interaction.user)) as change:
            await change.rule("automod", on)
        await whisper(interaction, cut("\n".join(self._theirs(await self._words.automod(server))), TEXT_LIMIT))

    async def _write(
        self, interaction: discord.Interaction, *, add: Sequence[str] = (), drop: str = "", anew: bool = False
    ) -> tuple[list[str], int]:
        """Change the list: by which entries, and how many there are now. Raises Unlisted."""

        def revise(before: list[str]) -> list[str]:
            kept = [] if anew else [each for each in before if not drop or plain(each) != plain(drop)]
            after = merged([*kept, *add])
            if len(after) > MOST:
                raise Unlisted("words_full", limit=MOST)
            return after

        before, after = await self._moderation.words(_server(interaction), member(interaction.user), revise)
        more, less = (before, after) if drop else (after, before)
        known = set(less)
        return [each for each in more if each not in known], len(after)

    def _added(self, added: Sequence[str], count: int) -> str:
        """What is new on the list, as it was understood."""
        if not added:
            return self._catalogue.say("words.added_none", count=count)
        return self._catalogue.say("words.added", added=len(added), words=self._named(added, SHOWN), count=count)

    async def _read(self, file: discord.Attachment) -> bytes:
        """Raises Unlisted."""
        if file.size > FILE:
            raise Unlisted("words_file_large", limit=FILE // 1000)
        [upload] = uploads([file])
        try:
            async with replace(self._downloads, largest=FILE).fetch(upload) as opened:
                opened.seek(0)
                return opened.read()  # of a size that was just checked
        except BadPicture as bad:
            raise Unlisted("words_file") from bad

    def _own(self, entries: Sequence[str]) -> str:
        key = "words.own" if entries else "words.own_none"
        return self._catalogue.say(key, count=len(entries))

    def _theirs(self, automod: AutoMod) -> list[str]:
        """What holds of AutoMod, and what does not, and why."""
        if automod.why:
            return [self._catalogue.say(automod.why)]
        names, unread = [each.name for each in automod.rules], [one for each in automod.rules for one in each.unread]
        told = [("words.rules" if names else "words.rules_none", names)]
        told += [("words.presets", list(automod.presets))] if automod.presets else []
        told += [("words.unread", unread)] if unread else []
        return [self._catalogue.say(key, count=len(named), names=self._named(named)) for key, named in told]

    def _named(self, names: Sequence[str], most: int = NAMED) -> str:
        """The first of them."""
        shown = [f"“{receipt.plain(each, NAME)}”" for each in names[:most]]
        return self._catalogue.enumerated([*shown, *(["…"] if len(names) > most else [])])


def _server(interaction: discord.Interaction) -> int:
    assert interaction.guild_id is not None
    return interaction.guild_id
