"""Bodies that Google answers 200 with, and what they become."""

import base64
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import hypothesis.strategies as st
import orjson
import pytest
from google.genai import types
from hypothesis import given

from bot.catalogue import load_catalogue
from bot.errors import Blank, Crowded, Declined, Failure, Misconfigured, Uncertain, Unsigned
from bot.gemini.reading import WORDS, Answer, Drawn, read
from bot.gemini.reasons import WITHHELD
from bot.model import Content, Model, Painted, Picture, Request, Text
from bot.price import dollars, estimate
from bot.tokens import Price, Usage

PRICE = Price(2.0, 10.0, 30.0, 1000, {"1K": 1000, "4K": 4000})
MODEL = Model("m", "M", ("1K", "4K"), ("1:1",), 14, (), True, 18.0, 1536, PRICE)
REQUEST = Request(MODEL, (Content("user", (Text("a frog"),)),))
SIGNATURE = bytes(range(250, 256)) * 3


def picture(data: bytes = b"\xff\xd8\xff\x00", **flags: Any) -> dict[str, Any]:
    return {"inlineData": {"mimeType": "image/jpeg", "data": base64.b64encode(data).decode()}} | flags


def body(*parts: Mapping[str, Any], reason: str | None = "STOP", **more: Any) -> dict[str, Any]:
    end = {"finishReason": reason} if reason else {}
    return {"candidates": [{"content": {"parts": list(parts), "role": "model"}, "index": 0} | end | more]}


def reading(answer: object) -> Answer:
    return read(orjson.dumps(answer), REQUEST)


def failing(answer: object) -> Failure:
    with pytest.raises(Failure) as caught:
        reading(answer)
    return caught.value


def test_parts_keep_their_order_flags_and_the_very_bytes_of_their_signatures():
    signature = base64.b64encode(SIGNATURE).decode()
    answer = reading(
        body(
            {"text": "**Planning**", "thought": True},
            picture(b"draft", thought=True),
            {"text": "Here.", "thoughtSignature": signature},
            picture(b"final", thoughtSignature=signature),
            {"text": "", "thoughtSignature": signature},
        )
    )
    assert answer.parts == (
        Text("**Planning**", thought=True),
        Drawn(b"draft", "image/jpeg", thought=True),
        Text("Here.", signature=SIGNATURE),
        Drawn(b"final", "image/jpeg", signature=SIGNATURE),
        Text("", signature=SIGNATURE),
    )


def test_a_part_that_is_only_a_signature_is_kept_and_an_unknown_part_is_passed_over():
    signed = {"thoughtSignature": base64.b64encode(b"s").decode()}
    assert reading(body(picture(b"p"), signed, {"executableCode": {}})).parts == (
        Drawn(b"p", "image/jpeg"),
        Text("", signature=b"s"),
    )


def test_words_without_a_picture_are_an_answer():
    assert reading(body({"text": "Which frog?"})).parts == (Text("Which frog?"),)


def test_a_picture_counts_even_if_the_words_after_it_were_cut_or_no_reason_is_given():
    assert reading(body(picture(), {"text": "and then"}, reason="MAX_TOKENS")).parts
    assert reading(body(picture(), reason=None)).parts


def test_a_picture_that_the_model_flagged_as_thought_is_an_answer():
    assert reading(body(picture(thought=True))).parts


@pytest.mark.parametrize("reason", ["NEXT_YEARS_REASON", "CONTINUATION", "OTHER"])
def test_a_picture_is_an_answer_whatever_came_after_it(reason):
    assert reading(body(picture(), reason=reason)).parts
    assert isinstance(failing(body(picture(thought=True), reason=reason)), Blank)


@pytest.mark.parametrize("reason", sorted(WITHHELD))
def test_a_picture_that_google_holds_back_is_never_shown(reason):
    assert isinstance(failing(body(picture(), reason=reason)), Declined)


EMPTY = [
    ({}, "empty_answer"),
    ({"candidates": []}, "empty_answer"),
    ({"candidates": None}, "empty_answer"),
    (body(), "empty_parts"),
    ({"candidates": [{"finishReason": "STOP"}]}, "empty_parts"),
    ({"candidates": [{"content": None, "finishReason": "STOP"}]}, "empty_parts"),
    ({"candidates": [{"content": {"parts": None}, "finishReason": "STOP"}]}, "empty_parts"),
    (body({"text": " \n"}), "empty_words"),
    (body({"text": ""}), "empty_words"),
    (body({"text": "hm", "thought": True}), "empty_words"),
]


@pytest.mark.parametrize(("answer", "key"), EMPTY)
def test_an_answer_of_nothing_is_empty_and_may_have_been_charged(answer, key):
    failure = failing(answer)
    assert isinstance(failure, Blank)
    assert failure.key == key
    assert failure.dollars == estimate(REQUEST)


SHAPES: list[dict[str, Any]] = [{"content": {}}, {"content": {"role": "model"}}, {"content": {"parts": None}}, {}]
ENDS = {each.name for each in types.FinishReason} - {"STOP", "MISSING_THOUGHT_SIGNATURE"}
BLOCKS = {each.name for each in types.BlockedReason} - {"BLOCKED_REASON_UNSPECIFIED"}


@pytest.mark.parametrize("reason", sorted(ENDS))
def test_each_reason_to_end_without_a_picture_has_its_own_sentence_whatever_stands_for_the_content(reason):
    for shape in SHAPES:
        failure = failing({"candidates": [shape | {"finishReason": reason, "finishMessage": "Try rephrasing."}]})
        assert failure.key == f"declined_{reason.lower().removeprefix('finish_reason_')}"
        assert failure.values == {"reason": reason, "message": "Try rephrasing."}
        assert load_catalogue().tell(failure)


@pytest.mark.parametrize("reason", sorted(BLOCKS))
def test_each_reason_not_to_accept_a_prompt_has_its_own_sentence(reason):
    failure = failing({"promptFeedback": {"blockReason": reason}, "usageMetadata": {"promptTokenCount": 9}})
    assert isinstance(failure, Declined)
    assert failure.key == f"declined_prompt_{reason.lower()}"
    assert failure.dollars == pytest.approx(9 * 2 / 1e6)
    assert load_catalogue().tell(failure)


def test_reasons_of_tomorrow_have_a_sentence_too():
    prompt = failing({"promptFeedback": {"blockReason": "NEXT_YEARS_REASON"}})
    answer = failing(body(reason="NEXT_YEARS_REASON"))
    assert (prompt.key, answer.key) == ("declined_prompt_unknown", "declined_unknown")
    assert (prompt.again, answer.again) == (False, True)
    assert "YEARS" not in load_catalogue().tell(prompt) + load_catalogue().tell(answer)


def test_a_missing_signature_may_be_told_as_a_finish_reason():
    assert isinstance(failing(body(reason="MISSING_THOUGHT_SIGNATURE")), Unsigned)


def test_an_error_inside_a_200_is_that_error():
    assert isinstance(failing({"error": {"code": 503, "status": "UNAVAILABLE", "message": "x"}}), Crowded)
    assert isinstance(failing({"error": {"code": 404, "status": "NOT_FOUND", "message": "x"}}), Misconfigured)


BROKEN = [b"", b"{", b"[]", b"null", b'"x"', b"<html>", orjson.dumps({"candidates": [1]}), b'{"candidates": "x"}']
ODD = [
    body({"inlineData": {"data": "????", "mimeType": "image/png"}}),
    body({"inlineData": {}}, {"inlineData": {"a": 1}}),
]


@pytest.mark.parametrize("raw", [*BROKEN, *map(orjson.dumps, ODD), b'{"candidates": [{"content"'])
def test_a_garbled_answer_is_uncertain_for_it_may_have_been_paid(raw):
    with pytest.raises(Failure) as caught:
        read(raw, REQUEST)
    assert type(caught.value) is Uncertain
    assert caught.value.key == "uncertain_garbled"
    assert caught.value.dollars == estimate(REQUEST)


json = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["candidates", "content", "parts", "text", "error", "code", "finishReason", "inlineData"]),
            inner,
            max_size=3,
        )
    ),
)


@given(json)
def test_any_json_is_an_answer_or_a_failure(answer):
    with suppress(Failure):
        assert reading(answer).parts


# -- money -------------------------------------------------------------------------------------------------------------


def reported(*parts: Mapping[str, Any], **usage: Any) -> Answer:
    return reading(body(*parts) | {"usageMetadata": usage})


def tokens(images: int) -> list[dict[str, Any]]:
    return [{"modality": "IMAGE", "tokenCount": images}]


def test_pictures_words_and_thoughts_have_their_own_prices():
    answer = reported(
        picture(),
        promptTokenCount=268,
        candidatesTokenCount=1140,
        thoughtsTokenCount=350,
        totalTokenCount=1758,
        candidatesTokensDetails=tokens(1120),
    )
    assert answer.usage == Usage(268, 1140, 350, 1120)
    assert answer.dollars == pytest.approx((268 * 2 + (20 + 350) * 10 + 1120 * 30) / 1e6)


def test_a_refusal_that_repeats_its_thoughts_as_candidates_is_counted_once():
    refused = body(reason="IMAGE_SAFETY")
    refused["usageMetadata"] = {
        "promptTokenCount": 268,
        "candidatesTokenCount": 300,
        "thoughtsTokenCount": 300,
        "totalTokenCount": 568,
    }
    assert failing(refused).dollars == pytest.approx((268 * 2 + 300 * 10) / 1e6)


def test_without_details_a_paintings_tokens_are_all_counted_as_picture():
    answer = reported(picture(), promptTokenCount=20, candidatesTokenCount=1120, totalTokenCount=1400)
    assert answer.usage.images == 1120


def test_what_google_says_no_price_of_may_have_cost_as_much_as_it_can_but_a_refusal_is_free():
    assert reading(body({"text": "hi"})).dollars == reading(body(picture())).dollars == estimate(REQUEST)
    assert failing({"promptFeedback": {"blockReason": "SAFETY"}}).dollars == 0


def test_an_estimate_is_above_what_such_a_picture_usually_costs_and_grows_with_what_is_sent():
    usual = dollars(PRICE, Usage(prompt=1010, candidates=1020, thoughts=400, images=1000))
    photo = Painted(Picture("d", "image/png", 8, 8, 8))
    edit = Request(MODEL, (Content("user", (photo, Text("blue"))),), size="1K")
    assert usual < estimate(edit) < 2 * usual
    assert estimate(REQUEST) < estimate(edit) < estimate(Request(MODEL, edit.contents, size="4K"))


def test_more_words_than_any_model_writes_are_no_answer():
    assert failing(body({"text": "x" * (WORDS + 1)})).key == "uncertain_garbled"
    assert reading(body({"text": "x" * WORDS})).parts
