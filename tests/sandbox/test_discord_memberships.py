"""Roles and members that come, change and go."""

from __future__ import annotations

import pytest

from bot.sandbox import Sandbox
from bot.sandbox.discord import seed
from bot.sandbox.discord.link import Refused
from tests.sandbox.discord_bot import running

ROLES = f"/guilds/{seed.GUILD}/roles"
MEMBERS = f"/guilds/{seed.GUILD}/members"


async def test_moderators_give_and_take_roles_only_with_the_right_to(sandbox: Sandbox):
    ana, june = sandbox.member("ana"), sandbox.member("june")
    path = f"{MEMBERS}/{seed.CLEO}/roles/{seed.PAINTER}"
    with pytest.raises(Refused, match="50013"):
        await ana.call("PUT", path)
    await june.call("PUT", path)
    assert sandbox.world.member(seed.GUILD, seed.CLEO).roles == (seed.GUEST, seed.PAINTER)
    await june.call("DELETE", path)
    assert sandbox.world.member(seed.GUILD, seed.CLEO).roles == (seed.GUEST,)


async def test_a_role_is_made_changed_and_deleted_before_the_bots_eyes(sandbox: Sandbox):
    june = sandbox.member("june")
    async with running(sandbox) as bot:
        guild = bot.get_guild(seed.GUILD)
        assert guild is not None
        made = int((await june.call("POST", ROLES, {"name": "Sketcher", "color": 255}))["id"])
        await bot.until(lambda: guild.get_role(made))
        await june.call("PATCH", f"{ROLES}/{made}", {"name": "Draughtsman"})
        await bot.until(lambda: guild.get_role(made).name == "Draughtsman")  # type: ignore[union-attr]
        await june.call("PUT", f"{MEMBERS}/{seed.BEN}/roles/{made}")
        await june.call("DELETE", f"{ROLES}/{made}")
        await bot.until(lambda: guild.get_role(made) is None)
        assert sandbox.world.member(seed.GUILD, seed.BEN).roles == (seed.PAINTER,)
    with pytest.raises(Refused, match="50013"):
        await june.call("DELETE", f"{ROLES}/{seed.EASEL}")


async def test_a_bot_that_is_sent_away_loses_the_server(sandbox: Sandbox):
    async with running(sandbox) as bot:
        await sandbox.member("june").call("DELETE", f"{MEMBERS}/{seed.BOT}")
        await bot.until(lambda: "guild_remove" in bot.events)
        assert bot.get_guild(seed.GUILD) is None


async def test_a_member_may_leave(sandbox: Sandbox):
    cleo = sandbox.member("cleo")
    await cleo.call("DELETE", f"/users/@me/guilds/{seed.GUILD}")
    with pytest.raises(Refused, match="50001"):
        await cleo.messages(seed.STUDIO)
