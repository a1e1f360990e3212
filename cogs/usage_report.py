"""`/report usage`: what was painted in a server and what it cost, as a chart and a table, for its moderators."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass

import discord
from discord import app_commands
from discord.ext import commands

from bot import receipt
from bot.catalogue import Catalogue
from bot.letters import Button, File
from bot.limits import gate
from bot.limits.report import PERIODS, Names, Report, counted_under, gathered, last_days
from bot.model import Member
from bot.pictures import Pictures
from bot.views.album import NothingToShow
from cogs.router import Handler
from cogs.showing import Exhibit, Showing
from cogs.usage import Books

USUAL = 30  #: days


@dataclass(frozen=True)
class Bureau:
    """Draws up reports."""

    books: Books
    pictures: Pictures
    catalogue: Catalogue

    async def report(self, guild: discord.Guild, days: int) -> Report:
        """What happened in the last so many days. Raises NothingToShow."""
        period, limits = last_days(days, time.time()), self.books.settings.limits
        tallies, members = await gathered(self.books.store, guild.id, period)
        if not tallies:
            raise NothingToShow(self.catalogue.say("report.nothing", days=days))
        order = [each.id for each in guild.roles]  # by their place, the highest last
        held = await gate.allowed(self.books.store, limits, guild.id, Member(0, "", frozenset()), order)
        models = self.books.settings.gemini.names
        names = Names(guild.name, {each.id: each.name for each in guild.roles}, models, members)
        return Report(period, tallies, names, counted_under(held.decisions, order), self.catalogue)

    async def exhibit(self, report: Report) -> Exhibit:
        """The chart, the table and what is said above them. Raises BadPicture."""
        chart, alt = await asyncio.to_thread(lambda: (report.chart(), report.alt()))
        table, missing = await asyncio.to_thread(report.table)
        drawing = await self.pictures.draw(chart, [])
        days, last = len(report.days), report.period[1]
        files = [
            File(f"usage-{days}-days-{last}.{drawing.extension}", drawing.data, alt),
            File(f"usage-{days}-days-{last}.csv", table, ""),
        ]
        cut_off = self.catalogue.say("report.cut_off", count=missing) if missing else ""
        share = Button(self.catalogue.say("report.share"), f"show_usage:{days}")
        return Exhibit(files[0], f"{report.headline} {cut_off}".strip(), [share], beside=files[1:])


class UsageReport(commands.Cog):
    """The command, and the button that shows the report to everybody."""

    report = app_commands.Group(
        name="report",
        description="Reports for moderators",
        guild_only=True,
        default_permissions=discord.Permissions(manage_guild=True),
    )

    def __init__(self, bureau: Bureau) -> None:
        self._bureau = bureau
        self._catalogue = bureau.catalogue
        self._showing = Showing(bureau.catalogue)
        self.verbs: Mapping[str, Handler] = {"show_usage": self._tell}

    @report.command(name="usage")
    @app_commands.choices(days=[app_commands.Choice(name=str(each), value=each) for each in PERIODS])
    async def usage(self, interaction: discord.Interaction, days: int = USUAL) -> None:
        """What was painted here and what it cost: a chart, and a table to go with it."""
        await self._showing.whisper(interaction, lambda: self._made(interaction, days))

    async def _tell(self, interaction: discord.Interaction, arguments: list[str]) -> None:
        """For everybody, as things are by now."""
        days, name = int(arguments[0]), receipt.plain(interaction.user.display_name)
        told = self._catalogue.say("report.told", name=name, days=days)
        await self._showing.tell(interaction, lambda: self._made(interaction, days), told)

    async def _made(self, interaction: discord.Interaction, days: int) -> Exhibit:
        assert interaction.guild is not None
        return await self._bureau.exhibit(await self._bureau.report(interaction.guild, days))
