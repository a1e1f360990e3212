"""AutoMod's rules: who may read and write them, who hears of them, and that they look like Discord's."""

from __future__ import annotations

from typing import Any

import discord
import pytest

from bot.sandbox import Sandbox
from bot.sandbox.discord import seed
from bot.sandbox.discord.link import Refused
from tests.sandbox.discord_bot import Bot, running
from tests.sandbox.test_discord_contract import SPEC, Contract

RULES = f"/guilds/{seed.GUILD}/auto-moderation/rules"
NEW: dict[str, Any] = {
    "name": "No cats",
    "event_type": 1,
    "trigger_type": 1,
    "trigger_metadata": {"keyword_filter": ["cat*"], "regex_patterns": ["k[i1]tty"]},
    "actions": [
        {"type": 1, "metadata": {"custom_message": "Dogs only."}},
        {"type": 2, "metadata": {"channel_id": str(seed.LOUNGE)}},
    ],
    "enabled": True,
}
MANAGE_GUILD = 1 << 5
HEARING = discord.Intents(guilds=True, auto_moderation_configuration=True)


async def manage(sandbox: Sandbox) -> None:
    """The server's owner lets the bot read its rules."""
    role = sandbox.world.guild(seed.GUILD).roles[seed.EASEL]
    path = f"/guilds/{seed.GUILD}/roles/{seed.EASEL}"
    await sandbox.member("june").call("PATCH", path, {"permissions": str(role.permissions | MANAGE_GUILD)})


async def test_only_those_who_manage_the_server_read_and_write_its_rules(sandbox: Sandbox):
    await sandbox.member("ana").call("POST", RULES, NEW)
    for name in ("ben", "cleo"):
        with pytest.raises(Refused, match="50013"):
            await sandbox.member(name).call("GET", RULES)
    [rule] = await sandbox.member("ana").call("GET", RULES)
    assert (rule["name"], rule["trigger_metadata"]["allow_list"], rule["exempt_roles"]) == ("No cats", [], [])


async def test_a_bot_reads_the_rules_and_hears_of_every_change_once_it_may(sandbox: Sandbox):
    ana = sandbox.member("ana")
    async with running(sandbox, Bot(HEARING)) as bot:
        guild = bot.get_guild(seed.GUILD)
        assert guild is not None
        with pytest.raises(discord.Forbidden):
            await guild.fetch_automod_rules()
        await ana.call("POST", RULES, NEW)
        await manage(sandbox)
        await bot.until(lambda: guild.me.guild_permissions.manage_guild)
        assert "automod_rule_create" not in bot.events
        [rule] = await guild.fetch_automod_rules()
        assert (rule.trigger.keyword_filter, rule.actions[1].channel_id) == (["cat*"], seed.LOUNGE)
        changed = await ana.call("PATCH", f"{RULES}/{rule.id}", {"enabled": False})
        assert (changed["enabled"], changed["name"]) == (False, "No cats")
        await ana.call("DELETE", f"{RULES}/{rule.id}")
        await bot.until(lambda: {"automod_rule_update", "automod_rule_delete"} <= set(bot.events))
        assert await guild.fetch_automod_rules() == []


async def test_what_is_missing_or_too_long_is_refused_as_discord_does(sandbox: Sandbox):
    ana = sandbox.member("ana")
    with pytest.raises(Refused, match="50035"):
        await ana.call("POST", RULES, {"name": "No kind"})
    with pytest.raises(Refused, match="between 1 and 60"):
        await ana.call("POST", RULES, NEW | {"trigger_metadata": {"keyword_filter": ["x" * 61]}})
    with pytest.raises(Refused, match="404"):
        await ana.call("GET", f"{RULES}/1")


@pytest.mark.skipif(not SPEC.exists(), reason="Discord's OpenAPI description is not beside the project")
async def test_the_rules_are_as_discord_describes_them(sandbox: Sandbox):
    contract = Contract()
    sandbox.traffic.hooks.append(contract.watch)
    ana = sandbox.member("ana")
    made = await ana.call("POST", RULES, NEW)
    presets = {"presets": [1, 3]}
    await ana.call("POST", RULES, NEW | {"name": "Slurs", "trigger_type": 4, "trigger_metadata": presets})
    await ana.call("GET", RULES)
    await ana.call("PATCH", f"{RULES}/{made['id']}", {"exempt_roles": [str(seed.GUEST)]})
    await ana.call("DELETE", f"{RULES}/{made['id']}")
    assert contract.wrong == []
    assert len(contract.checked) == 4
