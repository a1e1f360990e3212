"""Statuses, bodies and exceptions, and what they become."""

import json
import time
from datetime import datetime, timedelta, timezone
from typing import Any

import aiohttp
import hypothesis.strategies as st
import pytest
from hypothesis import given

from bot.catalogue import load_catalogue
from bot.errors import Crowded, Declined, Failure, Misconfigured, Uncertain, Unexpected, Unsigned
from bot.gemini.trouble import Stake, from_exception, from_status

STAKE = Stake("a-model", dollars=0.05, seconds=12.4)
GOOGLE = "type.googleapis.com/google.rpc."


def fault(message: str, status: str = "INVALID_ARGUMENT", *details: dict[str, Any]) -> dict[str, Any]:
    return {"error": {"code": 0, "message": message, "status": status, "details": list(details)}}


def quota(which: str) -> dict[str, Any]:
    return {"@type": f"{GOOGLE}QuotaFailure", "violations": [{"quotaId": f"GenerateRequests{which}PerProjectPerModel"}]}


def delay(text: str) -> dict[str, Any]:
    return {"@type": f"{GOOGLE}RetryInfo", "retryDelay": text}


BAD_KEY = {"@type": f"{GOOGLE}ErrorInfo", "reason": "API_KEY_INVALID"}
FREE = "Quota exceeded for metric: x_free_tier_requests, limit: 0, model: m\nPlease retry in 39s."
SIGNATURE = "Image part is missing a thought_signature in content position 2, part position 1."

TABLE = {
    "a wrong key": (400, fault("API key not valid.", "INVALID_ARGUMENT", BAD_KEY), Misconfigured, "misconfigured_key"),
    "a leaked key": (403, fault("Your API key was reported as leaked."), Misconfigured, "misconfigured_leaked"),
    "a key without the right": (403, fault("Permission denied."), Misconfigured, "misconfigured_denied"),
    "no key": (401, fault("Unauthenticated"), Misconfigured, "misconfigured_key"),
    "the wrong place": (
        400,
        fault("User location is not supported.", "FAILED_PRECONDITION"),
        Misconfigured,
        "misconfigured_place",
    ),
    "no billing": (
        403,
        fault("This API method requires billing", "", {"@type": f"{GOOGLE}ErrorInfo", "reason": "BILLING_DISABLED"}),
        Misconfigured,
        "misconfigured_billing",
    ),
    "no credits": (429, fault("Your prepayment credits are depleted."), Misconfigured, "misconfigured_spent"),
    "payment required": (402, "", Misconfigured, "misconfigured_billing"),
    "a limit of nothing": (429, fault(FREE, "", quota("PerDay"), delay("39s")), Misconfigured, "misconfigured_free"),
    "a dead model": (404, fault("models/x is not found", "NOT_FOUND"), Misconfigured, "misconfigured_model"),
    "somebody else": (404, "<html>", Misconfigured, "misconfigured_address"),
    "no signature": (400, fault(SIGNATURE), Unsigned, "unsigned"),
    "a foreign signature": (400, fault("invalid thought signature for content at index 3"), Unsigned, "unsigned"),
    "per minute": (429, fault("x", "", quota("PerMinute"), delay("39s")), Crowded, "crowded_minute"),
    "per day": (429, fault("x", "", quota("PerDay"), delay("6776s")), Crowded, "crowded_day"),
    "a bare limit": (429, fault("Resource has been exhausted"), Crowded, "crowded_quota"),
    "overloaded": (503, fault("The model is overloaded.", "UNAVAILABLE"), Crowded, "overloaded"),
    "internal": (500, fault("An internal error has occurred.", "INTERNAL"), Crowded, "internal"),
    "late": (504, fault("Deadline expired", "DEADLINE_EXCEEDED"), Uncertain, "uncertain_late"),
    "a proxy's page": (502, {"message": "<html>", "status": "Bad Gateway"}, Uncertain, "uncertain_proxy"),
    "a proxy of tomorrow": (599, "", Uncertain, "uncertain_proxy"),
    "a size": (400, fault("Invalid value for imageSize: '512'"), Misconfigured, "misconfigured_shape"),
    "a ratio": (400, fault("Aspect ratio 7:3 is not supported"), Misconfigured, "misconfigured_shape"),
    "a picture": (400, fault("Unable to process input image."), Declined, "declined_input"),
    "an unknown field": (400, fault("Invalid JSON payload. Unknown name"), Misconfigured, "misconfigured_request"),
    "a teapot": (418, "short and stout", Misconfigured, "misconfigured_request"),
}


@pytest.mark.parametrize("case", TABLE)
def test_a_status_and_its_body_become_ours_with_a_sentence_for_people(case):
    code, body, kind, key = TABLE[case]
    failure = from_status(code, body, STAKE)
    assert type(failure) is kind
    assert failure.key == key
    assert failure.dollars == (STAKE.dollars if kind is Uncertain else 0)
    assert "{" not in load_catalogue().tell(failure)


@pytest.mark.parametrize(
    ("told", "seconds"),
    [("39s", 39), ("0.5s", 0.5), ("6776s", 6776), ("1.250s", 1.25)],
)
def test_a_pause_is_read_from_the_details(told, seconds):
    failure = from_status(429, fault("x", "", quota("PerMinute"), delay(told)), STAKE)
    assert isinstance(failure, Crowded)
    assert failure.after == seconds


@pytest.mark.parametrize(
    ("words", "seconds"),
    [("Please retry in 39.2s.", 39.2), ("Please retry in 1h52m56.4s.", 6776.4), ("Please retry in 2m.", 120)],
)
def test_without_details_a_pause_is_read_from_the_words(words, seconds):
    failure = from_status(429, fault(words), STAKE)
    assert isinstance(failure, Crowded)
    assert failure.after == pytest.approx(seconds)


def test_a_limit_inside_a_list_is_found_as_well():
    assert from_status(429, [fault("x", "", quota("PerDay"), delay("9s"))], STAKE).key == "crowded_day"


@pytest.mark.parametrize("told", ["", "39s"])
def test_a_limit_per_day_ends_with_googles_day_unless_it_says_later(told):
    details = [quota("PerDay"), *([delay(told)] if told else [])]
    failure = from_status(429, fault("x", "", *details), STAKE)
    assert isinstance(failure, Crowded)
    assert failure.after is not None
    ends = datetime.fromtimestamp(time.time() + failure.after, timezone(timedelta(hours=-8)))
    assert timedelta(0) <= ends - ends.replace(hour=0, minute=0, second=0, microsecond=0) < timedelta(minutes=1)


def test_a_limit_that_says_neither_its_kind_nor_an_early_end_is_taken_for_one_per_day():
    assert from_status(429, fault("Please retry in 1h52m56.4s."), STAKE).key == "crowded_day"
    assert from_status(429, fault("Please retry in 39.2s."), STAKE).key == "crowded_minute"


def test_two_unexpected_troubles_have_two_ids_and_keep_what_google_said():
    one, two = (from_status(400, fault("Multiple candidates is not enabled"), STAKE) for _ in range(2))
    assert one.values["id"] != two.values["id"]
    assert one.values["message"] == "Multiple candidates is not enabled"


EXCEPTIONS = {
    "timeout": (TimeoutError(), Uncertain, "uncertain_deadline"),
    "a connection that took too long": (aiohttp.ConnectionTimeoutError(), Crowded, "unreached"),
    "a read that took too long": (aiohttp.SocketTimeoutError(), Uncertain, "uncertain_deadline"),
    "dropped": (aiohttp.ServerDisconnectedError(), Uncertain, "uncertain_dropped"),
    "reset": (aiohttp.ClientOSError(104, "reset"), Uncertain, "uncertain_dropped"),
    "cut": (aiohttp.ClientPayloadError(), Uncertain, "uncertain_cut"),
    "broken": (json.JSONDecodeError("x", "y", 0), Uncertain, "uncertain_error"),
    "not utf-8": (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "x"), Uncertain, "uncertain_error"),
    "a bug": (ZeroDivisionError(), Unexpected, "unexpected"),
}


@pytest.mark.parametrize("case", EXCEPTIONS)
def test_an_exception_becomes_ours_with_a_sentence_for_people(case):
    error, kind, key = EXCEPTIONS[case]
    failure = from_exception(error, STAKE)
    assert type(failure) is kind
    assert failure.key == key
    assert failure.dollars == (0 if kind is Crowded else STAKE.dollars)
    assert "{" not in load_catalogue().tell(failure)


@given(
    st.integers(400, 599),
    st.recursive(
        st.none() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(st.sampled_from(["error", "message", "status", "details", "violations", "@type"]), inner)
        ),
    ),
)
def test_any_status_with_any_body_is_a_failure(code, body):
    assert isinstance(from_status(code, body, STAKE), Failure)
