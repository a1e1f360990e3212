"""The registry of the bot's commands."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from bot.sandbox import Member, Sandbox
from bot.sandbox.discord import seed
from bot.sandbox.discord.link import Refused

COMMANDS = f"/api/v10/applications/{seed.APPLICATION}/commands"


def slash(name: str = "imagine", **traits: Any) -> dict[str, Any]:
    return {"name": name, "description": "Paint", **traits}


def option(name: str, **traits: Any) -> dict[str, Any]:
    return {"type": 3, "name": name, "description": "Words", **traits}


async def ask(raw: aiohttp.ClientSession, method: str, path: str, fields: Any = None) -> tuple[int, Any]:
    async with raw.request(method, path, json=fields) as answer:
        return answer.status, await answer.json() if answer.status != 204 else None


async def test_a_sync_keeps_what_is_the_same_and_drops_what_is_not_named(raw: aiohttp.ClientSession):
    _, [fox, owl, _elk] = await ask(raw, "PUT", COMMANDS, [slash("fox"), slash("owl"), slash("elk")])
    wanted = [slash("fox"), slash("owl", description="Paint it"), {"name": "Edit this picture", "type": 3}]
    _, synced = await ask(raw, "PUT", COMMANDS, wanted)
    assert synced[0] == fox
    assert synced[1]["id"] == owl["id"]
    assert synced[1]["version"] != owl["version"]
    assert [one["name"] for one in synced] == ["fox", "owl", "Edit this picture"]
    assert (await ask(raw, "GET", COMMANDS))[1] == synced


@pytest.mark.parametrize(
    "wrong",
    [
        slash("Imagine"),
        slash("two words"),
        slash(description=""),
        slash(description="x" * 101),
        slash(options=[option("a"), option("b", required=True)]),
        slash(options=[option(f"o{i}") for i in range(26)]),
        slash(options=[option("a", choices=[{"name": str(i), "value": str(i)} for i in range(26)])]),
        {"name": "menu", "type": 3, "description": "no words here"},
    ],
)
async def test_wrong_commands_are_refused(raw: aiohttp.ClientSession, wrong: dict[str, Any]):
    status, body = await ask(raw, "PUT", COMMANDS, [wrong])
    assert (status, body["code"]) == (400, 50035)
    assert body["errors"]["0"]


async def test_there_is_a_limit_to_commands_and_names_are_unique(raw: aiohttp.ClientSession):
    assert (await ask(raw, "PUT", COMMANDS, [slash(f"c{i}") for i in range(101)]))[1]["code"] == 30032
    assert (await ask(raw, "PUT", COMMANDS, [slash(), slash()]))[1]["code"] == 50035
    assert (await ask(raw, "PUT", COMMANDS, {"name": "no list"}))[1]["code"] == 50035


async def test_only_the_bot_registers_and_only_its_own(sandbox: Sandbox, raw: aiohttp.ClientSession):
    assert (await ask(raw, "GET", "/api/v10/applications/1/commands"))[0] == 403
    async with aiohttp.ClientSession(sandbox.page_url, headers={"Authorization": "ana"}) as ana:
        assert (await ask(ana, "PUT", COMMANDS, []))[0] == 403
        assert (await ask(ana, "GET", "/api/v10/oauth2/applications/@me"))[0] == 401


async def test_where_a_command_is_found_depends_on_its_contexts(sandbox: Sandbox, raw: aiohttp.ClientSession):
    wanted = [
        slash("everywhere"),
        slash("guilds", contexts=[0]),
        slash("private", contexts=[1]),
        slash("old", dm_permission=False),
    ]
    await ask(raw, "PUT", COMMANDS, wanted)
    ana = sandbox.member("ana")
    assert [one["name"] for one in await ana.commands("studio")] == ["everywhere", "guilds", "old"]
    assert [one["name"] for one in await ana.commands("dm")] == ["everywhere", "private"]


async def test_who_finds_a_command_depends_on_its_permissions(sandbox: Sandbox, raw: aiohttp.ClientSession):
    wanted = [
        slash("owner", default_member_permissions="0"),
        slash("staff", default_member_permissions="32"),
        slash("all"),
    ]
    await ask(raw, "PUT", COMMANDS, wanted)
    found = {
        who: [one["name"] for one in await sandbox.member(who).commands("studio")] for who in ("june", "ana", "ben")
    }
    assert found == {"june": ["owner", "staff", "all"], "ana": ["staff", "all"], "ben": ["all"]}


async def test_an_age_restricted_command_works_only_where_the_channel_is(sandbox: Sandbox, raw: aiohttp.ClientSession):
    _, [made] = await ask(raw, "PUT", COMMANDS, [slash(nsfw=True)])
    ana = sandbox.member("ana")
    sandbox.world.rules.acknowledge_within = 0.05
    thread = await ana.open_thread(await ana.say("after-dark", "hush"), "Hush")
    with pytest.raises(Refused, match="50001"):
        await ana.slash("studio", made["name"])
    for place in ("after-dark", thread):
        assert (await ana.slash(place, made["name"])).kind == "failed"  # it went through, and no bot is there


async def test_words_for_locales_obey_the_same_rules_and_no_locale_is_made_up(raw: aiohttp.ClientSession):
    prompt, size = option("prompt", name_localizations={"de": "Wunsch"}), option("size")
    status, told = await ask(raw, "PUT", COMMANDS, [slash(options=[prompt, size])])
    assert (status, told["code"]) == (400, 50035)
    assert "lower case" in str(told["errors"])
    for wrong in ({"name_localizations": {"xx": "wunsch"}}, {"description_localizations": {"de": "x" * 101}}):
        assert (await ask(raw, "PUT", COMMANDS, [slash(options=[option("prompt", **wrong)])]))[0] == 400
    twice = [option("prompt", name_localizations={"de": "größe"}), option("size", name_localizations={"de": "größe"})]
    assert (await ask(raw, "PUT", COMMANDS, [slash(options=twice)]))[0] == 400


async def test_a_member_finds_commands_in_the_language_that_they_read(
    raw: aiohttp.ClientSession, ana: Member, ben: Member
):
    prompt = option("prompt", name_localizations={"de": "wunsch"}, description_localizations={"de": "Worte"})
    await ask(raw, "PUT", COMMANDS, [slash(description_localizations={"de": "Male"}, options=[prompt])])
    await ana.read_in("de")
    [hers], [his] = await ana.commands("studio"), await ben.commands("studio")
    assert (hers["description_localized"], his["description_localized"]) == ("Male", "Paint")
    assert [each["options"][0]["name_localized"] for each in (hers, his)] == ["wunsch", "prompt"]
    with pytest.raises(Refused, match="locale"):
        await ana.read_in("klingon")
