"""What moderators let somebody ask for, and what they read where that is less."""

from dataclasses import replace
from datetime import date

import pytest

from bot.errors import Barred, Refusal
from bot.limits.permit import Permit
from bot.model import Ask, Member, Memory, Place, Turn
from bot.rules.allowance import Allowance, allowance, decided
from bot.rules.rules import Rules, Stance, Subject
from tests.players import CATALOGUE, MODEL, SETTINGS

SERVER, PAINTER, CHANNEL, CATEGORY, NOW = 9, 11, 40, 41, 1000.0
ANA = Member(1, "Ana", frozenset({PAINTER}))
THREAD = Place(50, 50, SERVER, ours=True, within=(50, CHANNEL, CATEGORY))
NEW = replace(THREAD, title="a cat")
DIRECT = Place(60, 60, ours=True)
MODELS = SETTINGS.gemini.models


def held(database=None, stances=(), rules=Rules(), server=SERVER, member=ANA) -> Allowance:  # noqa: B008 - frozen
    known = decided(server, (), database or {})
    return allowance(replace(known, stances=tuple(stances), rules=rules), member)


def told(permit: Permit) -> str:
    with pytest.raises(Refusal) as refused:
        permit.check(MODEL.id, MODELS)
    return CATALOGUE.tell(refused.value)


def keeps(kind, subject, *, allowed=False, until=None, reason="spam") -> Stance:
    return Stance(kind, subject, allowed, reason, until, 5, 0.0)


@pytest.mark.parametrize(
    ("allowed", "place", "begins"),
    [
        (held(rules=Rules(paused=True)), THREAD, "The moderators of this server have paused me."),
        (held(rules=Rules(paused=True)), DIRECT, "The moderators of a server that we share have paused me"),
        (held(stances=[keeps(Subject.MEMBER, 1)]), THREAD, "The moderators of this server have blocked you from"),
        (held(stances=[keeps(Subject.MEMBER, 1, until=2000.0)]), THREAD, "The moderators of this server have blocked"),
        (held(stances=[keeps(Subject.ROLE, PAINTER)]), THREAD, "The moderators of this server let nobody with <@&11>"),
        (held(stances=[keeps(Subject.ROLE, 77, allowed=True)]), THREAD, "The moderators of this server have chosen"),
        (held(stances=[keeps(Subject.CHANNEL, CHANNEL)]), THREAD, "The moderators of this server don't want me"),
        (held(stances=[keeps(Subject.CHANNEL, CATEGORY)]), THREAD, "The moderators of this server don't want me"),
        (
            held(stances=[keeps(Subject.CHANNEL, 77, allowed=True)]),
            THREAD,
            "The moderators of this server let me paint",
        ),
        (held({SERVER: {"channels": "[77]"}}), THREAD, "@everyone lets you ask me only in <#77>."),
        (held({PAINTER: {"may_start_threads": "false"}}), NEW, "<@&11> lets you paint in threads that are there"),
        (held({SERVER: {"models": '["other"]'}}), THREAD, f"@everyone does not let you paint with {MODEL.name} here."),
    ],
)
def test_who_may_not_ask_reads_why(allowed, place, begins):
    assert told(Permit([allowed], place, NOW)).startswith(begins)


@pytest.mark.parametrize(
    ("allowed", "place"),
    [
        (held(), NEW),
        (held({SERVER: {"channels": "[41]"}}), THREAD),
        (held({SERVER: {"channels": "[77]"}, PAINTER: {"channels": "[40]"}}), THREAD),
        (held(stances=[keeps(Subject.CHANNEL, CHANNEL, until=NOW)]), THREAD),
        (held(stances=[keeps(Subject.CHANNEL, CATEGORY, allowed=True)]), THREAD),
        (held({SERVER: {"may_start_threads": "false"}}), THREAD),
        (held({SERVER: {"may_start_threads": "false"}, PAINTER: {"may_start_threads": "true"}}), NEW),
        (held({SERVER: {"models": "[]"}, PAINTER: {"models": f'["{MODEL.id}"]'}}), THREAD),
    ],
)
def test_who_may_ask_passes(allowed, place):
    Permit([allowed], place, NOW).check(MODEL.id, MODELS)


def test_what_waits_already_is_held_by_a_pause_and_not_refused():
    Permit([held(rules=Rules(paused=True))], THREAD, NOW).check(MODEL.id, MODELS, waiting=True)
    with pytest.raises(Barred):
        Permit([held(stances=[keeps(Subject.MEMBER, 1)])], THREAD, NOW).check(MODEL.id, MODELS, waiting=True)


def test_in_direct_messages_one_server_that_keeps_somebody_out_is_enough():
    with pytest.raises(Barred):
        Permit([held(), held(stances=[keeps(Subject.MEMBER, 1)], server=10)], DIRECT, NOW).check(MODEL.id, MODELS)


def fitted(allowed, *, asked=None, place=THREAD, **turn) -> Turn:
    allowed = allowed if isinstance(allowed, list) else [allowed]
    ask = Ask(5, place, ANA, "a cat", size=asked)
    usual = Turn(5, 50, ANA, "a cat", MODEL.id, NOW, memory=Memory.FOCUSED)
    return Permit(allowed, place, NOW).fitted(replace(usual, **turn), ask, MODEL, CATALOGUE)


def test_a_size_that_was_asked_for_is_refused_where_it_is_too_large_and_the_role_that_has_more_is_told():
    allowed = held({SERVER: {"largest_size": '"2K"'}, 12: {"largest_size": '"4K"'}})
    with pytest.raises(Refusal) as refused:
        fitted(allowed, asked="4K", size="4K")
    said = CATALOGUE.tell(refused.value)
    assert said.startswith("@everyone lets you paint up to 2K, and this would be 4K. <@&12> has 4K.")
    assert fitted(allowed, asked="2K", size="2K").size == "2K"


def test_a_usual_size_is_made_smaller_and_the_receipt_says_so():
    turn = fitted(held({SERVER: {"largest_size": '"1K"'}}), size="2K")
    assert (turn.size, turn.notes) == ("1K", ("In 1K, the largest that you may have here.",))
    assert fitted(held(), size="4K").notes == ()


def test_no_size_that_the_model_has_is_small_enough():
    with pytest.raises(Refusal, match="size_not_allowed"):
        fitted(held({SERVER: {"largest_size": '"16"'}}), size=None)


@pytest.mark.parametrize(("most", "asked", "count"), [(2, 3, 2), (3, 3, 3), (10, 3, 3), (0, 1, 1), (1, 3, 1)])
def test_no_more_variations_are_painted_than_are_allowed(most, asked, count):
    turn = fitted(held({SERVER: {"variations": str(most)}}), count=asked)
    assert turn.count == count
    assert bool(turn.notes) == (count < asked)


def test_no_variations_at_all_are_refused():
    with pytest.raises(Refusal, match="no_variations"):
        fitted(held({SERVER: {"variations": "0"}}), count=3)


def test_a_turn_keeps_its_rank_and_how_many_may_be_painted_at_once():
    turn = fitted(held({SERVER: {"priority": "2", "at_once": "1"}, PAINTER: {"at_once": "3"}}))
    assert (turn.priority, turn.at_once) == (2, 3)
    turn = fitted(held({SERVER: {"at_once": str(10**30)}}))
    assert turn.at_once == 1_000_000
    assert (fitted(held()).priority, fitted(held()).at_once) == (0, None)


def test_in_direct_messages_the_strictest_server_counts():
    lax, strict = (
        held({SERVER: {"at_once": "5", "priority": "7", "variations": "3"}}),
        {"at_once": "1", "priority": "2"},
    )
    turn = fitted([lax, held({10: strict | {"variations": "2"}}, server=10)], place=DIRECT, count=3)
    assert (turn.priority, turn.at_once, turn.count) == (2, 1, 2)


def test_a_usual_model_gives_way_to_the_first_that_is_allowed_and_not_retired():
    lite, pro = "gemini-3.1-flash-lite-image", "gemini-3-pro-image"
    today = date(2026, 1, 1)
    allowed = Permit([held({SERVER: {"models": f'["gone", "{lite}", "{pro}"]'}})], THREAD, NOW)
    assert allowed.other(MODEL.id, MODELS, today) == MODELS[lite]
    assert allowed.other(lite, MODELS, today) is None
    retired = {**MODELS, lite: replace(MODELS[lite], retires=today)}
    assert allowed.other(MODEL.id, retired, today) == MODELS[pro]
    both = Permit([*allowed.held, held({10: {"models": f'["{pro}"]'}}, server=10)], DIRECT, NOW)
    assert both.other(MODEL.id, MODELS, today) == MODELS[pro]
    assert Permit([held()], THREAD, NOW).other(MODEL.id, MODELS, today) is None
    assert Permit([held({SERVER: {"models": "[]"}})], THREAD, NOW).other(MODEL.id, MODELS, today) is None
