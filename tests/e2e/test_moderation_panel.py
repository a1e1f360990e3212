"""`/limits`, `/block` and `/unblock`: seen and used by those who manage the server, felt by everybody else."""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from bot.sandbox import Member, Post
from bot.sandbox.discord import seed
from bot.sandbox.discord.nouns import Role
from bot.sandbox.discord.permissions import Permission
from tests.e2e.stage import BOT, DEADLINE, Stage, sentence

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

LITE = "gemini-3.1-flash-lite-image"
EVERYONE, GUEST, PAINTERS = seed.GUILD, seed.GUEST, seed.PAINTER
SETTINGS = {"limits": {"role": [{"role": str(PAINTERS), "pictures_per_day": 20, "largest_size": "2K"}]}}
GONE = 4242


@pytest.fixture(autouse=True)
def clean(stage: Stage) -> None:
    """Nothing is decided before a test, whatever the one before decided."""
    write(stage, "DELETE FROM rules", "DELETE FROM role_limits", "DELETE FROM stances", "DELETE FROM audit")


def write(stage: Stage, *statements: str) -> None:
    with closing(sqlite3.connect(database(stage), timeout=10)) as connection, connection:
        for each in statements:
            connection.execute(each)


def database(stage: Stage) -> str:
    return f"{stage.bot.sections['storage']['directory']}/easel.db"


def audit(stage: Stage) -> list[dict[str, Any]]:
    """What the audit log was given, the oldest first."""
    with closing(sqlite3.connect(database(stage), timeout=10)) as connection:
        rows = connection.execute("SELECT told, member FROM audit WHERE kind = 'change' ORDER BY id").fetchall()
    return [{**json.loads(told), "by": member} for told, member in rows]


async def panel(by: Member, **options: object) -> Post:
    newest = max(by.seen, default=0)
    assert (await by.slash("studio", "limits", **options)).ok
    return await by.wait_for(lambda post: post.is_whisper and post.id > newest, None, DEADLINE)


async def redrawn(member: Member, shown: Post, before: Post) -> Post:
    return await member.wait_for(lambda post: post.id == shown.id and post is not before, None, DEADLINE)


async def press(member: Member, shown: Post, label: str) -> Post:
    """Press, and look at the panel again."""
    before = member.seen[shown.id]
    assert (await member.press(shown, shown.buttons[label])).ok
    return await redrawn(member, shown, before)


async def choose(member: Member, shown: Post, custom_id: str, *values: object) -> Post:
    before = member.seen[shown.id]
    assert (await member.choose(shown, custom_id, *map(str, values))).ok
    return await redrawn(member, shown, before)


async def fill(member: Member, shown: Post, label: str, **values: str) -> Post:
    """Open a form, write into some of its fields, and look at the panel again."""
    opened = await member.press(shown, shown.buttons[label])
    assert opened.form is not None
    before = member.seen[shown.id]
    kept = {name: field.get("value") or "" for name, field in opened.form.fields.items()}
    words: dict[str, Any] = {**kept, **values}
    assert (await member.submit(opened.form, **words)).ok
    return await redrawn(member, shown, before)


def line(shown: Post, what: str) -> str:
    """What the panel says of one thing; nothing where it says nothing."""
    lines = shown.text.replace("**", "").splitlines()
    return next((each.removeprefix(f"{what} · ") for each in lines if each.startswith(f"{what} · ")), "")


def without(shown: Post) -> str:
    """The small line of what is not limited."""
    return next(each for each in shown.text.splitlines() if each.startswith("-# No "))


async def whisper(member: Member, words: str, after: int = 0) -> Post:
    return await member.wait_for(
        lambda post: post.is_whisper and words in post.text and post.id > after, None, DEADLINE
    )


# -- whose it is -------------------------------------------------------------------------------------------------------


async def test_only_those_who_manage_the_server_find_the_commands(stage: Stage):
    names = {"limits", "block", "unblock"}
    assert names <= {each["name"] for each in await stage.ana.commands("studio")}
    assert not names & {each["name"] for each in await stage.ben.commands("studio")}


async def test_who_manages_it_no_more_changes_nothing_with_a_panel_of_before(stage: Stage):
    shown = await panel(stage.ana)
    members = stage.sandbox.world.guilds[seed.GUILD].members
    usual, members[seed.ANA] = members[seed.ANA], replace(members[seed.ANA], roles=())
    try:
        assert (await stage.ana.press(shown, shown.buttons["Block this role"])).ok
        await whisper(stage.ana, sentence("rights.managers_only"))
        assert audit(stage) == []
    finally:
        members[seed.ANA] = usual


# -- limits of a role --------------------------------------------------------------------------------------------------


async def test_a_role_is_chosen_and_every_line_says_where_it_comes_from(stage: Stage):
    shown = await choose(stage.ana, await panel(stage.ana), "limits:role", PAINTERS)
    assert shown.text.startswith(f"## Limits of <@&{PAINTERS}>")
    assert line(shown, "Pictures per day") == "20 · configuration file"
    assert line(shown, "Pictures per hour") == ""
    assert without(shown).startswith("-# No opinion: Pictures per hour, Pictures in 30 days, Money")
    shown = await fill(stage.ana, shown, "Pictures and money…", pictures_per_day="5", dollars_per_day="$1,50")
    assert line(shown, "Pictures per day") == "5 · set here"
    assert line(shown, "Money per day") == "$1.50 · set here"
    shown = await fill(stage.ana, shown, "Pictures and money…", pictures_per_day="")
    assert line(shown, "Pictures per day") == "20 · configuration file"
    assert [(each["name"], each["before"], each["after"]) for each in audit(stage)] == [
        ("pictures_per_day", None, "5"),
        ("dollars_per_day", None, "1.5"),
        ("pictures_per_day", "5", None),
    ]
    assert {(each["role"], each["by"]) for each in audit(stage)} == {(PAINTERS, seed.ANA)}


async def test_what_cant_be_read_stays_as_it_was_and_the_rest_is_taken(stage: Stage):
    shown = await fill(
        stage.ana,
        await panel(stage.ana),
        "Pictures and money…",
        pictures_per_hour="ten",
        pictures_per_day="-1",
        pictures_per_30_days="100",
        dollars_per_day="1e9",
        dollars_per_30_days="2000000",
    )
    assert "“ten” is no whole number, so **Pictures per hour** stays as it was" in shown.text
    assert "**Pictures per day** can't be less than 0" in shown.text
    assert "“1e9” is no amount of dollars" in shown.text
    assert "**Money in 30 days** can't be more than 1,000,000" in shown.text
    assert line(shown, "Pictures in 30 days") == "100 · set here"
    assert [each["name"] for each in audit(stage)] == ["pictures_per_30_days"]


async def test_sizes_models_threads_and_channels_are_chosen_and_unchosen(stage: Stage):
    shown = await choose(stage.ana, await panel(stage.ana), "limits:role", GUEST)
    shown = await choose(stage.ana, shown, f"limits:pick:largest_size:{GUEST}", "1K")
    shown = await choose(stage.ana, shown, f"limits:pick:models:{GUEST}", LITE)
    shown = await choose(stage.ana, shown, f"limits:pick:may_start_threads:{GUEST}", "no")
    shown = await choose(stage.ana, shown, f"limits:pick:channels:{GUEST}", seed.STUDIO, seed.CLUB)
    told = [line(shown, each) for each in ("Largest size", "Models", "May start threads", "Channels")]
    assert told[:3] == ["1K · set here", "Nano Banana 2 Lite · set here", "no · set here"]
    assert told[3] == f"<#{seed.STUDIO}>, <#{seed.CLUB}> · set here"
    assert len(shown.component(f"limits:pick:channels:{GUEST}")["default_values"]) == 2
    shown = await choose(stage.ana, shown, f"limits:pick:channels:{GUEST}")
    shown = await choose(stage.ana, shown, f"limits:pick:may_start_threads:{GUEST}", "-")
    assert without(shown).endswith("May start threads, Channels")
    shown = await press(stage.ana, shown, "Clear all")
    assert "set here" not in shown.text
    assert "Clear all" not in shown.buttons


async def test_a_limit_that_is_set_holds_at_once_and_names_its_role(stage: Stage):
    canvas = await stage.canvas("a quiet harbour", by=stage.cleo)
    shown = await choose(stage.ana, await panel(stage.ana), "limits:role", GUEST)
    await fill(stage.ana, shown, "Pictures and money…", pictures_per_day="1")
    refused = await canvas.ask("make it night")
    assert f"the limit that <@&{GUEST}> gives you" in refused.text
    await stage.canvas("a loud harbour", by=stage.ben)


async def test_a_role_that_is_blocked_may_not_ask_until_it_is_let_in_again(stage: Stage):
    shown = await choose(stage.ana, await panel(stage.ana), "limits:role", GUEST)
    shown = await press(stage.ana, shown, "Block this role")
    assert f"🚫 Blocked: nobody with <@&{GUEST}> may ask." in shown.text
    refused = await stage.cleo.say("studio", f"{BOT} a gate")
    told = await stage.cleo.wait_for(lambda post: post.reply_to == refused.id, "studio", DEADLINE)
    assert f"let nobody with <@&{GUEST}> ask" in told.text
    await press(stage.ana, shown, "Unblock this role")
    await stage.canvas("an open gate", by=stage.cleo)


async def test_rows_that_grant_nothing_are_shown_and_put_away(stage: Stage):
    write(
        stage,
        f"INSERT INTO role_limits VALUES ({EVERYONE}, {GUEST}, 'pictures_per_day', '\"many\"')",
        f"INSERT INTO role_limits VALUES ({EVERYONE}, {GONE}, 'pictures_per_day', '5')",
        f"INSERT INTO rules VALUES ({EVERYONE}, 'dollars_per_day', '\"much\"')",
        f"INSERT INTO stances VALUES ({EVERYONE}, 'channel', {GONE}, 1, '', NULL, {seed.ANA}, 1.0)",
    )
    shown = await panel(stage.ana)
    assert f"Pictures per day of <@&{GUEST}> can't be read" in shown.text
    assert f"there is no role `{GONE}` any more" in shown.text
    assert "Money per day of the whole server can't be read" in shown.text
    assert f"A list names <#{GONE}>, which is gone" in shown.text
    shown = await press(stage.ana, shown, "Put away what grants nothing")
    assert "grants nothing" not in shown.text
    assert len(audit(stage)) == 4
    await stage.canvas("a tidy desk", by=stage.cleo)


async def test_a_role_that_was_deleted_under_an_open_panel_is_said_to_be_gone_and_nothing_is_written(stage: Stage):
    guild = stage.sandbox.world.guilds[seed.GUILD]
    role = Role(seed.GUILD + 999, "Passing", 0, 0, 1)
    guild.roles[role.id] = role
    await stage.restart()
    shown = await choose(stage.ana, await panel(stage.ana), "limits:role", role.id)
    assert f"<@&{role.id}>" in shown.text
    del guild.roles[role.id]
    await stage.restart()
    shown = await choose(stage.ana, shown, f"limits:pick:largest_size:{role.id}", "1K")
    assert "That role is not there any more" in shown.text
    assert audit(stage) == []


# -- what holds for somebody -------------------------------------------------------------------------------------------


async def test_the_preview_names_the_role_of_each_line_and_what_is_used(stage: Stage):
    await stage.canvas("a lonely tree", by=stage.cleo)
    shown = await choose(stage.ana, await panel(stage.ana), "limits:role", GUEST)
    await fill(stage.ana, shown, "Pictures and money…", pictures_per_hour="1")
    shown = await panel(stage.ana, member=seed.CLEO)
    assert shown.text.startswith(f"## What holds for <@{seed.CLEO}>\nRoles: @everyone, <@&{GUEST}>")
    told = line(shown, "Pictures per hour")
    assert re.fullmatch(rf"1 · from <@&{GUEST}>, set here · \d+ used, more <t:\d+:R>", told)
    shown = await choose(stage.ana, shown, "limits:who", seed.BEN)
    assert line(shown, "Pictures per day").startswith(f"20 · from <@&{PAINTERS}>, configuration file · ")
    assert without(shown).startswith("-# No role limits: Pictures per hour, ")


async def test_moderators_are_exempt_only_where_that_is_set(stage: Stage):
    shown = await panel(stage.ana)
    await fill(stage.ana, shown, "Pictures and money…", pictures_per_day="0")
    assert line(await panel(stage.ana, member=seed.ANA), "Pictures per day").startswith("0 · from @everyone")
    shown = await press(stage.ana, await panel(stage.ana), "Whole server")
    shown = await press(stage.ana, shown, "Exempt moderators")
    assert "exempt from limits per role" in line(shown, "Moderators")
    assert "⭐ A moderator" in (await panel(stage.ana, member=seed.ANA)).text
    await stage.canvas("a field", by=stage.ana)
    await press(stage.ana, shown, "Hold moderators to the limits")
    refused = await stage.ana.say("studio", f"{BOT} a wood")
    await stage.ana.wait_for(lambda post: post.reply_to == refused.id, "studio", DEADLINE)


# -- the whole server --------------------------------------------------------------------------------------------------


async def test_budgets_hold_for_everybody_and_can_be_taken_away(stage: Stage):
    shown = await press(stage.ana, await panel(stage.ana), "Whole server")
    shown = await fill(stage.ana, shown, "Budgets…", dollars_per_day="0")
    assert line(shown, "Money per day").startswith("$0.00 · set here")
    refused = await stage.ben.say("studio", f"{BOT} a coin")
    told = await stage.ben.wait_for(lambda post: post.reply_to == refused.id, "studio", DEADLINE)
    assert "server's budget" in told.text
    shown = await fill(stage.ana, shown, "Budgets…", dollars_per_day="")
    assert without(shown) == "-# No budget: Money per day, Money in 30 days"
    await stage.canvas("a purse", by=stage.ben)


async def test_a_pause_stops_what_waits_and_what_comes_and_going_on_paints_what_waited(stage: Stage):
    shown = await press(stage.ana, await panel(stage.ana), "Whole server")
    canvas = await stage.canvas("a slow river", by=stage.cleo)
    async with stage.held() as there:
        first = await canvas.say("make it wide")
        await stage.until(there)
        waiting = await canvas.say("make it deep")
        await canvas.status(waiting)
        shown = await press(stage.ana, shown, "Pause me")
        assert "⏸️ I am paused" in shown.text
    await canvas.answer(first)
    refused = await canvas.ask("make it blue")
    assert "paused me" in refused.text
    await canvas.by.wait_for(lambda post: "waits: the moderators have paused me here" in post.text, canvas.id, DEADLINE)
    await stage.restart()
    await asyncio.sleep(1.0)  # time enough to paint it, were it let
    assert not stage.requests("make it deep")
    await press(stage.ana, shown, "Let me go on")
    await canvas.answer(waiting)
    assert not stage.requests("make it blue")
    assert [(each["name"], each["after"]) for each in audit(stage)] == [("paused", True), ("paused", False)]


async def test_two_who_press_the_same_button_want_the_same(stage: Stage):
    one = await press(stage.ana, await panel(stage.ana), "Whole server")
    other = await press(stage.ana, await panel(stage.ana), "Whole server")
    await press(stage.ana, one, "Pause me")
    other = await press(stage.ana, other, "Pause me")
    assert "⏸️ I am paused" in other.text
    assert len(audit(stage)) == 1


async def test_a_panel_works_after_a_restart(stage: Stage):
    shown = await press(stage.ana, await panel(stage.ana), "Whole server")
    await stage.restart()
    assert "⏸️ I am paused" in (await press(stage.ana, shown, "Pause me")).text


async def test_a_button_of_another_time_is_told_so(stage: Stage):
    shown = await panel(stage.ana)
    whispers = stage.sandbox.world.whispers
    old = json.loads(json.dumps(whispers[shown.id].components).replace("limits:clear", "limits:burnish"))
    for row in old[0]["components"]:
        for each in row.get("components") or []:
            each.pop("disabled", None)
    whispers[shown.id] = replace(whispers[shown.id], components=tuple(old))
    assert (await stage.ana.press(shown, f"limits:burnish:{EVERYONE}")).ok
    await whisper(stage.ana, sentence("error.stale_button"))


# -- lists and blocks --------------------------------------------------------------------------------------------------


async def test_where_a_channel_is_let_in_no_other_is_and_threads_go_with_it(stage: Stage):
    shown = await press(stage.ana, await panel(stage.ana), "Lists")
    shown = await choose(stage.ana, shown, "limits:list:channel:in", seed.STUDIO)
    assert f"- <#{seed.STUDIO}>" in shown.text
    canvas = await stage.canvas("a let-in lane", by=stage.ben)
    await canvas.ask("make it night")
    refused = await stage.ben.say("photos", f"{BOT} a lane")
    told = await stage.ben.wait_for(lambda post: post.reply_to == refused.id, "photos", DEADLINE)
    assert f"paint only in <#{seed.STUDIO}>" in told.text
    shown = await choose(stage.ana, shown, "limits:list:channel:out", seed.CLUB)
    assert "don't want me to paint in this channel" in (await canvas.ask("make it pink")).text
    shown = await choose(stage.ana, shown, "limits:list:channel:out")
    shown = await choose(stage.ana, shown, "limits:list:channel:in")
    assert "**Let in** everywhere" in shown.text


async def test_where_a_role_is_let_in_others_are_not_and_a_member_can_be_let_in_by_name(stage: Stage):
    shown = await press(stage.ana, await press(stage.ana, await panel(stage.ana), "Lists"), "Roles")
    shown = await choose(stage.ana, shown, "limits:list:role:in", PAINTERS)
    await stage.canvas("a closed club", by=stage.ben)
    refused = await stage.cleo.say("studio", f"{BOT} a door")
    told = await stage.cleo.wait_for(lambda post: post.reply_to == refused.id, "studio", DEADLINE)
    assert "you are not among them" in told.text
    assert "🚫 They may not ask" in (await panel(stage.ana, member=seed.CLEO)).text
    shown = await press(stage.ana, shown, "Members")
    await choose(stage.ana, shown, "limits:list:member:in", seed.CLEO)
    await stage.canvas("an open club", by=stage.cleo)


async def test_nobody_blocks_the_owner_a_bot_or_themselves(stage: Stage):
    for who in (seed.JUNE, seed.BOT, seed.ANA):
        newest = max(stage.ana.seen, default=0)
        assert (await stage.ana.slash("studio", "block", member=who, reason="why not")).ok
        await whisper(stage.ana, "Nobody can block the server's owner, a bot or themselves", newest)
    shown = await press(stage.ana, await press(stage.ana, await panel(stage.ana), "Lists"), "Members")
    shown = await choose(stage.ana, shown, "limits:list:member:out", seed.JUNE, seed.BEN)
    assert f"so it stays as it was for <@{seed.JUNE}>." in shown.text
    assert [each["subject"] for each in audit(stage)] == [seed.BEN]


async def test_nobody_blocks_who_has_a_role_as_high_as_theirs_but_for_the_owner(stage: Stage):
    async with stage.granting(Permission.MANAGE_GUILD):
        newest = max(stage.cleo.seen, default=0)
        assert (await stage.cleo.slash("studio", "block", member=seed.BEN, reason="why not")).ok
        await whisper(stage.cleo, "a role as high as yours", newest)
        shown = await press(stage.cleo, await press(stage.cleo, await panel(stage.cleo), "Lists"), "Members")
        shown = await choose(stage.cleo, shown, "limits:list:member:out", seed.BEN, seed.ANA, seed.JUNE)
        assert f"so it stays as it was: <@{seed.BEN}> and <@{seed.ANA}>." in shown.text
        assert f"so it stays as it was for <@{seed.JUNE}>." in shown.text
        shown = await choose(stage.cleo, await press(stage.cleo, shown, "Roles"), "limits:list:role:out", PAINTERS)
        assert f"your highest role, or one above it, as with Discord's own moderation: <@&{PAINTERS}>." in shown.text
        shown = await choose(stage.cleo, await panel(stage.cleo), "limits:role", GUEST)
        assert "your highest role" in (await press(stage.cleo, shown, "Block this role")).text
        assert audit(stage) == []
    june = stage.sandbox.member("june")
    assert (await june.slash("studio", "block", member=seed.ANA, reason="a long evening")).ok
    await june.wait_for(lambda post: f"<@{seed.ANA}> can't ask me" in post.text, None, DEADLINE)
    assert [(each["subject"], each["by"]) for each in audit(stage)] == [(seed.ANA, seed.JUNE)]


async def test_who_is_blocked_hears_why_and_until_when_and_may_ask_again_afterwards(stage: Stage):
    canvas = await stage.canvas("a noisy street", by=stage.cleo)
    newest = max(stage.ana.seen, default=0)
    assert (await stage.ana.slash("studio", "block", member=seed.CLEO, reason="too *many* cats", until="day")).ok
    told = await whisper(stage.ana, f"🚫 <@{seed.CLEO}> can't ask me", newest)
    assert re.search(r"until <t:\d+:f>, because “too \\\*many\\\* cats”", told.text)
    refused = await canvas.ask("make it night")
    assert re.search(r"blocked you .*cats.*That ends <t:\d+:R>\. Nothing was charged", refused.text)
    shown = await press(stage.ana, await press(stage.ana, await panel(stage.ana), "Lists"), "Members")
    assert f"- <@{seed.CLEO}> until <t:" in shown.text
    assert (await stage.ana.slash("studio", "unblock", member=seed.CLEO)).ok
    await whisper(stage.ana, f"<@{seed.CLEO}> may ask me for pictures here again")
    await canvas.ask("make it quiet")
    assert [each["what"] for each in audit(stage)] == ["stance", "lifted"]


async def test_who_was_not_blocked_is_not_let_in_again(stage: Stage):
    newest = max(stage.ana.seen, default=0)
    assert (await stage.ana.slash("studio", "unblock", member=seed.BEN)).ok
    await whisper(stage.ana, f"<@{seed.BEN}> was not blocked by name", newest)
    assert audit(stage) == []


async def test_a_block_ends_by_itself(stage: Stage):
    write(
        stage,
        f"INSERT INTO stances VALUES ({EVERYONE}, 'member', {seed.CLEO}, 0, 'spam', 1000.0, {seed.ANA}, 1.0)",
    )
    await stage.canvas("a new morning", by=stage.cleo)
    shown = await press(stage.ana, await press(stage.ana, await panel(stage.ana), "Lists"), "Members")
    assert f"<@{seed.CLEO}>" not in shown.text


async def test_a_block_stays_while_its_member_is_away(stage: Stage):
    members = stage.sandbox.world.guilds[seed.GUILD].members
    usual = members.pop(seed.CLEO)
    try:
        newest = max(stage.ana.seen, default=0)
        assert (await stage.ana.slash("studio", "block", member=seed.CLEO, reason="left in anger")).ok
        await whisper(stage.ana, "can't ask me", newest)
        assert "They are not in this server" in (await panel(stage.ana, member=seed.CLEO)).text
    finally:
        members[seed.CLEO] = usual


async def test_a_block_outlives_its_members_data_and_can_still_be_lifted(stage: Stage):
    canvas = await stage.canvas("a door that stays shut", by=stage.cleo)
    newest = max(stage.ana.seen, default=0)
    assert (await stage.ana.slash("studio", "block", member=seed.CLEO, reason="noise")).ok
    await whisper(stage.ana, "can't ask me", newest)
    assert (await stage.cleo.slash(canvas.id, "my-data delete")).ok
    sure = await whisper(stage.cleo, "This deletes")
    assert (await stage.cleo.press(sure, f"forget:{seed.CLEO}")).ok
    await whisper(stage.cleo, "no trace of them is left")
    shown = await press(stage.ana, await press(stage.ana, await panel(stage.ana), "Lists"), "Members")
    assert "- a member whose data was deleted, decided by" in shown.text
    assert (await stage.ana.slash("studio", "unblock", member=seed.CLEO)).ok
    await whisper(stage.ana, f"<@{seed.CLEO}> may ask me for pictures here again", newest)
    await stage.canvas("a door that opens", by=stage.cleo)
