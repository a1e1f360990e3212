import re
from dataclasses import replace
from typing import Any

import pytest

from bot.catalogue import load_catalogue
from bot.config import Limits, RoleLimits
from bot.limits.panel import LISTED, Board, Use
from bot.model import Member
from bot.rules.allowance import Allowance, Decisions, allowance, among, decided
from bot.rules.rules import Rules, Stance, Subject

SERVER, PAINTER, GUEST, CLEO, ANA = 9, 11, 12, 31, 32
NOW = 1000.0
FILE = [RoleLimits(role=PAINTER, pictures_per_day=20, largest_size="2K", models=("gemini-nano-banana-2.1",))]
CLEO_HERE = Member(CLEO, "Cleo", frozenset({PAINTER, GUEST}))


def known(limits: dict[int, dict[str, str]] | None = None, **more: Any) -> Decisions:
    return replace(decided(SERVER, FILE, limits or {}), **more)


def board(decisions: Decisions, fence: int = 0, **more: Any) -> Board:
    limits = Limits(pictures_per_member_hour=fence, pictures_per_server_day=0, dollars_per_10_minutes=0.0)
    limits = limits.model_copy(update={"dollars_per_day": 0.0})
    return Board(decisions, limits, {"gemini-nano-banana-2.1": "Nano Banana 2.1"}, load_catalogue(), NOW, **more)


def held(decisions: Decisions, member: Member = CLEO_HERE) -> Allowance:
    return allowance(decisions, member)


def stance(
    kind: Subject, subject: int, *, allowed: bool = False, reason: str = "", until: float | None = None
) -> Stance:
    return Stance(kind, subject, allowed, reason, until, ANA, float(subject))


def test_each_line_says_what_holds_and_where_that_stands():
    told = board(known({PAINTER: {"pictures_per_day": "5", "dollars_per_day": "1.5"}})).role(PAINTER).splitlines()
    assert "Pictures per day · **5** · set here" in told
    assert "Money per day · **$1.50** · set here" in told
    assert "Largest size · **2K** · configuration file" in told
    assert "Models · **Nano Banana 2.1** · configuration file" in told


def test_what_has_no_opinion_is_one_small_line():
    told = board(known()).role(GUEST).splitlines()
    assert told[-1].startswith("-# No opinion: Pictures per hour, Pictures per day")
    assert not [each for each in told if "·" in each]


def test_the_operators_fence_is_told_and_said_to_be_lower_where_it_is():
    told = board(known({GUEST: {"pictures_per_hour": "50"}}), fence=30).role(GUEST)
    assert "Pictures per hour · **50** · set here · ⚠️ the operator's fence lets only 30 through" in told
    assert "-# Above all this stands the fence of this bot's operator: 30 pictures an hour for a member." in told
    assert "Pictures per hour (the operator's fence: 30)" in board(known(), fence=30).role(GUEST)
    assert "lets only" not in board(known({GUEST: {"pictures_per_hour": "5"}}), fence=30).role(GUEST)


def test_a_limit_that_everyone_lacks_is_said_to_hold_for_nobody_else():
    given = {"pictures_per_day": "5", "at_once": "2", "priority": "3"}
    told = board(known({GUEST: given, SERVER: {"at_once": "1"}})).role(GUEST)
    assert "members without a role that sets one have none: Pictures per day\n" in f"{told}\n"
    assert "have none" not in board(known({SERVER: given})).role(SERVER)
    assert "have none" not in board(known({SERVER: given | {"pictures_per_day": "?"}, GUEST: given})).role(GUEST)


def test_the_preview_names_the_role_that_gives_each_line_and_what_is_used():
    decisions = known({GUEST: {"pictures_per_day": "30"}, PAINTER: {"pictures_per_hour": "3"}})
    used = {"pictures_per_day": Use(12), "pictures_per_hour": Use(3, NOW + 60.4)}
    told = board(decisions, used=used).member(held(decisions)).splitlines()
    assert f"Pictures per day · **30** · from <@&{GUEST}>, set here · 12 used" in told
    assert f"Pictures per hour · **3** · from <@&{PAINTER}>, set here · 3 used, more <t:1061:R>" in told
    assert f"Largest size · **2K** · from <@&{PAINTER}>, configuration file" in told


def test_roles_that_give_the_same_or_each_a_part_are_all_named():
    decisions = known({GUEST: {"channels": "[5]"}, PAINTER: {"channels": "[6]"}, SERVER: {"variations": "2"}})
    told = board(decisions).member(held(decisions))
    assert f"Channels · **<#5>, <#6>** · from <@&{PAINTER}> and <@&{GUEST}>, set here" in told or (
        f"Channels · **<#5>, <#6>** · from <@&{GUEST}> and <@&{PAINTER}>, set here" in told
    )
    assert "Variations · **2** · from @everyone, set here" in told


@pytest.mark.parametrize(
    ("stances", "words"),
    [
        ([stance(Subject.MEMBER, CLEO, reason="spam", until=2000.0)], "may not ask until <t:2000:f>, because “spam”."),
        ([stance(Subject.ROLE, GUEST)], f"nobody with <@&{GUEST}> may ask."),
        ([stance(Subject.ROLE, 77, allowed=True)], "they are on none."),
    ],
)
def test_the_preview_says_why_somebody_may_not_ask(stances, words):
    decisions = known(stances=tuple(stances))
    assert re.search(r"🚫.*" + re.escape(words), board(decisions).member(held(decisions)))


def test_what_grants_nothing_is_named_with_its_reason():
    decisions = among(known({GUEST: {"pictures_per_day": '"many"'}, 77: {"at_once": "3"}}), {PAINTER, GUEST})
    decisions = replace(decisions, rules=Rules(broken=("dollars_per_day",)), stances=(stance(Subject.CHANNEL, 5),))
    one = board(decisions, there={Subject.CHANNEL: frozenset({6})})
    told = one.role(GUEST)
    assert "Pictures per day · **⚠️** · can't be read, so it grants nothing" in told
    assert f'- Pictures per day of <@&{GUEST}> can\'t be read: "many"' in told
    assert "- Asks at once of <@&77>: there is no role `77` any more" in told
    assert "- Money per day of the whole server can't be read and counts as none at all, so I paint nothing" in told
    assert "- A list names <#5>, which is gone: `5`" in told
    assert one.is_broken
    assert not board(known()).is_broken


def test_a_rule_that_cannot_be_read_is_told_with_what_it_means():
    rules = Rules.read({"dollars_per_day": '"x', "retention_days": "soon", "relaxed": "?"})
    told = board(known(rules=rules)).server()
    assert "Money per day · **⚠️** · can't be read, so it grants nothing" in told
    assert "- How many days pictures are kept can't be read, so I delete nothing for its age until" in told
    assert "- Milder safety filters of the whole server can't be read" in told


def test_while_discord_has_told_no_roles_none_is_said_to_be_gone():
    decisions = known(stances=(stance(Subject.ROLE, GUEST),))
    assert not board(decisions, there={Subject.ROLE: None, Subject.CHANNEL: None}).is_broken


def test_a_list_names_the_newest_and_counts_the_rest():
    many = tuple(stance(Subject.MEMBER, 100 + number, reason="*loud*") for number in range(LISTED + 3))
    ended = stance(Subject.MEMBER, 999, until=NOW - 1)
    told = board(known(stances=(*many, ended))).listed(Subject.MEMBER)
    assert f"- <@{100 + LISTED + 2}>, decided by <@{ANA}>, because “\\*loud\\*”" in told
    assert "<@100>" not in told
    assert "<@999>" not in told
    assert "… and 3 more" in told
    assert "**Let in** everybody" in told


def test_a_block_outlives_the_data_of_its_member_and_names_nobody():
    told = board(known(stances=(stance(Subject.MEMBER, -77, reason="spam"),))).listed(Subject.MEMBER)
    assert f"- a member whose data was deleted, decided by <@{ANA}>, because “spam”" in told


def test_a_page_fits_into_discord_however_much_there_is():
    limits = {role: {"channels": str(list(range(10**18, 10**18 + 25))), "models": '["x"]'} for role in range(100, 140)}
    decisions = known(limits, stances=tuple(stance(Subject.MEMBER, each, reason="x" * 300) for each in range(500)))
    one = board(decisions)
    member = Member(CLEO, "Cleo", frozenset(range(100, 140)))
    assert all(
        len(each) <= 3000 for each in (one.role(100), one.listed(Subject.MEMBER), one.member(held(decisions, member)))
    )


def test_milder_filters_are_spoken_of_only_where_the_operator_allows_them():
    assert "filters" not in board(known(rules=Rules(relaxed=True))).server()
    assert "the strictest everywhere. You may" in board(known(), relaxable=True).server()
    assert "**milder** in age-restricted channels" in board(known(rules=Rules(relaxed=True)), relaxable=True).server()
