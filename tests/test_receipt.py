import re
from dataclasses import replace

import hypothesis.strategies as st
import pytest
from hypothesis import given

from bot import receipt
from bot.model import Kind, Reference, Turn, Version
from bot.receipt import Result
from tests.players import ADA, CATALOGUE, picture

TURN = Turn(9, 50, ADA, "make the sky orange", "m", 0.0, seconds=6.24, dollars=0.0386)


def version(number: int, of: int = 9) -> Version:
    return Version(number, of, 0, picture(f"v{number}"))


def line(turn: Turn = TURN, *, versions: tuple[int, ...] = (7,), **others: object) -> str:
    return receipt.line(Result(turn, [version(each) for each in versions], **others), CATALOGUE)  # type: ignore[arg-type]


def test_the_receipt_says_what_was_made_from_what_how_long_it_took_and_what_it_cost():
    assert line(base=version(5, 3)) == "-# v7 ← v5 · “make the sky orange” · 6.2 s · $0.04"


def test_a_picture_from_nothing_has_no_base():
    assert line() == "-# v7 · “make the sky orange” · 6.2 s · $0.04"


def test_a_base_that_a_member_brought_is_named_by_its_file():
    brought = TURN.upload("my_cat.png")
    assert "v7 ← v1 “my\\_cat.png” ·" in line(base=version(1, -9), brought=brought)
    assert "v7 ← v1 ·" in line(base=version(1, 3), brought=replace(brought, kind=Kind.PAINT))


def test_references_are_named_by_number_or_by_file():
    references = (Reference(picture(), "v2", 2), Reference(picture(), "hat.png"))
    assert " ← v5 with v2 and “hat.png” · " in line(replace(TURN, references=references), base=version(5))


def test_a_picture_that_came_without_words_was_worked_in():
    hat, cat = Reference(picture(), "hat.png"), Reference(picture(), "my_cat.png")
    alone = replace(TURN, words=CATALOGUE.say("ask.blend"), references=(hat, cat))
    assert line(alone, base=version(5)).startswith(r"-# v7 ← v5 · “hat.png” and “my\_cat.png” worked in · 6.2 s")
    assert (
        receipt.alt(Result(alone, [], version(5)), CATALOGUE) == "AI image: v5 edited: hat.png and my_cat.png worked in"
    )
    assert receipt.said(replace(alone, words="wear *it*"), CATALOGUE) == r"“wear \*it\*”"


def test_several_pictures_are_told_as_a_span():
    assert line(versions=(7, 8, 9)).startswith("-# v7–v9 ·")


def test_an_answer_of_words_alone_asks_for_a_few_more():
    assert line(versions=()) == "-# 6.2 s · $0.04 · Reply with a few words and I will paint it."


def test_notes_follow_each_on_a_line_of_its_own():
    assert line(replace(TURN, notes=("One.", "Two."))).splitlines()[1:] == ["-# One.", "-# Two."]


@pytest.mark.parametrize(
    ("amount", "told"), [(0, "$0.00"), (0.0386, "$0.04"), (0.004, "<$0.01"), (0.005, "$0.01"), (12.345, "$12.35")]
)
def test_money_is_told_as_people_read_it(amount, told):
    assert receipt.dollars(amount) == told


def test_uploads_are_greeted_with_the_question_what_to_change():
    assert receipt.started([version(1)], CATALOGUE) == "v1: got it. What shall I change?"
    assert receipt.started([version(1), version(2)], CATALOGUE).startswith("v1–v2: got them. What shall I change?")


def test_the_description_of_a_picture_is_its_words_behind_a_mark():
    assert receipt.alt(Result(TURN, []), CATALOGUE) == "AI image: make the sky orange"
    assert receipt.alt(Result(TURN, [], version(5)), CATALOGUE) == "AI image: v5 edited: make the sky orange"
    assert len(receipt.alt(Result(replace(TURN, words="long " * 900), []), CATALOGUE)) == receipt.ALT


def test_markdown_in_somebodys_words_is_shown_and_not_obeyed():
    assert receipt.plain("**bold** <@1> [a](http://b) `x`") == (r"\*\*bold\*\* \<\@1\> \[a\]\(http\://b\) \`x\`")


def test_words_that_would_turn_the_line_round_do_not():
    assert receipt.plain("\u202egnp.exe\u202c v2") == "gnp.exe v2"


def unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


@given(st.text(), st.integers(2, 100))
def test_plain_words_are_one_line_of_at_most_their_limit(words, limit):
    plain = receipt.plain(words, limit)
    assert len(unescaped(plain)) <= limit
    assert plain.split() == plain.split(" ") or not plain
    assert len(plain.splitlines()) <= 1


@given(st.text(max_size=300), st.integers(5, 60))
def test_a_long_text_is_broken_without_losing_a_word(text, limit):
    pieces = receipt.pieces(text, limit)
    assert all(0 < len(piece) <= limit and piece == piece.strip() for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_a_text_is_broken_where_a_reader_would_break_it():
    assert receipt.pieces("One. Two three", 10) == ["One.", "Two three"]
    assert receipt.pieces("One two\nthree four", 12) == ["One two", "three four"]
    assert receipt.pieces("one two three", 8) == ["one two", "three"]
    assert receipt.pieces("x" * 25, 10) == ["x" * 10, "x" * 10, "x" * 5]
    assert receipt.pieces("夜です。月がきれい", 6) == ["夜です。", "月がきれい"]
    assert receipt.pieces("  ", 10) == []


@given(
    st.text(max_size=5000),
    st.lists(st.text(min_size=1, max_size=300), max_size=13),
    st.lists(st.text(max_size=2000), max_size=5),
)
def test_a_receipt_leaves_room_for_words_whatever_it_has_to_tell(words, names, notes):
    references = tuple(Reference(picture(), name) for name in names)
    turn = replace(TURN, words=words, references=references, notes=tuple(notes))
    told = line(turn, base=version(5), brought=turn.upload(words))
    assert len(told) <= receipt.LINES
    assert told.startswith("-# v7 ← v5")
