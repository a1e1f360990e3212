"""`/usage` and `/report usage` over the wire: three members with different roles, and what each of them may see."""

from __future__ import annotations

import csv
import io
import re
import time
from dataclasses import replace

import pytest
from PIL import Image

from bot.sandbox import Member, Post
from bot.sandbox.discord import seed
from tests.e2e.stage import DEADLINE, Stage, receipt, sentence

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

SETTINGS = {
    "limits": {
        "role": [
            {"role": str(seed.GUEST), "pictures_per_hour": 3},
            {"role": str(seed.PAINTER), "pictures_per_hour": 40, "dollars_per_day": 5.0, "at_once": 2},
        ]
    }
}


async def whispered(member: Member, place: str | int, command: str, **options: object) -> Post:
    newest = max(member.seen, default=0)
    assert (await member.slash(place, command, **options)).ok
    return await member.wait_for(
        lambda post: post.is_whisper and post.id > newest and not post.is_thinking, None, DEADLINE
    )


async def usage(member: Member, place: str | int = "studio") -> str:
    return (await whispered(member, place, "usage")).text


def line(told: str, what: str) -> str:
    return next(each for each in told.splitlines() if each.startswith(f"**{what}**"))


def files(post: Post) -> list[str]:
    return [each["filename"] for each in post.data["attachments"]]


async def table(member: Member, post: Post) -> list[dict[str, str]]:
    [found] = [each for each in post.pictures if each.name.endswith(".csv")]
    return list(csv.DictReader(io.StringIO((await member.fetch(found)).decode("utf-8-sig"))))


# -- what is left ------------------------------------------------------------------------------------------------------


async def test_each_reads_what_their_own_role_leaves_them_and_nobody_else_sees_it(stage: Stage):
    before = len(await stage.ana.messages("studio", 50))
    ana, ben, cleo = [await usage(each) for each in (stage.ana, stage.ben, stage.cleo)]
    assert line(cleo, "Pictures per hour").endswith(f"`■■■■■■■■■■` 3 of 3 left · by <@&{seed.GUEST}>")
    assert f"40 of 40 left · by <@&{seed.PAINTER}>" in line(ben, "Pictures per hour")
    assert f"$5.00 of $5.00 left · by <@&{seed.PAINTER}>" in line(ben, "Money per day")
    assert f"2 · by <@&{seed.PAINTER}>" in line(ben, "Asks at once")
    assert sentence("usage.free") in ana
    assert len(await stage.ana.messages("studio", 50)) == before


async def test_a_guest_comes_to_the_end_of_a_limit_and_is_told_at_each_step(stage: Stage):
    canvas = await stage.canvas("a quiet pond", by=stage.cleo)
    assert receipt(await canvas.first()).splitlines()[-1] == "2 left this hour."
    told = await usage(stage.cleo, canvas.id)
    assert "2 of 3 left" in line(told, "Pictures per hour")
    [back] = re.findall(r"more comes back <t:(\d+):R>", told)
    assert 3500 < int(back) - time.time() < 3610
    assert re.search(r"Pictures in this thread so far: 1, for \$0\.\d\d, all by your asks", told)
    assert receipt(await canvas.ask("add a frog")).splitlines()[-1] == "1 left this hour."
    assert receipt(await canvas.ask("add a reed")).splitlines()[-1].startswith("That was the last one this hour")
    refused = await canvas.ask("add a fly")
    assert f"the limit that <@&{seed.GUEST}> gives you here" in refused.text
    assert f"<@&{seed.PAINTER}> has 40" in refused.text
    assert "`□□□□□□□□□□` 0 of 3 left" in line(await usage(stage.cleo, canvas.id), "Pictures per hour")


async def test_what_a_thread_has_cost_is_told_by_everybody_and_by_oneself(stage: Stage):
    canvas = await stage.canvas("a tower", by=stage.ben)
    await canvas.seen_by(stage.ana).ask("add a flag")
    told = await usage(stage.ana, canvas.id)
    assert re.search(r"in this thread so far: 2, for \$0\.\d\d\. By your asks: 1, for \$0\.\d\d\.", told)
    assert "in this thread so far" not in await usage(stage.ana)


async def test_a_direct_message_counts_with_the_server_and_names_no_role_of_it(stage: Stage):
    told = await usage(stage.cleo, "dm")
    assert "of 3 left" in line(told, "Pictures per hour")
    assert told.count("by a server that we share") == 1
    assert str(seed.GUEST) not in told


async def test_who_is_blocked_reads_that_first(stage: Stage):
    assert (await stage.ana.slash("studio", "block", member=seed.CLEO, reason="too many ponds", until="hour")).ok
    told = await usage(stage.cleo)
    assert "have blocked you from asking me for pictures (too many ponds)" in told.splitlines()[1]
    assert (await stage.ana.slash("studio", "unblock", member=seed.CLEO)).ok


# -- the report --------------------------------------------------------------------------------------------------------


async def test_only_moderators_find_the_report(stage: Stage):
    assert "report" in {each["name"] for each in await stage.ana.commands("studio")}
    assert "report" not in {each["name"] for each in await stage.ben.commands("studio")}


async def test_a_moderator_gets_a_chart_and_a_table_that_agree(stage: Stage):
    await stage.canvas("a mill", by=stage.ben)
    post = await whispered(stage.ana, "studio", "report usage", days=7)
    [pictures] = re.findall(r"^Pictures in the last 7 days: \*\*(\d+)\*\*, for \*\*\$\d+\.\d\d\*\*", post.text)
    assert [re.sub(r"\d{4}-\d\d-\d\d", "DAY", each) for each in files(post)] == [
        "usage-7-days-DAY.png",
        "usage-7-days-DAY.csv",
    ]
    chart = post.pictures[0]
    assert Image.open(io.BytesIO(await stage.ana.fetch(chart))).width == 1080
    alt = post.data["attachments"][0]["description"]
    assert f"Chart of the last 7 days in Paint Club. Pictures: {pictures}, for" in alt
    rows = await table(stage.ana, post)
    assert sum(int(each["pictures"]) for each in rows) == int(pictures)
    roles = {each["member"]: each["role"] for each in rows}
    assert (roles["Ben"], roles["Ana"]) == ("Painter", "Moderator")
    assert roles.get("Cleo", "Guest") == "Guest"


async def test_the_report_is_shown_to_everybody_by_a_press_and_to_no_moderator_of_before(stage: Stage):
    post = await whispered(stage.ana, "studio", "report usage")
    members = stage.sandbox.world.guilds[seed.GUILD].members
    usual, members[seed.ANA] = members[seed.ANA], replace(members[seed.ANA], roles=())
    try:
        assert (await stage.ana.press(post, post.buttons["Show everybody"])).ok
        await stage.ana.wait_for(
            lambda each: each.is_whisper and sentence("rights.managers_only") in each.text, None, DEADLINE
        )
    finally:
        members[seed.ANA] = usual
    assert (await stage.ana.press(post, post.buttons["Show everybody"])).ok
    shown = await stage.ben.wait_for(lambda each: "shows what was painted here" in each.text, "studio", DEADLINE)
    assert len(files(shown)) == 2


async def test_a_time_in_which_nothing_was_asked_is_said_to_have_been_quiet(stage: Stage, tmp_path):
    async with stage.configured(storage={"directory": str(tmp_path)}):
        told = await whispered(stage.ana, "studio", "report usage", days=90)
        assert told.text == "Nobody has asked me for a picture here in the last 90 days, so there is nothing to report."
