"""Which limit holds for whom: random roles, rows and blocks against the rules in words."""

import json
from dataclasses import replace

import hypothesis.strategies as st
import pytest
from hypothesis import given

from bot.config import RoleLimits
from bot.model import Member
from bot.rules.allowance import (
    BLOCKED,
    Allowance,
    Flaw,
    Written,
    allowance,
    among,
    decided,
    unknown,
)
from bot.rules.dimension import DIMENSIONS, HIGHEST, LOWEST
from bot.rules.rules import Rules, Stance, Subject

SERVER, NOW = 9, 1000.0
PAINTER, GUEST, BOOSTER = 11, 12, 13
ROLES = (SERVER, PAINTER, GUEST, BOOSTER)

VALUES = {
    **dict.fromkeys(("pictures_per_hour", "pictures_per_day", "pictures_per_30_days"), st.integers(0, 9)),
    **dict.fromkeys(("dollars_per_day", "dollars_per_30_days"), st.floats(0, 9)),
    "at_once": st.integers(1, 9),
    "largest_size": st.sampled_from(["512", "1K", "2K", "4K"]),
    "variations": st.integers(0, 10),
    "priority": st.integers(LOWEST, HIGHEST),
    "models": st.lists(st.sampled_from("abc"), unique=True),
    "may_start_threads": st.booleans(),
    "channels": st.lists(st.integers(50, 53), unique=True),
}
NAMES = sorted(VALUES)
RUBBISH = ["", "{", "null", '"many"', "-1", "1e999", "[1, true]", "[[]]", "true?", '{"a": 1}', "[" * 5000]


@st.composite
def rows(draw, broken=False):
    """The database's rows by role and dimension."""
    found = {}
    for role in draw(st.lists(st.sampled_from(ROLES), unique=True)):
        names = draw(st.lists(st.sampled_from(NAMES), unique=True))
        written = {name: json.dumps(draw(VALUES[name])) for name in names}
        if broken:
            written |= {name: draw(st.sampled_from(RUBBISH)) for name in names if draw(st.booleans())}
        found[role] = written
    return found


members = st.frozensets(st.sampled_from(ROLES[1:])).map(lambda roles: Member(1, "Ana", roles))


def holds(database, member, file=(), **rules) -> Allowance:
    return allowance(replace(decided(SERVER, file, database), **rules), member)


def gives(name, more, less) -> bool:
    """Whether one value grants all that the other does."""
    if isinstance(more, tuple):
        return set(more) >= set(less)
    return bool(DIMENSIONS[name].best([more, less]) == more)


@given(rows(broken=True), members, st.sampled_from(ROLES[1:]))
def test_another_role_takes_nothing_away_that_a_role_gives(database, member, role):
    before = holds(database, member)
    after = holds(database, replace(member, roles=member.roles | {role}))
    for name, grant in before.grants.items():
        assert gives(name, after.value(name), grant.value)


@given(rows(), members)
def test_only_roles_that_set_a_dimension_are_compared_and_the_most_generous_gives_it(database, member):
    held = holds(database, member)
    for name in NAMES:
        own = {role: database[role][name] for role in held.roles if name in database.get(role, {})}
        assert (name in held.grants) == bool(own)
        if own:
            values = {role: DIMENSIONS[name].read(json.loads(raw)) for role, raw in own.items()}
            assert all(gives(name, held.value(name), each) for each in values.values())
            assert all(gives(name, held.value(name), values[each.role]) for each in held.grants[name].rows)


@given(rows(broken=True), members)
def test_what_can_not_be_read_grants_no_more_than_if_nothing_were_granted(database, member):
    held = holds(database, member)
    readable = {
        role: {
            name: raw for name, raw in written.items() if (role, name) not in {(b.role, b.name) for b in held.broken}
        }
        for role, written in database.items()
    }
    without = holds(readable, member)
    for each in held.broken:
        if each.role in held.roles:
            assert held.value(each.name) == (
                without.value(each.name) if each.name in without.grants else DIMENSIONS[each.name].least
            )


@given(st.text())
def test_a_broken_row_is_told_and_never_raised(raw):
    for name in (*NAMES, BLOCKED):
        found = decided(SERVER, (), {PAINTER: {name: raw}})
        [row] = found.rows
        if found.broken:
            assert found.broken[0].why is Flaw.UNREADABLE
            assert row.value == (DIMENSIONS[name].least if name in DIMENSIONS else True)


@given(rows(), members)
def test_moderators_are_exempt_only_where_that_is_set(database, member):
    moderator = replace(member, moderator=True)
    assert dict(holds(database, moderator).grants) == dict(holds(database, member).grants)
    assert holds(database, moderator, rules=Rules(moderators_exempt=True)).grants == {}
    assert dict(holds(database, member, rules=Rules(moderators_exempt=True)).grants) == dict(
        holds(database, member).grants
    )


def test_what_moderators_set_wins_over_the_file_for_each_role_and_dimension_by_itself():
    file = [RoleLimits(role=PAINTER, pictures_per_hour=50, pictures_per_day=60), RoleLimits(role=GUEST, at_once=3)]
    held = holds({PAINTER: {"pictures_per_hour": "5"}}, Member(1, "Ana", frozenset({PAINTER, GUEST})), file)
    assert {name: (each.value, each.rows[0].written) for name, each in held.grants.items()} == {
        "pictures_per_hour": (5, Written.DISCORD),
        "pictures_per_day": (60, Written.FILE),
        "at_once": (3, Written.FILE),
    }


def test_a_row_that_can_not_be_read_does_not_let_the_files_through():
    file = [RoleLimits(role=SERVER, pictures_per_hour=50)]
    assert holds({SERVER: {"pictures_per_hour": "many"}}, Member(1, "Ana"), file).value("pictures_per_hour") == 0


def test_a_deleted_role_grants_nothing_and_is_told():
    found = among(decided(SERVER, (), {PAINTER: {"at_once": "5"}, SERVER: {"at_once": "1"}}), {SERVER, GUEST})
    assert [(each.role, each.name, each.why) for each in found.broken] == [(PAINTER, "at_once", Flaw.DELETED)]
    assert allowance(found, Member(1, "Ana", frozenset({PAINTER}))).value("at_once") == 1
    assert allowance(found, Member(1, "Ana")).more("at_once", NOW) is None


def test_a_role_of_the_file_that_no_server_has_is_told():
    assert unknown([RoleLimits(role=PAINTER), RoleLimits(role=77)], ROLES) == [77]


def stance(kind=Subject.ROLE, subject=PAINTER, allowed=False, until=None, reason="spam") -> Stance:
    return Stance(kind, subject, allowed, reason, until, 5, 0.0)


@pytest.mark.parametrize(
    ("found", "key"),
    [
        ([stance()], "blocked_role"),
        ([stance(until=NOW)], None),
        ([stance(Subject.MEMBER, 1)], "blocked_member"),
        ([stance(Subject.MEMBER, 1), stance(Subject.MEMBER, 1, until=NOW - 1)], "blocked_member"),
        ([stance(Subject.MEMBER, 2)], None),
        ([stance(allowed=True)], None),
        ([stance(subject=GUEST, allowed=True)], "not_let_in"),
        ([stance(subject=GUEST, allowed=True), stance(Subject.MEMBER, 1, allowed=True)], None),
        ([stance(), stance(Subject.MEMBER, 1, allowed=True)], "blocked_role"),
        ([stance(subject=SERVER)], "blocked_role"),
    ],
)
def test_who_is_kept_out_is_kept_out_whatever_else_holds(found, key):
    member = Member(1, "Ana", frozenset({PAINTER}), moderator=True)
    held = holds({PAINTER: {"at_once": "9"}}, member, stances=tuple(found), rules=Rules(moderators_exempt=True))
    block = held.blocked(NOW)
    assert (block.key if block else None) == key


def blocking(database, member, file=()) -> int | None:
    """The role that keeps the member out."""
    block = holds(database, member, file).blocked(NOW)
    return block.role if block else None


def test_a_role_marked_blocked_blocks_and_one_that_is_let_in_is_not_blocked_by_the_file():
    ana, file = Member(1, "Ana", frozenset({PAINTER, GUEST})), [RoleLimits(role=PAINTER, blocked=True)]
    assert blocking({}, ana, file) == PAINTER
    assert holds({}, ana, file, stances=(stance(allowed=True),)).blocked(NOW) is None
    assert holds({PAINTER: {BLOCKED: "false"}}, ana, file).blocked(NOW) is None
    assert blocking({GUEST: {BLOCKED: "true"}}, ana) == GUEST
    assert blocking({GUEST: {BLOCKED: "perhaps"}}, ana) == GUEST


def test_the_role_that_has_more_is_the_next_better_one_and_no_blocked_one():
    database = {SERVER: {"pictures_per_day": "5"}, PAINTER: {"pictures_per_day": "20"}}
    database |= {GUEST: {"pictures_per_day": "10", BLOCKED: "true"}, BOOSTER: {"pictures_per_day": "100"}}
    held = holds(database, Member(1, "Ana", frozenset()))
    more = held.more("pictures_per_day", NOW)
    assert more is not None
    assert more.role == PAINTER
    assert held.more("pictures_per_hour", NOW) is None
    assert holds(database, Member(1, "Ana", frozenset({BOOSTER}))).more("pictures_per_day", NOW) is None
