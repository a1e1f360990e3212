import json

import pytest

from bot.gemini import Pen

PEN = Pen("gemini-3.5-flash-lite", (0.5, 2.0))


def body(*parts: dict[str, object], **usage: int) -> str:
    answer: dict[str, object] = {"candidates": [{"content": {"parts": [*parts], "role": "model"}}]}
    return json.dumps(answer | ({"usageMetadata": usage} if usage else {}))


def test_words_are_read_without_the_models_thoughts():
    written = PEN.read(body({"text": "hm", "thought": True}, {"text": "one\n"}, {"text": "two"}), "ask")
    assert written.text == "one\ntwo"


def test_an_answer_costs_its_tokens_thoughts_among_them():
    usage = {"promptTokenCount": 1_000_000, "candidatesTokenCount": 300_000, "thoughtsTokenCount": 200_000}
    assert PEN.read(body({"text": "one"}, **usage), "ask").dollars == pytest.approx(0.5 + 1.0)


def test_where_no_usage_is_told_it_costs_what_it_may_at_most():
    assert PEN.read(body({"text": "one"}), "ask").dollars == PEN.cost("ask")
    assert PEN.cost("x" * 3000) == pytest.approx((1001 * 0.5 + 1000 * 2.0) / 1_000_000)


@pytest.mark.parametrize("raw", ["{}", '{"candidates": []}', '{"candidates": [{"content": {"parts": null}}]}'])
def test_an_answer_without_words_is_empty(raw):
    assert not PEN.read(raw, "ask").text
