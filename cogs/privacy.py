"""`/privacy`, `/my-data` and `/retention`: what is kept, and how to get it, to delete it, and to keep it shorter."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from io import BufferedIOBase

import discord
from discord import app_commands
from discord.ext import commands

from bot.catalogue import Catalogue
from bot.config import Privacy
from bot.deleting.erasure import Eraser
from bot.deleting.export import Export
from bot.kept import GRACE, WINDOW, Scope
from bot.letters import Button, pages
from bot.limits.moderation import Moderation
from bot.moments import DAY, day
from bot.rights import RIGHTS, may
from bot.rules.rules import Rules
from bot.store import Count
from cogs.answers import GONE, acknowledge, amend, whisper
from cogs.gate import person
from cogs.postman import Row
from cogs.router import Handler
from cogs.translate import member

FOLLOWED = 600.0  #: seconds that somebody is kept waiting for the end of an erasure; Discord lets us answer for 900
REQUEST = 24 * 2**20  #: bytes that Discord takes at once, whatever one file may have
LONGEST = 3650  #: days

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class PrivacyDesk:
    """What the commands work with."""

    eraser: Eraser
    export: Export
    settings: Privacy
    catalogue: Catalogue


class PrivacyCog(commands.Cog):
    """The commands, and the presses that confirm what can't be taken back."""

    my_data = app_commands.Group(
        name="my-data",
        description="What is kept of you",
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True),
    )

    def __init__(self, desk: PrivacyDesk) -> None:
        self._desk = desk
        self._store = desk.eraser.removal.store
        self._packing: set[int] = set()  # members whose data is being packed
        self.verbs: Mapping[str, Handler] = {"forget": self._forget, "retain": self._retain}

    @app_commands.command(name="privacy")
    @app_commands.allowed_contexts(guilds=True, dms=True)
    async def privacy(self, interaction: discord.Interaction) -> None:
        """What I keep, why, for how long, and who processes it."""
        for page in pages(await self._policy(interaction.guild_id)):
            await whisper(interaction, page)

    @my_data.command(name="export")
    async def export(self, interaction: discord.Interaction) -> None:
        """All that I keep of you, as a ZIP: your asks, pictures, and what they cost."""
        asker = interaction.user.id
        if asker in self._packing:
            await whisper(interaction, self._say("packing"))
            return
        self._packing.add(asker)
        try:
            await acknowledge(interaction, ephemeral=True, thinking=True)
            await self._hand_over(interaction)
        finally:
            self._packing.discard(asker)

    @my_data.command(name="delete")
    async def delete(self, interaction: discord.Interaction) -> None:
        """Delete all that I keep of you, for good."""
        sure = Button(self._say("forget"), f"forget:{interaction.user.id}", danger=True)
        count = await self._store.belongings.count(interaction.user.id)
        await whisper(interaction, self._say("sure", **self._counted(count)), Row([sure]))

    @app_commands.command(name="retention")
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.guild_only()
    async def retention(
        self, interaction: discord.Interaction, days: app_commands.Range[int, 0, LONGEST] | None = None
    ) -> None:
        """How many days this server's words and pictures are kept; 0 for as long as nobody deletes them."""
        server = interaction.guild_id
        assert server is not None
        if days is None:
            await whisper(interaction, "\n".join([await self._kept(server), self._say("set_days")]))
        elif days and (aged := await self._store.remains.aging(server, time.time() - days * DAY)):
            one = days == 1
            told = self._say("retain_day" if one else "retain", days=days)
            sure = Button(told, f"retain:{days}", danger=True)
            asked = self._say("retain_sure_day" if one else "retain_sure", days=days, count=aged)
            await whisper(interaction, asked, Row([sure]))
        else:
            await self._decide(interaction, days)
            await whisper(interaction, await self._kept(server))

    # -- deleting

    async def _forget(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        """It is meant: wait with them for the end of it."""
        asker = interaction.user.id
        if not may(RIGHTS["forget"], person(interaction, own=arguments == [str(asker)])):
            await whisper(interaction, self._desk.catalogue.say("error.stale_button"))
            return
        count = await self._store.belongings.count(asker)
        said = discord.utils.snowflake_time(interaction.id).timestamp()
        await self._desk.eraser.erase(Scope.MEMBER, asker, at=said)  # from then on nothing stops it
        await amend(interaction, content=self._say("forgetting"), view=None)
        try:
            async with asyncio.timeout(FOLLOWED):
                await self._desk.eraser.outlast(Scope.MEMBER, asker)
        except TimeoutError:
            return  # it goes on without them
        await amend(interaction, content=self._say("forgotten", **self._counted(count)), view=None)

    def _counted(self, count: Count) -> dict[str, object]:
        until = day(time.time() + WINDOW)
        return {"asks": count.asks, "pictures": count.pictures, "until": until}

    # -- handing over

    async def _hand_over(self, interaction: discord.Interaction) -> None:
        limit, number = min(interaction.filesize_limit, REQUEST), 0
        async for file in self._desk.export.volumes(interaction.user.id, limit):
            number += 1
            if not await self._hand(interaction, file, number):
                return
        count = await self._store.belongings.count(interaction.user.id)
        await self._tell(interaction, self._say("exported", asks=count.asks, pictures=count.pictures, parts=number))

    async def _hand(self, interaction: discord.Interaction, file: BufferedIOBase, number: int) -> bool:
        """One part, in a whisper; when that is no longer taken, in a direct message. Whether it went."""
        name, told = f"my-data-{number}.zip", self._say("part", number=number)
        try:
            if not interaction.is_expired():
                await interaction.followup.send(told, file=discord.File(file, name), ephemeral=True)
                return True
        except discord.HTTPException as error:
            if error.code not in GONE:
                raise
            file.seek(0)
        try:
            await interaction.user.send(told, file=discord.File(file, name))
        except discord.HTTPException as error:
            log.info("part %s of an export can't be handed over: %s", number, error)
            return False
        return True

    async def _tell(self, interaction: discord.Interaction, text: str) -> None:
        if not interaction.is_expired():
            await whisper(interaction, text)

    # -- telling

    async def _policy(self, server: int | None) -> list[str]:
        window, backup = WINDOW // DAY, self._desk.settings.backup_days
        lines = [self._say("kept"), self._say("moderation", days=window), self._say("not_kept"), self._say("processed")]
        lines += [self._say("deleted", grace=GRACE // DAY), await self._kept(server), self._say("counts", days=window)]
        lines.append(self._say("backups_day" if backup == 1 else "backups", days=backup))
        lines.append(self._say("yours"))
        if self._desk.settings.contact:
            lines.append(self._say("contact", contact=self._desk.settings.contact))
        if self._desk.settings.policy:
            lines.append(self._say("policy", address=self._desk.settings.policy))
        return lines

    async def _kept(self, server: int | None) -> str:
        rules = await self._store.rules.of(server) if server else Rules()
        if "retention_days" in rules.broken:
            return self._desk.catalogue.say("limits.flaw_retention")
        days = rules.retention_days
        if not days:
            return self._say("no_days")
        return self._say("day" if days == 1 else "days", days=days)

    # -- keeping shorter

    async def _retain(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        """It is meant."""
        server = interaction.guild_id
        assert server is not None
        await self._decide(interaction, int(arguments[0]))
        await amend(interaction, content=await self._kept(server), view=None)

    async def _decide(self, interaction: discord.Interaction, days: int) -> None:
        assert interaction.guild_id is not None
        async with Moderation(self._store).change(interaction.guild_id, member(interaction.user)) as change:
            await change.rule("retention_days", days or None)
        self._desk.eraser.hurry()

    def _say(self, key: str, **values: object) -> str:
        return self._desk.catalogue.say(f"privacy.{key}", **values)
