"""What the painter hears in a sentence, and in a request."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox.gemini.painter.brief import read_brief
from bot.sandbox.gemini.painter.intent import is_question, understand
from bot.sandbox.gemini.request import Part, Request, Turn
from tests.sandbox.asked import MODEL, SQUARE, asked, paint_words, user


def heard(text: str) -> list[tuple[str, str, str]]:
    return [
        (edit.do, edit.what.name if edit.what else "", edit.value or edit.colour) for edit in understand(text).edits
    ]


@pytest.mark.parametrize(
    ("text", "edits"),
    [
        ("make the sky orange", [("add", "sky", "")]),
        ("Paint the dog blue!", [("colour", "dog", "blue")]),
        ("the dog should be light blue", [("colour", "dog", "light blue")]),
        ("change the colour of the house to green", [("colour", "house", "green")]),
        ("get rid of the clouds", [("remove", "cloud", "")]),
        ("take away the sun and the clouds", [("remove", "sun", ""), ("remove", "cloud", "")]),
        ("swap the dog for a cat", [("replace", "dog", "")]),
        ("turn day into night", [("replace", "day", "")]),
        ("make it black & white", [("finish", "", "mono")]),
        ("rotate it to the left", [("rotate", "", "90")]),
        ("rotate 180 degrees", [("rotate", "", "180")]),
        ("add a frame", [("frame", "", "")]),
        ("write 'Hello you'", [("write", "", "Hello you")]),
        ("let it snow", [("add", "snow", "")]),
        ("make the tree bigger", [("grow", "tree", "")]),
        ("", []),
    ],
)
def test_a_sentence_becomes_edits(text, edits):
    assert heard(text) == edits


@pytest.mark.parametrize(
    ("text", "count", "colour", "size", "place"),
    [
        ("three trees", 3, "", 1.0, ""),
        ("a pair of red boats", 2, "red", 1.0, ""),
        ("12 big cats on the left", 12, "", 1.45, "left"),
        ("a tiny dark green tent in the middle", 1, "dark green", 0.45, "centre"),
        ("some flowers", 3, "", 1.0, ""),
        ("a red, old car", 1, "red", 1.0, ""),
    ],
)
def test_counts_colours_sizes_and_places_belong_to_their_noun(text, count, colour, size, place):
    mention = understand(text).edits[0].what
    assert mention
    assert (mention.count or 1, mention.colour, mention.size, mention.place) == (count, colour, size, place)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a sign that says OPEN", "OPEN"),
        ("a sign that says “Fresh fish, daily”", "Fresh fish, daily"),
        ('a wooden sign saying "Hi" next to a car', "Hi"),
    ],
)
def test_a_sign_says_what_it_should(text, words):
    mention = understand(text).edits[0].what
    assert mention
    assert mention.text == words


def test_the_usual_closing_words_are_no_instruction():
    intent = understand("make the sky pink. Change only this, keep everything else exactly the same.")
    assert [edit.do for edit in intent.edits] == ["add"]
    assert intent.unknown == ()


@pytest.mark.parametrize("text", ["What is this?", "how many trees are there?", "who painted it?", "Is that a dog?"])
def test_a_question_is_heard_as_one(text):
    assert is_question(text)


@pytest.mark.parametrize(
    "text", ["can you make the sky orange?", "what if you add a dog?", "a dog", "paint what you like"]
)
def test_a_wish_in_the_shape_of_a_question_is_none(text):
    assert not is_question(text)


@given(st.text(max_size=200))
@settings(max_examples=60)
def test_no_words_at_all_can_stop_the_painter(text):
    image, _ = paint_words(text, (96, 64))
    assert image.size == (96, 64)


def test_the_labelled_picture_is_the_base_wherever_it_stands():
    label = "Picture 1 is a reference (v2). Picture 2 is the picture to edit."
    brief = read_brief(asked(b"a", b"b", label, "Instruction: make it red"))
    assert (brief.words, brief.base, brief.references) == ("make it red", b"b", (b"a",))
    label = "Picture 1 is the picture to edit; picture 2 is a reference (v2)"
    brief = read_brief(asked(b"a", b"b", label, "Instruction: make it red"))
    assert (brief.base, brief.references) == (b"a", (b"b",))


def test_without_labels_the_first_picture_is_the_base():
    brief = read_brief(asked("put it in", b"a", b"b"))
    assert (brief.words, brief.base, brief.references) == ("put it in", b"a", (b"b",))


def test_what_was_said_earlier_is_no_instruction():
    earlier = "Earlier in this thread:\n1. add a dog\n2. make it night"
    assert read_brief(asked(earlier, "Instruction: add a cat")).words == "add a cat"
    assert read_brief(asked(earlier, "add a cat")).words == "add a cat"
    assert read_brief(asked(f"{earlier}\n\nInstruction: add a cat")).words == "add a cat"


def test_without_pictures_in_the_last_turn_the_base_is_the_last_of_the_history():
    model = Turn("model", (Part(text="Here."), Part(data=b"b"), Part(data=b"thought", thought=True)))
    assert read_brief(Request(MODEL, (user("a dog", b"a"), model, user("now blue")), SQUARE)).base == b"b"


def test_the_longest_description_is_still_a_description():
    brief = read_brief(asked("Instruction: a dog\nwith a kite\n\nby the sea"))
    assert brief.words == "a dog\nwith a kite\n\nby the sea"
