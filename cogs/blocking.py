"""`/block` and `/unblock`: who may not ask for pictures in a server, why, and until when."""

from __future__ import annotations

import time
from collections.abc import Mapping

import discord
from discord import app_commands
from discord.ext import commands

from bot import receipt
from bot.catalogue import Catalogue
from bot.moderation import Moderation
from bot.moments import DAY, HOUR, moment
from bot.roster import Roster
from bot.rules import Stance, Subject
from bot.store import Store
from cogs.router import whisper
from cogs.translate import member as noun

EVER = "ever"
ENDS: Mapping[str, tuple[str, int | None]] = {
    "hour": ("1 hour", HOUR),
    "day": ("1 day", DAY),
    "week": ("7 days", 7 * DAY),
    "month": ("30 days", 30 * DAY),
    EVER: ("for good", None),
}  #: how long a block may last, in words and in seconds
REASON = 300  #: characters


class Blocking(commands.Cog):
    """The two commands."""

    def __init__(self, store: Store, catalogue: Catalogue) -> None:
        self._store = store
        self._catalogue = catalogue

    @app_commands.command(name="block")
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.guild_only()
    @app_commands.choices(until=[app_commands.Choice(name=name, value=value) for value, (name, _) in ENDS.items()])
    async def block(
        self,
        interaction: discord.Interaction,
        member: discord.User,
        reason: app_commands.Range[str, 1, REASON],
        until: str = EVER,
    ) -> None:
        """Keep a member from asking for pictures here."""
        assert interaction.guild_id is not None
        if spared(interaction, member.id, bot=member.bot):
            await whisper(interaction, self._say("never_blocked", names=member.mention))
            return
        _, seconds = ENDS[until]
        now, by = time.time(), noun(interaction.user)
        ends = None if seconds is None else now + seconds
        stance = Stance(Subject.MEMBER, member.id, False, reason.strip(), ends, by.id, now)
        async with Moderation(self._store).change(interaction.guild_id, by) as change:
            await change.stand(stance)
        when = f" {self._say('until', when=moment(ends))}" if ends else ""
        told = self._say("blocked", member=member.mention, until=when, reason=receipt.plain(reason, REASON))
        await whisper(interaction, told)

    @app_commands.command(name="unblock")
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.guild_only()
    async def unblock(self, interaction: discord.Interaction, member: discord.User) -> None:
        """Let a member ask for pictures here again."""
        assert interaction.guild_id is not None
        async with Moderation(self._store).change(interaction.guild_id, noun(interaction.user)) as change:
            stances = await change.desk.rules.stances(interaction.guild_id, member.id)
            held = [each for each in stances if (each.kind, each.subject) == (Subject.MEMBER, member.id)]
            blocked = any(not each.allowed and each.holds(time.time()) for each in held)
            if blocked:
                await change.lift(Subject.MEMBER, member.id)
        await whisper(interaction, self._say("unblocked" if blocked else "not_blocked", member=member.mention))

    def _say(self, key: str, **values: object) -> str:
        return self._catalogue.say(f"limits.{key}", **values)


async def outranks(interaction: discord.Interaction, member: int, roster: Roster) -> bool:
    """Whether they may manage the server, and whoever would block them may not. Raises Unreachable."""
    if interaction.guild_id is None or interaction.permissions.manage_guild:
        return False
    standing = await roster.find(interaction.guild_id, member)
    return standing is not None and standing.moderator


def spared(interaction: discord.Interaction, member: int, *, bot: bool) -> bool:
    """Whether nobody can block them: the server's owner, bots, who ask nothing, and whoever would do it."""
    owner = interaction.guild.owner_id if interaction.guild else None
    return bot or member in {owner, interaction.user.id}
