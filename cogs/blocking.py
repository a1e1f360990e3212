"""`/block` and `/unblock`: who may not ask for pictures in a server, why, and until when."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping

import discord
from discord import app_commands
from discord.ext import commands

from bot import receipt
from bot.catalogue import Catalogue
from bot.limits.moderation import Moderation
from bot.model import Member
from bot.moments import DAY, HOUR, moment
from bot.rules.rules import Stance, Subject
from bot.store import Store
from cogs.answers import whisper
from cogs.translate import member

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
    @app_commands.rename(user="member")
    @app_commands.choices(until=[app_commands.Choice(name=name, value=value) for value, (name, _) in ENDS.items()])
    async def block(
        self,
        interaction: discord.Interaction,
        user: discord.User,
        reason: app_commands.Range[str, 1, REASON],
        until: str = EVER,
    ) -> None:
        """Keep a member from asking for pictures here."""
        assert interaction.guild_id is not None
        if key := spared(interaction, member(user), bot=user.bot):
            await whisper(interaction, self._say(key, names=user.mention))
            return
        _, seconds = ENDS[until]
        now, by = time.time(), member(interaction.user)
        ends = None if seconds is None else now + seconds
        stance = Stance(Subject.MEMBER, user.id, False, reason.strip(), ends, by.id, now)
        async with Moderation(self._store).change(interaction.guild_id, by) as change:
            await change.stand(stance)
        when = f" {self._say('until', when=moment(ends))}" if ends else ""
        told = self._say("blocked", member=user.mention, until=when, reason=receipt.plain(reason, REASON))
        await whisper(interaction, told)

    @app_commands.command(name="unblock")
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.guild_only()
    @app_commands.rename(user="member")
    async def unblock(self, interaction: discord.Interaction, user: discord.User) -> None:
        """Let a member ask for pictures here again."""
        assert interaction.guild_id is not None
        async with Moderation(self._store).change(interaction.guild_id, member(interaction.user)) as change:
            stances = await change.desk.rules.stances(interaction.guild_id, user.id)
            held = [each for each in stances if (each.kind, each.subject) == (Subject.MEMBER, user.id)]
            blocked = any(not each.allowed and each.holds(time.time()) for each in held)
            if blocked:
                await change.lift(Subject.MEMBER, user.id)
        await whisper(interaction, self._say("unblocked" if blocked else "not_blocked", member=user.mention))

    def _say(self, key: str, **values: object) -> str:
        return self._catalogue.say(f"limits.{key}", **values)


def spared(interaction: discord.Interaction, who: Member, *, bot: bool = False) -> str:
    """Why somebody can't be blocked by whoever would, as a key of `limits`; nothing where they can."""
    guild = interaction.guild
    if bot or who.id in {interaction.user.id, guild.owner_id if guild else None}:
        return "never_blocked"
    if who.moderator and not interaction.permissions.manage_guild:
        return "manager_not_blocked"
    return "" if stands_above(interaction, who.roles or ()) else "rank_not_blocked"


def stands_above(interaction: discord.Interaction, roles: Iterable[int]) -> bool:
    """Whether whoever presses has a role above all of these, or owns the server: so Discord's own moderation has it."""
    guild = interaction.guild
    if guild is None or interaction.user.id == guild.owner_id:
        return True
    theirs, own = _highest(guild, roles), _highest(guild, member(interaction.user).roles or ())
    return theirs is None or (own is not None and own > theirs)


def _highest(guild: discord.Guild, roles: Iterable[int]) -> discord.Role | None:
    """Of the roles but @everyone."""
    known = [guild.get_role(each) for each in roles if each != guild.id]
    return max(filter(None, known), default=None)
