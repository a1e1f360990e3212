"""An answer's base64 beside its JSON: nothing else is taken out of it, and all of it can be put back."""

import json
from typing import Any

import hypothesis.strategies as st
import orjson
from hypothesis import given

from bot.gemini.blobs import MOST, Blobs, cut

KEYS = st.sampled_from(["data", "thoughtSignature", "mimeType", '"data', 'data": "', "", "data\\"])
WORDS = st.one_of(
    st.text(max_size=12), st.sampled_from(['{"data": "YWJj"}', '"data": "', '\\"data\\": \\"', "YWJj", "a\\"])
)
BODIES = st.recursive(
    st.one_of(WORDS, st.none(), st.integers(-9, 9)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=20,
)


def put_back(node: Any, blobs: Blobs, under: str = "") -> Any:
    if isinstance(node, dict):
        return {name: put_back(each, blobs, name) for name, each in node.items()}
    if isinstance(node, list):
        return [put_back(each, blobs) for each in node]
    taken = under.endswith(("data", "thoughtSignature")) and node in blobs
    return bytes(blobs[node]).decode() if taken else node


@given(BODIES, st.sampled_from([None, 2]), st.booleans())
def test_put_back_it_is_the_body_that_came(body: Any, indent: int | None, escaped: bool):
    raw = json.dumps(body, indent=indent, ensure_ascii=escaped).encode(errors="replace")
    light, blobs = cut(raw)
    assert put_back(orjson.loads(light), blobs) == orjson.loads(raw)


def test_what_the_parser_gets_is_short_however_large_the_pictures_are():
    parts = [{"inlineData": {"mimeType": "image/png", "data": "QUJD" * 250_000}, "thoughtSignature": "REVG" * 50_000}]
    light, blobs = cut(orjson.dumps({"parts": parts}))
    assert len(light) < 200
    assert [len(each) for each in blobs.values()] == [1_000_000, 200_000]


def test_what_is_escaped_is_left_to_the_parser():
    light, blobs = cut(rb'{"data": "YWI\u003d"}')
    assert orjson.loads(light) == {"data": "YWI="}
    assert not blobs


def test_what_breaks_off_within_a_picture_stays_broken():
    light, blobs = cut(b'{"data": "YWJj')
    assert light == b'{"data": "YWJj'
    assert not blobs


def test_of_a_million_empty_ones_the_parser_gets_nearly_all():
    raw = b"[" + b'{"data": ""},' * 1_000_000 + b"0]"
    light, blobs = cut(raw)
    assert len(blobs) == MOST
    assert light.endswith(b'{"data": ""},0]')


def test_no_answer_can_name_what_was_cut_out_of_it():
    light, blobs = cut(rb'{"parts": [{"data": "YWJj"}, {"data": "\u00400"}]}')
    [name] = blobs
    assert orjson.loads(light)["parts"] == [{"data": name}, {"data": "@0"}]
    assert cut(b'{"data": "YWJj"}')[1].keys().isdisjoint(blobs)
