import pytest

from bot.alarm import AGAIN, PAUSE, Alarm, Sign, Telling, Watch, due
from bot.errors import Blank, Crowded, Declined, Failure, Misconfigured, OverLimit, Uncertain
from tests.clock import Clock

STANDING = Sign(standing=True, state="key", since=1000.0, last=1000.0)
TOLD = Alarm("key", "key", "0a1b2c3d", since=1000.0, told_at=1000.0)


@pytest.fixture
def watch(clock: Clock) -> Watch:
    return Watch(clock)


def stands(watch: Watch) -> dict[str, str]:
    return {name: each.state for name, each in watch.signs.items() if each.standing}


# -- signs -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("failure", "name", "state"),
    [
        (Misconfigured("misconfigured_key"), "key", "key"),
        (Misconfigured("misconfigured_leaked"), "key", "leaked"),
        (Misconfigured("misconfigured_denied"), "key", "denied"),
        (Misconfigured("misconfigured_billing"), "billing", "billing"),
        (Misconfigured("misconfigured_spent"), "billing", "spent"),
        (Misconfigured("misconfigured_free"), "billing", "free"),
        (Misconfigured("misconfigured_place"), "way", "place"),
        (Misconfigured("misconfigured_address"), "way", "address"),
        (Misconfigured("misconfigured_model", model="nano"), "model nano", "model"),
        (Crowded("crowded_day", after=9000.0), "quota nano", "crowded_day"),
    ],
    ids=lambda each: each.key if isinstance(each, Failure) else None,
)
def test_what_only_the_operator_can_mend_is_a_sign_of_trouble_until_the_model_answers(watch, failure, name, state):
    watch.called("nano", failure)
    assert stands(watch) == {name: state}
    watch.called("nano", Uncertain("uncertain_dropped"))
    assert stands(watch) == {name: state}
    watch.called("nano", None)
    assert stands(watch) == {}


@pytest.mark.parametrize(
    "failure",
    [
        Crowded("overloaded"),
        Crowded("crowded_minute", after=3.0),
        Declined("declined_words"),
        Misconfigured("misconfigured_shape"),
        Misconfigured("misconfigured_request"),
    ],
    ids=lambda failure: failure.key,
)
def test_what_passes_or_what_one_ask_alone_meets_is_none(watch, failure):
    watch.called("nano", failure)
    assert stands(watch) == {}


@pytest.mark.parametrize("answer", [Blank("blank_other"), Declined("declined_words")], ids=lambda each: each.key)
def test_a_model_that_says_no_is_reached_with_a_good_key(watch, answer):
    watch.called("nano", Misconfigured("misconfigured_key"))
    watch.called("nano", answer)
    assert stands(watch) == {}


def test_an_answer_of_one_model_says_nothing_of_another(watch):
    watch.called("nano", Misconfigured("misconfigured_model", model="nano"))
    watch.called("lite", Crowded("crowded_day", after=9000.0))
    watch.called("lite", None)
    assert stands(watch) == {"model nano": "model"}


@pytest.mark.parametrize(("key", "there"), [("over_spending", 1), ("over_budget", 1), ("over_member_hour", 0)])
def test_an_ask_that_the_fence_around_the_money_turns_away_is_a_sign_and_a_members_own_limit_is_none(watch, key, there):
    watch.refused(OverLimit(key))
    assert len(stands(watch)) == there


def test_since_when_it_stands_is_known_and_when_it_was_seen_last(watch, clock):
    watch.bad("disk", "disk")
    clock.now += 50
    watch.bad("disk", "disk")
    sign = watch.signs["disk"]
    assert (sign.since, sign.last) == (1000.0, 1050.0)


# -- when it is told ---------------------------------------------------------------------------------------------------


def test_trouble_is_told_at_its_first_sign_and_then_no_more():
    assert due(STANDING, None, 1000.0) is Telling.TROUBLE
    assert due(STANDING, TOLD, 1001.0) is None
    assert due(STANDING, TOLD, 1000.0 + AGAIN - 1) is None


def test_after_six_hours_it_is_told_again_if_there_were_signs_of_it_since():
    seen = Sign(standing=True, state="key", since=1000.0, last=1000.0 + AGAIN)
    assert due(seen, TOLD, 1000.0 + AGAIN) is Telling.STILL
    assert due(STANDING, TOLD, 1000.0 + AGAIN) is None


def test_it_is_told_when_it_changed():
    leaked = Sign(standing=True, state="leaked", since=1000.0, last=1700.0)
    assert due(leaked, TOLD, 1000.0 + PAUSE) is Telling.TROUBLE


def test_its_end_is_told_once():
    assert due(Sign(), TOLD, 1001.0) is Telling.OVER
    assert due(Sign(), Alarm("key", "key", "0a1b2c3d", 1000.0, 1001.0, over=True), 1002.0) is None
    assert due(Sign(), None, 1002.0) is None


def test_what_comes_and_goes_is_told_every_ten_minutes_at_most():
    over = Alarm("key", "key", "0a1b2c3d", 1000.0, 1001.0, over=True)
    assert due(STANDING, over, 1001.0 + PAUSE - 1) is None
    assert due(STANDING, over, 1001.0 + PAUSE) is Telling.TROUBLE


def test_a_clock_that_was_set_back_keeps_nothing_from_being_told():
    over = Alarm("key", "key", "0a1b2c3d", 9000.0, 9000.0, over=True)
    assert due(STANDING, over, 1000.0) is Telling.TROUBLE
